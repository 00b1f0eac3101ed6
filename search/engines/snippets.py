"""Snippets: the stretch of a text in which most of the visitor's words stand, as (text, is it a match) pairs."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from search.analysis import Token, tokens
from search.query import Fragment

SNIPPET_LENGTH = 240  # characters, about three lines of a card


def cut_snippet(text: str, lang: str, matches: Callable[[str], str]) -> tuple[Fragment, ...]:
    """The best stretch of a text, cut between words; nothing where no word matches.

    `matches` gives for a word the term of the query that it answers, or "": different terms weigh more than the
    same one again.
    """
    words = list(tokens(text, lang))
    hits = [(token, term) for token in words if (term := matches(token.surface))]
    if not hits:
        return ()
    start, end = _window(hits)
    start, end = _whole_words(text, words, start, end)
    marked = [token for token, _ in hits if start <= token.start and token.end <= end]
    return tuple(_fragments(text, marked, start, end))


def _window(hits: list[tuple[Token, str]]) -> tuple[int, int]:
    """Start and end (characters) of the stretch with most different terms, the earliest of equals."""
    best = (0, 0, 0, 0)
    for number, (first, _) in enumerate(hits):
        inside = [(token, term) for token, term in hits[number:] if token.end <= first.start + SNIPPET_LENGTH]
        score = (len({term for _, term in inside}), len(inside))
        if score > best[:2]:
            best = (*score, first.start, inside[-1][0].end)
    return best[2], best[3]


def _whole_words(text: str, words: list[Token], start: int, end: int) -> tuple[int, int]:
    """Widen to the length of a snippet, a third of what is left before it, without cutting a word."""
    spare = max(0, SNIPPET_LENGTH - (end - start))
    first = max(0, start - spare // 3)
    last = min(len(text), first + SNIPPET_LENGTH)
    first = max(0, min(first, last - SNIPPET_LENGTH))
    begin = next((token.start for token in words if token.start >= first), start) if first else 0
    finish = next((token.end for token in reversed(words) if token.end <= last), end) if last < len(text) else last
    return min(begin, start), max(finish, end)


def _fragments(text: str, marked: list[Token], start: int, end: int) -> list[Fragment]:
    edges = [start, *(edge for token in marked for edge in (token.start, token.end)), end]
    pieces = [Fragment(text[a:b], bool(number % 2)) for number, (a, b) in enumerate(pairwise(edges)) if a < b]
    if start > 0:
        pieces.insert(0, Fragment("… ", match=False))
    if end < len(text):
        pieces.append(Fragment(" …", match=False))
    return pieces
