"""axe-core finds nothing on any type of page: WCAG 2.2 AA, and what it calls best practice."""

from __future__ import annotations

import pytest

from tests.browser.pages import LANGUAGES, PAGES, open_page
from tests.conftest import ROOT
from tests.scale import SCALE, sampled
from web.i18n import SOURCE_LANGUAGE

AXE = ROOT / "tests" / "axe" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async tags => {
    const {violations} = await axe.run(document, {runOnly: tags, resultTypes: ['violations']});
    return violations.flatMap(({id, help, nodes}) =>
        nodes.map(node => `${id}: ${help}\\n    ${node.html.slice(0, 300)}\\n    ${node.failureSummary}`));
}"""
SCHEMES = ("light", "dark")
# Every page in English; and in the other languages all of them at the whole size, some of them otherwise.
LOOKS = [
    *((name, SOURCE_LANGUAGE, scheme) for name in PAGES for scheme in SCHEMES),
    *sampled([(name, lang, scheme) for name in PAGES for lang in LANGUAGES[1:] for scheme in SCHEMES]),
]
SIZES = [(1440, 900), (360, 800)] if SCALE >= 1 else [(1440, 900)]


@pytest.mark.parametrize(("name", "lang", "scheme"), LOOKS)
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
