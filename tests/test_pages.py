"""The pages, over the real application."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import pytest

from search.facets import FACETS
from search.moved import Moved
from search.settings import Settings
from search.vocabulary import read_vocabulary
from tests.browser.pages import LANGUAGES
from tests.builders import make_practice
from tests.hostile import HOSTILE_QUERIES
from web.i18n import open_languages
from web.params import parse_query
from web.security import HEADERS

PAGES = ["/", "/search", "/search?q=skills", "/search?q=zzzzqqqq", "/search?from=2010&to=2015",
         "/practices/brittany-cyberbreakfast", "/barriers/skills", "/regions/FRH0", "/regions/FR", "/regions/IE",
         "/about", "/help", "/help/evidence", "/help/contributing", "/help/rules",
         "/accessibility", "/privacy", "/imprint"]  # fmt: skip
ERRORS = [("/nope", 404), ("/practices/nope", 404), ("/barriers/nope", 404), ("/regions/ZZ", 404),
          ("/search?barrier=finanse", 422)]  # fmt: skip


class Links(HTMLParser):
    """Collects the addresses of a page, and its headings."""

    def __init__(self):
        super().__init__()
        self.hrefs: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.lang = ""

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "html":
            self.lang = values["lang"]
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a":
            self.hrefs.append(values["href"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))


class Unsafe(HTMLParser):
    """Collects what no page of ours has: what a visitor's text would become if it were not escaped."""

    def __init__(self):
        super().__init__()
        self.found: list[str] = []
        self.once = {"title", "h1", "html", "head", "body", "main"}

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag in {"iframe", "style", "object", "embed", "base", "img"} or (tag == "script" and "src" not in values):
            self.found.append(tag)
        if tag in {"h1", "html", "head", "body", "main"}:
            self.found += [] if tag in self.once else [f"second {tag}"]
            self.once.discard(tag)
        self.found += [name for name in values if name.startswith("on") or name in {"style", "autofocus"}]
        links = [values.get(name) or "" for name in ("href", "src", "action", "formaction")]
        self.found += [link for link in links if re.match(r"\s*(javascript|data):", link, re.IGNORECASE)]

    def handle_comment(self, data):
        self.found.append(f"comment {data}")

    def unknown_decl(self, data):
        self.found.append(f"declaration {data}")


def unsafe(text):
    page = Unsafe()
    page.feed(text)
    return page.found + (["NUL"] if "\x00" in text else [])


def read(client, path):
    page = Links()
    page.feed(client.get(path).text)
    return page


def heading(text):
    return unescape(re.sub(r"<[^>]+>|\s+", " ", re.search(r"<h1.*?</h1>", text, re.DOTALL)[0])).split()


