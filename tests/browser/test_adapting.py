"""Pages suit who reads them: enlarged, spaced out, in colours of the reader's own, without motion, on paper."""

from __future__ import annotations

import pytest

from tests.browser.pages import PAGES, open_page
from tests.browser.test_layout import TOO_WIDE
from tests.scale import SCALE, sampled

# What is a matter of components is seen in the styleguide; on every page at the whole size.
COMPONENTS = list(PAGES) if SCALE >= 1 else sorted({"styleguide", "home", *sampled(list(PAGES))})
ZOOMED = {"width": 320, "height": 256}  # CSS pixels: WCAG 1.4.10, a window of 1280 by 1024 at 400 %

# The share of the window that parts cover which stay while the rest scrolls.
COVERED = """() => {
    scrollTo(0, document.documentElement.scrollHeight / 2);
    const stays = element => element && (['fixed', 'sticky'].includes(getComputedStyle(element).position)
        || stays(element.parentElement));
    const points = [...Array(100).keys()].map(n =>
        [(n % 10 + 0.5) / 10 * innerWidth, (Math.floor(n / 10) + 0.5) / 10 * innerHeight]);
    return points.filter(([x, y]) => stays(document.elementFromPoint(x, y))).length / points.length;
}"""

# WCAG 1.4.12. A sheet made by a script is what the policy lets a reader's own be.
SPACED = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important;
                           letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
                       p { margin-block-end: 2em !important; }`);
    document.adoptedStyleSheets = [sheet];
}"""
# What holds text that does not fit, and neither shows nor scrolls it.
CLIPPED = """() => [...document.body.querySelectorAll('*')].filter(element => {
    const style = getComputedStyle(element);
    if (!element.checkVisibility({visibilityProperty: true}) || style.clipPath !== 'none') return false;
    const cuts = overflow => ['hidden', 'clip'].includes(overflow);
    const text = element.innerText?.trim();
    return text && (cuts(style.overflowX) && element.scrollWidth > element.clientWidth + 1
        || cuts(style.overflowY) && element.scrollHeight > element.clientHeight + 1);
}).map(element => element.outerHTML.slice(0, 200))"""

# Controls of which nothing shows where they end: neither an edge of their own nor one of the row in which they stand.
BORDERLESS = """() => {
    const ground = getComputedStyle(document.body).backgroundColor;
    const isEdged = element => {
        const style = getComputedStyle(element);
        return ['Top', 'Right', 'Bottom', 'Left'].every(side => parseFloat(style[`border${side}Width`]) >= 1
            && style[`border${side}Style`] !== 'none' && style[`border${side}Color`] !== ground);
    };
    // A box to tick that the system draws has the edge that the system gives it.
    const isOfSystem = element => element.matches('[type=checkbox], [type=radio]')
        && getComputedStyle(element).appearance === 'auto';
    const controls = 'button, input:not([type=hidden]), select, textarea, .button, .chip, a.facet__value .facet__box';
    return [...document.querySelectorAll(controls)]
        .filter(element => element.checkVisibility({visibilityProperty: true}))
        .filter(element => !isOfSystem(element) && !isEdged(element) && !isEdged(element.parentElement))
        .map(element => element.outerHTML.slice(0, 200));
}"""
# What is selected and looks like its neighbours but for its ground. What shows it may be drawn inside it.
UNMARKED = """() => {
    const kept = ['fontWeight', 'textDecorationLine', 'textDecorationThickness', 'borderTopWidth', 'borderTopStyle',
        'borderTopColor', 'borderBottomWidth', 'outlineStyle', 'forcedColorAdjust'];
    const look = element => [element, ...element.querySelectorAll('*')].map(one => {
        const style = getComputedStyle(one);
        return kept.map(name => style[name]).join() + getComputedStyle(one, '::after').content;
    }).join(';');
    return [...document.querySelectorAll('[aria-current]:not([aria-current=false]), [aria-selected=true]')]
        .filter(element => element.checkVisibility({visibilityProperty: true}))
        .filter(element => {
            const other = [...document.querySelectorAll(`.${element.classList[0]}`)].find(one => one !== element
                && one.tagName === element.tagName && !one.matches('[aria-current], [aria-selected=true]')
                && one.childElementCount === element.childElementCount);
            return other && look(element) === look(other);
        })
        .map(element => element.outerHTML.slice(0, 200));
}"""

MOVING = """() => [...document.querySelectorAll('*')].flatMap(element => [null, '::before', '::after'].map(part => {
    const style = getComputedStyle(element, part);
    const moves = style.transitionDuration.split(',').some(time => parseFloat(time) > 0)
        || style.animationName !== 'none' || style.scrollBehavior === 'smooth';
    return moves ? `${element.tagName} ${element.className} ${part ?? ''}` : '';
})).filter(Boolean)"""

# On paper: large grounds that would take much ink, but for the samples of colours.
DARK = """() => [...document.body.querySelectorAll('*')].filter(element => {
    const box = element.getBoundingClientRect();
    const [red, green, blue, alpha = 1] = getComputedStyle(element).backgroundColor.match(/[\\d.]+/g).map(Number);
    return element.checkVisibility() && !element.matches('.swatch, .space__bar, .scale__bar')
        && box.width * box.height > 4000 && alpha > 0.5 && 0.2126 * red + 0.7152 * green + 0.0722 * blue < 128;
}).map(element => element.outerHTML.slice(0, 120))"""
# Grey and coloured text on it is dark enough.
PALE = """() => [...document.body.querySelectorAll('p, li, dd, dt, h1, h2, h3, th, td, a')].filter(element => {
    const [red, green, blue] = getComputedStyle(element).color.match(/[\\d.]+/g).map(Number);
    return element.checkVisibility() && !element.closest('.swatch') && element.innerText.trim()
        && 0.2126 * red + 0.7152 * green + 0.0722 * blue > 160;
}).map(element => element.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("name", PAGES)
def test_at_four_hundred_percent_nothing_scrolls_sideways_or_lies_under_what_stays(visit, name):
    page = visit(viewport=ZOOMED, reduced_motion="reduce")
    open_page(page, name)
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate(COVERED) <= 1 / 3


@pytest.mark.parametrize("name", COMPONENTS)
def test_spaced_out_text_loses_nothing(visit, name):
    page = visit(viewport={"width": 1280, "height": 900})
    open_page(page, name)
    page.evaluate(SPACED)
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(CLIPPED) == [], f"at {width} pixels"
        assert page.evaluate(TOO_WIDE) == [], f"at {width} pixels"


@pytest.mark.parametrize("name", COMPONENTS)
def test_in_the_readers_own_colours_controls_have_edges_and_what_is_selected_is_seen(visit, name):
    page = visit(forced_colors="active")
    open_page(page, name)
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    assert page.evaluate(BORDERLESS) == []
    assert page.evaluate(UNMARKED) == []


@pytest.mark.parametrize("name", COMPONENTS)
def test_for_who_wants_no_motion_nothing_moves(visit, name):
    page = visit(reduced_motion="reduce")
    open_page(page, name)
    assert page.evaluate(MOVING) == []


@pytest.mark.parametrize("name", PAGES)
def test_on_paper_there_is_no_navigation_and_no_dark_ground(visit, name):
    page = visit(color_scheme="dark")
    open_page(page, name)
    page.emulate_media(media="print")
    shown = page.locator("nav, .site-header form, .filters").filter(visible=True)
    assert shown.evaluate_all("all => all.filter(one => !one.matches('.trail')).map(one => one.outerHTML)") == []
    assert page.evaluate(DARK) == []
    assert page.evaluate(PALE) == []
    sources = page.locator(".sources__item")
    addresses = page.locator(".sources__address").filter(visible=True)
    assert addresses.count() == sources.count()
    if name.startswith("practice"):
        assert sources.count()
