"""What a page shows of the ways into the collection."""

from __future__ import annotations

import re
from html import unescape

import pytest

from web.i18n import open_languages
from web.ladder import Ladder
from web.rendering import Renderer

ALL = Ladder(
    forge="GitHub", prefilled="https://x.eu/new?a=1&value=%3C", by_name="https://x.eu/new?a=1",
    mail="mailto:info@x.eu?subject=Add", may_send=True, path="practices/at/x.md",
)  # fmt: skip
NONE = Ladder(forge="", prefilled="", by_name="", mail="", may_send=False, path="practices/at/x.md")
NAME = Ladder(
    forge="GitLab", prefilled="", by_name="https://x.eu/new", mail="", may_send=False, path="practices/at/x.md"
)
TEXT = '\n---\ntitle: <b>&amp; "x"\n---\n</textarea><script>1</script>\n'


@pytest.fixture(scope="module")
def show():
    renderer = Renderer(open_languages(["en"]))
    environment = renderer._environments["en"]
    template = environment.from_string('{% from "_ladder.html" import ladder %}{{ ladder(ways, text, "en") }}')
    return lambda ways, text=TEXT: template.render(ways=ways, text=text)


def buttons(html):
    return re.findall(r'<button class="button[^"]*" name="action" value="(\w+)"', html)


@pytest.mark.parametrize("ways", [ALL, NAME, NONE])
def test_the_text_can_be_copied_downloaded_and_taken_as_a_patch(show, ways):
    html = show(ways)
    [shown] = re.findall(r"<textarea[^>]* readonly[^>]*>\n(.*?)</textarea>", html, re.DOTALL)
    assert unescape(shown) == TEXT
    assert "<script>" not in html
    assert {"download", "patch"} <= set(buttons(html))
    assert "<code>practices/at/x.md</code>" in html


def test_what_there_is_not_is_not_shown(show):
    assert buttons(show(ALL)) == ["send", "download", "download", "patch"]
    assert buttons(show(NONE)) == ["download", "patch"]
    assert "href" not in show(NONE)
    assert "ask those who run the site" in show(NONE)
    assert "ask those who run the site" not in show(NAME)
    assert 'href="mailto:' not in show(NAME)


def test_the_prefilled_address_stands_in_place_of_the_steps(show):
    html = show(ALL)
    assert 'href="https://x.eu/new?a=1&amp;value=%3C"' in html
    assert 'href="https://x.eu/new?a=1"' not in html
    assert html.index("<textarea") > html.index("ladder-keep")


def test_without_it_there_are_three_steps_with_the_text_in_the_first(show):
    html = show(NAME)
    steps = html[html.index("<ol") : html.index("</ol>")]
    assert steps.count("<li>") == 3
    assert steps.index("<textarea") < steps.index('href="https://x.eu/new"')
