"""What the site says of the body that runs it, and what it keeps to itself about visitors."""

from __future__ import annotations

import json
import re
import socket
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError

import indexer
from search.settings import GROUNDS, LEAST_CONTRAST, MAX_LOGO, Settings, contrast
from tests.browser.pages import LANGUAGES, PAGES
from tests.builders import make_practice
from tests.conftest import ROOT
from tests.serving import serve, write_made
from web.branding import stylesheet
from web.publisher import REQUIRED

OPERATOR = {
    "public": "true",
    "base_url": "https://atlas.agence.be",
    "trusted_hosts": "atlas.agence.be,127.0.0.1,testserver",
    "publisher": "Agence du numérique",
    "publisher_address": "Rue de la Loi 200; 1000 Bruxelles\nBelgique",
    "publisher_url": "https://www.agence.be",
    "contact_address": "atlas@agence.be",
    "enforcement_body": "SPF Stratégie et Appui",
    "enforcement_url": "https://accessibility.belgium.be/complaints",
    "privacy_contact": "dpo@agence.be",
    "accessibility_date": "2026-03-31",
    "accessibility_issues": "Old maps have no text.\nOld films have no captions.",
}
SVG = (
    b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 6 4"><script>alert(1)</script></svg>'
)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
OPERATOR_PAGES = ("/accessibility", "/privacy", "/imprint")
ERRORS = {"/nope": 404, "/practices/nope": 404, "/search?barrier=finanse": 422}


def environment(**changes):
    return {f"PRACTICES_{name.upper()}": value for name, value in (OPERATOR | changes).items()}


def words(text):
    """What a reader sees of a page, without marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).replace("\xa0", " ").split())


def section(text, start, end):
    """What stands between two headings of level 2."""
    seen = words(text)
    return seen[seen.index(start) : seen.index(end)] if end else seen[seen.index(start) :]


def report_link(text):
    [found] = re.findall(r'<a href="([^"]*)" rel="nofollow">', text[text.index("<footer") :])
    return unescape(found)


# Starting


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Start the site as an operator does, over an empty folder; give back the exit code."""
    (tmp_path / "practices").mkdir()
    monkeypatch.setenv("PRACTICES_PRACTICES_DIR", str(tmp_path / "practices"))
    monkeypatch.setenv("PRACTICES_INDEX_DIR", str(tmp_path / "index"))

    def start(**changes):
        for name, value in environment(**changes).items():
            monkeypatch.setenv(name, value)
        return indexer.main(["serve", "--port", "0"])

    return start


def test_in_public_mode_everything_that_is_missing_is_named_at_once(start, capsys, tmp_path):
    empty = dict.fromkeys(OPERATOR, "") | {"public": "true", "trusted_hosts": "localhost"}
    assert start(**empty) == 2
    said = capsys.readouterr().err
    for name, meaning in REQUIRED.items():
        assert f"{name} is missing: write {meaning}" in said
    assert said.count("practices: ") == 1
    assert not (tmp_path / "index" / "CURRENT").exists()


@pytest.mark.parametrize(
    ("name", "value", "placeholder"),
    [
        ("base_url", "https://practices.example.org", "example.org"),
        ("base_url", "http://localhost:8000", "localhost"),
        ("publisher", "Your name", "Your name"),
        ("publisher", "TODO", "TODO"),
        ("publisher", "<name of the body>", "<name of the body>"),
        ("publisher", "…", "…"),
        ("publisher_address", "Your street 1; 1010 Vienna", "Your street"),
        ("contact_address", "info@example.com", "example.com"),
        ("privacy_contact", "https://dpo.example/", ".example"),
        ("enforcement_body", "tbd", "tbd"),
        ("enforcement_url", "https://www.example.org/complaints", "example.org"),
        ("accessibility_issues", "TODO: list them", "TODO"),
    ],
)
def test_in_public_mode_a_placeholder_is_refused(start, capsys, name, value, placeholder):
    assert start(**{name: value}) == 2
    said = capsys.readouterr().err
    assert f'{name} holds a placeholder, "{placeholder}": write ' in said
    assert "is missing" not in said
    assert said.count("holds a placeholder") == 1


