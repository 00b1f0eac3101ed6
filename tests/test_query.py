"""The grammar in which visitors ask."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query import MAX_QUERY, MAX_WORDS, AnyOf, NoteKind, Phrase, Prefix, Word, parse_text


@pytest.mark.parametrize(
    ("text", "terms", "without"),
    [
        ("skills gap", (Word("skills"), Word("gap")), ()),
        ('"market access"', (Phrase(("market", "access")),), ()),
        ("“market access”", (Phrase(("market", "access")),), ()),
        ("« accès au marché »", (Phrase(("accès", "au", "marché")),), ()),
        ('"skills"', (Word("skills"),), ()),
        ("skills -tuscany", (Word("skills"),), (Word("tuscany"),)),
        ('skills -"market access"', (Word("skills"),), (Phrase(("market", "access")),)),
        ("train*", (Prefix("train"),), ()),
        ("voucher OR grant", (AnyOf((Word("voucher"), Word("grant"))),), ()),
        ("a1 OR b1 OR c1", (AnyOf((Word("a1"), Word("b1"), Word("c1"))),), ()),
        ("x1 a1 OR b1", (Word("x1"), AnyOf((Word("a1"), Word("b1")))), ()),
        ("or", (Word("or"),), ()),
        ("OR", (Word("or"),), ()),
        ("OR voucher", (Word("voucher"),), ()),
        ("voucher OR", (Word("voucher"),), ()),
        ("e-commerce", (Word("e"), Word("commerce")), ()),
        ('"unbalanced words', (Word("unbalanced"), Word("words")), ()),
        ("**word**", (Word("word"),), ()),
        ("skills skills", (Word("skills"),), ()),
        ("---", (), ()),
        ("", (), ()),
        ("-only", (), (Word("only"),)),
    ],
)
def test_a_query_is_read_as_a_person_means_it(text, terms, without):
    parsed = parse_text(text, "fr")
    assert (parsed.terms, parsed.without) == (terms, without)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("x" * (MAX_QUERY + 1), NoteKind.TOO_LONG),
        (" ".join(f"w{n}" for n in range(MAX_WORDS + 1)), NoteKind.TOO_LONG),
        ("a*", NoteKind.PREFIX_TOO_SHORT),
    ],
)
def test_what_was_ignored_is_said(text, kind):
    assert [note.kind for note in parse_text(text).notes] == [kind]


@given(st.text())
def test_reading_a_query_never_fails(text):
    parsed = parse_text(text)
    assert len(parsed.terms) <= MAX_WORDS
