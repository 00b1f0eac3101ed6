"""What git knows, from real repositories."""

from __future__ import annotations

import os
import subprocess
from datetime import date

import pytest

from search.history import head, place_in_repository, read_histories
from search.model import History


@pytest.fixture
def repository(tmp_path):
    """A repository with a folder `practices`; `commit(day, name)` commits all that is there."""
    root = tmp_path / "repository"
    (root / "practices" / "fr").mkdir(parents=True)

    def git(*arguments, **environment):
        subprocess.run(
            ["git", "-C", root, *arguments], check=True, capture_output=True, env={**os.environ, **environment}
        )

    git("init", "--initial-branch=main")

    def commit(day, name="Ada"):
        moment = f"{day}T12:00:00+00:00"
        git("add", "--all")
        git("-c", "user.email=x@example.org", "-c", f"user.name={name}", "commit", "--allow-empty", "-m", "x",
            GIT_AUTHOR_DATE=moment, GIT_COMMITTER_DATE=moment)  # fmt: skip

    return root, git, commit


def write(root, path, text="x\n" * 20):
    (root / "practices" / path).write_text(text, encoding="utf-8")


def test_created_updated_and_contributors_come_from_git(repository):
    root, _, commit = repository
    write(root, "fr/a.md")
    commit("2020-01-02")
    write(root, "fr/a.md", "changed\n" * 20)
    write(root, "fr/é b.md")
    commit("2021-03-04", "Grace")
    (root / "elsewhere").write_text("")
    commit("2022-05-06", "Linus")
    histories = read_histories(root / "practices")
    assert histories.of["fr/a.md"] == History(
        created=date(2020, 1, 2), updated=date(2021, 3, 4), contributors=("Ada", "Grace")
    )
    assert histories.of["fr/é b.md"].created == date(2021, 3, 4)
    assert histories.committed.startswith("2021-03-04")
    assert histories.commit


def test_a_renamed_document_keeps_its_history(repository):
    root, git, commit = repository
    write(root, "fr/a.md")
    commit("2020-01-02")
    git("mv", "practices/fr/a.md", "practices/fr/b.md")
    commit("2021-03-04", "Grace")
    histories = read_histories(root / "practices").of
    assert histories["fr/b.md"].created == date(2020, 1, 2)
    assert histories["fr/b.md"].contributors == ("Ada", "Grace")
    assert "fr/a.md" not in histories


def test_a_document_made_anew_begins_anew(repository):
    root, git, commit = repository
    write(root, "fr/a.md")
    commit("2020-01-02")
    git("rm", "practices/fr/a.md")
    commit("2021-01-02")
    (root / "practices" / "fr").mkdir(parents=True, exist_ok=True)
    write(root, "fr/a.md", "new\n" * 20)
    commit("2022-01-02")
    assert read_histories(root / "practices").of["fr/a.md"].created == date(2022, 1, 2)


def test_the_change_of_a_document_not_committed_is_unknown(repository):
    root, _, commit = repository
    write(root, "fr/a.md")
    commit("2020-01-02")
    write(root, "fr/a.md", "changed")
    write(root, "fr/b.md")
    histories = read_histories(root / "practices").of
    assert histories["fr/a.md"].created == date(2020, 1, 2)
    assert histories["fr/a.md"].updated is None
    assert "fr/b.md" not in histories


def test_a_shallow_copy_knows_nothing(repository, tmp_path):
    root, _, commit = repository
    write(root, "fr/a.md")
    commit("2020-01-02")
    commit("2021-01-02")
    subprocess.run(["git", "clone", "--depth=1", f"file://{root}", tmp_path / "copy"], check=True, capture_output=True)
    assert read_histories(tmp_path / "copy" / "practices").of == {}


def test_without_a_repository_nothing_is_known(tmp_path):
    assert read_histories(tmp_path).of == {}
    assert read_histories(tmp_path / "none").of == {}
    assert head(tmp_path) == ""


def test_an_empty_repository_knows_nothing(repository):
    root, _, _ = repository
    assert read_histories(root / "practices").of == {}


def test_a_folder_has_a_place_in_its_repository(repository, tmp_path):
    root, _, _ = repository
    assert place_in_repository(root / "practices") == "practices"
    assert place_in_repository(root) == ""
    assert place_in_repository(tmp_path / "nowhere") == "nowhere"
