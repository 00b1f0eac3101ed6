"""Snippets and reasons of the hits on a page, from the positions and offsets kept when the index was built."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.engines.arrays import Segment
from search.engines.catalogue import Catalogue
from search.engines.matching import CONCEPT, EXACT, UNACCENTED, Asked
from search.query import Fragment, Why
from search.variants import FIELDS

LENGTH = 240  # bytes of a snippet, about three lines of a card
BODY, LABELS = FIELDS.index("body"), FIELDS.index("labels")

Marked = tuple[tuple[Fragment, ...], tuple[Why, ...]]


@dataclass(slots=True)
class _Match:
    """A word of a text that answers one of the query: its field, which word, the weight of its form, its bytes."""

    field: int
    word: int
    weight: float
    start: int
    end: int


class Marker:
    """Finds the words of one query in the texts of its hits, all of them at once."""

    def __init__(self, catalogue: Catalogue, asked: Sequence[Asked], lang: str) -> None:
        self._catalogue = catalogue
        self._asked = asked
        self._lang = lang  # of the reader, who sees texts in it where they exist

    def mark(self, practices: Sequence[int]) -> list[Marked]:
        """The snippet of each practice, and why it was found."""
        marked: list[Marked] = [((), ())] * len(practices)
        places = [self._catalogue.place(practice) for practice in practices]
        for number, part in enumerate(self._catalogue.parts):
            here = [at for at, (segment, _) in enumerate(places) if segment is part.segment]
            if here:
                texts = [self._shown_text(part.segment, places[at][1]) for at in here]
                found = self._find(number, part.segment, texts)
                for at, text, (matches, body) in zip(here, texts, found, strict=True):
                    snippet = _cut(part.segment, text, [one for one in matches if one.field == BODY], body)
                    marked[at] = snippet, self._reasons(practices[at], matches)
        return marked

    def _shown_text(self, segment: Segment, local: int) -> int:
        """The number of the text that the reader sees: one in her language, or the original."""
        first, end = segment.text_firsts[local], segment.text_firsts[local + 1]
        if end - first > 1 and self._lang in segment.langs:
            wanted = segment.langs.index(self._lang)
            for text in range(first, end):
                if segment.texts_lang[text] == wanted and segment.texts_whole[text]:
                    return text
        return int(first)

    def _find(self, part: int, segment: Segment, texts: Sequence[int]) -> list[tuple[list[_Match], int]]:
        """The matches in some texts, in their order; and where the body of each begins, in bytes."""
        slots = segment.slots[np.array(texts)[:, None] * len(FIELDS) + np.arange(len(FIELDS) + 1)]
        tokens = segment.tokens.together(slots[:, [0, -1]].tolist())
        terms = np.ascontiguousarray(tokens["term"])
        hits = [_matches(terms, one, part) for one in self._asked]
        at = np.concatenate([one for one, _ in hits])
        order = np.argsort(at, kind="stable")
        at = at[order]
        word = np.repeat(np.arange(len(hits)), [len(one) for one, _ in hits])[order]
        weight = np.concatenate([one for _, one in hits])[order]
        sizes = slots[:, -1] - slots[:, 0]
        firsts = slots[:, :-1] + (np.cumsum(sizes) - sizes - slots[:, 0])[:, None]  # of each field, as in `terms`
        slot = firsts.ravel().searchsorted(at, "right") - 1
        here = tokens[at]
        starts = here["at"].astype(np.int64)
        rows = zip(
            (slot % len(FIELDS)).tolist(),
            word.tolist(),
            weight.tolist(),
            starts.tolist(),
            (starts + here["size"]).tolist(),
            strict=True,
        )
        found: list[list[_Match]] = [[] for _ in texts]
        for number, row in zip((slot // len(FIELDS)).tolist(), rows, strict=True):
            found[number].append(_Match(*row))
        bodies = tokens["at"][np.minimum(firsts[:, BODY], len(tokens) - 1)]  # of no interest where a body is empty
        return list(zip(found, bodies.tolist(), strict=True))

    def _reasons(self, practice: int, matches: Sequence[_Match]) -> tuple[Why, ...]:
        """Once a field and word, by the nearest form."""
        best: dict[tuple[int, int], float] = {}
        for one in matches:
            key = (one.field, one.word)
            if one.weight > best.get(key, 0.0):
                best[key] = one.weight
        for word, asked in enumerate(self._asked):
            for value, weight in asked.values.items():
                if weight > best.get((LABELS, word), 0.0) and self._catalogue.has_value(practice, value):
                    best[LABELS, word] = weight
        # Where a field has all of the visitor's own words, it need not be said that it names the same in others.
        own = {word for word, asked in enumerate(self._asked) if asked.concept is None}
        best = {key: best[key] for key in best if key[1] in own or not all((key[0], word) in best for word in own)}
        return tuple(
            Why(FIELDS[field], _form(best[field, word]), self._term(self._asked[word])) for field, word in sorted(best)
        )

    def _term(self, asked: Asked) -> str:
        return asked.concept.label(self._lang) if asked.concept is not None else asked.text


def _matches(terms: NDArray[np.int32], asked: Asked, part: int) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Where a word's terms in a segment stand, and the weight of the form of each."""
    if asked.rows:
        return _in_rows(terms, asked, part)
    wanted = asked.terms[part]
    if isinstance(wanted, range):
        at = np.flatnonzero((terms >= wanted.start) & (terms < wanted.stop))
        return at, np.full(len(at), EXACT, np.float32)
    if len(wanted) < 2:
        term, weight = next(iter(wanted.items()), (-2, 0.0))
        at = np.flatnonzero(terms == term)
        return at, np.full(len(at), weight, np.float32)
    keys = np.array(sorted(wanted), np.int32)
    nearest = np.minimum(keys.searchsorted(terms), len(keys) - 1)
    at = np.flatnonzero(keys[nearest] == terms)
    return at, np.array([wanted[term] for term in keys.tolist()], np.float32)[nearest[at]]


