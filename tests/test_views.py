"""Results to what a template needs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from search.facets import REGION, STATUS, Years
from search.library import Library
from search.query import Hit, Results, SearchQuery, Similar, Why
from tests.builders import make_practice
from web.markdown import render_body
from web.params import Addresses, Repository
from web.views import (
    Reader,
    RegionsView,
    freshness,
    hit_card,
    pagination,
    practice_card,
    practice_page,
    region_page,
    results_page,
)

TODAY = date(2026, 1, 1)


@pytest.fixture
def reader(vocabulary):
    return Reader(
        lang="en",
        vocabulary=vocabulary,
        addresses=Addresses("en"),
        decimal=lambda number: f"{number}",
        money=lambda amount, currency: f"{amount} {currency}",
    )


@pytest.mark.parametrize(
    ("confirmed", "shown"),
    [
        (None, ""),
        ("2026-06-30", "green"),
        ("2024-07-01", "green"),
        ("2024-06-30", "amber"),
        ("2024-06", "amber"),
        ("2024", "amber"),
        ("2022-07-01", "amber"),
        ("2022-06-30", "red"),
        ("2010", "red"),
    ],
)
def test_freshness_fades_after_two_and_four_years(confirmed, shown):
    assert freshness(confirmed, date(2026, 6, 30)) == shown


@pytest.mark.parametrize(
    ("page", "total", "numbers"),
    [
        (1, 0, []),
        (1, 20, []),
        (1, 21, [1, 2]),
        (1, 200, [1, 2, 3, 0, 10]),
        (5, 200, [1, 0, 3, 4, 5, 6, 7, 0, 10]),
        (10, 200, [1, 0, 8, 9, 10]),
    ],
)
def test_pages_are_those_around_this_one(page, total, numbers):
    pages = pagination(SearchQuery(page=page), total, Addresses("en"))
    assert [link.number for link in pages.pages] == numbers
    assert bool(pages.prev) is (page > 1)
    assert bool(pages.next) is (page * 20 < total)


@pytest.mark.parametrize(
    ("started", "ended", "years"),
    [(None, None, ("", "")), ("2019-04-30", None, ("2019", "")), ("2019", "2021-12", ("2019", "2021"))],
)
def test_a_card_names_the_organisation_and_the_years(reader, started, ended, years):
    brief = Library([make_practice(started=started, ended=ended)]).brief("repair-cafe", "en")
    card = practice_card("repair-cafe", brief, reader)
    assert card.organisation == "Verein Reparatur"
    assert (card.started, card.ended) == years


def test_a_page_far_past_the_end_leads_back_to_the_last():
    assert pagination(SearchQuery(page=999), 45, Addresses("en")).prev == "/en/search?page=3"


def regions_of(query, results, reader):
    views = results_page(query, results, Library([]), reader, TODAY).facets
    (tree,) = [one for one in views if isinstance(one, RegionsView)]
    return tree


def test_the_region_tree_leaves_out_doubles_and_keeps_all_members(reader):
    results = Results(total=1, facets={"region": {"FR": 1, "FRH": 1, "FRH0": 1, "ME": 1}})
    view = regions_of(SearchQuery(), results, reader)
    assert {"FR", "IE", "ME"} <= view.listed
    assert "RS" not in view.listed  # outside the Union, and nothing there
    france = next(node for node in view.tree if node.code == "FR")
    brittany = next(node for node in france.inside if node.code == "FRH")
    assert "FRH0" not in [node.code for node in brittany.inside]


def test_a_selected_region_opens_those_above_it(reader):
    results = Results(total=1, facets={"region": {"FR": 1, "FRH": 1, "FRH0": 1}})
    view = regions_of(SearchQuery(filters={REGION: frozenset({"FRH0"})}), results, reader)
    assert view.opened == {"FR", "FRH", "FRH0"}
    assert view.toggles("FRH0") == "/en/search"
    france = next(node for node in view.tree if node.code == "FR")
    assert "FRH0" in [node.code for inside in france.inside for node in (inside, *inside.inside)]


def test_lists_of_languages_begin_with_those_that_are_there(reader):
    results = Results(total=3, facets={"language": {"uk": 1, "fr": 3}})
    (view,) = [
        one
        for one in results_page(SearchQuery(), results, Library([]), reader, TODAY).facets
        if one.title == "Language"
    ]
    assert [value.label for value in view.values[:3]] == ["French", "Ukrainian", "Bulgarian"]
    assert len(view.values) + len(view.more) == 25


def test_a_range_of_years_is_a_filter_that_can_be_taken_away(reader):
    query = SearchQuery(text="x", years=Years(2015, 2020), filters={STATUS: frozenset({"running"})}, page=2)
    page = results_page(query, Results(total=0, without={"status": 0, "years": 7}), Library([]), reader, TODAY)
    assert [(chip.label, chip.href) for chip in page.chips] == [
        ("Running", "/en/search?q=x&from=2015&to=2020"),
        ("", "/en/search?q=x&status=running"),
    ]
    assert page.clear == "/en/search?q=x"
    assert [(lift.count, lift.href) for lift in page.lifts] == [(7, "/en/search?q=x&status=running")]
    assert page.hidden == (("status", "running"), ("from", "2015"), ("to", "2020"))
    assert page.years.hidden == (("q", "x"), ("status", "running"))


def test_a_translation_older_than_its_original_is_said_to_be(reader):
    def practice(original, translated):
        french = {
            "title": "Café", "summary": "x" * 40, "translated_by": "human", "language": "en", "body": "",
            "history": {"updated": translated},
        }  # fmt: skip
        return make_practice(language="de", translations=[french], history={"updated": original})

    def outdated(*dates):
        page = practice_page(practice(*dates), Library([]), reader, TODAY, ["en"], Repository())
        return page.is_outdated

    assert outdated("2025-01-02", "2025-01-01")
    assert not outdated("2025-01-01", "2025-01-01")
    assert not outdated(None, "2025-01-01")
    assert not outdated("2025-01-01", None)


def test_figures_are_written_for_the_reader(reader):
    practice = make_practice(
        cost={"amount": "12", "currency": "EUR"}, results=[{"indicator": "x", "value": Decimal("3.10"), "source": 1}]
    )
    page = practice_page(practice, Library([]), reader, TODAY, ["en"], Repository())
    assert page.amount == "12 EUR"
    assert page.results[0].value == "3.10"


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("# A\n\n## B", "<h2>A</h2>\n<h2>B</h2>"),
        ("x [1][2].", 'x<sup class="citation"><a href="#source-1">1</a></sup>'),
        ("[1](https://a.example)", '<a href="https://a.example">1</a>'),
        ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"),
        ("[x](javascript:alert)", "[x](javascript:alert)"),
        ("[x](data:text/html,a)", "[x](data:text/html,a)"),
        ("|a|\n|-|\n|b|", '<th scope="col">a</th>'),
        ("<https://a.example>", '<a href="https://a.example">https://a.example</a>'),
    ],
)
def test_markdown_becomes_safe_html(markdown, html):
    assert html in render_body(markdown)


def test_a_picture_from_elsewhere_is_not_shown():
    assert "http" not in render_body("![x](http://tracker.example/a.png)")


@pytest.mark.parametrize(
    ("why", "told"),
    [
        # Each word once, however it is written, where it weighs most.
        ([Why("title", "exact", "Voucher"), Why("body", "exact", "voucher")], (("title", "Voucher"),)),
        (
            [Why("title", "concept", "Cybersecurity"), Why("title", "concept", "cybersecurity")],
            (("title_in_other_words", "Cybersecurity"),),
        ),
        (
            [Why("title", "stem", "skills"), Why("title", "concept", "trust"), Why("body", "concept", "finance")],
            (("title", "skills"), ("title_in_other_words", "trust"), ("body_in_other_words", "finance")),
        ),
    ],
)
def test_a_card_says_whether_its_text_has_the_words_of_the_visitor(reader, why, told):
    hit = Hit(id="repair-cafe", score=1.0, why=tuple(why))
    assert hit_card(hit, Library([make_practice()]), reader, reader.addresses.chooser("/en/search")).why == told


def test_what_similar_practices_share_leaves_out_the_barriers_of_the_card(reader):
    library = Library([make_practice(), make_practice(id="other")])
    values = (("barrier", "skills"), ("topic", "cybersecurity"))
    like = Similar(id="other", score=1.0, values=values, words=("skills", "voucher"), lang="en")
    page = practice_page(library["repair-cafe"], library, reader, TODAY, ["en"], Repository(), [like])
    (similar,) = page.similar
    assert similar.values == ("Cybersecurity",)
    assert similar.words == ("voucher",)  # "skills" is in the label of the barrier


def test_the_barriers_of_a_region_begin_with_the_most_frequent(reader):
    counts = {"trust": 2, "skills": 2, "finance": 5}
    results = Results(total=5, facets={"barrier": counts})
    page = region_page("AT", results, results, {}, Library([]), reader)
    assert [one.id for one in page.barriers] == ["finance", "skills", "trust"]


def test_cards_on_the_page_of_a_region_name_it_first(reader):
    library = Library([make_practice(regions=["DE14", "FRH0", "AT13", "SI0", "AT"])])
    results = Results(total=1, hits=(Hit(id="repair-cafe", score=1.0),))
    (listed,) = region_page("AT", results, results, {}, library, reader).cards
    assert [link.code for link in listed.card.regions] == ["AT13", "AT", "DE14", "FRH0", "SI0"]
