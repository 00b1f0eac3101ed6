"""Our own practices against the sheet of facts that they were written from: figures, sources, words of their own."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from itertools import combinations

import pytest

from search.build import read_collection
from search.model import Practice, Translation
from tests import facts
from tests.conftest import ROOT

# Numbers that no fact has, and why they may stand in the text.
EXPECTED_NUMBERS = {
    "brittany-talent-attraction-campaign": (["two", "two"], "counts the figures and the aims just named"),
    "castilla-y-leon-pre-commercial-procurement": (["a"], "half a million, of EUR 535,591 named before"),
    "estonia-youth-cyber-competitions": (["four", "three"], "counts the steps of a list, and pieces of our advice"),
    "slovakia-it-academy": (["21 million", "two", "two"], "EUR 21,046,596.77 rounded; counts what is named beside"),
    "slovakia-kosice-it-valley-cluster": (["five", "eight"], "years from 2007 to 2012 and to 2015"),
    "slovenia-varni-na-internetu": (["three"], "counts the items of a list"),
}

LANGUAGES = {"fr", "it", "es", "sk", "sl", "et"}
SHORTEST, LONGEST = 100, 700  # words of a text


@pytest.fixture(scope="module")
def practices(vocabulary) -> dict[str, Practice]:
    collection = read_collection(ROOT / "practices", vocabulary, date(2026, 1, 1))
    return {practice.id: practice for practice in collection.library}


def test_every_entry_of_the_sheet_is_a_practice(practices):
    assert facts.entries().keys() - practices.keys() == set()
    assert len(practices) >= 79


def test_every_number_is_found_in_the_facts(practices):
    unknown = {id: found for id in facts.entries() if (found := facts.unknown_numbers(practices[id]))}
    assert unknown == {id: numbers for id, (numbers, _) in EXPECTED_NUMBERS.items()}


def test_every_source_is_that_of_the_sheet(practices):
    for id, entry in facts.entries().items():
        known = {source["url"]: source for source in entry["sources"]}
        for source in practices[id].sources:
            assert source.url in known, (id, source.url)
            assert source.language == known[source.url]["lang" if "lang" in known[source.url] else "language"], id


def test_figures_and_citations_name_a_source_that_there_is(practices):
    for practice in practices.values():
        count = len(practice.sources)
        numbers = [int(number) for number in re.findall(r"\[(\d+)\]", practice.body)]
        numbers += [result.source or 0 for result in practice.results]
        assert numbers, practice.id
        assert all(1 <= number <= count for number in numbers), practice.id


def test_no_run_of_words_is_copied_from_the_notes(practices):
    copied = {id: found for id in facts.entries() if (found := facts.copied_runs(practices[id]))}
    assert copied == {}


def test_no_two_practices_share_a_run_of_words(practices):
    found = defaultdict(list)
    for practice in practices.values():
        for run in facts.runs_of(practice):
            found[run].append(practice.id)
    assert {" ".join(run): ids for run, ids in found.items() if len(ids) > 1} == {}


def test_no_two_summaries_begin_alike(practices):
    begins = {practice.id: practice.summary.split()[:4] for practice in practices.values()}
    assert [pair for pair in combinations(begins, 2) if begins[pair[0]] == begins[pair[1]]] == []


def test_texts_are_as_long_as_somebody_reads(practices):
    lengths = {practice.id: len(facts.words(practice.body)) for practice in practices.values()}
    assert {id: length for id, length in lengths.items() if not SHORTEST <= length <= LONGEST} == {}


def test_nothing_is_confirmed_that_no_source_confirms(practices):
    assert [practice.id for practice in practices.values() if practice.confirmed or practice.contact] == []


def test_there_are_four_translations_for_each_language_of_the_interface(practices):
    by_language = defaultdict(list)
    for practice in practices.values():
        for one in practice.translations:
            by_language[one.language].append(practice.id)
            assert one.translated_by == "machine", practice.id
    assert {language for language in LANGUAGES if len(by_language[language]) < 4} == set()
    assert len(by_language["de"]) + len(by_language["nl"]) >= 4


def test_a_translation_has_the_figures_and_citations_of_its_original(practices):
    for practice in practices.values():
        for one in practice.translations:
            assert citations(one) == citations(practice), (practice.id, one.language)
            assert digits(one) <= digits(practice), (practice.id, one.language, digits(one) - digits(practice))
            assert years(one) == years(practice), (practice.id, one.language)


def citations(text: Practice | Translation) -> list[str]:
    """The numbers of sources in each paragraph, in any order, since sentences are built in another one."""
    return ["".join(sorted(re.findall(r"\[\d+\]", paragraph))) for paragraph in text.body.split("\n\n")]


def digits(text: Practice | Translation) -> set[str]:
    """The figures of a text without what separates thousands and decimals."""
    prose = re.sub(r"\[\d+\]", "", f"{text.title} {text.summary} {text.body}")
    return {re.sub(r"\D", "", found) for found in re.findall(r"\d+(?:[.,\u0020\u00a0\u202f’]\d+)*", prose)}


def years(text: Practice | Translation) -> set[str]:
    return set(re.findall(r"\b(?:19|20)\d\d\b", text.body))
