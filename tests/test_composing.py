"""What is written reads back to the same, and a change changes nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.composing import compose, without_empty, written_values
from search.front_matter import parse_document
from search.library import parse
from search.model import FrontMatter
from tests.builders import BODY, FIELDS, practice_text
from tests.conftest import ROOT
from tests.scale import scaled

# Everything that a document may hold: no control characters, no halves of a character.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"], include_characters="\n\t\x85\u2028"), max_size=60
) | st.sampled_from(
    ["---", "no", "12:30", "- a", '"', "'", "a: b", "# a", "{a}", "[a", "&a", "*a", "!a", "%a", "@a", "~"]
)
WORDS = st.from_regex(r"[a-z][a-z_]{0,10}", fullmatch=True)
GROUPS = st.dictionaries(WORDS, TEXTS | st.lists(TEXTS, max_size=3), max_size=4)
VALUES = st.dictionaries(WORDS, TEXTS | GROUPS | st.lists(TEXTS | GROUPS, max_size=4), min_size=1, max_size=8)


@settings(max_examples=scaled(1000), deadline=None)
@given(VALUES, TEXTS)
def test_what_is_written_reads_back_to_the_same(values, body):
    filled = without_empty(values)
    written = compose({"title": "A title", **filled}, body)
    read = parse_document(written)
    assert read.fields.values == {"title": "A title", **filled}
    assert read.body.strip() == body.strip()


DOCUMENTS = sorted(path for path in (ROOT / "practices").rglob("*.md") if path.name != "README.md")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_real_document_that_does_not_change_keeps_every_byte(path):
    data = path.read_bytes()
    old = parse_document(data)
    assert compose(old.fields.values, old.body, data) == data


def test_a_change_of_one_field_changes_its_lines_only():
    before = (
        b"---\n# who wrote this\ntitle: 'A title'   # as it was\nregions:\n- AT13\n"
        b"# why\nstatus: running\n---\nBody [1]\n"
    )
    old = parse_document(before)
    after = compose({**old.fields.values, "status": "finished", "started": "2019"}, old.body, before).decode()
    assert after == (
        "---\n# who wrote this\ntitle: 'A title'   # as it was\nregions:\n- AT13\nstatus: finished\n"
        "started: 2019\n---\nBody [1]\n"
    )


def test_line_ends_of_windows_stay():
    before = practice_text().replace("\n", "\r\n").encode()
    old = parse_document(before)
    after = compose({**old.fields.values, "confirmed": "2026-01-01"}, old.body, before)
    assert after.replace(b"confirmed: 2026-01-01\r\n", b"") == before


def test_fields_stand_in_the_order_of_the_model():
    written = compose({"sources": FIELDS["sources"], "title": "A title", "regions": ["AT13"]}, BODY).decode()
    assert [line.split(":")[0] for line in written.splitlines()[1:4]] == ["title", "regions", "sources"]


def test_what_is_empty_is_left_out():
    assert compose({"title": "A", "place": " ", "cost": {"amount": ""}, "regions": ["", "AT13"]}, "") == (
        b"---\ntitle: A\nregions: [AT13]\n---\n"
    )


def test_a_word_that_others_take_for_no_text_stands_in_quotes():
    assert b'language: "no"' in compose({"language": "no"}, "")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_the_fields_of_a_practice_are_written_as_they_were_read(path):
    document, _ = parse(path.read_bytes(), path.name)
    again, problems = parse(compose(written_values(document.content), document.body), path.name)
    assert not problems
    assert again.content == document.content
    assert again.body == document.body


def test_all_fields_are_written():
    front = FrontMatter.model_validate(FIELDS | {"confirmed": "2026"})
    assert list(written_values(front)) == [name for name in FrontMatter.model_fields if name in {*FIELDS, "confirmed"}]
