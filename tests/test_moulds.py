"""Pieces of pages: rendered once, filled for every page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from search.query import Fragment
from web.i18n import open_languages
from web.params import Choice
from web.rendering import Renderer
from web.views import IN_OTHER_WORDS, Card, FacetLink, Link, ListedCard

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


def test_a_row_is_filled_anew_each_time(moulds):
    for count, href in ((1, "?a=1"), (1234, "?a=2&b=3")):
        written = moulds.facet_values([FacetLink("x", "One <more>", href, count, selected=False)])
        assert f'href="{href.replace("&", "&amp;")}"' in written
        assert f">{count:,}</span>" in written
        assert "One &lt;more&gt;" in written


def test_a_value_without_a_practice_leads_nowhere_unless_it_is_selected(moulds):
    none = moulds.facet_values([FacetLink("x", "One", "?a", 0, selected=False)])
    assert "href" not in none
    selected = moulds.facet_values([FacetLink("x", "One", "?a", 0, selected=True)])
    assert 'href="?a"' in selected
    assert 'aria-current="true"' in selected


@pytest.mark.parametrize("opened", [True, False])
def test_a_branch_has_what_is_inside_it(moulds, opened):
    leaf = FacetLink("FRH0", "Bretagne", "?r=FRH0", 2, opened)
    tree = moulds.region_tree([FacetLink("FR", "France", "?r=FR", 3, False, (leaf,), opened)])
    assert tree.index("France") < tree.index("Regions in France") < tree.index("Bretagne")
    assert ('<details class="tree__inside" open>' in tree) is opened


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
