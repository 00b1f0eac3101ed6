"""Reading the collection: what each document is, what is wrong with its shape, and what became of ids that are gone."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import Problem
from search.library import Library, assemble, document_ids, parse, read_document, read_documents
from search.model import FrontMatter, TranslationFrontMatter
from search.moved import Moved, read_moved
from search.rules import Rule
from tests.builders import BODY, make_practice, practice_text, translation_text


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty collection, called as people call it: by a relative path."""
    monkeypatch.chdir(tmp_path)
    Path("practices").mkdir()
    return Path("practices")


def write(folder: Path, name: str, text: str | bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def problems(text: str, name: str = "repair-cafe.md") -> list[Problem]:
    document, found = parse(text.encode(), name)
    assert (document is None) == bool(found)
    return found


def only_problem(**changes: Any) -> Problem:
    [found] = problems(practice_text(**changes))
    return found


def test_a_document_is_read_with_its_positions_and_its_body(folder):
    write(folder, "at/repair-cafe.md", practice_text())
    [document], found = read_documents(folder)
    assert not found
    assert (document.id, document.language, document.file) == ("repair-cafe", None, "at/repair-cafe.md")
    assert document.path == "practices/at/repair-cafe.md"
    assert document.marks["barriers", 0] == (6, 12)
    assert document.body == BODY.strip()
    assert document.body_line == 12
    assert isinstance(document.content, FrontMatter)


def test_a_translation_lies_beside_its_original(folder):
    write(folder, "at/repair-cafe.md", practice_text())
    write(folder, "at/repair-cafe.fr.md", translation_text())
    write(folder, "at/repair-cafe.de.md", translation_text(translated_by="machine"))
    documents, found = read_documents(folder)
    assert not found
    [practice] = assemble(documents)
    assert practice.languages == ("en", "de", "fr")
    assert practice.variant("fr").path == "at/repair-cafe.fr.md"
    assert {type(one.content) for one in documents} == {FrontMatter, TranslationFrontMatter}


def test_practices_are_assembled_as_the_builders_make_them(folder):
    write(folder, "at/repair-cafe.md", practice_text(results=[{"indicator": "lamps", "value": 3.5, "source": 1}]))
    [practice] = assemble(read_documents(folder)[0])
    expected = make_practice(results=[{"indicator": "lamps", "value": "3.5", "source": 1}], body=BODY.strip())
    assert practice == expected


def test_readme_files_and_hidden_ones_are_not_practices(folder):
    for name in ("README.md", "README.fr.md", "at/readme.MD", "at/Readme.md", ".draft.md", ".git/x.md", "at/x.md~"):
        write(folder, name, "Not a practice")
    write(folder, "moved.yaml", "")
    assert read_documents(folder) == ([], [])


def test_documents_come_in_the_order_of_their_paths(folder):
    for name in ("sk/b.md", "at/c.md", "at/a.md"):
        write(folder, name, practice_text())
    assert [document.id for document in read_documents(folder)[0]] == ["a", "c", "b"]


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("Repair Café.md", "repair-cafe.md"),
        ("repair_cafe.md", "repair-cafe.md"),
        ("a.de-at.md", "a.md"),
        ("x.md.txt", "x.md"),
        ("x.fr.md.txt", "x.fr.md"),
        ("x", "x.md"),
        ("x.MD", "x.md"),
    ],
)
def test_a_file_name_that_is_no_id_is_said_with_a_better_one(folder, name, fix):
    write(folder, name, practice_text())
    documents, [found] = read_documents(folder)
    assert documents == []
    assert (found.rule, found.path) == (Rule.FILE_NAME, f"practices/{name}")
    assert fix in found.fix


def test_two_files_with_one_id_are_both_left_out_and_both_named(folder):
    write(folder, "at/repair-cafe.md", practice_text())
    write(folder, "fr/repair-cafe.md", practice_text())
    documents, found = read_documents(folder)
    assert documents == []
    assert [one.rule for one in found] == [Rule.DUPLICATE_ID] * 2
    assert all(
        {"practices/at/repair-cafe.md", "practices/fr/repair-cafe.md"} <= set(str(one).replace(":", " ").split())
        for one in found
    )


