"""What a European public body must expect of its site, a test for each expectation.

The docstrings say what is expected. What needs a browser is tested in tests/browser, and asked for here.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from urllib.parse import urlsplit

import pytest

from search.checks import check_document
from search.library import parse
from search.rules import Rule
from tests.browser.pages import LANGUAGES, PAGES, REAL_PAGES, STATUS, real_address
from tests.builders import make_practice, practice_text
from tests.catalogs import extract, languages, read
from tests.reading import Mark, has_letters, read_texts
from tests.test_catalogs import forms
from tests.test_operator_pages import OPERATOR as PUBLIC
from web.i18n import open_languages
from web.security import HEADERS

ADDRESSES = {name: real_address(name) for name in REAL_PAGES}
MARK = re.compile(r"<([a-z][a-z0-9]*)((?:\s+[\w-]+(?:=\"[^\"]*\"|='[^']*')?)*)\s*/?>")
ATTRIBUTE = re.compile(r"([\w-]+)(?:=\"([^\"]*)\"|='([^']*)')?")
OPERATOR = PUBLIC | {"base_url": "", "public": "false"}  # what it asks of addresses is another test's
FIELDS = {"input", "select", "textarea"}


def marks(html: str, *tags: str) -> list[Mark]:
    """The start tags of these names, in their order; all of them where none is named."""
    found = (
        (tag, {name: one or other for name, one, other in ATTRIBUTE.findall(rest)}) for tag, rest in MARK.findall(html)
    )
    return [Mark(tag, attributes) for tag, attributes in found if not tags or tag in tags]


def values(found: Iterable[Mark], name: str) -> list[str]:
    return [mark.attributes[name] for mark in found if name in mark.attributes]


@pytest.fixture(scope="module")
def pages(speaking_client) -> dict[str, str]:
    """Every type of page in English."""
    return {name: speaking_client.get(address).text for name, address in ADDRESSES.items()}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", REAL_PAGES)
def test_row_1_the_accessibility_statement_is_linked_from_every_page(speaking_client, name, lang):
    """The statement of Directive (EU) 2016/2102, art. 7, by the model of Decision (EU) 2018/1523."""
    html = speaking_client.get(real_address(name, lang)).text
    footer = html.partition("<footer")[2]
    paths = [urlsplit(href).path for href in values(marks(footer, "a"), "href")]
    assert f"/{lang}/accessibility" in paths
    assert f"/{lang}/privacy" in paths


@pytest.mark.parametrize("lang", LANGUAGES)
def test_row_1_the_accessibility_statement_has_its_parts_from_settings(site, lang):
    """Status, what is not accessible and why, date, feedback address, enforcement body: from settings."""
    client = site(make_practice(), languages=",".join(LANGUAGES), **OPERATOR)
    html = client.get(f"/{lang}/accessibility").text
    main = html.partition("<main")[2].partition("</main>")[0]
    text = " ".join(one.text for one in read_texts(main))
    for part in ("publisher", "contact_address", "enforcement_body"):
        assert OPERATOR[part] in text, part
    for issue in OPERATOR["accessibility_issues"].splitlines():
        assert issue in text
    assert open_languages([lang])[lang].day(date.fromisoformat(OPERATOR["accessibility_date"])) in text
    hrefs = values(marks(main, "a"), "href")
    assert any(href.startswith(f"mailto:{OPERATOR['contact_address']}") for href in hrefs)
    assert OPERATOR["enforcement_url"] in hrefs
    assert len(marks(main, "h2")) >= 5
    statuses = set()
    for status in ("fully", "partially", "not"):
        client = site(make_practice(), languages=",".join(LANGUAGES), **OPERATOR, accessibility_status=status)
        statuses.add(re.search(r"<h2.*?<p>(.*?)</p>", client.get(f"/{lang}/accessibility").text, re.DOTALL)[1])
    assert len(statuses) == 3


def test_row_2_wcag_is_tested_on_every_page_in_every_language_and_both_schemes():
    """EN 301 549, WCAG 2.1 AA and what 2.2 adds: axe-core on every page type, both colour schemes, no violation."""
    axe = pytest.importorskip("tests.browser.test_axe")
    assert {(name, scheme) for name, lang, scheme in axe.LOOKS if lang == "en"} == {
        (name, scheme) for name in PAGES for scheme in ("light", "dark")
    }
    assert {"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"} <= set(axe.TAGS)
    assert {lang for _, lang, _ in axe.LOOKS} == set(LANGUAGES)


def test_row_2_help_is_where_it_is_on_every_page(pages):
    """WCAG 2.2, 3.2.6, consistent help: the links to it stand in the same order on every page."""
    for part in ("header", "footer"):
        orders = set()
        for html in pages.values():
            [inside] = re.findall(rf"<{part} class=\"site-{part}\".*?</{part}>", html, re.DOTALL)
            places = values([one for one in marks(inside, "a") if "hreflang" not in one.attributes], "href")
            paths = [urlsplit(href)._replace(query="").geturl() for href in places]
            orders.add(tuple(path for path in paths if re.match(r"/en(/|#)", path)))
        [order] = orders
        assert "/en/help" in order


def test_row_2_nothing_is_asked_for_twice(speaking_client):
    """WCAG 2.2, 3.3.7, redundant entry: what was typed and chosen stays in every form."""
    html = speaking_client.get("/en/search?q=skills&barrier=skills&from=2015").text
    search, years = re.findall(r"<form.*?</form>", html, re.DOTALL)
    for form, kept in ((search, {"q": "skills", "barrier": "skills", "from": "2015"}), (years, {"from": "2015"})):
        given = {mark.attributes["name"]: mark.attributes["value"] for mark in marks(form, "input")}
        assert given.items() >= kept.items()
    assert ("q", "skills") in {(one.attributes["name"], one.attributes["value"]) for one in marks(years, "input")}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", REAL_PAGES)
def test_row_3_the_basics_of_a_page(speaking_client, name, lang):
    """One h1, ordered headings, `lang` on `html`, skip link, landmarks, labels, tables with `scope`."""
    answer = speaking_client.get(real_address(name, lang))
    assert answer.status_code == STATUS.get(name, 200)
    html = answer.text
    found = marks(html)
    levels = [int(mark.tag[1]) for mark in found if re.fullmatch("h[1-6]", mark.tag)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert found[0] == Mark("html", {"lang": lang})
    ids = values(found, "id")
    assert len(ids) == len(set(ids))

    body = html.partition("<body>")[2]
    first = marks(body, "a", "button", "input", "summary")[0]
    assert "skip-link" in first.classes
    assert first.attributes["href"].removeprefix("#") in values(marks(body, "main"), "id")
    assert [len(marks(body, tag)) >= 1 for tag in ("main", "header", "footer", "nav")] == [True] * 4
    assert len(marks(body, "main")) == 1
    labels = [one.attributes.get("aria-label") or one.attributes.get("aria-labelledby") for one in marks(body, "nav")]
    assert all(labels)
    assert len(labels) == len(set(labels))

    described = set(values(marks(body, "label"), "for"))
    inside = marks("".join(re.findall(r"<label\b.*?</label>", body, re.DOTALL)), *FIELDS)
    for field in marks(body, *FIELDS):
        if field.attributes.get("type") != "hidden":
            is_labelled = field in inside or field.attributes.get("id") in described
            assert is_labelled or "aria-label" in field.attributes, field
    for referring in ("aria-labelledby", "aria-describedby", "aria-controls"):
        for refers in values(found, referring):
            assert set(refers.split()) <= set(ids), refers
    table = "".join(re.findall(r'<table class="figures">.*?</table>', body, re.DOTALL))
    assert all(mark.attributes.get("scope") in {"col", "row"} for mark in marks(table, "th"))


def test_row_3_every_filter_is_a_fieldset_with_a_legend(pages):
    """`fieldset` and `legend` for each filter."""
    found = re.findall(r"<fieldset.*?</fieldset>", pages["filters"], re.DOTALL)
    assert len(found) > 5
    for one in found:
        assert re.search(r"<fieldset[^>]*>\s*<legend[^>]*>\s*\w", one), one[:200]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_row_3_titles_are_unique(speaking_client, lang):
    """Unique titles."""
    titles: dict[str, str] = {}
    for name, path in REAL_PAGES.items():
        if name not in STATUS:
            html = speaking_client.get(f"/{lang}{path}".removesuffix("/")).text
            title = " ".join(re.search(r"<title>(.*?)</title>", html, re.DOTALL)[1].split())
            # A list has the title of its search, on each of its pages; and what is selected changes no page.
            same = re.sub(r"&?(selected|page)=[^&]*", "", path).rstrip("?")
            assert titles.setdefault(title, same) == same, (name, title)


def test_row_3_what_is_in_another_language_says_so(site):
    """`lang` on parts in a foreign language."""
    page = site(make_practice()).get("/fr/practices/repair-cafe").text
    for text in ("Repair café: neighbours mend", "Things that could be mended", "Once a month volunteers"):
        [*_, shown] = [one for one in read_texts(page.partition("<body>")[2]) if text in one.text]
        assert [mark.attributes["lang"] for mark in shown.marks if "lang" in mark.attributes][-1] == "en", text


def test_row_4_results_are_announced(speaking_client):
    """The count is in a heading, words and count are in the title; results are a list with headings."""
    html = speaking_client.get("/en/search?q=skills").text
    total = str(speaking_client.get("/api/v1/search?q=skills").json()["total"])
    for tag in ("h1", "title"):
        text = re.sub(r"<[^>]+>", "", re.search(rf"<{tag}.*?</{tag}>", html, re.DOTALL)[0])
        assert {total, "skills"} <= set(re.findall(r"\w+", text)), text
    results = html.partition('id="results"')[2].partition("</section>")[0]
    assert len(re.findall(r"<li class=\"cards__item\"><article class=\"card\"", results)) == len(
        re.findall(r"<h3 class=\"card__title\"", results)
    )
    assert '<ul class="cards" role="list">' in results


def test_row_4_a_wrong_value_is_said_in_words_with_a_way_to_mend_it(speaking_client):
    """What is wrong is said in a text that is not found by its colour, and leads to what is right."""
    answer = speaking_client.get("/en/search?barrier=finanse")
    assert answer.status_code == 422
    text = " ".join(one.text for one in read_texts(answer.text))
    assert "finanse" in text
    assert "barrier=finance" in answer.text
    for field in marks(answer.text, *FIELDS):
        assert "aria-invalid" not in field.attributes or "aria-describedby" in field.attributes


def test_row_5_nothing_depends_on_scripts(pages):
    """Every flow works without scripts: forms send themselves, links lead somewhere, scripts only come after."""
    for name, html in pages.items():
        for form in re.findall(r"<form.*?</form>", html, re.DOTALL):
            [head] = marks(form, "form")
            assert head.attributes["action"].startswith("/"), name
            is_search = "search-box" in head.classes
            assert head.attributes["method"] == ("post" if name.startswith("submit") and not is_search else "get"), name
            assert [one for one in marks(form, "button") if one.attributes.get("type", "submit") == "submit"], name
        targets = values(marks(html, "a"), "href")
        assert not [href for href in targets if href in {"", "#"} or href.startswith("javascript:")], name
        assert len(targets) == len(marks(html, "a")), name
        assert all("defer" in one.attributes or one.attributes.get("type") == "module" for one in marks(html, "script"))


@pytest.mark.parametrize("name", REAL_PAGES)
def test_row_6_no_third_party_and_no_cookie(speaking_client, name):
    """Own host only, no `Set-Cookie`, `default-src 'self'`; a browser records every request in tests/browser."""
    answer = speaking_client.get(ADDRESSES[name])
    assert "set-cookie" not in answer.headers
    policy = answer.headers["content-security-policy"]
    assert policy == HEADERS["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-" not in policy
    loaded = values(marks(answer.text, "script", "img", "source", "iframe", "video", "audio"), "src")
    loaded += [
        one.attributes["href"]
        for one in marks(answer.text, "link")
        if one.attributes["rel"] in {"stylesheet", "icon", "preload", "manifest"}
    ]
    assert loaded
    assert [address for address in loaded if not re.match(r"/(?!/)", address)] == []


@pytest.mark.parametrize("field", ["contact", "body"])
def test_row_7_a_mailbox_of_a_person_is_refused(vocabulary, field):
    """The checker refuses personal mailboxes."""
    mailbox = "anna.muster@region.eu"
    text = practice_text(contact=mailbox) if field == "contact" else practice_text().replace("lamps", mailbox)
    document, problems = parse(text.encode(), "practices/at/repair-cafe.md", vocabulary)
    found = [*problems, *(check_document(document, vocabulary, (), today=date(2026, 1, 1)) if document else ())]
    assert Rule.PERSONAL_ADDRESS in {one.rule for one in found}


def test_row_7_the_log_has_no_address_and_no_words_of_a_visitor(speaking_client, caplog):
    """Addresses of visitors are not in the log."""
    with caplog.at_level(logging.INFO):
        speaking_client.get(
            "/en/search?q=secretword", headers={"X-Forwarded-For": "203.0.113.7", "Referer": "https://a.eu"}
        )
    lines = [str(vars(record)) for record in caplog.records if record.name.startswith("practices")]
    assert lines
    for hidden in ("203.0.113.7", "testclient", "secretword", "a.eu"):
        assert not [line for line in lines if hidden in line], hidden


@pytest.mark.parametrize("lang", LANGUAGES)
def test_row_7_the_privacy_page_says_who_is_responsible(site, lang):
    """A page on privacy: who is responsible, from settings."""
    client = site(make_practice(), languages=",".join(LANGUAGES), **OPERATOR)
    text = " ".join(one.text for one in read_texts(client.get(f"/{lang}/privacy").text))
    assert OPERATOR["publisher"] in text
    assert OPERATOR["privacy_contact"] in text


@pytest.mark.parametrize("lang", languages())
def test_row_8_every_message_is_in_every_language(lang):
    """Every message in every language, plurals right: the other tests of catalogs look at each closely."""
    translated = {message.id for message in read(lang) if message.id and all(forms(message)) and not message.fuzzy}
    assert {message.id for message in extract() if message.id} <= translated


@pytest.mark.parametrize("name", REAL_PAGES)
def test_row_8_every_page_names_itself_in_every_language(speaking_client, name):
    """`hreflang`: each version of a page names all of them, by addresses that answer."""
    for lang in LANGUAGES:
        html = speaking_client.get(real_address(name, lang)).text
        links = [one.attributes for one in marks(html, "link") if "hreflang" in one.attributes]
        named = {one["hreflang"]: urlsplit(one["href"]).path for one in links}
        assert {code: named.get(code, "").split("/")[1] for code in LANGUAGES} == {code: code for code in LANGUAGES}


@pytest.mark.parametrize("name", REAL_PAGES)
def test_row_8_the_language_is_kept_while_moving(speaking_client, name):
    """Links of a page stay in its language, but for those that say that they do not."""
    lang = LANGUAGES[-1]
    html = speaking_client.get(real_address(name, lang)).text
    own = [one for one in marks(html, "a", "form") if re.match(r"/(?!static/|api/|/)", _leads(one))]
    left = [_leads(one) for one in own if not re.match(rf"/{lang}(/|\?|#|$)", _leads(one))]
    switches = [one.attributes["href"] for one in own if "hreflang" in one.attributes]
    assert set(left) <= set(switches)


def _leads(mark: Mark) -> str:
    return mark.attributes.get("href") or mark.attributes.get("action") or ""


def test_row_8_the_language_is_the_visitors_and_never_of_a_place(speaking_client):
    """Chosen by the address, else by what the browser asks for; never by the address of the visitor."""
    for lang in LANGUAGES:
        answer = speaking_client.get("/about", headers={"Accept-Language": f"{lang};q=0.9"})
        assert answer.headers["content-language"] == lang
        assert "accept-language" in answer.headers["vary"].lower()
    for place in ("192.0.2.1", "2001:db8::1"):
        headers = {"X-Forwarded-For": place, "CF-IPCountry": "FR", "Accept-Language": ""}
        assert speaking_client.get("/about", headers=headers).headers["content-language"] == LANGUAGES[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_row_9_a_translation_by_a_machine_is_marked(site, lang):
    """`translated_by: machine` shows a notice, in the reader's language."""
    translation = {
        "title": "Repair café",
        "summary": "Once a month volunteers with tools help their neighbours to mend broken things.",
        "body": "## Problem\n\nText.",
        "language": lang,
    }
    original = "sk" if lang != "sk" else "sl"
    notices = []
    for by in ("machine", "human"):
        practice = make_practice(language=original, translations=[{**translation, "translated_by": by}])
        html = site(practice, languages=",".join(LANGUAGES)).get(f"/{lang}/practices/repair-cafe").text
        notices.append([one.text for one in read_texts(html) if one.stands_in({"notice"}) and has_letters(one.text)])
    by_machine, by_human = notices
    assert by_machine
    assert by_machine != by_human
