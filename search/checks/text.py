"""Reads the text after the front matter for its rules: headings, citations, HTML, pictures, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from search.analysis import fold
from search.fields import Position
from search.library import Draft
from search.text import plain_text
from search.vocabulary import Concept, Vocabulary

HEADINGS = "headings"  # the scheme of vocabulary/ that holds their translations

_CITATION = re.compile(r"\[(\d{1,3})\]")

# What templates and people in a hurry leave where a text is to come. "Todo" begins sentences in Spanish.
_PLACEHOLDER = re.compile(r"[\W_]*(?:(?:to ?do|tbd|tba|tbc|fixme|xxx+)[\W_]*)*", re.IGNORECASE)
_MARKED = re.compile(r"[\W_]*(?:TODO|TBD|FIXME)\b *[:(].*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `id` is the one of the scheme that it stands for, or ""."""

    title: str
    level: int
    line: int
    id: str
    is_empty: bool


@dataclass(frozen=True, slots=True)
class Text:
    """What a body contains, with lines of the file."""

    headings: tuple[Heading, ...]
    citations: tuple[tuple[int, Position], ...]
    html: tuple[Position, ...]
    pictures: tuple[Position, ...]


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    # HTML is recognised here, unlike where pages are made, so that it can be pointed at.
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def read_text(document: Draft, vocabulary: Vocabulary) -> Text:
    """Find what the rules look at."""
    tokens = _markdown().parse(document.body)
    lines = document.body.split("\n")
    inline = [(child, line) for token in tokens for child, line in _inline(token)]

    def place(line: int, text: str) -> Position:
        column = lines[line].find(text) + 1 if line < len(lines) else 0
        return document.body_line + line, max(column, 1)

    blocks = [token for token in tokens if token.type == "html_block" and not _is_comment(token)]
    html = [place(token.map[0], "<") for token in blocks if token.map]
    html += [place(line, child.content) for child, line in inline if child.type == "html_inline"]
    pictures = [place(line, "![") for child, line in inline if child.type == "image" and _is_remote(child)]
    citations = [
        (int(found.group(1)), place(line, found.group()))
        for child, line in inline
        if child.type == "text"
        for found in _CITATION.finditer(child.content)
    ]
    return Text(_headings(document, tokens, vocabulary), tuple(citations), tuple(sorted(html)), tuple(pictures))


def _inline(token: Token) -> Iterator[tuple[Token, int]]:
    """The parts of a paragraph, each with its line in the body, counted from 0."""
    line = token.map[0] if token.map else 0
    for child in token.children or ():
        yield child, line
        line += child.type in {"softbreak", "hardbreak"}


def _is_comment(token: Token) -> bool:
    return token.content.lstrip().startswith("<!--")


def _is_remote(token: Token) -> bool:
    return bool(re.match(r"(?:https?:)?//", str(token.attrs.get("src", "")), re.IGNORECASE))


def _headings(document: Draft, tokens: Sequence[Token], vocabulary: Vocabulary) -> tuple[Heading, ...]:
    ids = _ids_by_title(vocabulary)
    filled = _filled(tokens)
    headings = []
    for number, token in enumerate(tokens):
        if _is_heading(token):
            title = plain_text(tokens[number + 1].content)
            line = document.body_line + (token.map[0] if token.map else 0)
            headings.append(Heading(title, _level(token), line, ids.get(_key(title), ""), number not in filled))
    return tuple(headings)


def _filled(tokens: Sequence[Token]) -> set[int]:
    """Find the headings under which something is written, there or under headings of a lower level."""
    filled: set[int] = set()
    waiting: list[int] = []  # headings under which nothing has come yet, each of a lower level than the one before
    for number, token in enumerate(tokens):
        if _is_heading(token):
            while waiting and _level(tokens[waiting[-1]]) >= _level(token):
                waiting.pop()
            waiting.append(number)
        elif _is_content(token) and not _is_placeholder(tokens, number):
            filled.update(waiting)
            waiting.clear()
    return filled


def _level(token: Token) -> int:
    return int(token.tag[1:])


def _is_heading(token: Token) -> bool:
    return token.type == "heading_open" and token.level == 0


def _is_content(token: Token) -> bool:
    if token.type == "html_block":
        return not _is_comment(token)
    return token.type in {"paragraph_open", "fence", "code_block", "table_open"}


def _is_placeholder(tokens: Sequence[Token], number: int) -> bool:
    """Whether a paragraph says nothing but that something is to come."""
    if tokens[number].type != "paragraph_open":
        return False
    text = tokens[number + 1].content
    return bool(_PLACEHOLDER.fullmatch(text) or _MARKED.fullmatch(text))


def _concepts(vocabulary: Vocabulary) -> tuple[Concept, ...]:
    scheme = vocabulary.schemes.get(HEADINGS)
    return scheme.concepts if scheme else ()


@lru_cache(maxsize=4)  # vocabularies do not change, and each is asked for every document
def _ids_by_title(vocabulary: Vocabulary) -> dict[str, str]:
    titles: dict[str, str] = {}
    for concept in _concepts(vocabulary):
        others = [title for alternatives in concept.alt_labels.values() for title in alternatives]
        for title in (*concept.pref_label.values(), *others):
            titles[_key(title)] = concept.id
    return titles


def missing_headings(text: Text, wanted: Sequence[str], vocabulary: Vocabulary, lang: str) -> list[str]:
    """List the headings that are wanted and not there, in this language where they have a name in it."""
    given = {heading.id for heading in text.headings}
    concepts = [one for one in _concepts(vocabulary) if one.id in wanted and one.id not in given]
    return [one.pref_label.get(lang) or one.pref_label["en"] for one in concepts]


def _key(title: str) -> str:
    return " ".join(re.findall(r"\w+", fold(title)))