def test_in_public_mode_the_host_of_the_address_must_be_trusted(start, capsys):
    assert start(trusted_hosts="localhost,agence.be") == 2
    assert "trusted_hosts does not name the host of base_url" in (said := capsys.readouterr().err)
    assert "add atlas.agence.be\n" in said


@pytest.mark.parametrize("names", ["ATLAS.agence.be", "*.agence.be", "*"])
def test_in_public_mode_a_host_may_be_trusted_by_any_form_of_its_name(site, names):
    client = site(
        make_practice(), **(OPERATOR | {"trusted_hosts": names, "base_url": "https://Atlas.agence.be:8443/a"})
    )
    assert client.get("/en", headers={"host": "atlas.agence.be"}).status_code == 200


@pytest.mark.parametrize("status", ["partially", "not"])
def test_in_public_mode_what_is_not_accessible_must_be_listed(start, capsys, status):
    assert start(accessibility_status=status, accessibility_issues="") == 2
    assert f'accessibility_issues is missing, and accessibility_status is "{status}"' in capsys.readouterr().err


def test_in_public_mode_a_site_that_is_fully_accessible_lists_nothing(site):
    client = site(make_practice(), **(OPERATOR | {"accessibility_status": "fully", "accessibility_issues": ""}))
    assert "fully compliant" in client.get("/en/accessibility").text


def test_wrong_values_and_what_public_mode_lacks_are_said_together(start, capsys):
    assert start(accessibility_date="soon", watch="often", publisher="", trusted_hosts="localhost") == 2
    said = capsys.readouterr().err
    for one in ("setting accessibility_date:", "setting watch:", "publisher is missing", "add atlas.agence.be"):
        assert one in said
    assert "accessibility_date is missing" not in said


@pytest.mark.parametrize(
    "changes",
    [
        {"publisher": "Institut für Beispiele Todorov", "publisher_address": "Via XXX Aprile 3; 34100 Trieste"},
        {"publisher": "Agency [of the region] Testa", "contact_address": "https://www.agence.be/contact?form=1"},
    ],
)
def test_in_public_mode_a_name_that_only_looks_like_a_placeholder_is_accepted(site, changes):
    assert site(make_practice(), **(OPERATOR | changes)).get("/en/imprint").status_code == 200


def test_in_public_mode_the_site_starts_when_it_can_say_who_runs_it(tmp_path):
    write_made(tmp_path / "practices", 1)
    with serve(tmp_path / "practices", tmp_path / "index", **environment()) as server:
        assert "Agence du numérique" in server.get("/en/imprint").text


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("contact_address", "agence", '"agence" is neither a mailbox, like info@region.eu, nor a page'),
        ("contact_address", "javascript:alert(1)", "neither a mailbox"),
        ("privacy_contact", "dpo@agence", "neither a mailbox"),
        ("publisher_url", "www.agence.be", '"www.agence.be" is not the address of a page; write it whole'),
        ("enforcement_url", "mailto:a@b.be", "is not the address of a page"),
        ("accessibility_status", "mostly", "\"mostly\" is not known; write 'fully', 'partially' or 'not'"),
        ("accessibility_date", "31.3.2026", '"31.3.2026" is not a day; write the date as 2026-03-31'),
        ("accessibility_date", "2999-01-01", "2999-01-01 lies in the future"),
        ("base_url", "atlas.agence.be", "write an address that begins with https://"),
        ("repository", "git@agence.be:a/b", "write an address that begins with https://"),
        ("trusted_hosts", "https://praktikad.eesti.ee/", "write the name only: praktikad.eesti.ee"),
        ("trusted_hosts", "localhost, praktikad.eesti.ee:8000", "write the name only: praktikad.eesti.ee"),
        ("trusted_hosts", "praktikad.eesti.ee/en", "write the name only: praktikad.eesti.ee"),
        ("trusted_hosts", "http://[::1]:8000", "write the name only: [::1]"),
        ("trusted_hosts", "::1", "write [::1]"),
        ("trusted_hosts", "", "is empty; write something"),
        ("watch", "often", '"often" is neither true nor false; write one of them'),
        ("accent_light", "red", '"red" is not a colour in the form #rrggbb'),
        ("accent_light", "#ff9c7d", "choose a darker one"),
        ("accent_dark", "#b0371a", "choose a lighter one"),
        ("logo", "nowhere.svg", "nowhere.svg cannot be read: No such file"),
        ("public", "perhaps", '"perhaps" is neither true nor false; write one of them'),
    ],
)
def test_a_wrong_value_is_said_with_the_name_of_its_setting(start, capsys, name, value, said):
    assert start(**{name: value}) == 2
    shown = capsys.readouterr().err
    assert shown.startswith(f"practices: setting {name}: ")
    assert said in shown


