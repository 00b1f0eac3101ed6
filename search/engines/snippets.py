"""Snippets and reasons of the hits on a page, from the positions and offsets kept when the index was built."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from search.engines.arrays import Segment
from search.engines.catalogue import Catalogue
from search.engines.matching import CONCEPT, EXACT, UNACCENTED, Asked
from search.engines.ranking import Floats
from search.query import Fragment, Why
from search.variants import FIELDS

LENGTH = 240  # bytes of a snippet, about three lines of a card
BODY, LABELS = FIELDS.index("body"), FIELDS.index("labels")
BOUNDS = np.arange(len(FIELDS) + 1)  # slots of a text after its first one, and the end of the last
BEFORE, BEHIND = Fragment("… ", match=False), Fragment(" …", match=False)  # a text that goes on
COMPARED = 8  # terms up to which each is looked for by itself, which then takes less time
LEAST_FOLDED, MOST_CONCEPT = float(np.float32(UNACCENTED)), float(np.float32(CONCEPT))  # as arrays of weights have them

Marked = tuple[tuple[Fragment, ...], tuple[Why, ...]]
Match: TypeAlias = tuple[int, int, int]  # which word of the query, and its bytes in the text: first, and end


@dataclass(frozen=True, slots=True)
class _Found:
    """What of a query is in a text."""

    weights: Floats  # for each field, for each word of the query: that of its nearest form, 0 for none
    matches: list[Match]  # in the body, in their order
    body: int  # where it begins, in bytes; 0 where nothing is in it


class Marker:
    """Finds the words of one query in the texts of its hits, all of them at once."""

    def __init__(self, catalogue: Catalogue, asked: Sequence[Asked], lang: str) -> None:
        self._catalogue = catalogue
        self._asked = asked
        self._lang = lang  # of the reader, who sees texts in it where they exist
        self._own = [number for number, one in enumerate(asked) if one.concept is None]
        self._reasons: dict[bytes, tuple[Why, ...]] = {}  # by all weights in a text: many hits have the same

    def mark(self, practices: Sequence[int]) -> list[Marked]:
        """The snippet of each practice, and why it was found."""
        marked: list[Marked] = [((), ())] * len(practices)
        places = [self._catalogue.place(practice) for practice in practices]
        for number, part in enumerate(self._catalogue.parts):
            here = [at for at, (segment, _) in enumerate(places) if segment is part.segment]
            if here:
                texts = [self._shown_text(part.segment, places[at][1]) for at in here]
                found = self._find(number, part.segment, texts, np.array([practices[at] for at in here]))
                for at, text, one in zip(here, texts, found, strict=True):
                    marked[at] = _cut(part.segment, text, one), self._why(one.weights)
        return marked

    def _shown_text(self, segment: Segment, local: int) -> int:
        """The number of the text that the reader sees: one in her language, or the original."""
        first, end = segment.text_firsts[local : local + 2].tolist()
        if end - first > 1 and self._lang in segment.langs:
            wanted = segment.langs.index(self._lang)
            for text in range(first, end):
                if segment.texts_lang[text] == wanted and segment.texts_whole[text]:
                    return text
        return int(first)

    def _find(
        self, part: int, segment: Segment, texts: Sequence[int], practices: NDArray[np.int64]
    ) -> Iterator[_Found]:
        """What is in some texts, which belong to these practices."""
        slots = segment.slots[np.array(texts)[:, None] * len(FIELDS) + BOUNDS]
        tokens = segment.tokens.together([(row[0], row[-1]) for row in slots.tolist()])
        terms = np.ascontiguousarray(tokens["term"])
        hits = [_matches(terms, one, part) for one in self._asked]
        at = np.concatenate([one for one, _ in hits])
        order = at.argsort(kind="stable")
        at = at[order]
        word = np.arange(len(hits)).repeat([len(one) for one, _ in hits])[order]
        weight = np.concatenate([one for _, one in hits])[order]
        firsts = slots[:, :-1] + ((slots[:, -1] - slots[:, 0]).cumsum() - slots[:, -1])[:, None]  # as in `terms`
        field = firsts.ravel().searchsorted(at, "right") - 1  # those of all texts numbered on
        best = np.zeros((len(texts), len(FIELDS), len(hits)), np.float32)
        np.maximum.at(best.reshape(-1, len(hits)), (field, word), weight)
        self._add_labels(best[:, LABELS], practices)
        here = tokens[at]
        starts = here["at"]
        rows = list(zip(word.tolist(), starts.tolist(), (starts + here["size"]).tolist(), strict=True))
        ends = field.searchsorted(np.arange(len(texts))[:, None] * len(FIELDS) + [BODY, BODY + 1]).tolist()
        for weights, (first, end), body in zip(best, ends, firsts[:, BODY].tolist(), strict=True):
            yield _Found(weights, rows[first:end], int(tokens["at"][body]) if first < end else 0)

    def _add_labels(self, best: Floats, practices: NDArray[np.int64]) -> None:
        """Count the facet values of practices as words of their labels; `best` has a row for each."""
        for word, asked in enumerate(self._asked):
            if asked.values:
                has = self._catalogue.have_values(practices, list(asked.values))
                weights = np.array(list(asked.values.values()), np.float32)
                np.maximum(best[:, word], (has * weights).max(axis=1), out=best[:, word])

    def _why(self, weights: Floats) -> tuple[Why, ...]:
        """Once a field and word, by the nearest form."""
        key = weights.tobytes()
        if key not in self._reasons:
            self._reasons[key] = tuple(self._read(weights))
        return self._reasons[key]

    def _read(self, weights: Floats) -> Iterator[Why]:
        for field, row in zip(FIELDS, weights.tolist(), strict=True):
            # Where a field has all of the visitor's own words, it need not be said that it names the same in others.
            words = self._own if all(row[word] for word in self._own) else range(len(row))
            for word in words:
                if row[word]:
                    asked = self._asked[word]
                    said = asked.concept.label(self._lang) if asked.concept is not None else asked.text
                    yield Why(field, _form(row[word]), said)


def _matches(terms: NDArray[np.int32], asked: Asked, part: int) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Where a word's terms in a segment stand, in any order, and the weight of the form of each."""
    if asked.rows:
        return _in_rows(terms, asked, part)
    wanted = asked.terms[part]
    if isinstance(wanted, range):
        at = np.flatnonzero((terms >= wanted.start) & (terms < wanted.stop))
        return at, np.full(len(at), EXACT, np.float32)
    if len(wanted) <= COMPARED:
        places = [np.flatnonzero(terms == term) for term in wanted] or [np.zeros(0, np.intp)]
        sizes = [len(one) for one in places]
        return np.concatenate(places), np.repeat(np.array(list(wanted.values()) or [0], np.float32), sizes)
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
    if weight <= MOST_CONCEPT:
        return "concept"
    return "exact" if weight >= EXACT else "folded" if weight >= LEAST_FOLDED else "stem"


