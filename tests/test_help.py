"""The pages of help."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

import pytest

from search.checks.fields import ADVISED
from search.model import FrontMatter
from search.rulebook import RULEBOOK
from search.rules import Rule
from tests.browser.pages import LANGUAGES
from tests.builders import make_practice

HELP = ["/help", "/help/evidence", "/help/contributing", "/help/rules"]
FORGE = "https://github.com/example/atlas"


def ids(html: str) -> list[str]:
    return re.findall(r'\bid="([^"]+)"', html)


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def section(html: str, rule: Rule) -> str:
    [found] = re.findall(rf'<section class="rule" id="{rule}">(.*?)</section>', html, re.DOTALL)
    return str(found)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", HELP)
def test_every_page_of_help_leads_to_the_others_and_says_which_it_is(real_client, lang, path):
    html = real_client.get(f"/{lang}{path}").text
    links = re.findall(r'class="subnav__link" href="([^"]+)"( aria-current="page")?', html)
    assert [href for href, _ in links] == [f"/{lang}{one}" for one in HELP]
    assert [href for href, current in links if current] == [f"/{lang}{path}"]


@pytest.mark.parametrize("path", HELP)
def test_every_anchor_that_a_page_of_help_links_to_is_there(real_client, path):
    html = real_client.get(f"/en{path}").text
    assert len(ids(html)) == len(set(ids(html)))
    for target in re.findall(r'href="([^"]*#[^"]+)"', html):
        page, _, anchor = target.partition("#")
        assert anchor in ids(real_client.get(page).text if page else html), target


@pytest.mark.parametrize("anchor", ["evidence", "freshness"])
def test_old_links_into_the_help_still_lead_to_what_they_meant(real_client, anchor):
    html = real_client.get("/en/help").text
    assert anchor in ids(html)
    assert 'href="/en/help/evidence"' in html[html.index(f'id="{anchor}"') :]
    assert anchor in ids(real_client.get("/en/help/evidence").text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_examples_with_filters_find_something(real_client, lang):
    hrefs = re.findall(r'class="example" href="([^"]+)"', real_client.get(f"/{lang}/help").text)
    queries = [urlsplit(unescape(href)).query for href in hrefs]
    filtered = [query for query in queries if re.search(r"barrier=|status=|evidence=", query)]
    assert len(filtered) >= 3
    for query in filtered:
        assert real_client.get(f"/api/v1/search?{query}&lang={lang}").json()["total"] > 0, query


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_rule_stands_at_its_own_anchor_and_in_the_table_of_contents(real_client, lang):
    html = real_client.get(f"/{lang}/help/rules").text
    assert re.findall(r'<section class="rule" id="([^"]+)">', html) == list(Rule)
    contents = html[html.index('class="contents') : html.index('<div id="rules"')]
    wanted = [anchor for chapter in RULEBOOK for anchor in (chapter.id, *chapter.rules)]
    assert re.findall(r'contents__link" href="#([^"]+)"', contents) == wanted
    assert 'href="#rules"' in contents


def test_each_rule_says_whether_it_is_an_error_or_advice(real_client):
    html = real_client.get("/en/help/rules").text
    kinds = {rule: text_of(section(html, rule).partition("</h3>")[0]).removeprefix(rule).strip() for rule in Rule}
    assert (kinds[Rule.TOO_LONG], kinds[Rule.RAW_HTML]) == ("Error", "Advice")
    assert [rule for rule, kind in kinds.items() if kind == "Error or advice"] == [
        Rule.NOT_A_NUMBER,
        Rule.UNKNOWN_LICENSE,
    ]


def test_the_rules_are_said_in_the_language_of_the_reader(real_client):
    html = real_client.get("/fr/help/rules").text
    said = text_of(section(html, Rule.REPEATED_VALUE))
    assert "Une liste ne nomme chaque valeur qu’une fois." in said
    assert not [
        text.asks for chapter in RULEBOOK for text in chapter.rules.values() if text_of(text.asks) in text_of(html)
    ]


def test_signs_in_the_sentences_of_rules_are_shown_as_they_are_written(real_client):
    html = real_client.get("/en/help/rules").text
    assert "<code>@ ` % &gt; | ? { [</code>" in section(html, Rule.UNQUOTED_START)
    assert "<code>&lt;&lt;</code>" in section(html, Rule.MERGE_KEY)
    assert "<code>**bold**</code>" in section(html, Rule.RAW_HTML)


def test_the_list_of_fields_is_a_link_within_the_site(real_client):
    html = section(real_client.get("/fr/help/rules").text, Rule.UNKNOWN_FIELD)
    assert 'href="/fr/help/contributing#fields"' in html


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_field_is_named_by_how_much_it_is_wanted(real_client, lang):
    html = real_client.get(f"/{lang}/help/contributing").text
    fields = html[html.index('id="fields"') : html.index('id="checks"')]
    groups = [re.findall(r"<code>(\w+)</code>", part) for part in fields.split("<h3>")[1:]]
    required = [name for name, info in FrontMatter.model_fields.items() if info.is_required()]
    assert groups[:2] == [required, list(ADVISED)]
    assert {name for group in groups for name in group} == set(FrontMatter.model_fields)


def test_where_the_repository_is_known_its_documents_are_linked(site):
    html = site(make_practice(), repository=FORGE).get("/fr/help/contributing").text
    for path in ("tree/HEAD/practices", "blob/HEAD/docs/fields.md", "blob/HEAD/docs/writing.md"):
        assert f'href="{FORGE}/{path}"' in html
    assert f'href="{FORGE}/blob/HEAD/web/locale/fr.po"' in html


def test_a_repository_without_the_program_has_no_links_to_its_files(site, tmp_path):
    (tmp_path / "docs-only" / "practices").mkdir(parents=True)
    client = site(make_practice(), repository=FORGE, practices_dir=tmp_path / "docs-only" / "practices")
    html = client.get("/fr/help/contributing").text
    assert f'href="{FORGE}/tree/HEAD/practices"' in html
    assert f"{FORGE}/blob/" not in html


def test_where_no_repository_is_known_the_help_names_none(real_client):
    html = real_client.get("/en/help/contributing").text
    assert 'rel="external"' not in html[html.index("<main") : html.index("</main>")]


def test_the_form_is_the_first_way(real_client):
    html = real_client.get("/en/help/contributing").text
    ways = html[html.index('id="ways"') : html.index('id="fields"')]
    assert 'href="/en/submit"' in ways.split("<h3>")[1]


def test_the_help_says_how_to_mend_a_sentence_of_the_site(real_client):
    html = real_client.get("/fr/help/contributing").text
    assert "web/locale/fr.po" in html[html.index('id="interface"') :]


def test_who_has_no_account_learns_where_to_send_a_document(site):
    client = site(make_practice(), contact_address="practices@agency.eu")
    assert 'href="mailto:practices@agency.eu"' in client.get("/it/help/contributing").text.partition("<footer")[0]
