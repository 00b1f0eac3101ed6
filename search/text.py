"""Markdown to plain text, for indexing and snippets."""

from __future__ import annotations

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

_SPACES = re.compile(r"\s+")
_CITATION = re.compile(r"(?:\s?\[\d{1,3}\])+")  # [1] in a text points to a source; it is no part of the sentence


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def plain_text(markdown: str) -> str:
    """The words of a markdown text in one line, without marks, citations or addresses of links.

    Headings of sections are left out: every document has the same, and they would break up snippets.
    """
    words: list[str] = []
    _collect(_markdown().parse(markdown), words)
    return _SPACES.sub(" ", _CITATION.sub("", "".join(words))).strip()


def _collect(tokens: list[Token], words: list[str]) -> None:
    in_heading = False
    for token in tokens:
        if token.type in {"heading_open", "heading_close"} and token.tag in {"h1", "h2"}:
            in_heading = token.type == "heading_open"
        elif in_heading:
            continue
        elif token.children:
            _collect(token.children, words)
        elif token.type in {"text", "code_inline", "code_block", "fence", "html_inline", "html_block"}:
            words.append(token.content)
        if token.block or token.type in {"softbreak", "hardbreak"}:
            words.append(" ")