def test_a_translation_needs_an_original_but_not_one_that_can_be_read(folder):
    write(folder, "at/repair-caffe.fr.md", translation_text())
    write(folder, "at/repair-cafe.md", "broken")
    write(folder, "at/repair-cafe.fr.md", translation_text())
    documents, found = read_documents(folder)
    assert {one.rule for one in found} == {Rule.NO_ORIGINAL, Rule.NO_FRONT_MATTER}
    assert assemble(documents) == []
    assert document_ids(folder) == {"repair-cafe"}
    assert documents[0].neighbours == {"repair-cafe"}


def test_links_that_lead_outside_are_refused_and_others_followed(folder, tmp_path):
    secret = tmp_path / "secret.md"
    secret.write_text(practice_text())
    write(folder, "at/real.md", practice_text())
    (folder / "at/linked.md").symlink_to(Path("real.md"))
    (folder / "at/stolen.md").symlink_to(secret)
    (tmp_path / "elsewhere").mkdir()
    (folder / "fr").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    documents, found = read_documents(folder)
    assert [document.id for document in documents] == ["linked", "real"]
    assert {(one.rule, one.path) for one in found} == {
        (Rule.OUTSIDE_FOLDER, "practices/at/stolen.md"),
        (Rule.OUTSIDE_FOLDER, "practices/fr"),
    }


def test_a_link_to_itself_and_a_pipe_stop_nothing(folder):
    write(folder, "at/good.md", practice_text())
    (folder / "at/loop.md").symlink_to("loop.md")
    os.mkfifo(folder / "at/pipe.md")
    documents, found = read_documents(folder)
    assert [document.id for document in documents] == ["good"]
    assert [one.rule for one in found] == [Rule.UNREADABLE] * 2