# Colours and logo


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#FFFFFF", 4.54),
        ("#0b5c8a", "#0b5c8a", 1),
    ],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


def test_the_grounds_and_the_accent_are_those_of_the_stylesheet():
    css = (ROOT / "web/static/site.css").read_text(encoding="utf-8")
    tokens = dict(re.findall(r"--(paper|sheet|tint|accent): light-dark\((.+?)\);", css))
    for at, name in enumerate(("accent_light", "accent_dark")):
        grounds = [tokens[ground].split(", ")[at] for ground in ("paper", "sheet", "tint")]
        assert grounds == list(GROUNDS[name])
        assert tokens["accent"].split(", ")[at] == Settings.model_fields[name].default
        assert min(contrast(Settings.model_fields[name].default, ground) for ground in grounds) >= LEAST_CONTRAST


def test_a_refused_colour_is_told_the_ratio_that_it_reaches():
    with pytest.raises(ValidationError, match=r"#c04a2c reaches a contrast of 4\.\d\d:1 with the ground #e0eae7"):
        Settings(accent_light="#c04a2c")


def test_own_colours_come_after_the_stylesheet_at_an_address_that_changes_with_them(site):
    addresses = set()
    for colour in ("#7a2e8f", "#2e3a8f"):
        client = site(make_practice(), accent_light=colour)
        sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', client.get("/en").text)
        assert sheets[0].startswith("/static/site.css?v=")
        answer = client.get(sheets[1])
        assert answer.text == stylesheet(colour, "#ff9c7d")
        assert f"--accent: light-dark({colour}, #ff9c7d);" in answer.text
        assert answer.headers["content-type"] == "text/css; charset=utf-8"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == client.get(sheets[0]).headers["cache-control"]
        addresses.add(sheets[1])
    assert len(addresses) == 2


def test_without_colours_and_logo_of_its_own_the_site_asks_for_none(site):
    client = site(make_practice())
    text = client.get("/en").text
    assert "theme.css" not in text
    assert "<img" not in text
    assert client.get("/theme.css").status_code == client.get("/logo").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "kind"), [("own.svg", SVG, "image/svg+xml"), ("own.png", PNG, "image/png")]
)
def test_a_logo_is_a_picture_and_nothing_else(site, tmp_path, name, content, kind):
    path = tmp_path / name
    path.write_bytes(content)
    client = site(make_practice(), logo=str(path))
    text = client.get("/en").text
    [address] = re.findall(r'<img class="brand__logo" src="(/logo\?v=\w+)" alt="">', text)
    assert text.count("/logo") == 1  # in no object, frame or link, where a script in it could run
    answer = client.get(address)
    assert (answer.content, answer.headers["content-type"]) == (content, kind)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    again = client.get("/logo", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("own.svg", PNG, "is not a picture"),
        ("own.png", SVG, "is not a picture"),
        ("own.svg", b"<html><svg></svg></html>", "is not a picture"),
        ("own.jpg", PNG, "is not a picture"),
        ("own.png", PNG + bytes(MAX_LOGO), "a logo may have 65,536"),
    ],
)
def test_a_file_that_is_no_logo_is_refused(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ValidationError, match=said):
        Settings(logo=path)


def test_a_new_logo_makes_pages_anew(site, tmp_path):
    path = tmp_path / "own.svg"
    tags = set()
    for content in (SVG, SVG.replace(b"6 4", b"8 4")):
        path.write_bytes(content)
        tags.add(site(make_practice(), logo=str(path)).get("/en/about").headers["etag"])
    assert len(tags) == 2


