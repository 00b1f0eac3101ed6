"""Front matter: every value stays text and knows where it stands; what is wrong is said once, in plain words."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from search import fields
from search.fields import MAX_DEPTH, Fields, field_name, parse_fields, position_of
from search.front_matter import MAX_BYTES, RawDocument, decode, parse_document, read_bytes
from search.rules import Rule
from search.yaml_errors import Refused

BODY = "\n## Problem\n\nText.\n"


def document(front: str, body: str = BODY) -> RawDocument:
    return parse_document(f"---\n{front}\n---\n{body}".encode())


def fields_or_refusal(text: str) -> Fields | Refused:
    try:
        return parse_fields(text)
    except Refused as refused:
        return refused


def refusal(front: str, body: str = BODY) -> Refused:
    with pytest.raises(Refused) as caught:
        document(front, body)
    return caught.value


@pytest.mark.parametrize(
    "text", ["NO", "12:30", "012", "3.10", "2021-02-30", "~", "null", "0x1F", "1_000", ".inf", "1e3"]
)
def test_every_scalar_stays_the_text_that_was_written(text):
    assert document(f"value: {text}").fields.values == {"value": text}


def test_values_know_their_line_and_column():
    marks = document("title: A\nbarriers: [one, two]\nresults:\n  - value: 3\n    unit: km").fields.marks
    assert marks["title",] == (2, 8)
    assert marks["barriers", 1] == (3, 17)
    assert marks["results",] == (4, 1)
    assert marks["results", 0] == (5, 5)
    assert marks["results", 0, "unit"] == (6, 11)


def test_names_know_their_line_and_column():
    names = document("title: A\norganisation:\n  nam: B").fields.names
    assert names["organisation", "nam"] == (4, 3)


def test_what_is_not_there_stands_in_its_group():
    marks = document("title: A\norganisation:\n  url: B").fields.marks
    assert position_of(("organisation", "name"), marks) == (3, 1)
    assert position_of(("summary",), marks) == (1, 1)


@pytest.mark.parametrize(
    ("location", "name"),
    [(("title",), "title"), (("barriers", 1), "barriers"), (("results", 0, "value"), "results.1.value"), ((), "")],
)
def test_places_have_names(location, name):
    assert field_name(location) == name


@pytest.mark.parametrize(("first", "fence"), [("```markdown", "```"), ("~~~", "~~~")])
def test_a_document_in_the_frame_of_an_example_is_told_to_leave_it(first, fence):
    with pytest.raises(Refused) as caught:
        parse_document(f"\n{first}\n---\ntitle: A\n---\n\nText\n{fence}\n".encode())
    assert (caught.value.rule, caught.value.line) == (Rule.MISSING_OPENING, 2)
    assert caught.value.fix == f"delete the line with {fence}, and the one at the end of the file"


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_byte_order_mark_and_line_ends_of_any_system_are_accepted(start, end):
    lines = [b"---", b"title: A", b"status: b", b"---", b"", b"", b"Text", b"", b"---", b"", b"More"]
    raw = parse_document(start + end.join(lines))
    assert raw.fields.values == {"title": "A", "status": "b"}
    assert raw.fields.marks["status",] == (3, 9)
    assert raw.body == "Text\n\n---\n\nMore"
    assert raw.body_line == 7


def test_lines_before_the_first_dashes_are_counted():
    raw = parse_document(b"\n\n---\ntitle: A\n---\nText")
    assert raw.fields.marks["title",] == (4, 8)
    assert raw.body_line == 6


def test_signs_that_only_yaml_takes_for_line_ends_do_not_shift_lines():
    marks = document('title: "A\u2028B\x85C"\nstatus: d').fields.marks
    assert marks["status",] == (3, 9)


def test_a_field_may_be_called_as_the_arguments_of_python_frontmatter():
    values = document("content: a\nhandler: b\nencoding: c\ntext: d").fields.values
    assert set(values) == {"content", "handler", "encoding", "text"}


def test_a_name_with_nothing_after_it_is_a_field_that_is_not_there():
    parsed = document('ended:\nnote: ""\nlist: [a, ""]').fields
    assert parsed.values == {"note": "", "list": ["a", ""]}
    assert parsed.marks["ended",] == (2, 1)


def test_tabs_at_the_end_of_a_line_are_harmless():
    assert document("title: A\t\nstatus: b \t ").fields.values == {"title": "A", "status": "b"}


@pytest.mark.parametrize(
    ("front", "rule", "line", "column"),
    [
        ("title: Cyber: a meeting", Rule.UNQUOTED_COLON, 2, 13),
        ("title: « Cyber : a meeting »", Rule.UNQUOTED_COLON, 2, 16),
        ("title: A\n  summary: B", Rule.INDENTATION, 3, 3),
        ("group:\n    a: b\n  c: d", Rule.INDENTATION, 4, 3),
        ("list:\n  - a\n - b", Rule.INDENTATION, 4, 2),
        ('title: "A\nsummary: "B"\nstatus: c', Rule.UNCLOSED_QUOTE, 2, 8),
        ("title: 'A\nsummary: b", Rule.UNCLOSED_QUOTE, 2, 8),
        ("title: 'L'innovation'", Rule.TEXT_AFTER_QUOTE, 2, 11),
        ('title: "A" b', Rule.TEXT_AFTER_QUOTE, 2, 12),
        ("title: [A] b", Rule.BRACKETS, 2, 8),
        ("list: [a, b\nstatus: c", Rule.BRACKETS, 2, 7),
        ("group: {a: b\nstatus: c", Rule.BRACKETS, 2, 8),
        ("title: {{ A }}", Rule.UNQUOTED_START, 2, 9),
        ("title: @a", Rule.UNQUOTED_START, 2, 8),
        ("title: `a`", Rule.UNQUOTED_START, 2, 8),
        ("title: %a", Rule.UNQUOTED_START, 2, 8),
        ("title: > a", Rule.UNQUOTED_START, 2, 8),
        ("title: ? a", Rule.UNQUOTED_START, 2, 8),
        ("title: *A* b", Rule.ALIAS, 2, 8),
        ("title: *a", Rule.ALIAS, 2, 8),
        ("title: &a b", Rule.ANCHOR, 2, 8),
        ("title: & b", Rule.ANCHOR, 2, 8),
        ("title: !a b", Rule.TAG, 2, 8),
        ("title: !!python/object:os.system a", Rule.TAG, 2, 8),
        ("title: ! a", Rule.TAG, 2, 8),
        ("list: - a", Rule.LIST_IN_LINE, 2, 7),
        ("title: A\nand more\nstatus: b", Rule.NOT_A_FIELD, 3, 1),
        ("title:A\nstatus: b", Rule.NOT_A_FIELD, 2, 1),
        ("status: b\ntitle:A", Rule.NOT_A_FIELD, 3, 1),
        (": a", Rule.NOT_A_FIELD, 2, 1),
        ('title: "C:\\Users"', Rule.BACKSLASH, 2, 13),
        ('title: "\\UFFFFFFFF"', Rule.BACKSLASH, 2, 9),
        ('title: "a\\0b"', Rule.CONTROL_CHARACTER, 2, 8),
        ('title: "\\uD800"', Rule.CONTROL_CHARACTER, 2, 8),
        ("title: a\n\tb", Rule.TAB, 3, 1),
        ("title: a\tb", Rule.TAB, 2, 9),
        ("<<: {a: b}", Rule.MERGE_KEY, 2, 1),
        ("- a\n- b", Rule.NOT_FIELDS, 2, 1),
        ("a: b\n--- c", Rule.SEVERAL_DOCUMENTS, 3, 1),
        ("a: b\n...\nc: d", Rule.YAML, 3, 1),
        ("a: ]", Rule.YAML, 2, 4),
    ],
)
def test_what_yaml_cannot_read_is_said_in_plain_words_at_its_place(front, rule, line, column):
    refused = refusal(front)
    assert (refused.rule, refused.line, refused.column) == (rule, line, column)
    jargon = {"scanning", "mapping", "scalar", "token", "block end", "<stream", "flow"}
    assert not [word for word in jargon if word in refused.message + refused.fix]
    assert refused.fix


def test_a_key_that_is_given_twice_names_both_lines():
    refused = refusal("title: A\ngroup:\n  a: 1\n  b: 2\n  a: 3")
    assert (refused.rule, refused.line) == (Rule.DUPLICATE_KEY, 6)
    assert "line 4" in refused.message
    assert "line 6" in refused.message


def test_the_quotes_are_put_where_they_belong():
    assert refusal("title: Cyber: a meeting").fix.endswith('title: "Cyber: a meeting"')
    assert '"Say "hi"' not in refusal('title: Say "hi": a meeting').fix


def test_missing_dashes_are_asked_for_where_they_belong():
    text = b"---\ntitle: A\nstatus: b\n\n## Problem\n\nText\n\n---\n\nMore\n"
    with pytest.raises(Refused) as caught:
        parse_document(text)
    assert (caught.value.rule, caught.value.line) == (Rule.MISSING_CLOSING, 5)
    assert "line 1" in caught.value.message


def test_an_alias_bomb_is_refused_at_its_first_sign_and_never_expanded():
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    bomb += "\n".join(f"k{n}: &k{n} [{', '.join([f'*k{n - 1}' if n else '*a'] * 9)}]" for n in range(40))
    began = time.perf_counter()
    assert refusal(bomb).rule == Rule.ANCHOR
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("sign", ["[", "{a: ", "{", "- ", "? "])
def test_depth_is_refused_without_recursion(sign):
    refused = refusal("a: " + sign * 50_000 if sign in "[{a: " else sign * 50_000)
    assert refused.rule in {Rule.TOO_DEEP, Rule.NOT_FIELDS, Rule.UNQUOTED_START}


def test_as_many_levels_as_are_allowed_are_read():
    inner = MAX_DEPTH - 1
    assert document(f"a: {'[' * inner}x{']' * inner}").fields.values["a"]
    assert refusal(f"a: {'[' * (inner + 1)}x{']' * (inner + 1)}").rule == Rule.TOO_DEEP


@pytest.mark.parametrize(
    "front",
    [
        "a: " + "\t" * 200_000 + "b",
        "a: b" + "\t" * 200_000,
        "a: " + "-" * 200_000,
        "-" * 100_000 + " " * 100_000 + "x",
        "a: '" + "''" * 100_000,
        'a: "' + "\\" * 200_001,
        "\n".join(["a:"] * 60_000),
        "a: [" + "b, " * 60_000 + "]",
        "a: b\n" + "# c\n" * 50_000,
    ],
)
def test_hostile_text_takes_no_more_time_than_it_is_long(front):
    began = time.perf_counter()
    with suppress(Refused):
        document(front)
    assert time.perf_counter() - began < 10


def test_not_more_is_read_of_a_large_file_than_it_takes_to_refuse_it(tmp_path: Path):
    path = tmp_path / "large.md"
    path.write_bytes(b"x" * 10_000_000)
    data = read_bytes(path)
    assert len(data) == MAX_BYTES + 1
    with pytest.raises(Refused) as caught:
        decode(data)
    assert caught.value.rule == Rule.TOO_LARGE


def test_a_file_of_just_the_allowed_size_is_read():
    assert decode(b"x" * MAX_BYTES)


def test_bytes_that_are_no_utf_8_are_named_with_their_line():
    with pytest.raises(Refused) as caught:
        decode("a\r\nb\r\ncafé".encode("latin-1"))
    assert (caught.value.rule, caught.value.line, caught.value.column) == (Rule.NOT_UTF_8, 3, 4)
    assert "0xe9" in caught.value.message


TEXT = st.text(st.sampled_from("ab:-?*&!|>'\"%@`{}[],#\\ \n\t~<.—é0"), max_size=80)


@given(TEXT)
def test_any_text_gives_fields_or_one_refusal(text):
    found = fields_or_refusal(text)
    if isinstance(found, Refused):
        assert found.message
        assert found.line >= 1
        assert found.column >= 1


@given(TEXT)
def test_the_fast_parser_reads_what_the_slow_one_reads(text):
    fast = fields_or_refusal(text)
    if isinstance(fast, Fields):
        assert fast == fields._build_slowly(text.translate(fields._NO_LINE_ENDS), 1)


JSON = st.recursive(
    st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["one", "two"]), inner, max_size=2),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["title", "list", "group"]), JSON, min_size=1))
def test_what_is_written_in_quotes_is_read_as_it_was(values):
    text = "\n".join(f"{name}: {json.dumps(value)}" for name, value in values.items())
    found = fields_or_refusal(text)
    if isinstance(found, Fields):
        assert found.values == values
    else:
        assert found.rule in {Rule.TOO_DEEP, Rule.CONTROL_CHARACTER}  # json writes signs beyond U+FFFF as two


def test_both_parsers_are_there():
    assert issubclass(fields._FAST_LOADER, yaml.CSafeLoader | yaml.SafeLoader)