def _in_rows(terms: NDArray[np.int32], asked: Asked, part: int) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Where a phrase stands, or a concept is named: by a word, or by words next to each other."""
    single = np.array(sorted(asked.terms[part]), np.int32)
    found = np.isin(terms, single) if len(single) else np.zeros(len(terms), bool)
    for row in asked.rows[part]:
        starts = np.flatnonzero(np.isin(terms[: len(terms) - len(row) + 1], row[0]))
        for place, words in enumerate(row[1:], start=1):
            starts = starts[np.isin(terms[starts + place], words)]
        for place in range(len(row)):
            found[starts + place] = True
    at = np.flatnonzero(found)
    return at, np.full(len(at), EXACT if asked.concept is None else CONCEPT, np.float32)


def _form(weight: float) -> str:
    if weight <= np.float32(CONCEPT):
        return "concept"
    return "exact" if weight >= EXACT else "folded" if weight >= np.float32(UNACCENTED) else "stem"


def _cut(segment: Segment, text: int, matches: Sequence[_Match], body: int) -> tuple[Fragment, ...]:
    """The stretch of a body with most different words of the query, the earliest of equals, cut between words.

    `body` is where it begins in its text, in bytes.
    """
    if not matches:
        return ()
    raw = segment.texts[text]
    first, last = _window(matches)
    start, end = _widen(raw, body, matches[first].start, matches[last].end)
    fragments = [Fragment("… ", match=False)] if start > body else []
    at = start
    for match in matches:
        if match.start >= at and match.end <= end:
            if match.start > at:
                fragments.append(Fragment(raw[at : match.start].decode(errors="replace"), match=False))
            fragments.append(Fragment(raw[match.start : match.end].decode(errors="replace"), match=True))
            at = match.end
    if end > at:
        fragments.append(Fragment(raw[at:end].decode(errors="replace"), match=False))
    if end < len(raw):
        fragments.append(Fragment(" …", match=False))
    return tuple(fragments)


def _window(matches: Sequence[_Match]) -> tuple[int, int]:
    """The first and the last match of the best stretch."""
    best, window, last = (0, 0), (0, 0), 0
    for first, match in enumerate(matches):
        while last + 1 < len(matches) and matches[last + 1].end <= match.start + LENGTH:
            last += 1
        last = max(last, first)
        score = (len({one.word for one in matches[first : last + 1]}), last - first + 1)
        if score > best:
            best, window = score, (first, last)
    return window


def _widen(raw: bytes, body: int, start: int, end: int) -> tuple[int, int]:
    """Widen to the length of a snippet, a third of what is left before it; a text is cut only at its spaces."""
    spare = max(0, LENGTH - (end - start))
    last = min(len(raw), max(body, start - spare // 3) + LENGTH)
    first = max(body, last - LENGTH) if last == len(raw) else max(body, start - spare // 3)
    if first > body:
        space = raw.find(b" ", first, start)
        first = space + 1 if space >= 0 else start
    if last < len(raw):
        space = raw.rfind(b" ", end, last + 1)
        last = space if space >= 0 else end
    return first, last
