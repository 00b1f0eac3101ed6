"""The search box suggests while somebody types: an editable combobox, on which nobody depends."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.pages import PAGES
from tests.browser.test_axe import AXE, RUN, TAGS
from tests.browser.test_layout import TARGET, TOO_SMALL, TOO_WIDE

ADDRESS = re.compile(r"/api/v1/suggest\?")


def box(page: Page):
    return page.get_by_role("combobox", name="Search the practices")


def options(page: Page):
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def is_active(page: Page, number: int) -> None:
    """The box says that this option is the active one, and only this one is selected; -1 for none."""
    selected = page.locator("[role=option][aria-selected=true]")
    if number < 0:
        expect(selected).to_have_count(0)
        expect(box(page)).not_to_have_attribute("aria-activedescendant", re.compile(".*"))
        return
    expect(options(page).nth(number)).to_have_attribute("aria-selected", "true")
    expect(selected).to_have_count(1)
    expect(box(page)).to_have_attribute("aria-activedescendant", selected.get_attribute("id"))


def open_list(page: Page, text: str, address: str = "/en") -> int:
    """Type into the box. Returns: how many suggestions there are."""
    page.goto(address)
    box(page).press_sequentially(text)
    expect(options(page).first).to_be_visible()
    return options(page).count()


def test_the_box_says_what_it_is_and_whether_the_list_is_open(page):
    page.goto("/en")
    expect(box(page)).to_have_attribute("aria-autocomplete", "list")
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    count = open_list(page, "cyber")
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    controlled = page.locator(f"#{box(page).get_attribute('aria-controls')}")
    expect(controlled).to_have_role("listbox")
    expect(page.get_by_role("status")).to_have_text(f"{count} suggestions, choose with the arrow keys")
    expect(page.get_by_role("status")).to_have_attribute("aria-live", "polite")
    box(page).fill("zzzzqqqq")
    expect(page.get_by_role("status")).to_have_text("No suggestions")
    expect(box(page)).to_have_attribute("aria-expanded", "false")


def test_the_keyboard_is_enough(page):
    last = open_list(page, "cyber") - 1
    is_active(page, -1)
    page.keyboard.press("ArrowDown")
    is_active(page, 0)
    page.keyboard.press("ArrowDown")
    is_active(page, 1)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    is_active(page, last)
    page.keyboard.press("ArrowDown")
    is_active(page, 0)
    for key, cursor in (("Home", 0), ("End", 5)):
        page.keyboard.press(key)
        is_active(page, -1)
        assert box(page).evaluate("input => input.selectionStart") == cursor
        page.keyboard.press("ArrowDown")
    expect(box(page)).to_have_value("cyber")  # what is selected is not written into the box
    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    expect(box(page)).to_have_value("cyber")
    page.keyboard.press("ArrowUp")
    is_active(page, last)
    page.keyboard.press("Alt+ArrowUp")
    expect(options(page)).to_have_count(0)
    page.keyboard.press("Alt+ArrowDown")
    expect(options(page)).to_have_count(last + 1)
    is_active(page, -1)
    page.keyboard.press("ArrowDown")
    wanted = options(page).first.locator("span").first.inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(wanted)
    assert "/en/practices/" in page.url


def test_tab_leaves_and_closes(page):
    open_list(page, "cyber")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(page.locator("[role=listbox]")).to_be_hidden()
    expect(page.get_by_role("button", name="Search")).to_be_focused()
    expect(page).to_have_url(re.compile("/en$"))


def test_escape_closes_and_then_empties(page):
    open_list(page, "cyber")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(box(page)).to_have_value("")


def test_enter_without_a_choice_searches_what_was_typed(page):
    open_list(page, "cyber")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/en/search\?q=cyber$"))


@pytest.mark.parametrize(
    ("text", "ending"),
    [("Bretagne", "/en/regions/FRH0"), ("skills gap", "/en/barriers/skills"), ("Training", "/en/search?q=Training")],
)
def test_what_is_chosen_leads_to_its_page_and_a_term_is_searched(page, text, ending):
    open_list(page, text)
    options(page).first.click()
    expect(page).to_have_url(re.compile(re.escape(ending) + "$"))


def test_a_term_is_searched_with_the_filters_that_are_in_force(page):
    open_list(page, "training", "/en/search?barrier=skills")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/en/search\?q=Training&barrier=skills$"))


def test_suggestions_are_in_the_language_of_the_page(page):
    page.goto("/fr")
    french = page.get_by_role("combobox", name="Rechercher une pratique")
    french.press_sequentially("pénurie de comp")
    option = page.get_by_role("option").first
    expect(option).to_have_text(re.compile(r"^Pénurie de compétences\s*Obstacle$"))
    option.click()
    expect(page).to_have_url(re.compile("/fr/barriers/skills$"))


def test_who_types_fast_is_answered_once(page):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if ADDRESS.search(request.url) else None)
    open_list(page, "cyber")
    assert len(asked) == 1
    assert asked[0].endswith("q=cyber")


def test_nothing_is_asked_while_letters_are_composed(page):
    page.goto("/en")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if ADDRESS.search(request.url) else None)
    box(page).focus()
    devtools = page.context.new_cdp_session(page)
    devtools.send("Input.imeSetComposition", {"text": "cyb", "selectionStart": 3, "selectionEnd": 3})
    page.wait_for_timeout(400)
    assert asked == []
    devtools.send("Input.insertText", {"text": "cyber"})
    expect(options(page).first).to_be_visible()


def refuse(route: Route) -> None:
    route.abort()


def answer_nonsense(route: Route) -> None:
    route.fulfill(body="<html>", content_type="text/html")


@pytest.mark.parametrize("fail", [refuse, answer_nonsense])
def test_where_suggestions_fail_the_search_works_as_ever(page, fail):
    page.route(ADDRESS, fail)
    page.goto("/en")
    with page.expect_event("requestfailed" if fail is refuse else "requestfinished"):
        box(page).press_sequentially("cyber")
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(200)
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/en/search\?q=cyber$"))


def test_without_scripts_it_is_a_search_box(visit):
    page = visit(java_script_enabled=False)
    page.goto("/en")
    page.get_by_role("searchbox", name="Search the practices").press_sequentially("cyber")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/en/search\?q=cyber$"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1440])
@pytest.mark.parametrize("name", ["home", "results"])
def test_the_open_list_is_accessible_and_fits(visit, name, width, scheme):
    page = visit(color_scheme=scheme, viewport={"width": width, "height": 800})
    page.goto(f"/en{PAGES[name]}".removesuffix("/"))
    box(page).fill("")
    box(page).press_sequentially("cyber")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(RUN, TAGS)
    assert found == [], "\n".join(found)
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate(TOO_SMALL, TARGET) == []
    for option in options(page).all():
        assert option.bounding_box()["height"] >= TARGET
    covering = "option => option.contains(document.elementFromPoint(...middle(option)))"
    middle = (
        "const middle = element => (b => [b.x + b.width / 2, b.y + b.height / 2])(element.getBoundingClientRect());"
    )
    assert options(page).nth(1).evaluate(f"option => {{ {middle} return ({covering})(option); }}")


def test_a_list_that_is_left_open_is_closed_when_the_page_comes_back(page):
    open_list(page, "cyber")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/practices/*")
    page.go_back()
    expect(page.locator("[role=listbox]")).to_be_hidden()