# Pages


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", [*PAGES.values(), *ERRORS])
def test_every_page_links_to_the_pages_of_the_operator_and_to_the_contact_in_one_order(real_client, lang, path):
    text = real_client.get(f"/{lang}{path}").text
    footer = re.sub(r"\?selected=[^\"]*", "", text[text.index("<footer") :])
    links = [f'href="/{lang}/imprint" rel="nofollow"', *(f'href="/{lang}{page}">' for page in OPERATOR_PAGES)]
    assert [footer.count(link) for link in links] == [1] * len(links)
    places = [footer.index(link) for link in links]
    assert places == sorted(places)  # WCAG 3.2.6


def test_the_statement_has_the_parts_of_the_model(site):
    text = site(make_practice(), **OPERATOR).get("/en/accessibility").text
    seen = words(text)
    assert "Agence du numérique is committed to making this website accessible" in seen
    assert "This statement applies to Practice Atlas at https://atlas.agence.be." in seen
    parts = ["Compliance status", "Non-accessible content", "Preparation of this accessibility statement",
             "Feedback and contact information", "Enforcement procedure"]  # fmt: skip
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", text) == parts
    status, content, preparation, feedback, enforcement = (
        section(text, start, end) for start, end in zip(parts, [*parts[1:], "What one region"], strict=True)
    )
    assert "partially compliant" in status
    assert "EN 301 549" in status
    assert text.count("<li>Old ") == 2
    assert "Old maps have no text. Old films have no captions." in content
    assert "prepared on 31 March 2026" in preparation
    assert "self-assessment" in preparation
    assert "atlas@agence.be" in feedback
    assert "SPF Stratégie et Appui" in enforcement
    assert 'href="https://accessibility.belgium.be/complaints"' in text


@pytest.mark.parametrize(
    ("status", "said"),
    [("fully", "is fully compliant"), ("partially", "is partially compliant"), ("not", "not compliant")],
)
def test_the_status_is_the_one_of_the_setting(site, status, said):
    issues = "Old maps have no text."
    client = site(make_practice(), accessibility_status=status, accessibility_issues=issues)
    text = client.get("/en/accessibility").text
    assert said in text
    assert text.count("compliant with the harmonised standard") == 1


@pytest.mark.parametrize("status", ["partially", "not"])
def test_the_statement_announces_no_list_where_there_is_none(site, status):
    text = site(make_practice(), accessibility_status=status).get("/en/accessibility").text
    assert "listed below" not in text
    assert text.count("has not been listed yet") == 1


def test_the_imprint_sends_nobody_to_a_link_that_leads_back_to_it(site):
    sentence = "Every page has a link at its end"
    assert sentence in words(site(make_practice(), **OPERATOR).get("/en/imprint").text)
    assert sentence not in words(site(make_practice()).get("/en/imprint").text)


def test_the_imprint_names_the_operator(site):
    text = site(make_practice(), **OPERATOR).get("/en/imprint").text
    assert '<a href="https://www.agence.be" rel="external">Agence du numérique</a>' in text
    assert "Rue de la Loi 200<br>1000 Bruxelles<br>Belgique" in text
    assert '<a href="mailto:atlas@agence.be">atlas@agence.be</a>' in text
    assert '<a href="mailto:dpo@agence.be">dpo@agence.be</a>' in text
    assert "not yet" not in text


@pytest.mark.parametrize("path", OPERATOR_PAGES)
def test_where_nobody_is_named_the_pages_say_so(site, path):
    note = "The operator of this site has not yet said who they are."
    assert note in site(make_practice()).get(f"/en{path}").text
    assert note not in site(make_practice(), **OPERATOR).get(f"/en{path}").text


def test_what_the_operator_writes_is_text(site):
    changes = {"publisher": "<b>Agence</b>", "accessibility_issues": "<script>alert(1)</script>"}
    client = site(make_practice(), **(OPERATOR | changes | {"public": "false"}))
    for path in ("/", "/about", *OPERATOR_PAGES):
        text = client.get(f"/en{path}").text
        assert "<b>Agence" not in text
        assert "<script>" not in text


