"""From a folder to an index: what is broken is reported, what was good stays."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from search import library
from search.build import collection_fingerprint, index_folder, is_current, last_good, read_collection
from search.checking import check_paths
from search.engines.whoosh_engine import WhooshEngine
from search.query import SearchQuery
from tests.builders import practice_text, translation_text
from tests.conftest import ROOT

TODAY = date(2026, 1, 1)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "practices" / "at").mkdir(parents=True)
    return tmp_path / "practices"


def write(folder, name, text):
    (folder / "at" / name).write_text(text, encoding="utf-8")


def read(folder, vocabulary, last=None):
    return read_collection(folder, vocabulary, TODAY, last)


def index(folder, vocabulary, engine, **options):
    return index_folder(folder, ROOT / "vocabulary", vocabulary, engine, TODAY, **options)


def test_a_broken_document_is_left_out_and_the_rest_is_there(folder, vocabulary):
    write(folder, "good.md", practice_text())
    write(folder, "bad.md", practice_text(barriers=["finanse"]))
    collection = read(folder, vocabulary)
    assert [one.id for one in collection.library] == ["good"]
    assert collection.left_out == {"at/bad.md"}
    assert collection.kept == frozenset()


def test_its_last_good_version_stays(folder, vocabulary):
    write(folder, "a.md", practice_text(title="The good version"))
    last = read(folder, vocabulary).library
    for damage in (practice_text(barriers=["finanse"]), "no front matter", practice_text(title="x")):
        write(folder, "a.md", damage)
        collection = read(folder, vocabulary, last)
        assert [one.title for one in collection.library] == ["The good version"]
        assert collection.kept == {"at/a.md"}
        assert collection.left_out == frozenset()


def test_the_last_good_version_of_a_translation_stays(folder, vocabulary):
    write(folder, "a.md", practice_text())
    write(folder, "a.fr.md", translation_text(title="La bonne version"))
    last = read(folder, vocabulary).library
    write(folder, "a.fr.md", "broken")
    write(folder, "a.md", practice_text(title="A new title"))
    collection = read(folder, vocabulary, last)
    (practice,) = collection.library
    assert practice.title == "A new title"
    assert practice.variant("fr").title == "La bonne version"
    assert collection.kept == {"at/a.fr.md"}


def test_what_was_deleted_does_not_stay(folder, vocabulary):
    write(folder, "a.md", practice_text())
    last = read(folder, vocabulary).library
    (folder / "at" / "a.md").unlink()
    assert len(read(folder, vocabulary, last).library) == 0


def test_an_index_is_current_until_a_document_changes(folder, vocabulary, tmp_path):
    engine = WhooshEngine(tmp_path / "index", vocabulary)
    write(folder, "a.md", practice_text())
    before = collection_fingerprint(folder, ROOT / "vocabulary")
    assert not is_current(engine, before)
    assert last_good(engine) is None
    assert index(folder, vocabulary, engine)[1] == 1
    assert is_current(engine, before)
    assert collection_fingerprint(folder, ROOT / "vocabulary") == before
    write(folder, "a.md", practice_text(title="Another title"))
    assert not is_current(engine, collection_fingerprint(folder, ROOT / "vocabulary"))
    index(folder, vocabulary, engine)
    assert is_current(engine, collection_fingerprint(folder, ROOT / "vocabulary"))
    assert engine.search(SearchQuery(text="Another title")).total == 1


@pytest.fixture
def read_files(monkeypatch):
    """The names of the files that were read."""
    names: list[str] = []
    before = library.read_bytes

    def read_bytes(path):
        names.append(path.name)
        return before(path)

    monkeypatch.setattr(library, "read_bytes", read_bytes)
    return names


def test_what_did_not_change_is_not_read_again(folder, vocabulary, tmp_path, read_files):
    engine = WhooshEngine(tmp_path / "index", vocabulary)
    for number in range(10):
        write(folder, f"p{number}.md", practice_text(title=f"Practice number {number}"))
    write(folder, "p3.fr.md", translation_text())
    index(folder, vocabulary, engine)
    assert len(read_files) == 11
    read_files.clear()
    write(folder, "p3.md", practice_text(title="Quite another title"))
    write(folder, "new.md", practice_text(title="A new practice"))
    assert index(folder, vocabulary, engine)[1] == 11
    assert sorted(read_files) == ["new.md", "p3.fr.md", "p3.md"]
    assert engine.search(SearchQuery(text="Quite another title")).hits[0].id == "p3"
    assert len(engine.snapshot().library) == 11
    read_files.clear()
    assert index(folder, vocabulary, engine, whole=True)[1] == 11
    assert len(read_files) == 12


def test_what_was_broken_is_looked_at_again(folder, vocabulary, tmp_path, read_files):
    engine = WhooshEngine(tmp_path / "index", vocabulary)
    for number in range(10):
        write(folder, f"p{number}.md", practice_text())
    write(folder, "p1.md", practice_text(related=["later"]))
    collection, count = index(folder, vocabulary, engine)
    assert (collection.left_out, count) == ({"at/p1.md"}, 9)
    read_files.clear()
    write(folder, "later.md", practice_text())
    collection, count = index(folder, vocabulary, engine)
    assert sorted(read_files) == ["later.md", "p1.md"]
    assert (collection.left_out, count) == (frozenset(), 11)
    write(folder, "p1.md", "broken")
    collection, count = index(folder, vocabulary, engine)
    assert (collection.kept, count) == ({"at/p1.md"}, 11)


def test_when_one_is_gone_the_others_are_read_for_what_is_related_to_it(folder, vocabulary, tmp_path, read_files):
    engine = WhooshEngine(tmp_path / "index", vocabulary)
    for number in range(10):
        write(folder, f"p{number}.md", practice_text(related=["p9"] if number == 1 else []))
    index(folder, vocabulary, engine)
    read_files.clear()
    (folder / "at" / "p9.md").unlink()
    collection, count = index(folder, vocabulary, engine)
    assert len(read_files) == 9
    assert (collection.kept, count) == ({"at/p1.md"}, 9)


def test_paths_are_echoed_as_given(folder, vocabulary, tmp_path, monkeypatch):
    write(folder, "a.md", practice_text(barriers=["finanse"]))
    outside = tmp_path / "mine.md"
    outside.write_text(practice_text(barriers=["finanse"]), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for given in (Path("practices/at/a.md"), folder / "at" / "a.md", Path("practices/at/../at/a.md"), Path("mine.md")):
        problems = [
            one for one in check_paths([given], folder, vocabulary, TODAY).problems if one.rule == "unknown-barrier"
        ]
        assert [one.path for one in problems] == [str(given)]


def test_a_document_of_the_collection_is_checked_among_the_others(folder, vocabulary):
    write(folder, "a.md", practice_text(related=["b"]))
    write(folder, "b.md", practice_text())
    assert [
        one
        for one in check_paths([folder / "at" / "a.md"], folder, vocabulary, TODAY).problems
        if one.severity == "error"
    ] == []
    write(folder, "a.md", practice_text(related=["c"]))
    rules = [one.rule for one in check_paths([folder / "at" / "a.md"], folder, vocabulary, TODAY).problems]
    assert "unknown-related" in rules


def test_a_folder_is_all_its_documents(folder, vocabulary):
    write(folder, "a.md", practice_text(barriers=["finanse"]))
    write(folder, "b.md", practice_text(status="runing"))
    write(folder, "README.md", "nothing")
    problems = check_paths([folder / "at"], folder, vocabulary, TODAY).problems
    assert {one.rule for one in problems if one.severity == "error"} == {"unknown-barrier", "unknown-status"}


def test_an_index_that_cannot_be_updated_is_made_again(folder, vocabulary, tmp_path):
    engine = WhooshEngine(tmp_path / "index", vocabulary)
    for number in range(5):
        write(folder, f"p{number}.md", practice_text())
    index(folder, vocabulary, engine)
    for path in (engine.snapshot().folder / "whoosh").glob("*.col"):
        path.write_bytes(b"")
    write(folder, "p1.md", practice_text(title="A changed title"))
    assert index(folder, vocabulary, engine)[1] == 5
    assert engine.search(SearchQuery(text="A changed title")).hits[0].id == "p1"