def _cut(segment: Segment, text: int, found: _Found) -> tuple[Fragment, ...]:
    """The stretch of a body with most different words of the query, the earliest of equals, cut between words."""
    if not found.matches:
        return ()
    raw = segment.texts[text]
    first, last = _window(found.matches)
    start, end = _widen(raw, found.body, found.matches[first][1], found.matches[last][2])
    fragments = [BEFORE] if start > found.body else []
    at = start
    for _, begins, ends in found.matches:
        if begins >= at and ends <= end:
            if begins > at:
                fragments.append(Fragment(raw[at:begins].decode(errors="replace"), match=False))
            fragments.append(Fragment(raw[begins:ends].decode(errors="replace"), match=True))
            at = ends
    if end > at:
        fragments.append(Fragment(raw[at:end].decode(errors="replace"), match=False))
    if end < len(raw):
        fragments.append(BEHIND)
    return tuple(fragments)


def _window(matches: Sequence[Match]) -> tuple[int, int]:
    """The first and the last match of the best stretch."""
    words = [word for word, _, _ in matches]
    best, window, last = (0, 0), (0, 0), -1
    for first, (_, start, _) in enumerate(matches):
        end = max(last, first)
        while end + 1 < len(matches) and matches[end + 1][2] <= start + LENGTH:
            end += 1
        if end > last:  # else the stretch is a part of the one before
            last = end
            score = (len(set(words[first : last + 1])), last - first + 1)
            if score > best:
                best, window = score, (first, last)
        if last + 1 == len(matches):
            break
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
