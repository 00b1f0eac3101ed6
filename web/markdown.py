"""Markdown of a document to safe HTML: no raw HTML, no script, no picture from elsewhere."""

from __future__ import annotations

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markupsafe import Markup

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s",
    "strong", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul", "div",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "class"}, "td": {"class"}, "th": {"class", "scope"}, "ol": {"start"}, "sup": {"class"},
    "div": {"class", "tabindex"},
}  # fmt: skip

_CITATION = re.compile(r"\[(\d{1,3})\]")


def render_body(text: str) -> Markup:
    """A document's text as HTML; `[1]` becomes a link to its source, a first-level heading one of second level."""
    html = _markdown().render(text)
    # Cleaned after rendering, by a parser that knows browsers: nothing rests on the renderer being right.
    clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"}, link_rel=None)
    return Markup(clean)  # noqa: S704 - this is where it becomes safe


def render_line(text: str) -> Markup:
    """A sentence of ours as HTML: code, emphasis and links."""
    html = _markdown().renderInline(text)
    return Markup(nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, link_rel=None))  # noqa: S704 - made safe here


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.inline.ruler.before("link", "citation", _citation)
    parser.add_render_rule("table_open", lambda *_: '<div class="table" tabindex="0"><table>')
    parser.add_render_rule("table_close", lambda *_: "</table></div>")
    parser.core.ruler.push("page", _fit_page)
    return parser


def _citation(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser calls it so
    """`[12]`, unless it is the text of a link."""
    found = _CITATION.match(state.src, state.pos)
    if found is None or state.src[found.end() : found.end() + 1] == "(":
        return False
    if not silent:
        state.pending = state.pending.rstrip(" ")  # lest the number begins a line by itself
        opening = state.push("sup_open", "sup", 1)
        opening.attrSet("class", "citation")
        link = state.push("link_open", "a", 1)
        link.attrSet("href", f"#source-{found[1]}")
        state.push("text", "", 0).content = found[1]
        state.push("link_close", "a", -1)
        state.push("sup_close", "sup", -1)
    state.pos = found.end()
    return True


def _fit_page(state: StateCore) -> None:
    """The page has its own first-level heading; a table's heads say that they are its columns'."""
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"} and token.tag == "h1":
            token.tag = "h2"
        elif token.type == "th_open":
            token.attrSet("scope", "col")
