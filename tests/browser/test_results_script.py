"""A list of results changes in place: what is used of it keeps its focus, and nothing else is touched."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_axe import AXE, RUN, TAGS
from tests.browser.test_flows import NARROW, SKILLS, choose, filters, results, settled, total
from tests.browser.test_suggestions import box, options

WORDS = "/en/search?q=cybersecurity"
SEVERAL_PAGES = "/en/search?q=neighbours"
SELECTED = re.compile(r"/en/search\?q=cybersecurity&barrier=skills$")


def open_marked(page: Page, address: str) -> None:
    """Go to a page and mark its window: see stayed()."""
    page.goto(address)
    page.evaluate("window.isMarked = true")


def stayed(page: Page) -> bool:
    """Whether the window is still the one that was marked: no page was loaded since."""
    return bool(settled(page).evaluate("window.isMarked === true"))


def value(page: Page, name: str):
    return filters(page).get_by_role("link", name=re.compile(rf"^{name} \d+$"))


def announced(page: Page):
    return page.locator("body > [aria-live=polite]")


def canonical(page: Page) -> str:
    return page.locator("head link[rel=canonical]").get_attribute("href")


def scroll_to(page: Page, selector: str) -> float:
    """Bring an element into view. Returns: how far down the page is."""
    page.locator(selector).scroll_into_view_if_needed()
    page.wait_for_timeout(300)  # until the place is kept
    return page.evaluate("scrollY")


def test_a_filter_changes_the_list_and_all_that_depends_on_it(page):
    open_marked(page, WORDS)
    everything, address = total(page), canonical(page)
    expect(page.locator("meta[name=robots]")).to_have_count(1)
    expected = choose(page, SKILLS)
    assert stayed(page)
    assert total(page) == expected < everything
    expect(page).to_have_url(SELECTED)
    expect(page).to_have_title(re.compile(rf"^{expected} practices for “cybersecurity” – "))
    assert canonical(page) == page.url != address
    expect(page.locator("head title, head link[rel=canonical], head meta[name=robots]")).to_have_count(3)
    assert (
        page.locator("header a[hreflang=fr]")
        .get_attribute("href")
        .endswith("/fr/search?q=cybersecurity&barrier=skills")
    )
    assert page.locator("header input[name=barrier]").input_value() == "skills"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (WORDS, "Title"),
        (WORDS, "Only what can be read in English"),
        (WORDS + "&barrier=skills&barrier=trust", "Remove all filters"),
        (WORDS + "&barrier=skills", "Remove this filter"),
        (SEVERAL_PAGES, "Next page"),
        ("/en/search?q=training", "Only my own words"),
        ("/en/search?q=cybersecurity&region=MT&status=planned", "Without the filter"),
    ],
)
def test_every_control_of_the_list_changes_it_in_place(page, address, name):
    open_marked(page, address)
    link = page.locator("main").get_by_role("link", name=name).first
    wanted = link.get_attribute("href")
    link.click()
    assert stayed(page)
    assert page.url.endswith(wanted)


def test_years_change_the_list_in_place(page):
    open_marked(page, WORDS)
    everything = total(page)
    page.get_by_label("From", exact=True).fill("2015")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/en/search\?from=2015&to=&q=cybersecurity$"))
    assert stayed(page)
    assert total(page) < everything
    expect(page.get_by_label("From", exact=True)).to_be_focused()
    expect(page.get_by_label("From", exact=True)).to_have_value("2015")


def test_back_and_forward_show_what_was_there_and_where(page):
    open_marked(page, SEVERAL_PAGES)
    first = results(page)
    down = scroll_to(page, ".pagination")
    assert down > 500
    page.get_by_role("link", name="Next page").click()
    second = results(page)
    expect(page.locator("#results")).to_be_focused()
    expect(page.locator("#results h2").first).to_be_in_viewport()
    assert first != second
    page.go_back()
    expect(page).to_have_url(re.compile(r"q=neighbours$"))
    assert results(page) == first
    assert page.evaluate("scrollY") == pytest.approx(down, abs=2)
    page.go_forward()
    expect(page).to_have_url(re.compile(r"page=2$"))
    assert results(page) == second
    expect(page.locator("#results h2").first).to_be_in_viewport()
    assert stayed(page)


def test_another_page_and_back_leads_to_where_the_list_was(page):
    page.goto(SEVERAL_PAGES)
    page.get_by_role("link", name="Next page").click()
    narrowed = results(page)
    down = scroll_to(page, ".pagination")
    page.locator("main .results__list h3 a").last.click()
    expect(page).to_have_url(re.compile("/en/practices/"))
    page.go_back()
    assert results(page) == narrowed
    assert page.evaluate("scrollY") == pytest.approx(down, abs=300)
    page.go_back()
    expect(page).to_have_url(re.compile(r"q=neighbours$"))
    assert results(page) != narrowed


def test_a_reload_shows_the_same_list_at_the_same_place(page):
    page.goto(SEVERAL_PAGES)
    page.get_by_role("link", name="Next page").click()
    narrowed = results(page)
    down = scroll_to(page, ".pagination")
    page.reload()
    assert results(page) == narrowed
    assert page.evaluate("scrollY") == pytest.approx(down, abs=2)


@pytest.mark.parametrize("scroll", [False, True])
def test_focus_and_place_stay_at_the_value(page, scroll):
    open_marked(page, WORDS)
    link = value(page, SKILLS)
    link.focus()
    if scroll:
        link.evaluate("link => scrollTo({top: link.getBoundingClientRect().top - 200, behavior: 'instant'})")
    top = link.bounding_box()["y"]
    for is_selected in (True, False):
        page.keyboard.press("Enter")
        assert stayed(page)
        expect(link).to_be_focused()
        assert (link.get_attribute("aria-current") == "true") is is_selected
        if scroll:
            assert link.bounding_box()["y"] == pytest.approx(top, abs=2)


def test_focus_stays_on_the_order_that_was_chosen(page):
    open_marked(page, WORDS)
    for name in ("Title", "Newest", "Relevance"):
        link = page.locator(".sorts__link", has_text=name)
        link.focus()
        page.keyboard.press("Enter")
        assert stayed(page)
        expect(link).to_be_focused()
        expect(link).to_have_attribute("aria-current", "true")


def test_the_focus_of_a_filter_that_was_removed_goes_to_the_next(page):
    open_marked(page, WORDS + "&barrier=skills&barrier=awareness")
    page.locator(".chip").first.click()
    assert stayed(page)
    expect(page.locator(".chip")).to_have_count(1)
    expect(page.locator(".chip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_count(0)
    expect(page.locator("main")).to_be_focused()


def test_what_was_opened_or_closed_stays_so(visit):
    page = visit(viewport=NARROW, has_touch=True)
    open_marked(page, WORDS)
    page.locator("summary", has_text="Filters").tap()
    page.locator("summary", has_text="Regions in France").tap()
    value(page, SKILLS).tap()
    assert stayed(page)
    expect(value(page, "Brittany")).to_be_visible()
    value(page, "Brittany").tap()
    expect(page.locator(".chip")).to_have_count(2)
    page.locator("summary", has_text="Regions in France").tap()
    value(page, SKILLS).tap()
    expect(page.locator(".chip")).to_have_count(1)
    expect(value(page, SKILLS)).to_be_visible()
    expect(value(page, "Brittany")).to_be_hidden()


def test_the_change_is_announced_once(page):
    open_marked(page, WORDS)
    page.evaluate(
        """() => {
            window.said = [];
            const live = document.querySelector('body > [aria-live]');
            const hear = () => live.textContent && said.push(live.textContent);
            new MutationObserver(hear).observe(live, {childList: true});
        }"""
    )
    expected = choose(page, SKILLS)
    expect(announced(page)).to_have_text(f"{expected} practices for “cybersecurity”")
    page.locator(".sorts__link", has_text="Title").click()
    assert stayed(page)
    assert page.evaluate("said") == [f"{expected} practices for “cybersecurity”"] * 2


def test_what_says_so_is_announced_in_place_of_the_heading(page):
    def with_news(route: Route) -> None:
        answer = route.fetch()
        body = answer.text().replace("</main>", '<p data-announce="barrier">One barrier</p></main>')
        route.fulfill(response=answer, body=body)

    open_marked(page, WORDS)
    page.route(SELECTED, with_news)
    value(page, SKILLS).click()
    expect(announced(page)).to_have_text("One barrier")


def refuse(route: Route) -> None:
    route.abort()


def fail(route: Route) -> None:
    route.fulfill(status=503, body="busy", content_type="text/plain")


def answer_nonsense(route: Route) -> None:
    route.fulfill(body="{}", content_type="application/json")


def answer_another_site(route: Route) -> None:
    route.fulfill(body="<main>Welcome to this network</main>", content_type="text/html")


def answer_newer(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("site.css?v=", "site.css?v=1"))


@pytest.mark.parametrize("answer", [refuse, answer_nonsense, answer_another_site, answer_newer])
def test_where_it_fails_the_whole_page_loads(page, answer):
    open_marked(page, WORDS)
    page.route(SELECTED, answer, times=1)
    value(page, SKILLS).click()
    page.wait_for_url(SELECTED)
    expect(page.locator(".chip")).to_have_count(1)
    assert not stayed(page)
    page.go_back()
    expect(page.locator(".chip")).to_have_count(0)


def test_where_the_way_back_fails_the_whole_page_loads(page):
    open_marked(page, WORDS)
    everything = results(page)
    choose(page, SKILLS)
    page.route(re.compile(r"q=cybersecurity$"), refuse, times=1)
    with page.expect_event("load"):
        page.go_back()
    assert not stayed(page)
    assert results(page) == everything


def test_the_last_of_quick_clicks_counts(page):
    open_marked(page, WORDS)
    before = page.evaluate("history.length")
    wanted = page.evaluate(
        """() => {
            const [first, second] = document.querySelectorAll('.sorts__link:not([aria-current])');
            first.click();
            second.click();
            return second.getAttribute('href');
        }"""
    )
    assert stayed(page)
    assert page.url.endswith(wanted)
    assert page.evaluate("history.length") == before + 1
    expect(page.locator(".sorts__link[aria-current]")).to_have_attribute("href", wanted)


def test_while_it_waits_the_list_is_busy_and_another_page_can_be_gone_to(page):
    open_marked(page, WORDS)
    page.route(SELECTED, lambda _: None)  # is never answered
    value(page, SKILLS).click()
    expect(page.locator("main")).to_have_attribute("aria-busy", "true")
    page.locator("main .results__list h3 a").first.click()
    expect(page).to_have_url(re.compile("/en/practices/"))
    page.go_back()
    expect(page.locator("main[aria-busy]")).to_have_count(0)
    assert page.url.endswith(WORDS)


@pytest.mark.parametrize("modifier", ["Control", "Shift"])
def test_a_new_window_is_opened_as_ever(page, modifier):
    open_marked(page, WORDS)
    with page.context.expect_page() as opened:
        value(page, SKILLS).click(modifiers=[modifier])
    expect(opened.value).to_have_url(SELECTED)
    expect(page.locator("main[aria-busy]")).to_have_count(0)
    assert page.url.endswith(WORDS)


def test_what_is_typed_stays_and_is_suggested_for_after_an_exchange(page):
    open_marked(page, WORDS)
    box(page).fill("")
    box(page).press_sequentially("cyb")
    expect(options(page).first).to_be_visible()
    value(page, SKILLS).click()
    assert stayed(page)
    expect(box(page)).to_have_value("cyb")
    box(page).press("End")
    box(page).press_sequentially("er")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"q=cyber&barrier=skills$"))


def test_a_search_that_changes_is_in_the_box(page):
    open_marked(page, "/en/search?q=cybersecurty+training")
    page.locator(".results__suggestion a").first.click()
    assert stayed(page)
    expect(box(page)).to_have_value("cybersecurity training")


def test_a_link_of_any_page_to_itself_changes_it_in_place(page):
    open_marked(page, "/en")
    page.evaluate(
        """() => {
            const link = document.createElement('a');
            link.href = '/en?selected=made-000';
            link.textContent = 'Select';
            document.querySelector('main').append(link);
        }"""
    )
    page.get_by_role("link", name="Select", exact=True).click()
    expect(page).to_have_url(re.compile(r"/en\?selected=made-000$"))
    assert stayed(page)
    box(page).press_sequentially("cyber")  # stands in what was exchanged
    expect(options(page).first).to_be_visible()


@pytest.mark.parametrize("size", [(1440, 900), (360, 800)])
def test_the_page_is_accessible_after_an_exchange(visit, size):
    page = visit(viewport={"width": size[0], "height": size[1]})
    open_marked(page, WORDS)
    page.evaluate("document.querySelectorAll('main details').forEach(details => { details.open = true })")
    value(page, SKILLS).click()
    assert stayed(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(RUN, TAGS)
    assert found == [], "\n".join(found)
