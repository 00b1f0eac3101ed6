"""Pieces of pages: rendered once, filled for every page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from search.query import Fragment
from search.vocabulary import RegionNode
from web.i18n import open_languages
from web.params import Choice, Toggles
from web.rendering import Renderer
from web.views import IN_OTHER_WORDS, Card, FacetValue, FacetView, Link, ListedCard, RegionsView

CARD = Card(
    id="cafe",
    title="Café <b>",
    title_lang="en",
    href="/en/practices/cafe",
    regions=(),
    barriers=(),
    organisation="A & B",
    started="2019",
    ended="",
    status="running",
    status_label="running",
    evidence="measured",
    evidence_label="Measured",
    summary="What <i>is</i> done",
)


@pytest.fixture(scope="module")
def moulds():
    return Renderer(open_languages(["en"])).moulds("en")


def toggles_of(*chosen, start="/en/search?q=a&one=", end="&sort=title"):
    return Toggles(start, end, {value: f"/en/search?without={value}&more=1" for value in chosen})


def listed(moulds, *values, more=(), chosen=()):
    return moulds.facets([FacetView("Ones", values, more, toggles_of(*chosen))])


def test_a_row_is_filled_anew_each_time(moulds):
    for count, start in ((1, "/en/search?one="), (1234, "/fr/search?q=x&one=")):
        values = (FacetValue("x", "One <more>", count, selected=False),)
        written = moulds.facets([FacetView("Ones", values, (), toggles_of(start=start))])
        assert f'href="{start.replace("&", "&amp;")}x&amp;sort=title"' in written
        assert f">{count:,}</span>" in written
        assert "One &lt;more&gt;" in written


def test_a_value_without_a_practice_leads_nowhere_unless_it_is_selected(moulds):
    none = listed(moulds, FacetValue("x", "One", 0, selected=False))
    assert "href" not in none
    selected = listed(moulds, FacetValue("x", "One", 0, selected=True), chosen=["x"])
    assert 'href="/en/search?without=x&amp;more=1"' in selected
    assert 'aria-current="true"' in selected


def test_a_filter_shows_the_rest_of_its_values_on_demand(moulds):
    values = [FacetValue(f"v{number}", f"Value {number}", 1, selected=False) for number in range(3)]
    written = listed(moulds, *values[:1], more=tuple(values[1:]))
    assert written.index("Value 0") < written.index("2 more values") < written.index("Value 1")
    assert written.count("<ul") == written.count("</ul>") == 2
    assert listed(moulds).count("<ul") == 1  # no value at all
    assert "more value" not in listed(moulds, *values)


@pytest.mark.parametrize("selected", [True, False])
def test_a_branch_has_what_is_inside_it(moulds, selected):
    tree = (
        RegionNode("FR", "France", (RegionNode("FRH", "Bretagne", ()), RegionNode("FRZ", "Not listed", ()))),
        RegionNode("IE", "Ireland", (RegionNode("IE0", "Not listed", ()),)),
        RegionNode("IT", "Italy", ()),
    )
    chosen = ["FRH"] if selected else []
    opened = {"FR", "FRH"} if selected else set()
    counts = {"FR": 3, "FRH": 2, "IT": 1}
    view = RegionsView("Regions", tree, {"FR", "FRH", "IE", "IT"}, counts, opened, toggles_of(*chosen))
    written = moulds.facets([view])
    places = [written.index(text) for text in ("France", "Regions in France", "Bretagne", "Italy", "Ireland")]
    assert places == sorted(places)  # Ireland has none, and comes last
    assert ('<details class="tree__inside" open>' in written) is selected
    assert ('href="/en/search?without=FRH&amp;more=1"' in written) is selected
    assert ("one=FRH&amp;" in written) is not selected
    assert "Not listed" not in written
    assert "Regions in Ireland" not in written


def test_a_card_shows_what_was_found_in_it(moulds):
    snippet = (Fragment("before <b>", match=False), Fragment("wo<rd", match=True))
    found = moulds.card(ListedCard(CARD, snippet, (("body", "a<b"), ("title", "c"))), "en", 3)
    assert "before &lt;b&gt;<mark>wo&lt;rd</mark>" in found
    assert "In the text: a&lt;b" in found
    assert "In the title: c" in found
    assert "Café &lt;b&gt;" in found
    assert "A &amp; B" in found
    assert "is</i>" not in found
    plain = moulds.card(ListedCard(CARD), "en", 2)
    assert "What &lt;i&gt;is&lt;/i&gt; done" in plain
    assert "In the text" not in plain
    assert "<h2" in plain


@pytest.mark.parametrize(
    ("field", "place"),
    [("title", "title"), ("labels", "subjects and regions"), ("summary", "summary"), ("body", "text")],
)
def test_a_card_says_where_it_names_the_same_in_other_words(moulds, field, place):
    found = moulds.card(ListedCard(CARD, why=((field + IN_OTHER_WORDS, "a<b"),)), "en", 3)
    assert f"In the {place}, in other words: a&lt;b" in found


def test_a_card_in_a_foreign_language_says_which(moulds):
    assert "Text in: French" in moulds.card(ListedCard(replace(CARD, title_lang="fr")), "en", 3)
    assert "Text in" not in moulds.card(ListedCard(CARD), "en", 3)


@pytest.mark.parametrize(("regions", "linked"), [(4, 4), (5, 3), (10, 3)])
def test_a_card_of_many_regions_links_the_first_and_names_the_rest(moulds, regions, linked):
    names = [f"Region {number}" for number in range(regions)]
    links = tuple(Link(name, f"/en/regions/{name[-1]}", code="FRH0") for name in names)
    found = moulds.card(ListedCard(replace(CARD, regions=links)), "en", 3)
    assert found.count('class="place"') == linked
    assert all(name in found for name in names)
    assert (f'aria-hidden="true">+{regions - linked}<' in found) is (regions > linked)


def test_a_practice_that_changed_gets_another_card(moulds):
    moulds.card(ListedCard(CARD), "en", 3)
    assert "Tea" in moulds.card(ListedCard(replace(CARD, title="Tea")), "en", 3)


def test_a_card_says_whether_it_is_selected_and_carries_what_is(moulds):
    listed = ListedCard(CARD, carried="?selected=a&selected=b")
    new = moulds.card(listed._replace(choice=Choice("?selected=a&selected=cafe#card-cafe", selected=False)), "en", 3)
    assert 'href="?selected=a&amp;selected=cafe#card-cafe" rel="nofollow"' in new
    assert "Select “Café &lt;b&gt;”" in new
    assert 'href="/en/practices/cafe?selected=a&amp;selected=b"' in new
    old = moulds.card(ListedCard(CARD, choice=Choice("?x#card-cafe", selected=True)), "fr", 3)
    assert 'Selected. Take “<span lang="en">Café &lt;b&gt;</span>” out' in old
    assert 'href="/en/practices/cafe"' in old
    full = moulds.card(ListedCard(CARD, choice=Choice("", selected=False)), "en", 3)
    assert "The selection is full" in full
    assert "choice" not in moulds.card(ListedCard(CARD), "en", 3)