def test_a_file_that_may_not_be_read_is_said(folder, monkeypatch):
    write(folder, "at/locked.md", practice_text())

    def refuse(*args: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("search.library.read_bytes", refuse)
    _, [found] = read_documents(folder)
    assert (found.rule, found.path) == (Rule.UNREADABLE, "practices/at/locked.md")
    assert "permission denied" in found.message


def test_a_folder_that_is_not_there_is_said(folder):
    _, [found] = read_documents(folder / "missing")
    assert (found.rule, found.path) == (Rule.UNREADABLE, "practices/missing")


def test_a_file_name_that_is_no_text_can_still_be_said(folder):
    (Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.md"))).write_text(practice_text())
    _, [found] = read_documents(folder)
    assert found.rule == Rule.FILE_NAME
    assert str(found).encode()


def test_a_document_is_called_as_the_caller_calls_it(tmp_path):
    document, [found] = read_document(tmp_path / "missing.md", "somewhere/missing.md")
    assert document is None
    assert str(found).startswith("somewhere/missing.md: ")


def test_everything_that_is_wrong_is_said_at_once():
    found = problems(practice_text(title="A", summary=None, regions=["AT13", "x"], started="soon", fundng=["b"]))
    assert {one.rule for one in found} == {
        Rule.TOO_SHORT, Rule.MISSING_FIELD, Rule.UNKNOWN_REGION, Rule.NOT_A_DATE, Rule.UNKNOWN_FIELD,
    }  # fmt: skip


def test_misspelt_ids_are_said_together_with_what_cannot_be_read(vocabulary):
    text = practice_text(summary=None, barriers=["finanse"], regions=["Brittany"], status="Running")
    _, found = parse(text.encode(), "repair-cafe.md", vocabulary)
    assert {(one.rule, one.field, one.fix) for one in found if one.field != "summary"} == {
        (Rule.UNKNOWN_BARRIER, "barriers", 'write "finance"'),
        (Rule.UNKNOWN_REGION, "regions", 'write "FRH0"'),
        (Rule.UNKNOWN_STATUS, "status", 'write "running"'),
    }
    assert len(found) == 4


@pytest.mark.parametrize(
    ("changes", "fix"),
    [
        ({"regions": "Wallonie"}, "write a list: [BE3]"),
        ({"regions": "Brittany, GR"}, "write a list: [FRH0, EL]"),
        ({"regions": "Atlantis"}, "for example [FRH0] for Brittany"),
        ({"regions": "PT17"}, "for example [FRH0] for Brittany"),
        ({"barriers": "finanse; trust"}, "write a list: [finance, trust]"),
        ({"barriers": "zzzzzz"}, "write a list of ids of vocabulary/barriers.yaml: [coordination]"),
        ({"topics": "Artificial intelligence"}, "write a list: [artificial-intelligence]"),
        ({"target_groups": "sme"}, "write a list: [smes]"),
        ({"adoptions": [{"regions": "Toscana", "outcome": "worked"}]}, "write a list: [ITI1]"),
    ],
)
def test_a_text_in_place_of_a_list_is_answered_with_ids_that_pass_the_next_check(vocabulary, changes, fix):
    [found] = parse(practice_text(**changes).encode(), "repair-cafe.md", vocabulary)[1]
    assert found.rule == Rule.NOT_A_LIST
    assert fix in found.fix
    for code in re.findall(r"\[([^\]]+)\]", found.fix):
        name = next(iter(changes)) if "adoptions" not in changes else "regions"
        document, wrong = parse(practice_text(**{name: code.split(", ")}).encode(), "repair-cafe.md", vocabulary)
        assert document is not None, wrong


@pytest.mark.parametrize("day", ["30.02.2021", "31/4/2021", "1.13.2021", "1.1.0021"])
def test_no_day_is_offered_that_does_not_exist(day):
    assert only_problem(started=day).fix == "write a year, a month or a day: 2021, 2021-04 or 2021-04-30"


@pytest.mark.parametrize(
    ("changes", "rule", "words", "fix"),
    [
        ({"fundng": ["a"]}, Rule.UNKNOWN_FIELD, '"fundng"', '"funding"'),
        ({"organisation": {"name": "A", "tpye": "b"}}, Rule.UNKNOWN_FIELD, '"tpye"', '"type"'),
        ({"sources": [{"title": "A", "url": "https://a.b", "publisher": "C"}]}, Rule.MISSING_FIELD, '"language"', ""),
        ({"title": "x" * 121}, Rule.TOO_LONG, "121 characters", "by 1"),
        ({"summary": "x" * 39}, Rule.TOO_SHORT, "39 characters", ""),
        ({"place": ""}, Rule.TOO_SHORT, "empty", ""),
        ({"sources": []}, Rule.TOO_FEW, "empty", "sources"),
        ({"keywords": list("abcdefghijklm")}, Rule.TOO_MANY, "13 items, at most 12", ""),
        ({"title": ["A"]}, Rule.NOT_TEXT, "not a list", ""),
        ({"keywords": [{"a": "b"}]}, Rule.NOT_TEXT, "group", '"a: b"'),
        ({"barriers": "skills, trust"}, Rule.NOT_A_LIST, "list", "[skills, trust]"),
        ({"regions": "AT13"}, Rule.NOT_A_LIST, "list", "[AT13]"),
        ({"results": "many"}, Rule.NOT_A_LIST, "groups", "dash"),
        ({"results": {"indicator": "a"}}, Rule.NOT_A_LIST, "list", "dash"),
        ({"cost": "100 EUR"}, Rule.NOT_A_GROUP, "group", "amount: …"),
        ({"title_native": "Café"}, Rule.NOT_A_GROUP, "group", "fr:"),
        ({"title_native": {"fra": "Café"}}, Rule.UNKNOWN_LANGUAGE, '"fra"', ""),
        ({"cost": {"amount": "1 000 000", "currency": "EUR"}}, Rule.NOT_A_NUMBER, "number", "1000000"),
        ({"cost": {"amount": "12,5", "currency": "EUR"}}, Rule.NOT_A_NUMBER, "number", "12.5"),
        ({"cost": {"amount": "1.234.567", "currency": "EUR"}}, Rule.NOT_A_NUMBER, "number", "1234567"),
        ({"cost": {"amount": "1,000", "currency": "EUR"}}, Rule.NOT_A_NUMBER, "thousands", "sign for thousands"),
        ({"cost": {"amount": "-1", "currency": "EUR"}}, Rule.OUT_OF_RANGE, "at least 0", ""),
        ({"cost": {"amount": "1e400", "currency": "EUR"}}, Rule.OUT_OF_RANGE, "18 digits", ""),
        ({"cost": {"amount": "NaN", "currency": "EUR"}}, Rule.NOT_A_NUMBER, "number", ""),
        ({"cost": {"amount": "1", "currency": "€"}}, Rule.UNKNOWN_CURRENCY, '"€"', "EUR"),
        ({"cost": {"amount": ["1"], "currency": "EUR"}}, Rule.NOT_A_NUMBER, "list", ""),
        ({"results": [{"indicator": "a", "source": "first"}]}, Rule.NOT_A_NUMBER, '"first"', ""),
        ({"results": [{"indicator": "a", "source": "0"}]}, Rule.OUT_OF_RANGE, "at least 1", ""),
        ({"evaluation": {"by": "a", "independent": "perhaps"}}, Rule.NOT_YES_OR_NO, "perhaps", "yes or no"),
        ({"evaluation": {"by": "a", "year": "3019"}}, Rule.OUT_OF_RANGE, "less than 2101", ""),
        ({"started": "2021-02-30"}, Rule.NOT_A_DATE, "2021-02-30", ""),
        ({"started": "30.4.2021"}, Rule.NOT_A_DATE, "30.4.2021", "2021-04-30"),
        ({"started": "2021-4"}, Rule.NOT_A_DATE, "2021-4", ""),
        ({"organisation": {"name": "a", "url": "www.a.eu"}}, Rule.NOT_AN_ADDRESS, "www.a.eu", "https://www.a.eu"),
        ({"organisation": {"name": "a", "url": "ftp://a.eu"}}, Rule.NOT_AN_ADDRESS, "ftp://a.eu", "https://…"),
        ({"organisation": {"name": "a", "url": "https://me@a.eu/"}}, Rule.NOT_AN_ADDRESS, "me@a.eu", ""),
        ({"related": ["Some Practice"]}, Rule.NOT_AN_ID, '"Some Practice"', ""),
        ({"license": "CC BY 4.0"}, Rule.UNKNOWN_LICENSE, "CC BY 4.0", "CC-BY-4.0"),
        ({"barriers": ["Finance!"]}, Rule.UNKNOWN_BARRIER, '"Finance!"', ""),
        ({"language": "eng"}, Rule.UNKNOWN_LANGUAGE, '"eng"', ""),
    ],
)  # fmt: skip
def test_each_error_of_shape_is_said_in_our_words(changes, rule, words, fix):
    found = only_problem(**changes)
    assert found.rule == rule
    assert words in found.message
    assert fix in found.fix
    assert found.message[0].islower() or not found.message[0].isalpha() or found.message.startswith("HTML")
    assert not found.message.endswith(".")


def test_a_translation_with_fields_of_its_original_is_told_so():
    [found] = problems(translation_text(regions=["AT13"]), "repair-cafe.fr.md")
    assert "of the original" in found.message


def test_translated_by_is_one_of_three():
    [found] = problems(translation_text(translated_by="machines"), "repair-cafe.fr.md")
    assert (found.rule, found.fix) == (Rule.NOT_ALLOWED, 'write "machine"')


@pytest.mark.parametrize("value", ["12,5%", "1 250", "about"])
def test_the_place_of_a_number_is_named_as_people_count(value):
    found = only_problem(results=[{"indicator": "a"}, {"indicator": "b", "value": value}])
    assert found.field == "results.2.value"


def test_the_library_is_asked_by_id_and_goes_in_their_order():
    library = Library([make_practice(id="b"), make_practice(id="a")], {"old": Moved(to="a")})
    assert [practice.id for practice in library] == ["a", "b"]
    assert len(library) == 2
    assert library.get("a") is not None
    assert library.get("old") is None
    assert library.moved["old"].to == "a"


def moved(folder: Path, text: str, ids: set[str]) -> tuple[dict[str, Moved], list[Problem]]:
    write(folder, "moved.yaml", text)
    return read_moved(folder, ids)


def test_ids_that_are_gone_lead_to_their_successor_or_to_a_note(folder):
    entries, found = moved(folder, 'old: new\nolder: old\ngone: {note: "Withdrawn"}\nlost: gone\n', {"new"})
    assert not found
    assert entries == {
        "old": Moved(to="new"), "older": Moved(to="new"), "gone": Moved(note="Withdrawn"),
        "lost": Moved(note="Withdrawn"),
    }  # fmt: skip


def test_where_nothing_has_moved_there_is_nothing_to_say(folder):
    assert read_moved(folder, {"a"}) == ({}, [])
    assert moved(folder, "# nothing yet\n", {"a"}) == ({}, [])


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("a: b\nOld_One: new", Rule.MOVED_ID, 2),
        ("a: b\nold: missing", Rule.MOVED_TARGET, 2),
        ("a: b\nnew: b", Rule.MOVED_EXISTS, 2),
        ("a: b\nold: [new]", Rule.MOVED_FORM, 2),
        ("a: b\nold:", Rule.MOVED_FORM, 2),
        ("a: b\nold: {note: ''}", Rule.MOVED_FORM, 2),
        ("a: b\nold: old", Rule.MOVED_LOOP, 2),
        ("a: b\na: new", Rule.DUPLICATE_KEY, 2),
        ("a: b\nold: &x new", Rule.ANCHOR, 2),
        ("- a", Rule.NOT_FIELDS, 1),
    ],
)
def test_what_is_wrong_with_moved_ids_is_said(folder, text, rule, line):
    entries, [found] = moved(folder, text, {"b", "new"})
    assert (found.rule, found.line, found.path) == (rule, line, "practices/moved.yaml")
    assert set(entries) <= {"a"}


