"""What a visitor comes to do, with and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from search.query import PAGE_SIZE
from tests.browser.pages import LANGUAGES, PAGES, STATUS, address
from tests.scale import SCALE

NARROW = {"width": 360, "height": 800}
SKILLS, FRANCE, BRITTANY = "Lack of skills", "France", "Brittany"


def results(page: Page) -> list[str]:
    """The titles in the list."""
    return settled(page).locator("main .results__list h3").all_inner_texts()


def settled(page: Page) -> Page:
    """The page, when what a script exchanges in it is there."""
    expect(page.locator("main[aria-busy]")).to_have_count(0)
    return page


def total(page: Page) -> int:
    """The number in the heading."""
    found = re.match(r"(\d+) ", settled(page).get_by_role("heading", level=1).inner_text())
    assert found, page.get_by_role("heading", level=1).inner_text()
    return int(found[1])


def filters(page: Page):
    return page.get_by_role("region", name="Narrow the list")


def choose(page: Page, value: str) -> int:
    """Follow a value of the filters. Returns: the count beside it."""
    link = filters(page).get_by_role("link", name=re.compile(rf"^{value} \d+$"))
    count = int(link.inner_text().split()[-1])
    link.click()
    settled(page)
    return count


def test_from_the_first_page_to_a_practice_and_back(visit, javascript):
    page = visit(java_script_enabled=javascript)
    page.goto("/en")
    page.get_by_label("Search the practices").fill("cybersecurity")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_title(re.compile(r"^\d+ practices for “cybersecurity”"))
    everything = results(page)
    assert len(everything) == min(total(page), PAGE_SIZE) > 5

    expected = choose(page, SKILLS)
    assert total(page) == expected
    assert len(results(page)) == min(expected, PAGE_SIZE)
    filters(page).locator("summary", has_text=f"Regions in {FRANCE}").click()
    expected = choose(page, BRITTANY)
    narrowed = results(page)
    assert total(page) == len(narrowed) == expected
    assert 0 < len(narrowed) < len(everything)

    page.get_by_role("link", name=re.compile(rf"{BRITTANY}.*Remove this filter")).click()
    assert total(page) > len(narrowed)
    page.go_back()
    assert results(page) == narrowed

    before = page.url
    title = page.locator("main .results__list h3 a").first
    wanted = title.inner_text()
    title.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(wanted)
    page.go_back()
    assert page.url == before
    assert results(page) == narrowed


def test_on_a_telephone_filters_open_at_a_touch(visit, javascript):
    page = visit(java_script_enabled=javascript, viewport=NARROW, has_touch=True)
    page.goto("/en/search?q=cybersecurity")
    everything = total(page)
    assert not filters(page).is_visible()
    page.locator("summary", has_text="Filters").tap()
    expected = choose(page, SKILLS)
    assert total(page) == expected < everything
    page.get_by_text("Menu", exact=True).tap()
    page.get_by_role("link", name="Help", exact=True).tap()
    expect(page).to_have_url(re.compile(r"/en/help$"))


def test_years_are_typed_and_the_search_stays(visit, javascript):
    page = visit(java_script_enabled=javascript)
    page.goto("/en/search?q=cyber*&barrier=skills")
    everything = total(page)
    page.get_by_label("From", exact=True).fill("2015")
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile(r"/en/search\?from=2015&to=&q=cyber.*&barrier=skills$"))
    assert 0 < total(page) < everything
    expect(page.get_by_text("left out")).to_be_visible()
    page.get_by_role("link", name="Years of activity from 2015").click()
    assert total(page) == everything
    expect(page.get_by_label("From", exact=True)).to_have_value("")


def test_the_language_changes_and_the_search_stays(visit, javascript):
    page = visit(java_script_enabled=javascript)
    page.goto("/en/search?q=cyber*&barrier=skills&sort=title")
    found = total(page)
    page.get_by_role("navigation", name="Language").locator("summary").click()
    page.get_by_role("link", name="Français").click()
    expect(page).to_have_url(re.compile(r"/fr/search\?q=cyber.*&barrier=skills&sort=title$"))
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.get_by_label("Rechercher une pratique").input_value() == "cyber*"
    assert total(page) == found
    page.locator("main .results__list h3 a").first.click()
    assert page.locator("html").get_attribute("lang") == "fr"
    assert "/fr/practices/" in page.url


def test_a_page_of_results_leads_to_the_next(visit, javascript):
    page = visit(java_script_enabled=javascript)
    page.goto("/en/search?q=neighbours")
    seen = results(page)
    everything = total(page)
    assert everything >= 30 > len(seen)
    page.get_by_role("link", name="Next page").click()
    rest = results(page)
    assert len({*seen, *rest}) == everything
    assert page.locator("[aria-current=page]", has_text="Page 2").count() == 1


def test_the_keyboard_is_enough(visit, javascript):
    page = visit(java_script_enabled=javascript, reduced_motion="reduce")  # scrolled at once, so that it can be seen
    page.goto("/en")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    expect(page.locator(":focus")).to_be_in_viewport()
    page.keyboard.press("Enter")
    press_tab_until(page, "input[name=q]")
    page.keyboard.type("vouchers")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/en/search\?q=vouchers$"))
    press_tab_until(page, "main .results__list h3 a")
    wanted = page.locator(":focus").inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(wanted)


def press_tab_until(page: Page, selector: str) -> None:
    """Go on with the tabulator key to an element; each stop on the way must be seen."""
    for _ in range(150):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        assert focused.evaluate(OUTLINED), f"not seen to have the focus: {focused.evaluate('e => e.outerHTML')}"
        assert focused.evaluate(UNCOVERED), f"hidden while it has the focus: {focused.evaluate('e => e.outerHTML')}"
        if focused.evaluate("(element, selector) => element.matches(selector)", selector):
            return
    pytest.fail(f"no way with the keyboard to {selector}")


# WCAG 2.4.7: what has the focus looks like it; the outline may be that of the row in which it stands.
OUTLINED = """element => [element, element.parentElement].some(
    one => getComputedStyle(one).outlineStyle !== 'none' && parseFloat(getComputedStyle(one).outlineWidth) >= 2
)"""
# WCAG 2.4.11: what has the focus is not hidden behind something else; of what is larger than the window, what is in it.
UNCOVERED = """element => [...element.getClientRects()].some(box => {
    const x = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2;
    const y = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
    const top = document.elementFromPoint(x, y);
    return top !== null && (element.contains(top) || top.contains(element));
})"""


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("lang", LANGUAGES if SCALE >= 1 else LANGUAGES[:2])
def test_pages_keep_to_themselves(visit, name, lang):
    page = visit()  # it notices requests elsewhere, cookies, messages of the console and what the policy refused
    answer = page.goto(address(name, lang), wait_until="networkidle")
    assert answer.status == STATUS.get(name, 200)
    assert "set-cookie" not in answer.headers
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-" not in policy
    assert page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0
    fonts = page.evaluate("[...document.fonts].map(font => font.status)")
    assert "loaded" in fonts
    assert "error" not in fonts
