"""Practices that may be the same as another: found when copied, in another language too, and never cried wolf."""

from __future__ import annotations

import re
from datetime import date
from itertools import chain

import pytest

from search.build import read_collection
from search.duplicates import LIKELY, Portrait, Wording, likely_duplicates, normal_address, portrait, portrait_of_values
from search.model import Practice
from search.vocabulary import Vocabulary
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def practices(vocabulary: Vocabulary) -> list[Practice]:
    return list(read_collection(ROOT / "practices", vocabulary, date(2026, 1, 1)).library)


def reworded(text: str) -> str:
    """Every fifth word is another."""
    words = re.split(r"(\s+)", text)
    return "".join("otherwise" if number % 10 == 4 else word for number, word in enumerate(words))


def test_no_practice_of_the_collection_is_called_a_duplicate_of_another(practices, vocabulary):
    found = [likely_duplicates(one, practices, vocabulary) for one in practices]
    assert [(one.id, one.score) for one in chain.from_iterable(found)] == []


def test_a_copy_that_is_slightly_reworded_is_found_first(practices, vocabulary):
    for one in practices:
        copy = Portrait(
            id="copy",
            wordings=(
                Wording(language=one.language, title=one.title, summary=reworded(one.summary), body=reworded(one.body)),
            ),
        )
        [first, *_] = likely_duplicates(copy, practices, vocabulary)
        assert (first.id, first.title) == (one.id, one.title)
        assert LIKELY <= first.score <= 1


def test_the_same_practice_is_found_in_a_language_that_the_other_is_not_written_in(practices, vocabulary):
    originals = [one.model_copy(update={"translations": ()}) for one in practices]
    for practice in practices:
        for one in practice.translations:
            wording = Wording(language=one.language, title=one.title, summary=one.summary, body=one.body)
            whole = portrait(practice)
            given = Portrait(
                id="new",
                wordings=(wording,),
                organisation=whole.organisation,
                regions=whole.regions,
                addresses=whole.addresses,
            )
            assert [found.id for found in likely_duplicates(given, originals, vocabulary)] == [practice.id]


def test_a_title_and_a_summary_are_enough_even_among_few(practices, vocabulary):
    one, *others = practices[:4]
    written = {"title": one.title, "summary": reworded(one.summary), "language": one.language}
    given = portrait_of_values("", written, "")
    assert [found.id for found in likely_duplicates(given, [one, *others], vocabulary)] == [one.id]


def test_reasons_are_given_in_the_order_of_their_weight(practices, vocabulary):
    one = practices[0]
    given = portrait(one.model_copy(update={"id": "copy"}))
    [found] = likely_duplicates(given, practices, vocabulary)
    said = " / ".join(found.reasons)
    assert "the text is 100 % alike" in found.reasons[0]
    assert f"the same organisation, {one.organisation.name}, in" in said
    assert "words of the title in common" in said
    assert "of the same sources" in said or "the same source" in said


def test_what_is_written_may_be_of_any_kind(practices, vocabulary):
    broken = {
        "organisation": ["a"],
        "sources": [["x"], {"url": "no address"}, {"url": {}}],
        "regions": "AT",
        "title": [],
    }
    assert likely_duplicates(portrait_of_values("x", broken, ""), practices, vocabulary) == []
    assert likely_duplicates(portrait_of_values("x", {}, ""), [], vocabulary) == []


@pytest.mark.parametrize(
    "other",
    [
        "http://example.org/a/b",
        "https://www.example.org/a/b/",
        "https://EXAMPLE.org/a/b/index.html",
        "https://example.org/a/b?utm_source=x&fbclid=y#part",
        "https://example.org/%61/b",
    ],
)
def test_the_same_address_is_known_however_it_is_written(other):
    assert normal_address(other) == normal_address("https://example.org/a/b") == "example.org/a/b"


def test_addresses_that_lead_elsewhere_stay_apart():
    assert normal_address("https://example.org/?id=1") != normal_address("https://example.org/?id=2")
    assert normal_address("https://[broken") == normal_address("") == ""
