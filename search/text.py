"""Markdown to plain text, for indexing and snippets."""

from __future__ import annotations

import re
from html import unescape

import cmarkgfm

_SPACES = re.compile(r"\s+")
_CITATION = re.compile(r"(?:\s?\[\d{1,3}\])+")  # [1] in a text points to a source; it is no part of the sentence
_HEADING = re.compile(r"<h[12]>.*?</h[12]>", re.DOTALL)
_TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
_INLINE_TAG = re.compile(r"</?(?:em|strong|del|code|a)\b[^>]*>")


def plain_text(markdown: str) -> str:
    """The words of a markdown text in one line, without marks, citations, raw HTML or addresses of links.

    Headings of sections are left out: every document has the same, and they would break up snippets.
    """
    html = cmarkgfm.github_flavored_markdown_to_html(markdown)
    words = _TAG.sub(" ", _INLINE_TAG.sub("", _HEADING.sub(" ", html)))
    return _SPACES.sub(" ", _CITATION.sub("", unescape(words))).strip()
