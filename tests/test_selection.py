"""Selected practices: carried from page to page, and shown on a page of their own."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import pytest

from search.moved import Moved
from tests.builders import make_practice
from tests.hostile import HOSTILE_QUERIES
from tests.test_pages import unsafe
from web.params import MAX_SELECTED, SELECTED, Selection, parse_selection
from web.selection import selection_page

CHOSEN = ("slovenia-cybersecurity-voucher", "brittany-cyberbreakfast")
QUERY = "&".join(f"{SELECTED}={id}" for id in CHOSEN)
PAGES = ["/en", "/fr", "/en/search?q=cyber&from=2010", "/en/search?q=cyber*&barrier=skills&sort=title&size=5&page=2",
         "/en/search?q=zzzzqqqq&barrier=skills", "/en/search?q=cybersecurty", "/fr/practices/brittany-cyberbreakfast",
         "/en/barriers/skills", "/en/regions/FRH0", "/en/regions/FR", "/en/regions/IE", "/en/about", "/en/help",
         "/en/help/evidence",
         "/en/help/contributing", "/en/help/rules", "/en/accessibility", "/en/privacy", "/en/imprint",
         "/en/selection", "/search?page=99", "/en/nope", "/en/practices/nope",
         "/en/search?barrier=finanse&selected=x%3Cy"]  # fmt: skip


class Ways(HTMLParser):
    """Collects the ways out of a page: links with their classes, and what each form sends of a selection."""

    def __init__(self):
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.forms: list[list[str]] = []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "a":
            self.links.append((values["href"], values.get("class") or ""))
        if tag == "form":
            assert "?" not in values["action"]
            self.forms.append([])
        if tag == "input" and values.get("name") == SELECTED:
            self.forms[-1].append(values["value"])


def ways(text):
    page = Ways()
    page.feed(text)
    return page


def selected(address):
    return parse_selection(parse_qsl(urlsplit(address).query)).ids


def with_selection(path):
    return f"{path}{'&' if '?' in path else '?'}{QUERY}"


def titles(text):
    return [unescape(one) for one in re.findall(r'class="card__title"[^>]*><a[^>]*>([^<]+)<', text)]


def notice(text):
    found = re.search(r'<div class="notice selected__notice".*?</div>', text, re.DOTALL)
    return unescape(found[0]) if found else ""


@pytest.fixture
def few(site):
    """A site over four practices, of which one was renamed and one withdrawn."""
    practices = [make_practice(id=id, title=f"The practice {id}") for id in ("a", "b", "c", "d")]
    return site(*practices, moved={"old": Moved(to="c"), "gone": Moved(note="It never <worked>.")})


@pytest.mark.parametrize("path", PAGES)
def test_every_way_out_of_a_page_carries_the_selection(real_client, path):
    page = ways(real_client.get(with_selection(path)).text)
    own = [(href, kind) for href, kind in page.links if href.startswith("/") and not href.startswith("/api/")]
    assert len(own) > 5
    for href, kind in own:
        if "choice" in kind:
            assert set(selected(href)) ^ set(CHOSEN) == {urlsplit(href).fragment.removeprefix("card-")}
        elif "selected__action" in kind:
            assert set(selected(href)) <= set(CHOSEN)
        elif "clear" in kind and "chips" not in kind:
            assert selected(href) == ()
        else:
            assert selected(href) == CHOSEN, (href, kind)
    assert page.forms
    assert all(form == list(CHOSEN) for form in page.forms)


@pytest.mark.parametrize("path", PAGES[:-1])
def test_without_a_selection_only_selecting_names_one(real_client, path):
    page = ways(real_client.get(path).text)
    assert {kind for href, kind in page.links if SELECTED in href} <= {"choice"}
    assert not any(page.forms)


@pytest.mark.parametrize(
    "path",
    ["/en/search?q=cyber", "/en/barriers/skills", "/en/regions/FR", "/en", "/en/practices/brittany-cyberbreakfast"],
)
def test_following_a_control_selects_and_takes_out_again(real_client, path):
    def control(address, id):
        links = ways(real_client.get(address).text).links
        [found] = [(href, kind) for href, kind in links if "choice" in kind and href.endswith(f"#card-{id}")]
        return found

    text = real_client.get(path).text
    ids = re.findall(r'id="card-([a-z0-9-]+)"', text)
    assert ids
    for id in ids[:2]:
        href, kind = control(path, id)
        assert "chosen" not in kind
        back, kind = control(href, id)
        assert "chosen" in kind
        assert urlsplit(back)._replace(fragment="").geturl() == path


def test_a_renamed_practice_keeps_the_selection_on_the_way(few):
    answer = few.get("/en/practices/old?selected=a&selected=b")
    assert (answer.status_code, answer.headers["location"]) == (301, "/en/practices/c?selected=a&selected=b")


def test_the_selection_is_shown_in_its_order(few):
    text = few.get("/en/selection?selected=c&selected=a&selected=b").text
    assert titles(text) == ["The practice c", "The practice a", "The practice b"]
    assert "3 practices are selected" in text
    actions = [selected(href) for href, kind in ways(text).links if kind == "selected__action"]
    assert actions == [
        ("a", "c", "b"), ("a", "b"),  # down and out
        ("a", "c", "b"), ("c", "b", "a"), ("c", "b"),  # up, down and out
        ("c", "b", "a"), ("c", "a"),
    ]  # fmt: skip
    assert 'value="http://testserver/en/selection?selected=c&amp;selected=a&amp;selected=b"' in text
    assert "readonly" in text


def test_what_is_gone_is_said_and_left_out(few):
    answer = few.get("/en/selection?selected=old&selected=gone&selected=c&selected=nope&selected=d")
    assert answer.status_code == 200
    assert titles(answer.text) == ["The practice c", "The practice d"]
    assert "“gone” was withdrawn and is left out: It never <worked>." in notice(answer.text)
    assert "There is no practice “nope”" in notice(answer.text)
    assert "old" not in notice(answer.text)
    own = [href for href, kind in ways(answer.text).links if href.startswith("/") and not kind]
    assert {selected(href) for href in own} == {("c", "d")}


@pytest.mark.parametrize(
    ("ids", "said"),
    [(["a", "b"], "2 practices"), (["a", "nope", "gone"], "1 practice"), (["c", "old"], "1 practice"),
     (["nope"], "0 practices")],
)  # fmt: skip
def test_the_bar_counts_the_practices_that_there_are(few, ids, said):
    text = few.get("/en/search", params={"selected": ids}).text
    assert re.search(r'class="selection__number"[^>]*>([^<]+)<', text)[1] == f"{said} selected"
    see = next(href for href, kind in ways(text).links if "selection__link" in kind)
    assert selected(see) == tuple(ids)  # the page of the selection says what became of the others


def test_more_than_fit_are_said(few):
    many = "&".join(f"selected={id}" for id in ["a", *(f"x{number}" for number in range(MAX_SELECTED)), "b"])
    text = few.get(f"/en/selection?{many}").text
    assert titles(text) == ["The practice a"]
    assert "The first 20 count, and 2 more are left out." in notice(text)


def test_an_empty_selection_says_how_to_begin(few):
    for address in ("/en/selection", "/en/selection?selected=nope"):
        text = few.get(address).text
        assert "Nothing is selected yet." in text
        assert "/en/search" in [href for href, kind in ways(text).links if kind == "button"]


@pytest.mark.parametrize("query", HOSTILE_QUERIES[::10])
@pytest.mark.parametrize("path", ["/en/selection", "/en/search"])
def test_a_hostile_selection_is_harmless(real_client, path, query):
    answer = real_client.get(path, params={"selected": [query, "brittany-cyberbreakfast"]})
    assert answer.status_code == 200
    assert unsafe(answer.text) == []


def test_a_page_with_a_selection_is_not_for_search_engines(real_client):
    text = unescape(real_client.get(f"/fr/about?{QUERY}&x=1").text)
    assert '<meta name="robots" content="noindex, nofollow">' in text
    assert 'rel="canonical" href="http://testserver/fr/about?x=1"' in text
    assert 'hreflang="en" href="http://testserver/en/about?x=1"' in text
    assert f'href="/en/about?x=1&{QUERY}"' in text  # the switch of languages
    assert "noindex" not in real_client.get("/fr/about").text


def test_a_remembered_page_is_that_of_its_selection(real_client):
    first, second = (real_client.get(f"/en/search?selected={id}") for id in CHOSEN)
    assert first.headers["etag"] != second.headers["etag"]
    assert real_client.get(f"/en/search?selected={CHOSEN[0]}").text == first.text != second.text


def test_paper_says_what_a_committee_needs(real_client):
    text = unescape(real_client.get(f"/en/selection?{QUERY}").text)
    item = re.findall(r'<div class="on-paper">(.*?)</div>', text, re.DOTALL)[0]
    assert "http://testserver/en/practices/slovenia-cybersecurity-voucher" in item
    assert "Licence of the text: CC-BY-4.0" in item
    assert 1 <= item.count("https://") <= 3


def test_the_day_and_the_commit_of_the_collection_are_said_where_they_are_known(few):
    services = few.app.state.services
    about = {"commit": "0123456789abcdef", "committed": "2026-05-03T10:00:00+02:00"}
    library, reader = services.snapshot().library, services.reader("en", Selection(("a",)))
    known = selection_page(Selection(("a",)), (), library, reader, "https://example.org", about, date(2026, 6, 1))
    assert (known.committed, known.commit) == (date(2026, 5, 3), "0123456789ab")
    unknown = selection_page(Selection(("a",)), (), library, reader, "https://example.org", {}, date(2026, 6, 1))
    assert (unknown.committed, unknown.commit) == (None, "")