def test_ids_that_lead_in_a_circle_lead_nowhere(folder):
    entries, found = moved(folder, "a: b\nb: c\nc: a\nd: a\n", {"new"})
    assert entries == {}
    assert {one.rule for one in found} == {Rule.MOVED_LOOP}


YAML_LIKE = st.lists(
    st.sampled_from(
        ["---", "title: A", "title", ": ", "- ", "[", "]", "{", "}", "&a", "*a", "!b", "'", '"', "\n", "\n", "  ", "\t",
         "#",
         "regions: [AT13]", "status: x", "sources:", "\r\n", "\ufeff", "|", ">", "%", "@", "\\", "é", "## Problem"]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@given(st.binary(max_size=300) | YAML_LIKE.map(str.encode) | YAML_LIKE.map(lambda text: f"---\n{text}".encode()))
def test_reading_never_raises_whatever_the_bytes(data):
    document, found = parse(data, "repair-cafe.md")
    assert (document is None) == bool(found)


FIELD_NAMES = st.sampled_from([*FrontMatter.model_fields, "fundng", ""])
VALUES = st.recursive(
    st.sampled_from(["", "a", "AT13", "-1", "1e99", "2021-02-30", "https://a.b", "NaN", "€", "x" * 2001]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELD_NAMES | st.just("name"), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(FIELD_NAMES, VALUES, max_size=4))
def test_reading_never_raises_whatever_the_fields(vocabulary, changes):
    _, found = parse(practice_text(**changes).encode(), "repair-cafe.md", vocabulary)
    for one in found:
        assert one.line >= 1
        assert one.message
        assert one.rule != Rule.INVALID_VALUE
