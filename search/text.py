"""Markdown to plain text, for indexing and snippets."""

from __future__ import annotations

import re
from functools import cache
from html import unescape

from comrak import ExtensionOptions, render_markdown

_SPACES = re.compile(r"\s+")
_CITATION = re.compile(r"(?:\s?\[\d{1,3}\])+")  # [1] in a text points to a source; it is no part of the sentence
_HEADING = re.compile(r"<h[12]>.*?</h[12]>", re.DOTALL)
_TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
_INLINE_TAG = re.compile(r"</?(?:em|strong|del|code|a)\b[^>]*>")


def plain_text(markdown: str) -> str:
    """The words of a markdown text in one line, without marks, citations, raw HTML or addresses of links.

    Headings of sections are left out: every document has the same, and they would break up snippets.
    """
    html = render_markdown(markdown, extension_options=_extensions())
    words = _TAG.sub(" ", _INLINE_TAG.sub("", _HEADING.sub(" ", html)))
    return _SPACES.sub(" ", _CITATION.sub("", unescape(words))).strip()


@cache
def _extensions() -> ExtensionOptions:
    """What GitHub's markdown has beyond CommonMark."""
    options = ExtensionOptions()
    options.table = options.autolink = options.tagfilter = options.strikethrough = options.tasklist = True
    return options
