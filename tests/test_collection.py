"""The real collection: its documents, and the searches that it is for."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from search.build import read_collection
from search.errors import Severity
from search.facets import BARRIER, FACETS
from search.query import SearchQuery
from tests.conftest import ROOT

TERRITORIES = ["FRH0", "ITI1", "SK", "SI", "EE", "BE3", "ES41"]


@pytest.fixture(scope="module")
def collection(vocabulary):
    return read_collection(ROOT / "practices", vocabulary, date(2026, 1, 1))


def ids(results):
    return [hit.id for hit in results.hits]


def test_no_document_has_an_error(collection):
    assert [str(problem) for problem in collection.problems if problem.severity is Severity.ERROR] == []


def test_every_territory_of_the_first_project_has_two(collection):
    counts = Counter(
        territory
        for practice in collection.library
        for territory in TERRITORIES
        if any(region.code.startswith(territory) for region in practice.regions)
    )
    assert all(counts[territory] >= 2 for territory in TERRITORIES), counts


def test_every_figure_names_its_source(collection):
    for practice in collection.library:
        for result in practice.results:
            assert result.source, (practice.id, result.indicator)


def test_the_exact_title_of_every_practice_gives_it_first(real_engine, collection):
    for practice in collection.library:
        for title in (practice.title, *practice.title_native.values(), *(one.title for one in practice.translations)):
            for text in (title, title.lower()):
                assert ids(real_engine.search(SearchQuery(text=text)))[0] == practice.id, title


@pytest.mark.parametrize(
    ("text", "code"),
    [("Brittany", "FRH0"), ("Bretagne", "FRH0"), ("bretagne", "FRH0"), ("Castilla y Leon", "ES41")],
)
def test_the_name_of_a_region_gives_all_its_practices_before_any_other(real_engine, collection, text, code):
    its_own = {one.id for one in collection.library if any(region.code.startswith(code) for region in one.regions)}
    found = ids(real_engine.search(SearchQuery(text=text, size=100)))
    assert len(its_own) >= 2
    assert set(found[: len(its_own)]) == its_own


def test_skills_with_coordination_gives_what_both_say(real_engine, collection):
    found = set(
        ids(real_engine.search(SearchQuery(text="skills", filters={BARRIER: frozenset({"coordination"})}, size=100)))
    )
    with_barrier = {one.id for one in collection.library if "coordination" in one.barriers}
    with_word = set(ids(real_engine.search(SearchQuery(text="skills", size=100))))
    assert found == with_barrier & with_word
    assert {one.id for one in collection.library if {"skills", "coordination"} <= set(one.barriers)} <= found
    assert found


@pytest.mark.parametrize(
    "query",
    [
        SearchQuery(),
        SearchQuery(text="skills"),
        SearchQuery(text="cyber* -voucher"),
        SearchQuery(text="formation", lang="fr"),
        SearchQuery(text="training OR campaign", filters={BARRIER: frozenset({"skills", "awareness"})}),
    ],
)
def test_every_count_is_the_total_of_the_search_it_stands_for(real_engine, vocabulary, query):
    results = real_engine.search(query)
    for facet in FACETS:
        counts = results.facets[facet.name]
        for value in vocabulary.ids(facet.scheme) if facet.scheme != "nuts" else counts:
            alone = SearchQuery(text=query.text, lang=query.lang, filters={**query.filters, facet: frozenset({value})})
            assert real_engine.search(alone).total == counts.get(value, 0), (facet.name, value)
