"""URL to SearchQuery and back."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import BadParameter
from search.facets import BARRIER, LANGUAGE, REGION, Years
from search.query import SearchQuery, Sort
from tests.hostile import HOSTILE_QUERIES
from web.params import (
    MAX_SELECTED,
    NOTHING,
    SELECTED,
    Addresses,
    Repository,
    Selection,
    clean_text,
    parse_query,
    parse_selection,
    query_pairs,
    toggled,
    toggles,
    without_selection,
)


def test_parameters_become_a_query(vocabulary):
    pairs = [("q", " skills "), ("barrier", "skills"), ("barrier", "trust"), ("region", "FR"), ("sort", "title"),
             ("page", "2"), ("size", "50"), ("lang", "sl"), ("utm_source", "x"), ("topic", ""),
             ("language", "uk"), ("from", "2015"), ("to", " ")]  # fmt: skip
    assert parse_query(pairs, vocabulary, "fr") == SearchQuery(
        text="skills",
        lang="sl",
        reader="fr",
        filters={BARRIER: frozenset({"skills", "trust"}), REGION: frozenset({"FR"}), LANGUAGE: frozenset({"uk"})},
        years=Years(2015),
        sort=Sort.TITLE,
        page=2,
        size=50,
    )


def test_nothing_asked_is_a_query_too(vocabulary):
    assert parse_query([], vocabulary) == SearchQuery()


@pytest.mark.parametrize(
    ("name", "value", "nearest"),
    [
        ("barrier", "finanse", "finance"),
        ("region", "Bretagne", "FRH0"),
        ("region", "GR", "EL"),
        ("region", "NL31", "NL35"),
        ("region", "FRH9", "FRH"),
        ("status", "runing", "running"),
        ("sort", "newst", "newest"),
        ("lang", "eng", "en"),
        ("region", "Slovenija", "SI"),
        ("region", "PT17", "PT1A"),
        ("page", "0", "1"),
        ("page", "-1", "1"),
        ("page", "x", "1"),
        ("page", "9" * 5000, "1"),
        ("page", "²", "1"),
        ("size", "101", "100"),
        ("size", "0", "1"),
        ("size", "00", "1"),
        ("size", "many", "1"),
        ("topic", "zzzzzzzzzzzz", ""),
        ("language", "eng", "en"),
        ("language", "EN", "en"),
        ("language", "zzzzzzzzzzzz", ""),
        ("from", "1899", "1900"),
        ("from", "0", "1900"),
        ("from", "02015", "2015"),
        ("to", "2101", "2100"),
        ("to", "9" * 5000, "2100"),
        ("to", "1" + "0" * 20, "2100"),
        ("to", "2015-04", ""),
        ("to", "-2015", ""),
        ("to", "now", ""),
        ("from", "²015", ""),
    ],
)
def test_what_is_not_known_is_refused_with_the_nearest(vocabulary, name, value, nearest):
    with pytest.raises(BadParameter) as caught:
        parse_query([(name, value)], vocabulary)
    assert (caught.value.name, caught.value.value, caught.value.nearest) == (name, value, nearest)
    assert len(str(caught.value)) < 200
    if nearest:
        parse_query([(name, nearest)], vocabulary)  # what is offered works


def test_what_would_be_right_is_said(vocabulary):
    with pytest.raises(BadParameter, match="page: 'abc' is not a whole number from 1 to 1000000"):
        parse_query([("page", "abc")], vocabulary)
    with pytest.raises(BadParameter, match="from: 'abc' is not a whole number from 1900 to 2100"):
        parse_query([("from", "abc")], vocabulary)
    with pytest.raises(BadParameter, match="'xx' is not known; known are relevance, newest, title, evidence"):
        parse_query([("sort", "xx")], vocabulary)


def test_a_range_that_ends_before_it_begins_is_refused(vocabulary):
    with pytest.raises(BadParameter, match="from: '2020' is after the end of the range, '2010'") as caught:
        parse_query([("to", "2010"), ("from", "2020")], vocabulary)
    parse_query([("from", caught.value.nearest), ("to", "2010")], vocabulary)  # what is offered works


@given(
    text=st.text(max_size=50),
    barriers=st.frozensets(st.sampled_from(["skills", "trust", "finance"])),
    regions=st.frozensets(st.sampled_from(["FR", "FRH0", "ES41"])),
    sort=st.sampled_from(list(Sort)),
    page=st.integers(1, 99),
    size=st.integers(1, 100),
    lang=st.sampled_from(["en", "fr", "el"]),
    years=st.sampled_from([None, Years(2015), Years(None, 2015), Years(2015, 2015), Years(1900, 2100)]),
)
def test_a_query_and_its_address_are_the_same(vocabulary, text, barriers, regions, sort, page, size, lang, years):
    filters = {facet: values for facet, values in ((BARRIER, barriers), (REGION, regions)) if values}
    query = SearchQuery(
        text=clean_text(text), lang=lang, reader="en", filters=filters, years=years, sort=sort, page=page, size=size
    )
    assert parse_query(query_pairs(query), vocabulary, "en") == query


@pytest.mark.parametrize("selection", [NOTHING, Selection(("a", "b"))])
@given(
    text=st.sampled_from(["", "a&b=c d"]),
    barriers=st.frozensets(st.sampled_from(["skills", "trust", "finance"])),
    regions=st.frozensets(st.sampled_from(["FR", "FRH0", "IE"])),
    sort=st.sampled_from(list(Sort)),
    years=st.sampled_from([None, Years(2015, None), Years(None, 2020)]),
    facet=st.sampled_from([BARRIER, REGION, LANGUAGE]),
)
def test_a_value_leads_to_the_search_with_it_added_or_taken_away(
    vocabulary, selection, text, barriers, regions, sort, years, facet
):
    filters = {facet: values for facet, values in ((BARRIER, barriers), (REGION, regions)) if values}
    query = SearchQuery(text=text, filters=filters, sort=sort, years=years)
    addresses = Addresses("en", selection)
    leads = toggles([*query_pairs(query), *addresses.carried], facet, addresses.bare.search())
    for value in {BARRIER: ["skills", "trust"], REGION: ["FR", "IE"], LANGUAGE: ["fr"]}[facet]:
        asked = parse_qsl(urlsplit(leads(value)).query)
        assert parse_query(asked, vocabulary) == toggled(query, facet, value)
        assert parse_selection(asked) == selection


def test_toggling_twice_changes_nothing_but_the_page(vocabulary):
    query = SearchQuery(filters={BARRIER: frozenset({"skills"})}, years=Years(2015), page=3)
    once = toggled(query, BARRIER, "trust")
    assert once.filters[BARRIER] == {"skills", "trust"}
    assert (once.page, once.years) == (1, query.years)
    assert toggled(once, BARRIER, "trust").filters == query.filters
    assert toggled(query, BARRIER, "skills").filters == {}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("a\x00b\nc\td", "a b c d"), ("a\u202eb", "ab"), ("soft\u00adhyphen", "softhyphen"), ("  x  ", "x"), ("🙂", "🙂")],
)
def test_what_cannot_be_typed_is_left_out(typed, kept):
    assert clean_text(typed) == kept


@pytest.mark.parametrize(
    ("url", "folder", "history"),
    [
        ("https://github.com/a/b", "practices", "https://github.com/a/b/commits/HEAD/practices/fr/caf%C3%A9.md"),
        ("https://github.com/a/b", "", "https://github.com/a/b/commits/HEAD/fr/caf%C3%A9.md"),
        ("https://gitlab.com/a/b", "practices", "https://gitlab.com/a/b/-/commits/HEAD/practices/fr/caf%C3%A9.md"),
        ("https://gitlab.example.org/a", "p", "https://gitlab.example.org/a/-/commits/HEAD/p/fr/caf%C3%A9.md"),
        (
            "https://codeberg.org/a/b",
            "practices",
            "https://codeberg.org/a/b/commits/branch/main/practices/fr/caf%C3%A9.md",
        ),
        ("https://git.example.org/a/b", "practices", "https://git.example.org/a/b"),
        ("", "", ""),
    ],
)
def test_a_documents_history_is_where_its_forge_shows_it(url, folder, history):
    assert Repository(url, folder).history("fr/café.md") == history


def test_addresses_carry_the_language():
    addresses = Addresses("fr")
    assert addresses.page("/") == "/fr"
    assert addresses.practice("a-b") == "/fr/practices/a-b"
    assert addresses.filter({BARRIER: ["skills"]}) == "/fr/search?barrier=skills"
    assert addresses.search(SearchQuery(text="a b&c", lang="fr", reader="fr")) == "/fr/search?q=a+b%26c"


IDS = st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,3}", fullmatch=True)


def carried(address):
    return parse_selection(parse_qsl(urlsplit(address).query))


@given(ids=st.lists(IDS, unique=True, max_size=MAX_SELECTED))
def test_a_selection_and_its_address_are_the_same(ids):
    selection = Selection(tuple(ids))
    addresses = Addresses("fr", selection)
    query = SearchQuery(text="a&selected=b", lang="fr", reader="fr", page=2)
    for address in (
        addresses.page("/"),
        addresses.practice("a"),
        addresses.search(query),
        addresses.filter({BARRIER: ["skills"]}),
        toggles([*query_pairs(replace(query, page=1)), *addresses.carried], BARRIER, addresses.bare.search())("skills"),
        addresses.selected(selection),
    ):
        assert carried(address) == selection, address


def test_an_address_without_a_selection_is_as_if_there_were_none():
    assert Addresses("fr", NOTHING).practice("a") == "/fr/practices/a"
    assert Addresses("fr", Selection(("b",))).bare == Addresses("fr")


def test_what_is_for_programs_carries_no_selection():
    addresses = Addresses("fr", Selection(("b",)))
    query = SearchQuery(text="a")
    for address in (addresses.api_search(query), addresses.api_suggest(), addresses.search(query, ".csv")):
        assert SELECTED not in address


def test_a_selection_keeps_its_order_and_each_practice_once():
    pairs = [(SELECTED, "c"), ("q", "z"), (SELECTED, "a"), (SELECTED, " c "), (SELECTED, ""), (SELECTED, "b")]
    assert parse_selection(pairs) == Selection(("c", "a", "b"))


def test_the_first_twenty_count_and_it_is_known_how_many_more_were_named():
    pairs = [(SELECTED, f"p{number}") for number in range(50)]
    selection = parse_selection([*pairs, *pairs])
    assert selection == Selection(tuple(f"p{number}" for number in range(MAX_SELECTED)), 30)


@pytest.mark.parametrize("value", [*HOSTILE_QUERIES, "A", "a--b", "-a", "a-", "a_b", "a/b", "é", "x" * 101, "a\x01b"])
def test_what_is_no_id_is_not_selected(value):
    allowed = set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert all(set(id) <= allowed for id in parse_selection([(SELECTED, value), (SELECTED, "b")]).ids)
    assert parse_selection([(SELECTED, "b"), (SELECTED, value)]).ids[0] == "b"


def test_a_practice_is_added_at_the_end_taken_out_and_moved():
    selection = Selection(("a", "b", "c"))
    assert selection.toggled("d").ids == ("a", "b", "c", "d")
    assert selection.toggled("b").ids == ("a", "c")
    assert selection.moved("c", -1).ids == ("a", "c", "b")
    assert selection.moved("a", 1).ids == ("b", "a", "c")
    assert selection.moved("a", -1) == selection.moved("c", 1) == selection


@pytest.mark.parametrize("here", ["/en", "/en/search?q=a"])
def test_choosing_a_practice_leads_to_its_card_on_the_same_page(here):
    addresses = Addresses("en", Selection(("a", "b")))
    choose = addresses.chooser(here)
    new, old = choose("c"), choose("a")
    assert (new.selected, old.selected) == (False, True)
    assert carried(new.href).ids == ("a", "b", "c")
    assert carried(old.href).ids == ("b",)
    assert all(one.href.startswith(here) for one in (new, old))
    assert (urlsplit(new.href).fragment, urlsplit(old.href).fragment) == ("card-c", "card-a")
    only = Addresses("en", Selection(("a",))).chooser(here)("a")
    assert only.href == f"{here}#card-a"


def test_a_full_selection_takes_no_more():
    full = Selection(tuple(f"p{number}" for number in range(MAX_SELECTED)))
    choose = Addresses("en", full).chooser("/en")
    assert choose("more") == ("", False)
    assert choose("p3").selected


@pytest.mark.parametrize(
    ("query", "rest"),
    [
        ("", ""),
        ("selected=a", ""),
        ("q=a%20b&selected=a&%73elected=b&page=2", "q=a%20b&page=2"),
        ("q=selected=a&selectedx=1", "q=selected=a&selectedx=1"),
    ],
)
def test_the_rest_of_an_address_stays_as_it_was_written(query, rest):
    assert without_selection(query) == rest
