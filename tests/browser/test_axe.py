"""axe-core finds nothing on any type of page: WCAG 2.2 AA, and what it calls best practice."""

from __future__ import annotations

import pytest

from tests.browser.pages import PAGES, open_page
from tests.conftest import ROOT
from tests.scale import SCALE

AXE = ROOT / "tests" / "axe" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async tags => {
    const {violations} = await axe.run(document, {runOnly: tags, resultTypes: ['violations']});
    return violations.flatMap(({id, help, nodes}) =>
        nodes.map(node => `${id}: ${help}\\n    ${node.html.slice(0, 300)}\\n    ${node.failureSummary}`));
}"""
# All of them at the whole size; otherwise French in light colours only.
LOOKS = [("en", "light"), ("en", "dark"), ("fr", "light"), *([("fr", "dark")] if SCALE >= 1 else [])]
SIZES = [(1440, 900), (360, 800)] if SCALE >= 1 else [(1440, 900)]


@pytest.mark.parametrize(("lang", "scheme"), LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(visit, name, lang, scheme):
    for width, height in SIZES:
        page = visit(color_scheme=scheme, viewport={"width": width, "height": height})
        open_page(page, name, lang)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate(RUN, TAGS)
        assert found == [], "\n".join(found)


def test_axe_sees_what_is_wrong(visit):
    page = visit()
    open_page(page, "home")
    page.evaluate("document.querySelector('h1').style.color = getComputedStyle(document.body).backgroundColor")
    page.evaluate("document.querySelector('.search-box label').remove()")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = {one.partition(":")[0] for one in page.evaluate(RUN, TAGS)}
    assert found >= {"label"}
