"""What changed since a revision, in real repositories."""

from __future__ import annotations

import pytest

from search.changes import ChangesError, changes_since, content_before, files_naming
from tests.repositories import commit_all, git, make_repository


@pytest.fixture
def folder(tmp_path):
    """A collection with three files, committed, in a repository that holds other things too."""
    root = make_repository(tmp_path / "repository")
    practices = root / "data" / "practices"
    (practices / "at").mkdir(parents=True)
    for name in ("a.md", "b.md", "c.md"):
        (practices / "at" / name).write_text(f"This is {name}.\n" * 20)
    (root / "README.md").write_text("Outside")
    commit_all(root)
    return practices


def root_of(folder):
    return folder.parent.parent


def test_files_are_sorted_by_what_became_of_them(folder):
    (folder / "at" / "new.md").write_text("New")
    (folder / "at" / "a.md").write_text("Changed")
    (folder / "at" / "b.md").unlink()
    git(root_of(folder), "mv", "data/practices/at/c.md", "data/practices/at/renamed.md")
    (root_of(folder) / "README.md").write_text("Changed outside")
    git(root_of(folder), "switch", "-q", "-c", "branch")
    commit_all(root_of(folder))
    changes = changes_since(folder, "main")
    assert changes.added == ("at/new.md",)
    assert changes.modified == ("at/a.md",)
    assert changes.renamed == (("at/c.md", "at/renamed.md"),)
    assert changes.deleted == ("at/b.md",)
    assert changes.present == {"at/new.md", "at/a.md", "at/renamed.md"}
    assert changes.gone == {"at/b.md", "at/c.md"}


def test_what_is_not_committed_yet_counts_too(folder):
    (folder / "at" / "a.md").write_text("Changed")
    (folder / "at" / "untracked.md").write_text("New")
    (root_of(folder) / ".gitignore").write_text("ignored.md")
    (folder / "at" / "ignored.md").write_text("New")
    changes = changes_since(folder, "HEAD")
    assert (changes.added, changes.modified) == (("at/untracked.md",), ("at/a.md",))


def test_what_the_other_branch_did_meanwhile_is_no_change(folder):
    git(root_of(folder), "switch", "-q", "-c", "branch")
    (folder / "at" / "new.md").write_text("New")
    commit_all(root_of(folder))
    git(root_of(folder), "switch", "-q", "main")
    (folder / "at" / "a.md").write_text("Changed on main")
    commit_all(root_of(folder))
    git(root_of(folder), "switch", "-q", "branch")
    assert changes_since(folder, "main").present == {"at/new.md"}


def test_names_of_any_kind_are_read(folder):
    for name in ("with space.md", "Ünïcode.md", 'quo"te.md', "new\nline.md"):
        (folder / "at" / name).write_text("New")
    found = changes_since(folder, "HEAD").present
    assert {"at/with space.md", "at/Ünïcode.md", 'at/quo"te.md', "at/new\nline.md"} == found
    git(root_of(folder), "add", "--all")
    assert changes_since(folder, "HEAD").present == found


def test_the_content_before_is_that_of_the_old_name(folder):
    before = (folder / "at" / "c.md").read_bytes()
    git(root_of(folder), "mv", "data/practices/at/c.md", "data/practices/at/renamed.md")
    (folder / "at" / "new.md").write_text("New")
    changes = changes_since(folder, "HEAD")
    assert content_before(folder, changes, "at/renamed.md") == before
    assert content_before(folder, changes, "at/new.md") == b""


def test_documents_that_name_a_word_are_found(folder):
    (folder / "at" / "untracked.md").write_text("related: [gone-id]")
    (folder / "at" / "a.md").write_text("related: [gone-id-of-another, gone]")
    assert files_naming(folder, {"gone-id"}) >= {"at/untracked.md"}
    assert files_naming(folder, set()) == frozenset()


@pytest.mark.parametrize("revision", ["none", "", "--output=/tmp/x", "HEAD:data", "main^{tree}", "-h"])
def test_a_revision_that_is_none_is_said(folder, revision):
    with pytest.raises(ChangesError, match="revision"):
        changes_since(folder, revision)


def test_a_folder_without_a_repository_is_said(tmp_path):
    with pytest.raises(ChangesError, match="no git repository"):
        changes_since(tmp_path, "main")
    with pytest.raises(ChangesError, match="there is no folder"):
        changes_since(tmp_path / "none", "main")


def test_a_repository_without_commits_is_said(tmp_path):
    with pytest.raises(ChangesError, match="no revision"):
        changes_since(make_repository(tmp_path / "empty"), "main")


def test_a_shallow_copy_says_what_to_fetch(folder, tmp_path):
    (folder / "at" / "a.md").write_text("Changed")
    first = git(root_of(folder), "rev-parse", "HEAD")
    commit_all(root_of(folder))
    copy = tmp_path / "copy"
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{root_of(folder)}", str(copy))
    with pytest.raises(ChangesError, match="shallow copy, fetch its whole history"):
        changes_since(copy / "data" / "practices", first)


def test_histories_without_a_common_commit_are_said(folder):
    git(root_of(folder), "switch", "-q", "--orphan", "other")
    commit_all(root_of(folder))
    git(root_of(folder), "switch", "-q", "main")
    with pytest.raises(ChangesError, match="no commit in common"):
        changes_since(folder, "other")
