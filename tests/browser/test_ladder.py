"""The text of a file is copied by a button where scripts run, and by hand where they do not."""

from __future__ import annotations

from playwright.sync_api import expect


def test_the_whole_text_is_copied(visit):
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/en/styleguide")
    page.get_by_role("button", name="Copy the text").first.click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    text = page.locator("#ladder-1-text").input_value()
    assert text.startswith("---\ntitle")
    assert page.evaluate("navigator.clipboard.readText()") == text


def test_without_scripts_the_text_can_be_reached_and_selected(visit):
    page = visit(java_script_enabled=False)
    page.goto("/en/styleguide")
    expect(page.get_by_role("button", name="Copy the text")).to_have_count(0)
    page.locator("#ladder-1-text").press("Control+a")
    assert page.locator("#ladder-1-text").get_attribute("readonly") is not None
