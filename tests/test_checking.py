"""Which documents a check reads, and what it finds in them."""

from __future__ import annotations

from datetime import date

import pytest

from search import library
from search.changes import changes_since
from search.checking import check_changed, check_folder, check_paths
from search.errors import Severity
from search.rules import Rule
from tests.builders import BODY, practice_text, translation_text
from tests.repositories import commit_all, git, make_repository

TODAY = date(2026, 3, 1)


@pytest.fixture
def folder(tmp_path):
    """Twenty practices, the first with a translation into French and the second related to the third, committed."""
    practices = make_repository(tmp_path / "repository") / "practices"
    (practices / "at").mkdir(parents=True)
    for number in range(20):
        write(practices, f"p{number}.md")
    write(practices, "p1.md", related=["p2"])
    (practices / "at" / "p0.fr.md").write_text(translation_text())
    commit_all(practices.parent)
    return practices


def write(folder, name, **changes):
    (folder / "at" / name).write_text(practice_text(**changes))


@pytest.fixture
def reads(monkeypatch):
    """The names of the documents that are read."""
    names = []
    real = library.read_bytes

    def counting(path):
        names.append(path.name)
        return real(path)

    monkeypatch.setattr(library, "read_bytes", counting)
    return names


def changed(folder, vocabulary, paths=()):
    return check_changed(folder, changes_since(folder, "HEAD"), vocabulary, TODAY, paths)


def errors(checked):
    return [(one.path.rpartition("/")[2], one.rule) for one in checked.problems if one.severity is Severity.ERROR]


def test_only_what_changed_is_read(folder, vocabulary, reads):
    write(folder, "p5.md", barriers=["finanse"])
    write(folder, "new.md", related=["p7", "none"])
    checked = changed(folder, vocabulary)
    assert sorted(reads) == ["new.md", "p5.md"]
    assert errors(checked) == [("new.md", Rule.UNKNOWN_RELATED), ("p5.md", Rule.UNKNOWN_BARRIER)]
    assert [path.rpartition("/")[2] for path in checked.paths] == ["new.md", "p5.md"]


def test_of_a_changed_translation_the_original_is_read_too_and_not_reported(folder, vocabulary, reads):
    write(folder, "p1.md", title=None)
    commit_all(folder.parent)
    (folder / "at" / "p0.fr.md").write_text(translation_text(body="## Problème\n\nVoir [9].\n"))
    (folder / "at" / "p1.fr.md").write_text(translation_text())
    checked = changed(folder, vocabulary)
    assert sorted(reads) == ["p0.fr.md", "p0.md", "p1.fr.md", "p1.md"]
    assert errors(checked) == [("p0.fr.md", Rule.MISSING_HEADING), ("p0.fr.md", Rule.UNKNOWN_CITATION)]


def test_nothing_is_read_where_nothing_changed(folder, vocabulary, reads):
    assert changed(folder, vocabulary).problems == ()
    assert reads == []


def test_only_what_changed_below_the_paths_counts(folder, vocabulary):
    write(folder, "p5.md", barriers=["finanse"])
    write(folder, "p6.md", barriers=["finanse"])
    assert errors(changed(folder, vocabulary, [folder / "at" / "p6.md"])) == [("p6.md", Rule.UNKNOWN_BARRIER)]


def test_documents_that_need_one_that_is_gone_are_found(folder, vocabulary, reads):
    (folder / "at" / "p2.md").unlink()
    (folder / "at" / "p0.md").unlink()
    checked = changed(folder, vocabulary)
    assert sorted(errors(checked)) == [("p0.fr.md", Rule.NO_ORIGINAL), ("p1.md", Rule.UNKNOWN_RELATED)]
    assert reads == ["p1.md"]


def advice_of_what_moved(checked):
    return [(one.path.rpartition("/")[2], one.fix) for one in checked.problems if one.rule == Rule.MOVED_MISSING]


def test_what_became_of_a_practice_that_is_gone_is_asked_for(folder, vocabulary):
    for name in ("p2", "p3", "p5"):  # git tells those apart that are not the same
        write(folder, f"{name}.md", body=f"{name}\n" * 100)
    commit_all(folder.parent)
    (folder / "at" / "p2.md").unlink()
    (folder / "at" / "p0.fr.md").unlink()
    git(folder.parent, "mv", "practices/at/p3.md", "practices/at/three.md")
    (folder / "be").mkdir()
    git(folder.parent, "mv", "practices/at/p5.md", "practices/be/p5.md")
    moved = (folder / "moved.yaml").as_posix()
    assert advice_of_what_moved(changed(folder, vocabulary)) == [
        ("p2.md", f'write into {moved}: p2: {{note: "why it is gone"}}'),
        ("p3.md", f"write into {moved}: p3: three"),
    ]
    (folder / "moved.yaml").write_text('p2: {note: "No longer run."}\np3: three\n')
    assert advice_of_what_moved(changed(folder, vocabulary)) == []


def test_a_line_that_leads_to_a_practice_that_is_gone_is_found(folder, vocabulary):
    (folder / "moved.yaml").write_text("old: p7\n")
    commit_all(folder.parent)
    (folder / "at" / "p7.md").unlink()
    assert errors(changed(folder, vocabulary)) == [("moved.yaml", Rule.MOVED_TARGET)]


def test_a_document_with_the_name_of_another_is_found_without_reading_that(folder, vocabulary, reads):
    (folder / "fr").mkdir()
    (folder / "fr" / "p5.md").write_text(practice_text(regions=["FR"]))
    assert errors(changed(folder, vocabulary)) == [("p5.md", Rule.DUPLICATE_ID)]
    assert reads == ["p5.md"]


def test_a_translation_is_older_when_the_text_of_its_original_changed_without_it(folder, vocabulary):
    write(folder, "p0.md", confirmed="2026-02")
    assert changed(folder, vocabulary).outdated == ()
    write(folder, "p0.md", body=f"{BODY}\nMore.\n")
    assert changed(folder, vocabulary).outdated == ("at/p0.fr.md",)
    (folder / "at" / "p0.fr.md").write_text(translation_text(title="Réparer entre voisins à Vienne"))
    assert changed(folder, vocabulary).outdated == ()


def test_the_list_of_ids_that_are_gone_is_checked_when_it_changes(folder, vocabulary):
    (folder / "moved.yaml").write_text("old: nowhere\n")
    assert errors(changed(folder, vocabulary)) == [("moved.yaml", Rule.MOVED_TARGET)]


def test_a_file_that_is_not_named_as_a_document_is_found_however_it_is_checked(folder, vocabulary):
    write(folder, "x.md.txt")
    expected = [("x.md.txt", Rule.FILE_NAME)]
    assert errors(changed(folder, vocabulary)) == expected
    assert errors(check_folder(folder, vocabulary, TODAY)) == expected
    for path in (folder / "at" / "x.md.txt", folder / "at", folder.parent):
        assert errors(check_paths([path], folder, vocabulary, TODAY)) == expected


def test_a_folder_is_checked_whole(folder, vocabulary):
    checked = check_folder(folder, vocabulary, TODAY)
    assert (len(checked.paths), len(checked.documents), checked.errors) == (21, 21, 0)


def test_of_named_files_no_others_are_read(folder, vocabulary, reads):
    checked = check_paths([folder / "at" / "p1.md", folder / "at" / "p0.fr.md"], folder, vocabulary, TODAY)
    assert sorted(reads) == ["p0.fr.md", "p0.md", "p1.md"]
    assert checked.errors == 0