def test_a_problem_is_reported_with_the_address_of_the_page_in_the_subject_only(site):
    client = site(make_practice(), **OPERATOR)
    for path in ("/fr/about", "/en/search?q=tools+%26+%22more%22&sort=title", "/en/nope"):
        link = urlsplit(report_link(client.get(path).text))
        assert (link.scheme, link.path) == ("mailto", "atlas@agence.be")
        assert parse_qs(link.query) == {"subject": [f"https://atlas.agence.be{path}"]}
    page = "https://www.agence.be/contact?form=1"
    assert report_link(site(make_practice(), contact_address=page).get("/fr/about").text) == page


def test_the_page_about_the_collection_leads_to_privacy(real_client):
    text = real_client.get("/en/about").text
    main = text[text.index("<main") : text.index("</main")]
    assert 'href="/en/privacy"' in main
    assert "cookie" not in main


def test_the_interface_says_that_a_machine_translated_it_except_in_the_language_it_was_written_in(real_client):
    assert "translated by a machine" not in real_client.get("/en").text
    assert "traduits par une machine" in real_client.get("/fr").text
    assert "traduits par une machine" in real_client.get("/fr/nope").text


def test_the_languages_are_a_list_that_opens_under_the_name_of_the_current_one(real_client):
    text = real_client.get("/fr/search?q=skills").text
    [menu] = re.findall(r'<details class="languages__menu">.*?</details>', text, re.DOTALL)
    assert words(menu[: menu.index("</summary>")]) == "Langue : Français Français"
    links = re.findall(r'<a class="languages__link" href="([^"]+)" lang="(\w+)" hreflang="(\w+)"(.*?)>(.+?)</a>', menu)
    assert links[:2] == [
        ("/en/search?q=skills", "en", "en", "", "English"),
        ("/fr/search?q=skills", "fr", "fr", ' aria-current="true"', "Français"),
    ]
    names = ["English", "Français", "Italiano", "Español", "Slovenčina", "Slovenščina", "Eesti", "Deutsch"]
    assert [name for *_, name in links] == names


def test_hreflang_names_the_address_that_chooses_a_language(real_client):
    for path in ("/en/about", "/fr/about", "/about"):
        text = real_client.get(path).text
        assert re.findall(r'hreflang="x-default" href="([^"]+)"', text) == ["http://testserver/about"]


# The log


def test_the_log_has_neither_address_nor_words_of_a_visitor_and_is_as_the_page_on_privacy_says(tmp_path):
    write_made(tmp_path / "practices", 1)
    visitor, secret = "203.0.113.77", "zzsecret"
    headers = {"X-Forwarded-For": visitor, "User-Agent": f"{secret}-agent", "Referer": f"http://{secret}.eu/"}
    with serve(
        tmp_path / "practices", tmp_path / "index", PRACTICES_LOG_LEVEL="debug", PRACTICES_WATCH="false"
    ) as server:
        for path in (f"/en/search?q={secret}", f"/en/search?barrier={secret}", f"/api/v1/suggest?q={secret}"):
            server.get(path, headers=headers)
        ask_for_a_websocket(server.address, headers)
        said = server.said()
    assert visitor not in said
    assert secret not in said
    assert "127.0.0.1" not in said.replace(server.address, "")
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    requests = [line for line in lines if line["logger"] == "practices.requests" and line["path"] == "/en/search"]
    assert len(requests) == 2
    shown = {"time", "method", "path", "status", "ms"}
    assert {name for line in requests for name in line} == shown | {"level", "logger", "message"}


def ask_for_a_websocket(address, headers):
    """Shake hands as a browser would that wants to speak on."""
    host = urlsplit(address)
    wanted = {
        "Host": host.netloc, "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", **headers,
    }  # fmt: skip
    with socket.create_connection((host.hostname, host.port), timeout=30) as connection:
        head = "".join(f"{name}: {value}\r\n" for name, value in wanted.items())
        connection.sendall(f"GET /en HTTP/1.1\r\n{head}\r\n".encode())
        assert connection.recv(12).startswith(b"HTTP/1.1 ")
