"""Nothing is wider than the window, and everything can be hit with a finger."""

from __future__ import annotations

import re

import pytest

from tests.browser.pages import PAGES, open_page
from web.pages import router

WIDTHS = (320, 360, 768, 1440)  # pixels
TARGET = 24  # pixels; WCAG 2.5.8

# What sticks out of the window and is not inside something that scrolls by itself.
TOO_WIDE = """() => {
    const width = document.documentElement.clientWidth;
    if (document.scrollingElement.scrollWidth <= width) return [];
    return [...document.body.querySelectorAll('*')]
        .filter(element => element.getBoundingClientRect().right > width + 1)
        .map(element => element.outerHTML.slice(0, 120))
        .concat(`the page is ${document.scrollingElement.scrollWidth} pixels wide`);
}"""

# Targets that are smaller, and less than that away from the next. A link in a line of text may be as high as the line.
TOO_SMALL = """target => {
    const isSeen = element => element.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true})
        && element.getBoundingClientRect().width > 1 && !element.matches('.skip-link');
    const isInText = element => {
        const block = element.closest('p, li, dd, td, h1, h2, h3');
        if (block === null || !getComputedStyle(element).display.startsWith('inline')) return false;
        const rest = block.cloneNode(true);
        rest.querySelectorAll('a, button, summary, .visually-hidden, [aria-hidden=true]').forEach(one => one.remove());
        return /[\\p{L}\\p{N},]/u.test(rest.textContent);
    };
    const kinds = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
    const targets = [...document.querySelectorAll(kinds)].filter(isSeen)
        .map(element => ({element, box: element.getBoundingClientRect()}))
        .map(one => ({...one, isSmall: one.box.width < target - 0.1 || one.box.height < target - 0.1}));
    const middle = ({box}) => [box.x + box.width / 2, box.y + box.height / 2];
    const distance = ([x, y], {box}) => Math.hypot(
        Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
    const isCrowded = one => targets.some(other => other !== one && !other.element.contains(one.element)
        && (distance(middle(one), other) < target / 2 || other.isSmall
            && Math.hypot(middle(one)[0] - middle(other)[0], middle(one)[1] - middle(other)[1]) < target));
    return targets.filter(one => one.isSmall && !isInText(one.element) && isCrowded(one))
        .map(({element, box}) => `${box.width.toFixed(1)} × ${box.height.toFixed(1)}: ${element.outerHTML}`);
}"""


def test_every_route_of_a_page_is_among_the_pages(site):
    paths = [address.partition("?")[0] for address in PAGES.values()]
    for route in router.routes:
        pattern = re.sub(r"\{\w+(:path)?\}", "[^/]+", route.path)
        if not any(re.fullmatch(pattern, path) for path in paths):
            # What only leads elsewhere looks like nothing.
            assert site.get(f"/en{route.path}").is_redirect, f"{route.path} is missing in tests/browser/pages.py"


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_the_window(visit, name):
    page = visit(viewport={"width": WIDTHS[0], "height": 800})
    open_page(page, name)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(TOO_WIDE) == [], f"at {width} pixels"


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [360, 1440])
def test_targets_are_large_enough(visit, name, width):
    page = visit(viewport={"width": width, "height": 800})
    open_page(page, name)
    assert page.evaluate(TOO_SMALL, TARGET) == []


@pytest.mark.parametrize("name", PAGES)
def test_text_can_be_twice_as_large(visit, name):
    page = visit(viewport={"width": 1280, "height": 800})
    open_page(page, name)
    page.evaluate("document.documentElement.style.fontSize = '200%'")  # WCAG 1.4.4
    assert page.evaluate(TOO_WIDE) == []
