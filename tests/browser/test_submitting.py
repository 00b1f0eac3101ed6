"""From the empty form to the finished file, with and without scripts, and with the keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from search.library import parse
from tests.browser.test_axe import AXE, RUN, TAGS
from tests.browser.test_layout import TARGET, TOO_SMALL, TOO_WIDE, WIDTHS
from tests.hostile_submissions import GOOD

SCHEMES = ("light", "dark")


def fill(page: Page, values: dict[str, str]) -> None:
    for name, value in values.items():
        control = page.locator(f'[name="{name}"]').first
        if name == "barriers" or name == "status":
            page.locator(f'[name="{name}"][value="{value}"]').check()
        elif control.evaluate("one => one.localName") == "select":
            control.select_option(value)
        else:
            control.fill(value)


def press(page: Page, action: str) -> None:
    page.locator(f'button[name="action"][value="{action}"]:visible').last.click()


def with_errors(page: Page) -> None:
    page.goto("/en/submit")
    fill(page, {**GOOD, "title": "x", "sources.1.url": "example.org"})
    press(page, "add-results")
    press(page, "check")


def with_preview(page: Page) -> None:
    page.goto("/en/submit")
    fill(page, GOOD)
    press(page, "preview")


ANSWERS = {"errors": with_errors, "preview": with_preview}


def test_from_the_empty_form_to_the_file(visit, javascript, tmp_path, vocabulary):
    page = visit(java_script_enabled=javascript)
    page.goto("/en")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Share a practice").click()
    fill(page, {"title": "x", "section.problem": GOOD["section.problem"]})
    press(page, "preview")
    summary = page.locator("#report")
    expect(summary).to_contain_text("still to be mended")
    expect(page.locator("#f-section-problem")).to_have_value(GOOD["section.problem"])

    fill(page, GOOD)
    press(page, "add-results")
    fill(page, {"results.1.indicator": "Things mended", "results.1.value": "40", "results.1.source": "1"})
    press(page, "check")
    expect(page.locator("#report")).to_contain_text("Nothing is left to mend")
    press(page, "preview")
    expect(page.get_by_role("heading", level=1)).to_have_text(GOOD["title"])
    expect(page.locator(".practice__marks")).to_contain_text("Measured")

    press(page, "back")
    expect(page.locator("#f-title")).to_have_value(GOOD["title"])
    press(page, "preview")
    with page.expect_download() as downloading:
        press(page, "download")
    download = downloading.value
    download.save_as(tmp_path / download.suggested_filename)
    data = Path(tmp_path / download.suggested_filename).read_bytes()
    document, problems = parse(data, download.suggested_filename, vocabulary)
    assert problems == []
    assert document.content.evaluation is None
    assert str(document.content.results[0].value) == "40"


def test_the_focus_goes_to_the_mistakes_and_from_there_to_their_fields(visit, javascript):
    page = visit(java_script_enabled=javascript)
    page.goto("/en/submit")
    page.locator("#f-title").fill("x")
    page.locator("#f-place").focus()
    page.keyboard.press("Enter")  # sends the form to be checked
    expect(page.locator("#report")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_contain_text("Title")
    page.keyboard.press("Enter")
    expect(page.locator("#f-title")).to_be_focused()
    assert page.locator("#f-title").get_attribute("aria-invalid") == "true"


def test_a_new_row_is_where_the_focus_goes(visit, javascript):
    page = visit(java_script_enabled=javascript)
    page.goto("/en/submit")
    page.locator('button[value="add-sources"]').click()
    page.locator("#f-sources-1-title").fill("One")
    page.locator('button[value="add-sources"]').click()
    expect(page.locator("#f-sources-new")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#f-sources-2-title")).to_be_focused()


def test_still_true_takes_two_clicks(visit, javascript):
    page = visit(java_script_enabled=javascript)
    page.goto("/en/practices/brittany-cyberbreakfast")
    page.get_by_role("link", name="It is still true").click()
    page.get_by_role("button", name="Yes, it is still true").click()
    expect(page.locator(".practice__head")).to_contain_text("Confirmed:")
    expect(page.get_by_role("button", name="Download the file").first).to_be_visible()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", ANSWERS)
def test_axe_finds_nothing_on_answers(visit, name, scheme):
    page = visit(color_scheme=scheme)
    ANSWERS[name](page)
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(RUN, TAGS)
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_fit_every_window(visit, name):
    page = visit(viewport={"width": 1440, "height": 800})
    ANSWERS[name](page)
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(TOO_WIDE) == [], f"at {width} pixels"
        assert page.evaluate(TOO_SMALL, TARGET) == [], f"at {width} pixels"
