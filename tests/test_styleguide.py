"""The styleguide shows every component, and what it says of colours is so."""

from __future__ import annotations

import math
import re

import pytest

from search.settings import contrast
from tests.browser.pages import LANGUAGES, PAGES
from tests.conftest import ROOT
from web.styleguide import GERMAN, LONG_TITLE, LONG_WORDS, PAIRS, SIZES

CSS = (ROOT / "web" / "static" / "site.css").read_text(encoding="utf-8")
TEMPLATES = ROOT / "web" / "templates"
COLOURS = {
    name: schemes
    for name, *schemes in re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", CSS.partition("/* 2.")[0])
}
# Macros that pages use and the styleguide need not: pieces of what it shows, and what is no component.
ELSEWHERE = {
    "first_cards": "a list of cards and a button",
    "graticule": "the ground of the first page",
    "links": "in the facts",
    "contact": "a link",
    "error_title": "in the errors",
    "findings": "a notice of `practices preview`",
    "hidden_fields": "nothing to see",
    "help_head": "the head of the pages of help",
    "mark": "in the header",
    "named": "a link",
    "nobody_named": "a notice",
    "on_paper": "on paper only",
    "practice_count": "in the index",
    "shared": "a line under a card",
    "source_mark": "in the figures",
}


def shown(*colours: str) -> float:
    """The contrast of two colours, cut after two digits."""
    one, other = (
        colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:]) for colour in colours
    )
    return math.floor(contrast(one, other) * 100) / 100


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.colour}-{pair.ground}")
def test_the_contrast_of_colours_is_as_shown_and_enough(pair):
    computed = [shown(*colours) for colours in zip(COLOURS[pair.colour], COLOURS[pair.ground], strict=True)]
    assert computed == [pair.light, pair.dark]
    assert min(computed) >= pair.least


def test_every_size_of_type_is_shown():
    declared = re.findall(r"--((?:step|text)-\w+):", CSS.partition("/* 2.")[0])
    assert sorted(declared) == sorted(SIZES)


def test_every_macro_of_a_page_is_in_the_styleguide():
    def imported(name: str) -> set[str]:
        lines = re.findall(r"import ([\w, ]+?)(?: with context)? %}", (TEMPLATES / name).read_text(encoding="utf-8"))
        return {macro for line in lines for macro in line.split(", ")}

    pages = {path.name for path in TEMPLATES.glob("[!_]*.html")} - {"styleguide.html"}
    used = {macro for page in pages for macro in imported(page)}
    assert used - imported("styleguide.html") - ELSEWHERE.keys() == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_styleguide_is_for_no_search_engine_and_linked_from_no_page(real_client, lang):
    assert '<meta name="robots" content="noindex">' in real_client.get(f"/{lang}/styleguide").text
    for name, path in PAGES.items():
        if name != "styleguide":
            text = real_client.get(f"/{lang}{path}".removesuffix("/")).text
            assert not re.search(r'<a [^>]*href="[^"]*/styleguide', text), name


def test_the_styleguide_shows_what_is_long(real_client):
    text = real_client.get("/en/styleguide").text
    assert len(LONG_TITLE) == 120
    assert LONG_TITLE in text
    for lang, word in LONG_WORDS:
        assert re.search(rf'lang="{lang}"[^>]*>\s*<span[^>]*>{word}', text), word
    assert all(word in text for word in GERMAN)
    for status in (404, 410, 422, 500, 503):
        assert f"Error {status}" in text
