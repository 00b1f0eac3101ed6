"""Which practices are like one, and what do they share: words and facet values, as work on arrays.

Two practices are compared in one language that both have, by the words that weigh most in the first, each together
with its inflections. docs/search.md says what comes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from pydantic_core import from_json

from search.analysis import bases_all, fold, words_of
from search.engines.arrays import Segment
from search.engines.catalogue import Catalogue, Found, best
from search.engines.labels import Labels
from search.engines.ranking import Floats, Ranking
from search.facets import BARRIER, INSTRUMENT, REGION, TARGET, TOPIC
from search.query import Similar
from search.variants import FIELDS

CONTENT, VALUES = 0.6, 0.4  # what all words and all facet values are worth together
COUNTED = {BARRIER.name: 1.0, INSTRUMENT.name: 1.0, TOPIC.name: 0.75, TARGET.name: 0.5}  # what a value counts for
MAIN = 2.0  # times that the main barrier of a practice counts
NEIGHBOUR = 0.9  # what likeness is worth within a region: more is learnt from another
WORDS = 40  # words of a practice that are compared
READ = 400  # words of which these are chosen, so that a long text costs no more than others
COMMON = 0.5  # share of the practices; a word that more of them have says nothing
LEAST = 0.05  # likeness in words that is enough where no facet value is shared
SHOWN = 5  # shared words that are named
NAMED = 1 / 3  # share of the practices; a word that more of them have counts, but is not worth naming
ENOUGH = 1.5  # weight of a word that a text is about; one that stands once in a text, and not in front, weighs about 1
SHORT = 4  # letters; shorter words count where they are written in capitals, as abbreviations are

Terms = list[set[int]]  # the forms of a word in each segment


@dataclass(slots=True)
class _Word:
    """A word of a text: its forms by their numbers, the one that weighs most first; their bases and their weight."""

    forms: list[int] = field(default_factory=list)
    bases: set[str] = field(default_factory=set)
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class _Shared:
    """A word, its score in the practice itself, and which practices have it, with its share in their likeness."""

    form: int  # the one that weighs most in the practice itself
    own: float
    practices: Found
    shares: Floats
    tells: NDArray[np.bool_]  # whether it weighs enough in these practices to be named

    def told(self, practice: int) -> float:
        """Its share in the likeness of a practice, where it is to be named."""
        at = int(np.searchsorted(self.practices, practice))
        has = at < len(self.practices) and self.practices[at] == practice and self.tells[at]
        return float(self.shares[at]) if has else 0.0


@dataclass(frozen=True, slots=True)
class _Compared:
    """A text of the practice, and its words, which are shared with the practices that are flagged."""

    segment: Segment
    text: int
    flags: NDArray[np.bool_]
    words: Sequence[_Shared]


class Likeness:
    """Finds the practices of a generation that are like one of them."""

    def __init__(self, catalogue: Catalogue, labels: Labels, ranking: Ranking) -> None:
        self._catalogue = catalogue
        self._labels = labels
        self._ranking = ranking

    def similar(self, practice: int, size: int) -> Iterator[Similar]:
        """Those that share most come first, of equals the lower id; those that share nothing are left out."""
        compared = list(self._compare(practice))
        content, values = self._content(compared), self._values(practice)
        scores = np.float32(CONTENT) * content + np.float32(VALUES) * values
        scores[self._neighbours(practice)] *= np.float32(NEIGHBOUR)
        scores[(values == 0) & (content < LEAST)] = 0
        scores[practice] = 0
        for other in best(scores, size):
            if scores[other] > 0:
                words, lang = _shared_words(compared, other)
                yield Similar(
                    id=self._catalogue.id(other),
                    score=round(float(scores[other]), 4),
                    values=self._shared_values(practice, other),
                    words=words,
                    lang=lang,
                )

    def _compare(self, practice: int) -> Iterator[_Compared]:
        """Compare each text with the practices in its language, beginning with the language that most are in."""
        segment, local = self._catalogue.place(practice)
        texts = [one for one in range(*segment.text_firsts[local : local + 2].tolist()) if segment.is_whole(one)]
        counts = {text: int(self._in_language[segment.lang(text)].sum()) for text in texts}
        left = np.ones(self._catalogue.count, bool)
        left[practice] = False
        for text in sorted(texts, key=lambda one: (-counts[one], one)):
            flags = self._in_language[segment.lang(text)] & left
            if flags.any():
                left &= ~flags
                yield _Compared(segment, text, flags, self._words(practice, segment, text, counts[text]))

    @cached_property
    def _in_language(self) -> dict[str, NDArray[np.bool_]]:
        """For each language, which practices can be read in it."""
        found: dict[str, NDArray[np.bool_]] = {}
        for part in self._catalogue.parts:
            segment = part.segment
            for number, lang in enumerate(segment.langs):
                here = segment.texts_practice[(segment.texts_lang == number) & segment.texts_whole]
                flags = found.setdefault(lang, np.zeros(self._catalogue.count, bool))
                flags[part.globally(here, np.zeros(len(here), np.float32))[0]] = True
        return found

    def _words(self, practice: int, segment: Segment, text: int, practices: int) -> list[_Shared]:
        """The words of a text that weigh most; `practices` is how many can be read in its language."""
        words = [word for word in self._read(practice, segment, text) if word.weight >= ENOUGH]
        terms = [_terms(part.segment, segment, text, words) for part in self._catalogue.parts]
        rated: list[tuple[float, int, int, Terms]] = []
        for number, word in enumerate(words):
            forms = [some[number] for some in terms]
            known = min(self._count(forms), practices)
            if 1 < known <= COMMON * practices:
                (own,) = self._ranking.score(np.array([word.weight], np.float32), known, practices).tolist()
                rated.append((own, word.forms[0], known, forms))
        rated.sort(key=lambda one: (-one[0], one[1]))
        chosen = islice((one for one in rated if _says_something(segment, text, one[1])), WORDS)
        return [self._share(*one, practices) for one in chosen]

    def _read(self, practice: int, segment: Segment, text: int) -> list[_Word]:
        """The words of a text, those with the same base as one; without the names of its regions and its town."""
        lang, weights = segment.lang(text), _weights(segment, text)
        surfaces = [segment.terms[term].decode() for term, _ in weights]
        words: dict[str, _Word] = {}
        is_named = self._names(practice)
        for (term, weight), surface, bases in zip(weights, surfaces, bases_all(surfaces, lang), strict=True):
            if not is_named(surface):
                word = words.setdefault(bases[0] if bases else fold(surface), _Word())
                word.forms.append(term)
                word.bases.update(bases)
                word.weight += weight
        return list(words.values())

    def _names(self, practice: int) -> Callable[[str], bool]:
        """Whether a word is one of those that say where a practice is."""
        regions = {one for one in self._catalogue.values_of(practice) if self._name(one) == REGION.name}
        town = {fold(word) for word in words_of(from_json(self._catalogue.practice_json(practice))["place"] or "")}
        return lambda word: fold(word) in town or not regions.isdisjoint(self._labels.folded(word))

    def _count(self, terms: Terms) -> int:
        """In how many practices a word is, those counted again that have several of its forms."""
        return sum(
            int(part.segment.post_starts[term + 1] - part.segment.post_starts[term])
            for part, forms in zip(self._catalogue.parts, terms, strict=True)
            for term in forms
        )

    def _share(self, own: float, form: int, known: int, terms: Terms, practices: int) -> _Shared:
        """What a word adds to the likeness of those that have it: no more than it is worth in the practice itself."""
        weights = np.zeros(self._catalogue.count, np.float32)
        for part, some in zip(self._catalogue.parts, terms, strict=True):
            for term in sorted(some):
                where = slice(*part.segment.post_starts[term : term + 2].tolist())
                numbers, own_weights = part.globally(part.segment.post_practice[where], part.segment.post_weight[where])
                weights[numbers] += own_weights
        found = np.flatnonzero(weights > 0).astype(np.int32)  # of flags, which is ten times faster than of numbers
        weights = weights[found]
        shares = np.minimum(self._ranking.score(weights, known, practices), np.float32(own)) * np.float32(own)
        return _Shared(form, own, found, shares, (weights >= ENOUGH) & (known <= NAMED * practices))

    def _content(self, compared: Sequence[_Compared]) -> Floats:
        """How much of what a practice says each of the others says too, from 0 to 1."""
        content = np.zeros(self._catalogue.count, np.float32)
        for one in compared:
            shares = np.zeros(self._catalogue.count, np.float32)
            for word in one.words:
                shares[word.practices] += word.shares
            whole = sum(word.own**2 for word in one.words)
            if whole:
                content[one.flags] = shares[one.flags] / np.float32(whole)
        return content

    def _values(self, practice: int) -> Floats:
        """The cosine of the facet values of a practice with those of each, by their weights, from 0 to about 1."""
        own = self._weights_of(practice)
        if not own:
            return np.zeros(self._catalogue.count, np.float32)
        shared = self._catalogue.weigh(own)
        return np.asarray(shared / np.sqrt(np.float32(sum(own.values())) * np.maximum(self._sums, 1e-9)), np.float32)

    def _weights_of(self, practice: int) -> dict[int, float]:
        """What the facet values of a practice count for; its first barrier is the main one."""
        values = [one for one in self._catalogue.values_of(practice) if self._weights[one]]
        main = next((one for one in values if self._name(one) == BARRIER.name), None)
        return {one: float(self._weights[one]) * (MAIN if one == main else 1) for one in values}

    @cached_property
    def _weights(self) -> Floats:
        """What each facet value counts for: more, the rarer it is."""
        counted = [COUNTED.get(name, 0.0) for name, _ in self._catalogue.values]
        rarity = np.log1p(self._catalogue.count / np.maximum(self._catalogue.totals, 1))
        return np.asarray(np.array(counted) * rarity, np.float32)

    @cached_property
    def _sums(self) -> Floats:
        """What all facet values of each practice count for, its main barrier like the others."""
        return self._catalogue.weigh({number: float(one) for number, one in enumerate(self._weights) if one})

    def _neighbours(self, practice: int) -> NDArray[np.bool_]:
        """Which practices are of the same region: of the smallest that each of its codes names."""
        codes = [
            code
            for name, code in map(self._catalogue.values.__getitem__, self._catalogue.values_of(practice))
            if name == REGION.name
        ]
        smallest = [one for one in codes if not any(other != one and other.startswith(one) for other in codes)]
        return self._catalogue.flags(REGION, smallest)

    def _shared_values(self, practice: int, other: int) -> tuple[tuple[str, str], ...]:
        """The names and ids of the facet values that both have, the one that counts most first."""
        weights = self._weights_of(practice)
        shared = [one for one in weights if self._catalogue.has_value(other, one)]
        return tuple(self._catalogue.values[one] for one in sorted(shared, key=lambda one: (-weights[one], one)))

    def _name(self, value: int) -> str:
        """The name of the facet of a value."""
        name: str = self._catalogue.values[value][0]
        return name


def _weights(segment: Segment, text: int) -> list[tuple[int, float]]:
    """The terms of a text with what they weigh in all of its fields, the heaviest first, of equals the lower number."""
    first, last = text * len(FIELDS), (text + 1) * len(FIELDS)
    slots = segment.slots[first : last + 1]
    terms, at = np.unique(segment.tokens[slots[0] : slots[-1]]["term"], return_inverse=True)
    weights = np.bincount(at, np.repeat(segment.slot_weight[first:last], np.diff(slots)), minlength=len(terms))
    weights[terms < 0] = 0  # gaps
    heaviest = np.argsort(-weights, kind="stable")[:READ]
    return [(int(terms[one]), float(weights[one])) for one in heaviest if weights[one] > 0]


def _terms(segment: Segment, home: Segment, text: int, words: Sequence[_Word]) -> Terms:
    """The forms that each word of a text has in a segment; `home` is that of the text."""
    surfaces = [(number, home.terms[form].decode()) for number, word in enumerate(words) for form in word.forms]
    lang = home.lang(text)
    shared = [(number, base) for number, word in enumerate(words) for base in sorted(word.bases)]
    found: Terms = [set() for _ in words]
    folded = segment.folded_terms_all([surface for _, surface in surfaces])
    inflected = segment.inflected_terms([(lang, base) for _, base in shared])
    for (number, _), terms in zip([*surfaces, *shared], [*folded, *inflected], strict=True):
        found[number].update(terms)
    return found


def _shared_words(compared: Sequence[_Compared], other: int) -> tuple[tuple[str, ...], str]:
    """The words that another practice shares, those that add most first, and their language; "" where none is."""
    for one in compared:
        if one.flags[other]:
            shares = [(word.told(other), word.form) for word in one.words]
            named = sorted(pair for pair in ((-share, form) for share, form in shares if share))[:SHOWN]
            words = tuple(_written(one.segment, one.text, form) for _, form in named)
            return words, one.segment.lang(one.text) if words else ""
    return (), ""


def _says_something(segment: Segment, text: int, term: int) -> bool:
    """Whether a word may tell what a text is about: one without letters or a short one in small letters does not."""
    word = segment.terms[term].decode()
    if len(word) < SHORT:
        return len(word) > 1 and _written(segment, text, term).isupper()
    return not word.isdigit()


def _written(segment: Segment, text: int, term: int) -> str:
    """A word as its text writes it; in small letters where it is somewhere written so."""
    surface = segment.terms[term].decode()
    raw = segment.texts[text]
    first, last = segment.slots[[text * len(FIELDS), (text + 1) * len(FIELDS)]].tolist()
    tokens = segment.tokens[first:last]
    here = tokens[tokens["term"] == term]
    starts = here["at"].tolist()
    ends = (here["at"].astype(np.int64) + here["size"]).tolist()
    written = [raw[start:end].decode(errors="replace") for start, end in zip(starts, ends, strict=True)]
    return surface if surface in written else written[0]