@pytest.mark.parametrize("lang", ["", "/en", "/fr"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_with_and_without_language(real_client, lang, path):
    address = lang + path if path != "/" else lang or "/"
    response = real_client.get(address)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    page = read(real_client, address)
    assert page.lang == (lang.strip("/") or "en")
    assert page.headings.count(1) == 1
    assert page.headings[0] == 1 or 1 in page.headings[:2]
    assert all(after <= before + 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
    assert len(page.ids) == len(set(page.ids))


@pytest.mark.parametrize(("path", "status"), ERRORS)
@pytest.mark.parametrize("lang", ["", "/fr"])
def test_errors_are_pages_of_the_site(real_client, lang, path, status):
    response = real_client.get(lang + path)
    assert response.status_code == status
    page = read(real_client, lang + path)
    assert page.headings.count(1) == 1
    assert "/fr/help" in page.hrefs or "/en/help" in page.hrefs
    assert page.lang == (lang.strip("/") or "en")


@pytest.mark.parametrize("path", [*PAGES, *(path for path, _ in ERRORS), "/api/v1/search", "/static/site.css"])
def test_every_answer_keeps_to_itself(real_client, path):
    headers = real_client.get(path).headers
    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert "set-cookie" not in headers


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_what_the_policy_forbids(real_client, path):
    text = real_client.get(path).text
    assert not re.search(r"<script(?![^>]+src=)|<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert not re.search(r"(?:src|srcset|action)=\"(?:https?:)?//", text)


def test_every_link_of_every_page_leads_somewhere(real_client):
    """Follow every link of the main pages, two steps deep from the first one."""
    seen: set[str] = set()
    todo = {"/en", "/fr"}
    for _ in range(2):
        found: set[str] = set()
        for path in sorted(todo - seen):
            seen.add(path)
            found |= {urlsplit(href)._replace(fragment="").geturl() for href in read(real_client, path).hrefs}
        todo = {href for href in found if href.startswith("/")} - seen
    for path in sorted(todo):
        assert real_client.get(path).status_code in {200, 301, 307}, path


def test_links_inside_a_page_have_a_target(real_client):
    for path in PAGES:
        page = read(real_client, path)
        for href in page.hrefs:
            if href.startswith("#"):
                assert href[1:] in page.ids, (path, href)


def test_a_page_without_language_speaks_the_visitors(real_client):
    response = real_client.get("/about", headers={"Accept-Language": "fr-BE,fr;q=0.9"})
    assert response.headers["content-language"] == "fr"
    assert "accept-language" in response.headers["vary"].lower()
    assert "vary" not in real_client.get("/fr/about").headers or "Accept-Language" not in real_client.get(
        "/fr/about"
    ).headers.get("vary", "")


def test_the_language_stays_while_moving(real_client):
    for path in PAGES:
        address = "/fr" + path if path != "/" else "/fr"
        own = [href for href in read(real_client, address).hrefs if href.startswith("/") and "/static/" not in href]
        other = [href for href in own if not re.match(r"/fr(/|\?|#|$)", href) and not href.startswith("/api/")]
        switches = {f"/{lang}{path}".removesuffix("/") for lang in LANGUAGES if lang != "fr"}
        assert set(other) == switches, path  # a practice can be read in other languages under the same addresses


def test_hreflang_names_every_language(real_client):
    text = real_client.get("/fr/search?q=skills").text
    assert 'hreflang="en" href="http://testserver/en/search?q=skills"' in text
    assert 'rel="canonical" href="http://testserver/fr/search?q=skills"' in text


def test_what_a_visitor_types_is_escaped(real_client):
    page = real_client.get("/search", params={"q": "<b>tools"}).text
    assert "&lt;b&gt;tools" in page
    assert "<b>tools" not in page


@pytest.mark.parametrize("query", HOSTILE_QUERIES)
def test_a_hostile_query_is_answered_and_never_shown_raw(real_client, query):
    for path in ("/search", "/fr/search", "/api/v1/search"):
        response = real_client.get(path, params={"q": query})
        assert response.status_code == 200, path
        if path.startswith("/api"):
            json.loads(response.text)
        else:
            assert unsafe(response.text) == []


@pytest.mark.parametrize("name", ["barrier", "region", "sort", "page", "size", "lang", "status"])
@pytest.mark.parametrize("query", HOSTILE_QUERIES[::10])
def test_a_hostile_parameter_is_refused_and_never_shown_raw(real_client, name, query):
    response = real_client.get("/search", params={name: query})
    assert response.status_code in {200, 422}
    assert unsafe(response.text) == []


def test_there_are_two_hundred_hostile_queries():
    assert len(set(HOSTILE_QUERIES)) >= 200


def test_the_count_in_the_heading_is_that_of_the_list(real_client):
    text = real_client.get("/search?q=skills").text
    total = real_client.get("/api/v1/search?q=skills").json()["total"]
    assert str(total) in heading(text)
    assert "skills" in " ".join(heading(text))
    title = re.search(r"<title>(.*?)</title>", text, re.DOTALL)[1]
    assert str(total) in title
    assert "skills" in title


def test_every_facet_link_gives_as_many_as_it_says(real_client, vocabulary):
    """Toggled values of one facet widen, so a link is followed from a search without a selection in its facet."""
    for start in (
        "/en/search?q=skills",
        "/en/search?barrier=skills",
        "/fr/search?status=running&q=cyber&from=2015&to=2020",
    ):
        text = real_client.get(start).text
        begun = parse_query(parse_qsl(urlsplit(start).query), vocabulary)
        links = re.findall(
            r'<a class="facet__value[^>]*?href="([^"]+)".*?class="facet__count">([\d\s,.]+)<', text, re.DOTALL
        )
        assert len(links) > 40
        for href, count in links:
            query = parse_query(parse_qsl(urlsplit(unescape(href)).query), vocabulary)
            changed = [facet for facet in query.filters if query.filters[facet] != begun.filters.get(facet)]
            if len(changed) == 1 and changed[0] not in begun.filters:
                response = real_client.get("/api/v1/search?" + urlsplit(unescape(href)).query)
                assert response.json()["total"] == int(re.sub(r"\D", "", count)), href


def test_a_value_at_zero_is_seen_and_leads_nowhere(real_client):
    text = real_client.get("/en/search?q=cyber").text
    none = re.findall(r'<span class="facet__value facet__value--none">(.*?)</span></span>', text, re.DOTALL)
    assert any("Cyprus" in value and ">0" in value for value in none)
    assert "region=CY" not in text
    chosen = real_client.get("/en/search?q=cyber&region=CY").text
    assert re.search(r'<a class="facet__value" href="/en/search\?q=cyber"[^>]*aria-current="true"', chosen)


def test_the_filters_can_be_skipped(real_client):
    text = real_client.get("/en/search").text
    assert text.index('href="#results"') < text.index('class="filters"') < text.index('id="results"')


def test_paper_says_what_it_is_a_list_of(real_client):
    text = unescape(real_client.get("/en/search?q=cyber&barrier=skills&barrier=trust&region=FR").text)
    [note] = re.findall(r'<div class="on-paper">(.*?)</div>', text, re.DOTALL)
    assert "Barriers: Lack of skills, Lack of trust" in note
    assert "Region: France" in note
    assert "http://testserver/en/search?q=cyber&barrier=skills&barrier=trust&region=FR" in note
    assert f"As of {open_languages(['en'])['en'].day(datetime.now(UTC).date())}" in note


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_examples_of_the_first_page_are_in_its_language_and_find_something(real_client, lang):
    examples = re.findall(r'class="cover__example" href="([^"]+)"[^>]*>([^<]+)<', real_client.get(f"/{lang}").text)
    assert len(examples) == 3
    assert examples[0][1] == read_vocabulary(Settings().vocabulary_dir).label("topics", "cybersecurity", lang)
    for href, _ in examples:
        query = urlsplit(unescape(href)).query
        assert real_client.get(f"/api/v1/search?{query}&lang={lang}").json()["total"] > 0, href


def offered(client, address):
    """What an error page offers: the text and the address of each."""
    [near] = re.findall(r'<ul class="error__links">(.*?)</ul>', client.get(address).text, re.DOTALL) or [""]
    return [(unescape(text), unescape(href)) for href, text in re.findall(r'<a href="([^"]+)">([^<]+)<', near)]


@pytest.mark.parametrize(
    ("address", "texts"),
    [
        ("/en/search?q=a&page=abc", ["Page: 1"]),
        ("/fr/search?size=1000", ["Résultats par page\xa0: 100"]),
        ("/fr/search?region=wallonie", ["Région\xa0: Wallonie (BE3)"]),
        ("/fr/search?barrier=finanse", ["Obstacles\xa0: Manque de financement"]),
        ("/en/search?lang=eng", ["Language of the search: English"]),
        (
            "/fr/search?sort=xx",
            ["Tri\xa0: Pertinence", "Tri\xa0: Date d’ajout", "Tri\xa0: Titre", "Tri\xa0: Niveau de preuve"],
        ),
        ("/en/search?topic=zzzzzzzzzzzz", []),
        ("/fr/search?language=eng", ["Langue\xa0: Anglais"]),
        ("/en/search?from=1066", ["Active from: 1900"]),
        ("/en/search?from=2020&to=2010", ["Active from: 2010"]),
        ("/en/search?to=now", []),
    ],
)  # fmt: skip
def test_what_is_offered_for_a_wrong_value_is_in_words_and_works(real_client, address, texts):
    assert real_client.get(address).status_code == 422
    found = offered(real_client, address)
    assert [text for text, _ in found] == texts
    for _, href in found:
        assert real_client.get(href).status_code == 200


def test_a_number_is_explained_in_words(real_client):
    assert "A whole number from 1 to 100 belongs here." in real_client.get("/en/search?size=x").text
    assert "A year from 1900 to 2100 belongs here." in real_client.get("/en/search?to=now").text
    late = real_client.get("/en/search?from=2020&to=2010").text
    assert "This year lies after the last one of the range, 2010." in late
    assert real_client.get("/api/v1/search?page=abc").json()["nearest"] == "1"


def test_the_repository_is_named_where_there_is_one(site):
    client = site(make_practice(), repository="https://github.com/example/atlas.git", site_name="Atlas of Tests")
    assert "https://github.com/example/atlas" in read(client, "/en/about").hrefs
    links = [href for href in read(client, "/en/practices/repair-cafe").hrefs if "github" in href]
    assert [href for href in links if "/issues/new?" not in href] == [
        "https://github.com/example/atlas/commits/HEAD/practices/at/repair-cafe.md"
    ]
    assert len(links) == 2  # the other is where an error is reported
    assert "Atlas of Tests is a folder of text files" in client.get("/en/about").text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_about_says_nothing_of_one_project_or_of_a_repository_that_is_not_named(site, lang):
    client = site(make_practice())
    text = client.get(f"/{lang}/about").text
    assert not re.search("CYBER|Interreg|ECSO|Wallon", text)
    assert "github" not in text
    assert "history__link" not in client.get(f"/{lang}/practices/repair-cafe").text


def test_a_selected_value_is_marked_and_can_be_taken_away(real_client):
    text = real_client.get("/en/search?barrier=skills&q=cyber").text
    selected = re.search(r'<a class="facet__value[^>]*?href="([^"]+)"[^>]*aria-current="true"', text)
    assert selected
    assert unescape(selected[1]) == "/en/search?q=cyber"


def test_a_range_of_years_is_chosen_in_a_form_that_keeps_the_rest(real_client):
    text = real_client.get("/en/search?q=skills&barrier=skills&from=2010&sort=title&page=1").text
    (form,) = re.findall(r'<form class="facet years".*?</form>', text, re.DOTALL)
    assert dict(re.findall(r'type="hidden" name="(\w+)" value="(\w*)"', form)) == {
        "q": "skills", "barrier": "skills", "sort": "title",
    }  # fmt: skip
    values = re.findall(r'name="(\w+)" min="1900" max="2100" step="1" value="(\d*)"', form)
    assert values == [("from", "2010"), ("to", "")]
    labels = re.findall(r'<label [^>]*for="([\w-]+)"', form)
    assert labels == re.findall(r' id="([\w-]+)" type="number"', form)
    empty = real_client.get("/en/search?q=skills&from=&to=")
    assert heading(empty.text) == heading(real_client.get("/en/search?q=skills").text)


@pytest.mark.parametrize(
    ("years", "label"),
    [
        ("from=2010", "from 2010"),
        ("to=2015", "until 2015"),
        ("from=2010&to=2015", "2010 to 2015"),
        ("from=2010&to=2010", "2010"),
    ],
)
def test_a_range_in_force_is_named_and_what_has_no_year_is_counted(site, years, label):
    client = site(make_practice(id="a", started="2010"), make_practice(id="b"), make_practice(id="c"))
    text = client.get(f"/en/search?{years}").text
    assert heading(text) == ["1", "practice"]
    assert "2 practices name no year and are left out" in text
    chip = re.search(r'<a class="chip" href="/en/search".*?</a>', text, re.DOTALL)[0]
    assert f'<span class="chip__label">{label}</span>' in chip
    assert f"Years of activity: {label}" in text  # on paper
    assert "Without the filter “Years of activity” there are 3 practices" in client.get("/en/search?to=2001").text


def test_nothing_found_says_which_filter_lifted_would_give_how_many(real_client):
    text = unescape(real_client.get("/en/search?q=cyber&region=CY").text)
    assert 'href="/en/search?q=cyber"' in text
    total = real_client.get("/api/v1/search?q=cyber").json()["total"]
    assert re.search(rf'href="/en/search\?q=cyber"[^>]*>[^<]*\b{total}\b[^<]*</a>', text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_example_of_the_help_finds_something(real_client, lang):
    examples = re.findall(r'class="example" href="([^"]+)"', real_client.get(f"/{lang}/help").text)
    assert len(examples) >= 5
    for href in examples:
        query = urlsplit(unescape(href)).query
        assert real_client.get(f"/api/v1/search?{query}&lang={lang}").json()["total"] > 0, href


def test_a_page_after_the_last_leads_back(real_client):
    response = real_client.get("/en/search?q=skills&page=99")
    assert response.status_code == 200
    assert "/en/search?q=skills" in read(real_client, "/en/search?q=skills&page=99").hrefs


def test_a_heading_says_from_where_on_only_most_words_are_there(site):
    client = site(
        make_practice(id="a", title="Apple press for the orchard"),
        make_practice(id="b", title="Apple press"),
        make_practice(id="c", title="Nothing of it"),
    )
    text = client.get("/en/search?q=apple+press+orchard").text
    assert text.index("/practices/a") < text.index("With some of the words") < text.index("/practices/b")
    assert "/practices/c" not in text
    assert "With some of the words" not in client.get("/en/search?q=apple+press").text
    assert client.get("/api/v1/search?q=apple+press+orchard").json()["total"] == 2


def test_a_misspelt_word_is_offered(site):
    client = site(make_practice(title="Voucher for audits"))
    assert "/en/search?q=voucher+audits" in read(client, "/search?q=vouhcer+audits").hrefs


def test_where_nothing_is_found_the_page_says_what_was_searched_instead(site):
    client = site(make_practice(title="Voucher for audits"))
    text = client.get("/en/search?q=vouhcer").text
    assert "Searched instead: <strong>voucher</strong>" in text
    assert re.search("<h1[^>]*>1 practice for “voucher”</h1>", text)
    assert "<title>1 practice for “vouhcer” –" in text
    assert "/practices/repair-cafe" in text


def test_other_words_for_the_same_are_named_and_left_out_by_one_link(site):
    client = site(make_practice(title="Voucher for audits"))
    page = client.get("/fr/search?q=chèque").text
    assert "voucher" in page[page.index("Aussi trouvés avec") :]
    assert "/practices/repair-cafe" in page
    own = client.get("/fr/search?q=ch%C3%A8que&expand=off").text
    assert "/practices/repair-cafe" not in own
    assert 'href="/fr/search?q=ch%C3%A8que"' in own


def test_a_practice_shows_all_its_fields(site):
    client = site(
        make_practice(
            title_native={"de": "Reparaturtreff"},
            topics=["talent"],
            factors=["social"],
            instruments=["training"],
            target_groups=["citizens"],
            started="2019-04",
            ended="2021",
            place="Ottakring",
            organisation={"name": "Verein Reparatur", "url": "https://verein.example", "type": "association"},
            partners=["Tool library"],
            origin={"programme": "Interreg Europe", "project": "MEND"},
            cost={"amount": "12000", "currency": "EUR", "period": "a year", "note": "Rent included."},
            funding=[{"source": "City of Vienna", "share": "half"}],
            effort={"fte": "0.5", "note": "Plus volunteers."},
            results=[{"indicator": "Lamps mended", "value": "1234", "unit": "lamps", "period": "2020", "source": 1}],
            evaluation={"by": "University", "independent": True, "url": "https://uni.example/report", "year": 2021},
            transfer={"needs": "A room.", "adaptable": "The day.", "not_suitable_if": "No volunteers."},
            adoptions=[{"regions": ["DE2"], "organisation": "Ulm", "started": "2022", "outcome": "worked",
                        "changes": "Sundays.", "source": 1}],
            keywords=["mending"],
            contact="https://verein.example/contact",
            history={"created": "2024-01-02", "updated": "2025-03-04", "contributors": ["Ada", "Grace"]},
        )
    )  # fmt: skip
    text = unescape(client.get("/practices/repair-cafe").text)
    for words in (
        "Reparaturtreff", "Talent", "Social", "Training", "Citizens", "April 2019", "2021", "Ottakring",
        "Verein Reparatur", "https://verein.example", "Tool library", "Interreg Europe", "MEND", "€12,000", "a year",
        "Rent included.", "City of Vienna", "half", "0.5", "Plus volunteers.", "Lamps mended", "1,234", "lamps",
        "University", "https://uni.example/report", "A room.", "The day.", "No volunteers.", "Bavaria", "Ulm",
        "Sundays.",
        "mending", "https://verein.example/contact", "2 January 2024", "4 March 2025", "Ada", "Grace",
        "https://example.org/repair", "CC BY 4.0", "Vienna",
    ):  # fmt: skip
        assert words in text, words


def test_what_git_does_not_know_is_unknown(site):
    text = site(make_practice()).get("/practices/repair-cafe").text
    assert "unknown" in text.lower()


def test_a_translation_is_shown_to_its_readers_with_a_notice(site):
    french = {
        "title": "Café de réparation entre voisins",
        "summary": "Des bénévoles aident leurs voisins à réparer ce qui est cassé.",
        "translated_by": "machine",
        "language": "fr",
        "body": "## Problème\n\nOn jette trop.\n",
        "history": {"updated": "2024-01-01"},
    }
    client = site(make_practice(translations=[french], history={"updated": "2025-01-01"}))
    page = client.get("/fr/practices/repair-cafe").text
    assert "On jette trop." in page
    assert "notice" in page
    assert "On jette trop." not in client.get("/en/practices/repair-cafe").text


def test_the_text_of_a_document_cannot_run_anything(site):
    body = (
        "## Problem\n\n<script>alert(1)</script> <img src=x onerror=alert(1)> [a](javascript:alert(1)) "
        "![p](https://tracker.example/p.png) <a href='javascript:x'>y</a>\n"
    )
    text = site(make_practice(title="<script>alert(2)</script>", body=body)).get("/practices/repair-cafe").text
    assert unsafe(text) == []
    assert "tracker.example" not in text


def test_what_was_renamed_leads_on_and_what_was_withdrawn_says_why(site):
    moved = {"old": Moved(to="repair-cafe"), "gone": Moved(note="The club <b>asked</b> us.")}
    client = site(make_practice(), moved=moved)
    response = client.get("/fr/practices/old")
    assert (response.status_code, response.headers["location"]) == (301, "/fr/practices/repair-cafe")
    response = client.get("/practices/gone")
    assert response.status_code == 410
    assert "The club &lt;b&gt;asked&lt;/b&gt; us." in response.text


def test_a_region_under_another_code_leads_to_its_own(real_client):
    response = real_client.get("/fr/regions/GR")
    assert (response.status_code, response.headers["location"]) == (301, "/fr/regions/EL")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Bretagne", "FRH0"),
        ("Slovenia", "SI"),
        ("eesti", "EE"),
        ("Castilla%20y%20Le%C3%B3n", "ES41"),
        ("Castilla y León", "ES41"),
        ("Schweiz/Suisse/Svizzera", "CH"),
        ("Schweiz%2FSuisse%2FSvizzera", "CH"),
        ("Vienne", None),
        ("FRH0/more", None),
    ],
)
def test_a_name_in_the_address_leads_to_its_region(real_client, name, code):
    response = real_client.get(f"/fr/regions/{name}")
    if code is None:
        assert response.status_code == 404
    else:
        assert (response.status_code, response.headers["location"]) == (301, f"/fr/regions/{code}")


@pytest.mark.parametrize(
    ("path", "to"), [("/practices", "/search"), ("/barriers", "#barriers"), ("/regions", "#countries")]
)
def test_lists_that_have_no_page_lead_to_where_they_stand(real_client, path, to):
    response = real_client.get(f"/fr{path}")
    assert (response.status_code, response.headers["location"]) == (302, f"/fr{to}")
    response = real_client.get(path, headers={"Accept-Language": "fr"})
    assert (response.headers["location"], response.headers["vary"]) == (f"/fr{to}", "Accept-Language")


def test_long_lists_show_their_beginning_and_lead_to_the_rest(site):
    client = site(*(make_practice(id=f"p{number:02}") for number in range(25)))
    for path, whole in (("/en/barriers/skills", "barrier=skills"), ("/en/regions/AT", "region=AT")):
        page = read(client, path)
        assert sum(href.startswith("/en/practices/") for href in page.hrefs) == 20
        assert f"/en/search?{whole}" in page.hrefs
        assert "See all 25 practices" in client.get(path).text


def test_a_region_names_what_it_has_nothing_on(site):
    client = site(
        make_practice(id="here", regions=["AT13"], barriers=["skills"]),
        make_practice(id="there", regions=["DE14"], barriers=["finance"]),
    )
    text = client.get("/regions/AT13").text
    shared, learned = text.split('class="gaps"')
    assert "/en/practices/here" in shared
    assert "/en/practices/there" not in shared
    assert "/en/barriers/finance" in learned
    assert "/en/practices/there" in learned
    assert "/en/practices/here" not in learned


def test_an_empty_collection_has_pages_too(site):
    client = site()
    for path in ("/", "/search", "/search?q=skills", "/barriers/skills", "/regions/FR"):
        assert client.get(path).status_code == 200


def test_a_fault_of_ours_is_a_page_that_tells_nothing(site, monkeypatch):
    client = site(make_practice())

    def fail(_self, _query):
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("search.engines.whoosh_engine.WhooshSnapshot.search", fail)
    response = client.get("/search")
    assert response.status_code == 500
    assert "secret" not in response.text
    assert "<h1" in response.text
    assert response.headers["content-security-policy"]
    assert "secret" not in client.get("/api/v1/search").text


def test_suggestions_from_an_index_that_cannot_be_read_are_refused(site, monkeypatch):
    client = site(make_practice())

    def fail(*_):
        raise ValueError("damaged")

    monkeypatch.setattr("search.engines.suggesting.Suggester.suggest", fail)
    assert client.get("/api/v1/suggest?q=repair").status_code == 503
    assert client.app.state.services.engine.is_damaged()


@pytest.mark.parametrize("path", ["/", "/search?q=skills", "/fr/help", "/practices/nope"])
def test_pages_load_their_scripts_from_this_host_only(real_client, path):
    response = real_client.get(path)
    policy = dict(one.strip().split(" ", 1) for one in response.headers["content-security-policy"].split(";"))
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    scripts = re.findall(r"<script([^>]*)></script>", response.text)
    assert all(script.endswith(" defer") for script in scripts)
    served = [real_client.get(re.findall(r'src="(/static/[^"]+)"', script)[0]) for script in scripts]
    assert all(one.headers["content-type"].startswith("text/javascript") for one in served)
    assert 0 < sum(len(one.content) for one in served) < 60_000
    form = re.findall(r"<form[^>]+>", response.text)[0]
    assert real_client.get(re.findall(r'data-suggest="([^"]+)"', form)[0]).json()["suggestions"] == []


def test_without_an_index_the_site_asks_for_patience(site):
    client = site()
    client.app.state.services.engine.__init__(client.app.state.services.settings.index_dir / "none", None)
    response = client.get("/")
    assert response.status_code == 503
    assert response.headers["retry-after"]
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_another_host_name_is_refused(real_client):
    response = real_client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert "PRACTICES_TRUSTED_HOSTS" in response.text
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("host", "is_trusted"),
    [
        ("a.example", True), ("A.example:8000", True), ("[::1]:80", True), ("x.b.example", True), ("b.example", False),
        ("a.example.evil", False), ("a.example@evil", False), ("", False), ("[", False), ("a.example:x", False),
    ],
)  # fmt: skip
def test_a_host_name_is_trusted_as_it_is_named(site, host, is_trusted):
    client = site(trusted_hosts="a.example,[::1],*.b.example")
    assert (client.get("/healthz", headers={"host": host}).status_code == 200) is is_trusted


def test_head_is_answered(real_client):
    assert real_client.head("/en/search?q=skills").status_code == 200


def test_static_files_may_be_kept(real_client):
    address = re.search(r'href="(/static/site\.css\?v=[0-9a-f]+)"', real_client.get("/").text)[1]
    assert "immutable" in real_client.get(address).headers["cache-control"]
    assert "cache-control" not in real_client.get("/static/site.css").headers


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py"])
def test_static_files_are_only_those(real_client, path):
    assert real_client.get(path).status_code == 404


@pytest.mark.parametrize("query", ["q=skills", "q=cyber&barrier=trust", "q=voucher+audit+zzz", "region=FR&sort=title"])
def test_page_and_api_give_the_same_practices_in_the_same_order(real_client, query):
    shown = re.findall(
        r'class="card__title"[^>]*><a href="/en/practices/([^"]+)"', real_client.get(f"/en/search?{query}").text
    )
    assert shown == [hit["id"] for hit in real_client.get(f"/api/v1/search?{query}").json()["hits"]]
    assert shown


def similar_section(page):
    """The part of a practice's page with the similar ones; "" where it has none."""
    found = re.search(r'<section class="wrap section practice__similar".*?</section>', page, re.DOTALL)
    return found[0] if found else ""


def test_a_practice_shows_similar_ones_and_what_they_share(real_client):
    section = similar_section(real_client.get("/en/practices/estonia-youth-cyber-competitions").text)
    assert "Similar practices" in section
    assert 'href="/en/practices/slovakia-it-academy"' in section
    shares = [unescape(re.sub("<[^>]+>", "", line)) for line in re.findall(r'card__shares">(.*?)</p>', section)]
    assert len(shares) == section.count('class="card"') == 6
    assert all(line.startswith("Shares: ") for line in shares)
    assert any("Cybersecurity\xa0· " in line for line in shares)
    assert not any("Lack of skills" in line for line in shares)  # the cards have it


def test_what_similar_practices_share_is_said_in_the_language_of_the_reader(real_client):
    section = similar_section(real_client.get("/fr/practices/estonia-youth-cyber-competitions").text)
    assert "Pratiques semblables" in section
    assert "En commun\xa0: " in section
    assert "Cybersécurité\xa0· " in section
    assert '<span lang="en">' in section


def test_similar_practices_come_after_the_related_ones_and_repeat_none(site):
    practices = [make_practice(id=f"p{number}") for number in range(4)]
    client = site(make_practice(id="asked", related=["p1", "p0"]), *practices)
    page = client.get("/en/practices/asked").text
    section = similar_section(page)
    assert page.index("related-title") < page.index("similar-title")
    assert re.findall(r'href="/en/practices/([a-z0-9]+)"', section) == ["p2", "p3"]


def test_a_practice_that_is_like_none_has_no_similar_ones(site):
    client = site(make_practice())
    assert similar_section(client.get("/en/practices/repair-cafe").text) == ""


def test_what_is_shared_is_escaped(site):
    words = "a&lt;b <b>bold</b> <i>slanted</i>"
    twins = [make_practice(id=id, title=f"Voucher {words}", keywords=[words]) for id in ("one", "two")]
    others = [
        make_practice(id=f"o{n}", title=f"Number{n}", summary="x" * 40, body="", barriers=["trust"]) for n in range(4)
    ]
    section = similar_section(site(*twins, *others).get("/en/practices/one").text)
    assert "Voucher" in section
    assert not re.search("<[bi]>", section)


def test_a_search_that_finds_nothing_still_shows_every_filter(real_client):
    page = real_client.get("/en/search?q=zzzzqqqq&barrier=skills").text
    assert len(re.findall(r'<legend class="facet__title">', page)) == len(FACETS) + 1  # and the years


def test_other_languages_of_a_practice_are_named(real_client):
    page = real_client.get("/en/practices/slovenia-cybersecurity-voucher").text
    assert re.search(r'hreflang="sl">Slovenian</a>', page)


def test_a_region_does_not_lead_to_itself_under_its_own_name(site):
    text = site(make_practice(regions=["IE06"])).get("/en/regions/IE").text
    assert 'href="/en/regions/IE06"' in text
    assert 'href="/en/regions/IE0"' not in text


def test_a_practice_says_its_status_where_it_is_known(site):
    marks = re.compile(r'<ul class="practice__marks".*?</ul>', re.DOTALL)
    client = site(make_practice(status="unknown"), make_practice(id="other"))
    assert "Status" not in marks.search(client.get("/en/practices/repair-cafe").text)[0]
    assert "Status: Running" in marks.search(client.get("/en/practices/other").text)[0]


def test_what_is_wrong_in_an_address_is_quoted(real_client):
    assert "<q>finanse</q>" in real_client.get("/en/search?barrier=finanse").text
