"""Every type of page, by a name and an address without language; the tests of all pages go through them."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.catalogs import languages
from web.i18n import SOURCE_LANGUAGE

LANGUAGES = (SOURCE_LANGUAGE, *languages())  # all that the interface can speak

PAGES = {
    "home": "/",
    "results": "/search?q=cybersecurity",
    "several-pages": "/search?q=neighbours&page=2",
    "filters": "/search?q=skills&barrier=skills&barrier=coordination&region=FRH&status=running&from=2000",
    "no-results": "/search?q=zzzzqqqq&barrier=skills&region=AT",
    "misspelt": "/search?q=cybersecurty",
    "past-the-end": "/search?q=cybersecurity&page=99",
    "practice": "/practices/brittany-cyberbreakfast",
    "practice-with-figures": "/practices/slovenia-cybersecurity-voucher",
    "practice-translated": "/practices/made-000",
    "barrier": "/barriers/skills",
    "region": "/regions/FRH0",
    "country": "/regions/FR",
    "region-without": "/regions/CY",
    "results-with-a-selection": "/search?q=cybersecurity&selected=brittany-cyberbreakfast&selected=made-000",
    "practice-selected": "/practices/brittany-cyberbreakfast?selected=brittany-cyberbreakfast",
    "selection": "/selection?selected=brittany-cyberbreakfast&selected=made-000&selected=nope&selected=made-001",
    "selection-empty": "/selection",
    "submit": "/submit?region=Bretagne&barrier=skills",
    "submit-edit": "/submit?edit=brittany-cyberbreakfast",
    "submit-translation": "/submit?translate=brittany-cyberbreakfast&to=fr",
    "submit-languages": "/submit?translate=brittany-cyberbreakfast",
    "submit-confirm": "/submit?confirm=brittany-cyberbreakfast",
    "about": "/about",
    "help": "/help",
    "help-evidence": "/help/evidence",
    "help-contributing": "/help/contributing",
    "help-rules": "/help/rules",
    "accessibility": "/accessibility",
    "privacy": "/privacy",
    "imprint": "/imprint",
    "styleguide": "/styleguide",
    "not-found": "/practices/nope",
    "not-understood": "/search?barrier=finanse",
}
# The same over the practices of this repository alone.
REAL_PAGES = {
    **PAGES,
    "several-pages": "/search?page=2",
    "practice-translated": "/practices/wallonia-cyberwal",
    "results-with-a-selection": "/search?q=cybersecurity&selected=brittany-cyberbreakfast&selected=wallonia-cyberwal",
    "selection": "/selection?selected=brittany-cyberbreakfast&selected=slovenia-cybersecurity-voucher&selected=nope"
    "&selected=wallonia-cyberwal",
}
# A practice of this repository is translated into the language of its region alone, so each language has its own.
TRANSLATED = {
    "de": "bavaria-digitalbonus",
    "es": "basque-industrial-cybersecurity-grants",
    "et": "estonia-open-cyber-range",
    "it": "tuscany-c3t-competence-centre",
    "sk": "slovakia-it-academy",
    "sl": "slovenia-cyber-skills-hub",
}
STATUS = {"not-found": 404, "not-understood": 422}


def open_page(page: Page, name: str, lang: str = "en") -> None:
    """Go to a page, and open whatever can be opened on it."""
    answer = page.goto(address(name, lang))
    assert answer is not None
    assert answer.status == STATUS.get(name, 200)
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")


def address(name: str, lang: str = "en") -> str:
    """The address of a page in a language."""
    return f"/{lang}{PAGES[name]}".removesuffix("/")


def real_address(name: str, lang: str = "en") -> str:
    """The address of a page over the practices of this repository, in a language."""
    path = REAL_PAGES[name]
    if name == "practice-translated" and lang in TRANSLATED:
        path = f"/practices/{TRANSLATED[lang]}"
    return f"/{lang}{path}".removesuffix("/")
