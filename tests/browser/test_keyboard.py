"""With the keyboard alone: every stop is seen, and what opens and closes keeps its order."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import PAGES, address
from tests.browser.test_flows import OUTLINED, UNCOVERED
from tests.scale import SCALE, sampled

MOST = 1_000  # stops on a page
# Where the focus is: "" where it is on nothing, else what is wrong with it and its element.
STOP = f"""() => {{
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const wrong = [];
    if (!({OUTLINED})(element)) wrong.push('not seen to have the focus');
    if (!({UNCOVERED})(element)) wrong.push('hidden while it has the focus');
    return wrong.map(one => `${{one}}: ${{element.outerHTML.slice(0, 200)}}`);
}}"""
WALKED = list(PAGES) if SCALE >= 1 else sorted({"filters", *sampled(list(PAGES))})
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 640}


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", WALKED)
def test_every_stop_is_seen(visit, name, viewport):
    page = visit(viewport=viewport, reduced_motion="reduce")
    page.goto(address(name))
    stops = 0
    while stops < MOST:
        page.keyboard.press("Tab")
        wrong = page.evaluate(STOP)
        if wrong is None:
            break
        assert wrong == []
        stops += 1
    assert 5 < stops < MOST


def focused(page: Page, text: str) -> None:
    expect(page.locator(":focus")).to_have_text(text)


def focus(page: Page, selector: str) -> None:
    page.locator(selector).first.focus()


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_menu_opens_at_a_key_and_what_it_holds_comes_next(visit, javascript, key):
    page = visit(viewport=NARROW, java_script_enabled=javascript)
    page.goto("/en")
    focus(page, ".menu__toggle")
    page.keyboard.press("Tab")
    assert page.locator(":focus").evaluate("one => one.closest('.menu') === null")  # a closed menu is passed by
    page.keyboard.press("Shift+Tab")
    page.keyboard.press(key)
    page.keyboard.press("Tab")
    focused(page, "Practices")
    page.keyboard.press("Shift+Tab")
    focused(page, "Menu")
    page.keyboard.press(key)
    expect(page.get_by_role("link", name="Practices", exact=True)).to_be_hidden()


def test_the_filters_open_at_a_key_and_come_before_the_list(visit, javascript):
    page = visit(viewport=NARROW, java_script_enabled=javascript)
    page.goto(address("filters"))
    focus(page, ".filters__toggle")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator(":focus").evaluate("one => one.closest('.facet') !== null")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator(":focus").evaluate("one => one.closest('.results__list') !== null")


def test_more_values_and_regions_inside_open_at_a_key(visit, javascript):
    page = visit(java_script_enabled=javascript)
    page.goto("/en/search")
    for toggle, inside in ((".facet__toggle", ".facet__more"), (".tree__toggle", ".tree__inside")):
        focus(page, toggle)
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        # A folder inside the folder may come first: either way it is what was opened.
        assert page.locator(":focus").evaluate(f"one => one.closest('{inside}') !== null"), inside


@pytest.mark.parametrize("opens", [".menu__toggle", ".filters__toggle"])
def test_escape_leaves_nobody_without_a_place(visit, opens):
    page = visit(viewport=NARROW)
    page.goto(address("filters"))
    focus(page, opens)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    before = page.url
    page.keyboard.press("Escape")
    assert page.url == before
    assert page.evaluate(STOP) == []
