"""Practices are selected in several searches and come together, by the keyboard alone, with and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_flows import UNCOVERED, press_tab_until
from tests.browser.test_layout import TOO_WIDE

CHOSEN = "/en/search?q=cybersecurity&selected=brittany-cyberbreakfast&selected=made-000"
BAR = "aside.selection"


def select_next(page: Page) -> str:
    """Go on to the next control that selects, and use it. Returns: the id of the practice."""
    press_tab_until(page, ".choice:not(.choice--chosen)")
    anchor = page.locator(":focus").get_attribute("href").partition("#")[2]
    page.keyboard.press("Enter")
    page.wait_for_url(f"**#{anchor}")
    expect(page.locator(f"#{anchor} .choice--chosen")).to_be_in_viewport()
    return anchor.removeprefix("card-")


def test_the_keyboard_is_enough_from_a_search_to_a_selection(visit, javascript):
    page = visit(java_script_enabled=javascript, reduced_motion="reduce")
    page.goto("/en")
    press_tab_until(page, "input[name=q]")
    page.keyboard.type("cybersecurity")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=cybersecurity")
    first = select_next(page)
    expect(page.locator(BAR)).to_contain_text("1 practice selected")
    # From the place where one was, not from the beginning of the page.
    second = select_next(page)
    assert page.locator(".choice").evaluate_all("all => all.map(one => one.closest('article').id)").index(
        f"card-{second}"
    ) == 1  # fmt: skip
    expect(page.locator(BAR)).to_contain_text("2 practices selected")

    page.goto(page.url.partition("#")[0])
    press_tab_until(page, ".facet__value[href]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?*barrier=*")
    expect(page.locator(BAR)).to_contain_text("2 practices selected")

    press_tab_until(page, "#results .cards__item:nth-child(4) .card__title a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/practices/*")
    third = select_next(page)
    expect(page.locator(BAR)).to_contain_text("3 practices selected")

    page.goto(page.url.partition("#")[0])
    press_tab_until(page, ".skip-link[href='#selection']")
    page.keyboard.press("Enter")
    press_tab_until(page, ".selection__link")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Selected practices")
    expect(page.locator("main article")).to_have_count(3)
    assert ids(page) == [first, second, third]

    press_tab_until(page, f"#card-{first} + .selected__actions li:first-child a")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**#card-{first}")
    assert ids(page) == [second, first, third]
    press_tab_until(page, f"#card-{first} + .selected__actions li:last-child a")
    page.keyboard.press("Enter")
    page.wait_for_url("**#selected")
    assert ids(page) == [second, third]


def ids(page: Page) -> list[str]:
    """The practices on the page of the selection, in their order."""
    found = page.locator("main article").evaluate_all("all => all.map(one => one.id)")
    return [one.removeprefix("card-") for one in found]


@pytest.mark.parametrize("viewport", [{"width": 1440, "height": 900}, {"width": 360, "height": 640}])
def test_the_bar_stays_in_sight_and_never_covers_what_has_the_focus(visit, viewport):
    page = visit(viewport=viewport, reduced_motion="reduce")
    page.goto(CHOSEN)
    bar = page.locator(BAR)
    expect(bar).to_be_in_viewport(ratio=0.99)
    assert bar.bounding_box()["height"] < viewport["height"] / 5
    links = page.locator("main a:visible")
    links.first.focus()
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        assert focused.evaluate(UNCOVERED), focused.evaluate("e => e.outerHTML")
        if focused.evaluate("element => !element.closest('aside.selection')"):
            box, edge = focused.bounding_box(), bar.bounding_box()
            assert box["y"] + box["height"] <= edge["y"] + 1, focused.evaluate("e => e.outerHTML")


def test_at_four_hundred_per_cent_the_bar_leaves_the_window_to_the_page(visit):
    page = visit(viewport={"width": 320, "height": 256})
    page.goto(CHOSEN)
    assert page.locator(BAR).evaluate("bar => getComputedStyle(bar).position") == "relative"
    expect(page.locator(BAR)).not_to_be_in_viewport()
    assert page.evaluate(TOO_WIDE) == []


def test_paper_has_the_practices_and_no_controls(visit):
    page = visit()
    page.goto("/en/selection?selected=brittany-cyberbreakfast&selected=made-000")
    page.emulate_media(media="print")
    expect(page.get_by_text("http").first).to_be_visible()
    for unseen in (".selected__actions", "#keep-address", ".site-header__search"):
        expect(page.locator(unseen).first).to_be_hidden()
    page.goto(CHOSEN)
    for unseen in (BAR, ".choice"):
        expect(page.locator(unseen).first).to_be_hidden()


def test_a_suggestion_that_is_taken_carries_the_selection(page):
    page.goto("/en/about?selected=made-000")
    page.get_by_label("Search the practices").press_sequentially("cyberbreakf")
    expect(page.locator("[role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/en/practices/brittany-cyberbreakfast\?selected=made-000$"))
    expect(page.locator(BAR)).to_contain_text("1 practice selected")


def test_what_was_moved_keeps_the_focus_and_its_place_is_said(visit):
    page = visit(reduced_motion="reduce")
    page.goto("/en/selection?selected=brittany-cyberbreakfast&selected=made-000&selected=slovenia-cyber-skills-hub")
    page.locator("#card-brittany-cyberbreakfast + .selected__actions").get_by_role("link", name="Move down").focus()
    for place in ("2/3", "3/3"):
        page.keyboard.press("Enter")
        expect(page.locator("[aria-live=polite]:not([role])")).to_have_text(re.compile(f"Cyberbreakfast.*: {place}$"))
        focused = page.locator(":focus").evaluate("one => one.closest('li.cards__item').querySelector('article').id")
        assert focused == "card-brittany-cyberbreakfast"
    page.locator("#card-made-000 + .selected__actions").get_by_role("link", name="Take out").click()
    expect(page.locator("[aria-live=polite]:not([role])")).to_have_text(re.compile("^2 practices are selected"))


def test_the_address_of_a_selection_is_copied_and_the_page_printed_where_scripts_run(visit):
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    page.goto(address := "/en/selection?selected=brittany-cyberbreakfast")
    page.get_by_role("button", name="Copy the address").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").endswith(address)
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed")


def test_without_scripts_no_button_is_there_that_would_do_nothing(visit):
    page = visit(java_script_enabled=False)
    page.goto("/en/selection?selected=brittany-cyberbreakfast")
    expect(page.locator("main button:visible")).to_have_count(0)
