"""Which practices answer a query, and how well: our tree of terms as work on arrays.

The forms of a word count together, as one word with one document frequency: as the visitor wrote it, without its
diacritics, inflected in the language of the query, and inflected in another language of the collection.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from search.analysis import bases, fold
from search.compounds import parts
from search.concepts import Concept, Concepts
from search.engines.arrays import Segment
from search.engines.catalogue import Catalogue, Found
from search.engines.labels import Labels
from search.engines.ranking import Floats, Ranking
from search.query import ENOUGH, AnyOf, ParsedText, Phrase, Prefix, Term, Word
from search.stop_words import is_stop_word
from search.variants import BOOSTS, FIELDS
from search.vocabulary import LANGUAGES

EXACT, UNACCENTED, INFLECTED, FOREIGN = 1.0, 0.8, 0.7, 0.1  # how much each form of a word counts
CONCEPT = 0.1  # form of a word that names the same concept
EXPANDED = 0.8  # how much a score counts that a practice has for naming the same concept in other words
OTHERWISE = 0.5  # by what a score is multiplied unless every word stands as the visitor wrote it
NEAREST = 0.3  # how much a score counts that a practice has for the nearest spelling of a word that occurs nowhere
QUIET = 0.15  # how much a score counts that a practice has for a word that says nothing
LEAST = 0.1  # of the best score: what a practice with fewer than half of the words must have to be shown
KEPT_NAMINGS = 2_000_000  # practices in all namings that are kept together, at 8 bytes
MOST_ACCENTED = 8  # accented words whose inflections are found for one that was typed without

Scored = tuple[Found, Floats]  # practices in ascending order, and what they score
Forms = dict[int, float]  # numbers of terms of a segment, or of facet values, with the weight of their form


Row = tuple[NDArray[np.int32], ...]  # for each word of a label the terms of a segment that are it


@dataclass(slots=True)
class Asked:
    """A word of the query, or a concept that it names, and what answers it: for saying where a hit matched."""

    text: str
    terms: list[Forms | range] = field(default_factory=list)  # of each segment; a range for a prefix
    values: Forms = field(default_factory=dict)  # facet values whose label has it
    rows: list[list[Row]] = field(default_factory=list)  # of each segment: words next to each other
    concept: Concept | None = None


@dataclass(frozen=True, slots=True)
class Matched:
    """Practices with every term and what they score, None for all; and the same for those with most of the terms."""

    found: Found | None
    scores: Floats
    most: Scored | None = None  # where a query has one term, most of them is every one


@dataclass(frozen=True, slots=True)
class Expansion:
    """Words of a query that name concepts, and what naming them in other words found."""

    text: str  # the visitor's words
    concept: Concept
    labels: tuple[str, ...]  # those of its labels that the collection has


@dataclass(frozen=True, slots=True)
class _Naming:
    """The practices that name a concept by any of its labels."""

    scored: Scored
    asked: Asked
    labels: tuple[str, ...]


class Namings:
    """Which practices name which concept: worked out when a concept is asked for, and kept within a bound."""

    def __init__(self, catalogue: Catalogue, concepts: Concepts, ranking: Ranking) -> None:
        self.concepts = concepts
        self._catalogue = catalogue
        self._ranking = ranking
        self._lock = Lock()  # pages search on several threads
        self._kept: OrderedDict[int, _Naming] = OrderedDict()
        self._size = 0  # practices in those that are kept

    def __getitem__(self, number: int) -> _Naming:
        """The practices that name the concept with this number."""
        with self._lock:
            naming = self._kept.pop(number, None)
            if naming is None:
                naming = self._name(self.concepts.all[number])
                self._size += len(naming.scored[0])
            self._kept[number] = naming
            while self._size > KEPT_NAMINGS and len(self._kept) > 1:
                self._size -= len(self._kept.popitem(last=False)[1].scored[0])
        return naming

    def _name(self, concept: Concept) -> _Naming:
        asked = Asked(concept.id, concept=concept)
        pieces: list[Scored] = []
        present: dict[str, None] = {}
        for part in self._catalogue.parts:
            single: set[int] = set()
            rows: list[Row] = []
            for label in concept.labels:
                row = tuple(_inflections(part.segment, word, label.lang) for word in label.words)
                if len(row) == 1 and len(row[0]):
                    single.update(row[0].tolist())
                elif all(len(terms) for terms in row):
                    found = _phrase_weights(part.segment, _slots(part.segment, row))
                    if not len(found[0]):
                        continue
                    pieces.append(part.globally(*found))
                    rows.append(row)
                else:
                    continue
                present[label.text] = None
            pieces += [part.globally(*_postings(part.segment, term, EXACT)) for term in sorted(single)]
            asked.terms.append(dict.fromkeys(single, CONCEPT))
            asked.rows.append(rows)
        practices, weights = _add_up(pieces, self._catalogue.count)
        scores = self._ranking.score(weights, len(practices), self._catalogue.count)
        return _Naming((practices, scores * np.float32(EXPANDED)), asked, tuple(present))


class Matcher:
    """Answers one query."""

    def __init__(
        self,
        catalogue: Catalogue,
        labels: Labels,
        namings: Namings,
        ranking: Ranking,
        languages: Sequence[str],
        nearest: Callable[[str], str],
    ) -> None:
        self._catalogue = catalogue
        self._labels = labels
        self._namings = namings
        self._ranking = ranking
        self._languages = languages  # that of the query first
        self._nearest = nearest  # the known word nearest to an unknown one, or ""
        self.asked: list[Asked] = []
        self.expansions: list[Expansion] = []
        self.respelt: dict[str, str] = {}  # words of the query that occur nowhere and have a near one, with that

    def match(self, parsed: ParsedText, *, loosen: bool = True, expand: bool = True) -> Matched:
        """The practices with every term; to loosen, where these are few, those with some. None that is to be left out.

        Filters do not decide whether they are few: so no filter ever makes a list longer.
        """
        terms = self._taken_apart(parsed.terms)
        spoken = self._spoken(terms)
        scored: dict[int, Scored] = {}
        words: list[Asked] = []
        for at in self._telling(terms, spoken):
            scored[at] = self._term(terms[at])
            if isinstance(terms[at], Word):
                words.append(self.asked[-1])
        if expand:
            self._expand(terms, spoken, scored)
        self.respelt = self._respelt()
        away = self._away(parsed)
        if not scored:
            if away is None:
                return Matched(None, np.zeros(0, np.float32))
            left = np.flatnonzero(~away).astype(np.int32)
            return Matched(left, np.zeros(len(left), np.float32))
        quiet = [one for at, one in enumerate(terms) if at not in scored and isinstance(one, Word)]
        ordered = self._ordered(words, quiet)
        every = ordered(self._every(list(scored.values())))
        if away is not None:
            every = _keep(*every, ~away)
        if not loosen or len(scored) == 1 or len(every[0]) >= ENOUGH:
            return Matched(*every)
        most = ordered(self._most(list(scored.values()), self._near()))
        return Matched(*every, most if away is None else _keep(*most, ~away))

    def _spoken(self, terms: Sequence[Term]) -> tuple[str, ...]:
        """The languages that a query is in: that of the page, and the one of which more of its words are known."""
        words = [one.surface for one in terms if isinstance(one, Word)]
        known = {lang: self._namings.concepts.known(words, lang) for lang in (self._languages[0], *LANGUAGES)}
        return tuple(dict.fromkeys((self._languages[0], max(known, key=known.__getitem__))))

    def _telling(self, terms: Sequence[Term], spoken: Sequence[str]) -> list[int]:
        """The places of all terms but the words that say nothing, unless there are only such."""
        telling = [
            at
            for at, one in enumerate(terms)
            if not (isinstance(one, Word) and any(is_stop_word(one.surface, lang) for lang in spoken))
        ]
        return telling or list(range(len(terms)))

    def _ordered(self, words: Sequence[Asked], quiet: Sequence[Word]) -> Callable[[Scored], Scored]:
        """What has all of these words as they are written comes first; words that say nothing decide between equals."""
        is_written = self._as_written(words)
        added = self._quiet(quiet) if quiet else None

        def ordered(found: Scored) -> Scored:
            practices, scores = found
            scores = np.where(is_written[practices], scores, scores * np.float32(OTHERWISE))
            return practices, scores if added is None else scores + added[practices]

        return ordered

    def _as_written(self, words: Sequence[Asked]) -> NDArray[np.bool_]:
        """Which practices have all of these words as they are written."""
        has_all = np.ones(self._catalogue.count, bool)
        for word in words:
            has_word = np.zeros(len(has_all), bool)
            for part, forms in zip(self._catalogue.parts, word.terms, strict=True):
                for term, weight in forms.items() if isinstance(forms, dict) else ():
                    if weight >= UNACCENTED:
                        has_word[part.globally(*_postings(part.segment, term, EXACT))[0]] = True
            for value, weight in word.values.items():
                if weight >= UNACCENTED:
                    has_word[self._catalogue.with_value(value)] = True
            has_all &= has_word
        return has_all

    def _quiet(self, words: Sequence[Word]) -> Floats:
        """For each practice what is added to its score for these words."""
        added = np.zeros(self._catalogue.count, np.float32)
        for word in words:
            terms = [(part, term) for part in self._catalogue.parts for term in part.segment.folded_terms(word.surface)]
            occurring = sum(
                int(part.segment.post_starts[term + 1] - part.segment.post_starts[term]) for part, term in terms
            )
            if 0 < occurring * 2 <= len(added):  # in more there is nothing that they tell
                practices, scores = self._score(
                    [part.globally(*_postings(part.segment, term, EXACT)) for part, term in terms]
                )
                added[practices] += np.float32(QUIET) * scores
        return added

    def _taken_apart(self, terms: Sequence[Term]) -> list[Term]:
        """The terms with the parts of unknown compounds in the place of these; each once."""
        found: list[Term] = []
        for term in terms:
            split = self._parts(term.surface) if isinstance(term, Word) else ()
            found += [Word(part) for part in split] or [term]
        return list(dict.fromkeys(found))

    def _parts(self, word: str) -> tuple[str, ...]:
        whole = (word, *bases(word, self._languages[0]))  # an inflection of a known word is no compound
        if any(map(self._is_known, whole)):
            return ()
        return next((found for lang in self._languages if (found := parts(word, lang, self._is_known))), ())

    def _is_known(self, word: str) -> bool:
        """Whether a word is one of the collection, or of a label."""
        folded = fold(word)
        if folded in self._namings.concepts.words:
            return True
        return any(len(part.segment.folded_terms(word)) for part in self._catalogue.parts)

    def _expand(self, terms: Sequence[Term], spoken: Sequence[str], scored: dict[int, Scored]) -> None:
        """Words that name a concept are also found in practices that name it in other words."""
        for first, words in _runs(terms):
            for named in self._namings.concepts.find(words, spoken):
                span = range(first + named.start, first + named.end)
                if isinstance(terms[first], Phrase):
                    if named.end - named.start < len(words):
                        continue  # a part of a phrase is not what was asked for
                    span = range(first, first + 1)
                places = [at for at in span if at in scored]
                for number in named.concepts if places else ():
                    naming = self._namings[number]
                    practices, scores = naming.scored
                    for at in places:
                        scored[at] = self._add_up([scored[at], (practices, scores / np.float32(len(places)))])
                    self.asked.append(naming.asked)
                    said = " ".join(words[named.start : named.end])
                    self.expansions.append(Expansion(said, self._namings.concepts.all[number], naming.labels))

    def _every(self, terms: Sequence[Scored]) -> Scored:
        first, *others = sorted(terms, key=lambda one: len(one[0]))
        for other in others:
            first = self._both(*first, *other)
        return first

    def _most(self, terms: Sequence[Scored], near: Sequence[Scored]) -> Scored:
        """Practices with half of the terms or more, and those that score nearly as much with fewer.

        Near spellings add to a score. To have one is not to have the word; where there is nothing else, they find
        nothing.
        """
        count = self._catalogue.count
        terms = [one for one in terms if len(one[0])]  # nobody can have what stands nowhere
        if not terms:
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        had = np.bincount(np.concatenate([one for one, _ in terms]), minlength=count)
        parts = [*terms, *near]
        practices = np.concatenate([one for one, _ in parts])
        counts = np.bincount(practices, minlength=count)
        summed = np.bincount(practices, np.concatenate([one for _, one in parts]), minlength=count)
        scores = summed * np.sqrt(counts / len(parts))  # three of four words weigh more than two that occur often
        found = (had * 2 >= len(terms)) | ((counts > 0) & (scores >= LEAST * scores.max()))
        return np.flatnonzero(found).astype(np.int32), scores[found].astype(np.float32)

    def _respelt(self) -> dict[str, str]:
        unknown = [
            one.text
            for one in self.asked
            if one.concept is None and not one.values and not any(one.terms) and not one.text.endswith("*")
        ]
        # What a label has is spelt right, though no practice has it.
        spelt = [word for word in unknown if fold(word) not in self._namings.concepts.words]
        return {word: nearest for word in spelt if (nearest := self._nearest(word))}

    def _near(self) -> list[Scored]:
        """What is found by the nearest spellings of words that occur nowhere: marked as other words are."""
        found: list[Scored] = []
        for nearest in dict.fromkeys(self.respelt.values()):
            practices, scores = self._score(self._word(nearest))
            asked = self.asked[-1]
            asked.terms = [dict.fromkeys(one, CONCEPT) for one in asked.terms]
            asked.values = dict.fromkeys(asked.values, CONCEPT)
            found.append((practices, scores * np.float32(NEAREST)))
        return found

    def _away(self, parsed: ParsedText) -> NDArray[np.bool_] | None:
        if not parsed.without:
            return None
        away = np.zeros(self._catalogue.count, bool)
        asked = len(self.asked)
        for term in parsed.without:
            away[self._term(term)[0]] = True
        del self.asked[asked:]  # nothing to mark in a hit
        return away

    def _term(self, term: Term) -> Scored:
        match term:
            case Word(word):
                return self._score(self._word(word))
            case Prefix(stump):
                return self._score(self._prefix(stump))
            case Phrase(words):
                return self._score(self._phrase(words))
            case AnyOf(terms):
                return self._add_up([self._term(one) for one in terms])

    def _score(self, pieces: list[Scored]) -> Scored:
        practices, weights = self._add_up(pieces)
        return practices, self._ranking.score(weights, len(practices), self._catalogue.count)

    def _add_up(self, pieces: list[Scored]) -> Scored:
        return _add_up(pieces, self._catalogue.count)

    def _both(self, found: Found, scores: Floats, practices: Found, own: Floats) -> Scored:
        """Practices in both, the first being the shorter, with their scores added up."""
        if not len(found) or not len(practices):
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        if len(practices) > 16 * len(found):
            at = np.minimum(np.searchsorted(practices, found), len(practices) - 1)
            kept = practices[at] == found
            return found[kept], scores[kept] + own[at[kept]]
        places = np.full(self._catalogue.count, -1, np.int32)
        places[practices] = np.arange(len(practices), dtype=np.int32)
        at = places[found]
        kept = at >= 0
        return found[kept], scores[kept] + own[at[kept]]

    def _word(self, word: str) -> list[Scored]:
        asked = Asked(word)
        self.asked.append(asked)
        shared = self._bases([word, *self._accented(word)])
        pieces: list[Scored] = []
        for part in self._catalogue.parts:
            forms = self._forms(part.segment, word, shared)
            asked.terms.append(forms)
            for term, weight in forms.items():
                pieces.append(part.globally(*_postings(part.segment, term, weight)))
        for number in self._labels.exact(word):
            asked.values.setdefault(number, EXACT)
        for number in self._labels.folded(word):
            asked.values.setdefault(number, UNACCENTED)
        for lang, base in shared:
            for number in self._labels.inflected(lang, base):
                asked.values.setdefault(number, INFLECTED if lang == self._languages[0] else FOREIGN)
        return pieces + self._with_values(asked.values)

    def _bases(self, words: Sequence[str]) -> list[tuple[str, str]]:
        """In each language what the inflections of these words have in common with them."""
        found = [(lang, base) for lang in self._languages for word in words for base in bases(word, lang)]
        return list(dict.fromkeys(found))

    def _accented(self, word: str) -> Iterable[str]:
        """The words of the collection that a visitor means who types no accents."""
        if word != fold(word):
            return ()
        segments = [part.segment for part in self._catalogue.parts]
        found = {one.terms[term].decode() for one in segments for term in one.folded_terms(word)}
        return sorted(found - {word})[:MOST_ACCENTED]

    def _forms(self, segment: Segment, word: str, shared: Sequence[tuple[str, str]]) -> Forms:
        forms: Forms = {
            term: EXACT if segment.is_exact(term, word) else UNACCENTED for term in segment.folded_terms(word)
        }
        for (lang, _), terms in zip(shared, segment.inflected_terms(shared), strict=True):
            weight = INFLECTED if lang == self._languages[0] else FOREIGN
            for term in terms:
                if forms.get(term, 0.0) < weight:
                    forms[term] = weight
        return forms

    def _with_values(self, values: Forms) -> list[Scored]:
        """Practices with facet values whose label matched, as if the label stood in a field of theirs."""
        pieces = []
        for number, weight in values.items():
            practices = self._catalogue.with_value(number)
            pieces.append((practices, np.full(len(practices), weight * BOOSTS["labels"], np.float32)))
        return pieces

    def _prefix(self, stump: str) -> list[Scored]:
        asked = Asked(stump + "*", values=dict.fromkeys(self._labels.prefixed(stump), EXACT))
        self.asked.append(asked)
        pieces = self._with_values(asked.values)
        for part in self._catalogue.parts:
            terms = part.segment.prefixed_terms(stump)
            asked.terms.append(terms)
            # All words that begin alike stand together, so their practices are one slice.
            first, end = part.segment.post_starts[[terms.start, terms.stop]]
            practices, weights = part.globally(
                part.segment.post_practice[first:end], part.segment.post_weight[first:end]
            )
            pieces.append(_sum(practices, weights, self._catalogue.count))
        return pieces

    def _phrase(self, words: tuple[str, ...]) -> list[Scored]:
        asked = Asked(" ".join(words), values=dict.fromkeys(self._labels.phrased(words), EXACT))
        self.asked.append(asked)
        pieces = self._with_values(asked.values)
        for part in self._catalogue.parts:
            segment = part.segment
            folded = [segment.folded_terms(word) for word in words]
            row = tuple(np.arange(terms.start, terms.stop, dtype=np.int32) for terms in folded)
            asked.terms.append({})
            asked.rows.append([row] if all(len(terms) for terms in folded) else [])
            pieces.append(part.globally(*_phrase_weights(segment, _slots(segment, row))))
        return pieces


def _runs(terms: Sequence[Term]) -> Iterator[tuple[int, list[str]]]:
    """Where words stand next to each other in a query, and these words; a phrase is a row of its own."""
    words: list[str] = []
    for at, term in enumerate(terms):
        if isinstance(term, Word):
            words.append(term.surface)
            continue
        if words:
            yield at - len(words), words
            words = []
        if isinstance(term, Phrase):
            yield at, list(term.words)
    if words:
        yield len(terms) - len(words), words


def _inflections(segment: Segment, word: str, lang: str) -> NDArray[np.int32]:
    """The terms of a segment that are this word of a language, in any form."""
    found = set(segment.folded_terms(word))
    for terms in segment.inflected_terms([(lang, base) for base in bases(word, lang)]):
        found.update(terms)
    return np.array(sorted(found), np.int32)


def _add_up(pieces: Sequence[Scored], count: int) -> Scored:
    """Of so many practices those in any of the pieces, with the sum of what they have in each."""
    pieces = [piece for piece in pieces if len(piece[0])]
    if len(pieces) == 1:
        return pieces[0]
    if not pieces:
        return np.zeros(0, np.int32), np.zeros(0, np.float32)
    return _sum(np.concatenate([one for one, _ in pieces]), np.concatenate([one for _, one in pieces]), count)


def _sum(practices: Found, weights: Floats, count: int) -> Scored:
    """Practices that may repeat, in any order: each once, in order, with the sum of its weights."""
    if len(practices) > count // 8:
        summed = np.bincount(practices, weights, minlength=count)
        found = np.flatnonzero(summed)
        return found.astype(np.int32), summed[found].astype(np.float32)
    if not len(practices):
        return practices, weights
    order = np.argsort(practices, kind="stable")
    practices, weights = practices[order], weights[order]
    first = np.flatnonzero(np.concatenate([[True], practices[1:] != practices[:-1]]))
    return practices[first], np.add.reduceat(weights, first)


def _slots(segment: Segment, row: Row) -> NDArray[np.intp]:
    """The fields of texts, by their slots, in which the words of a row stand next to each other."""
    return np.searchsorted(segment.slots, _row_positions(segment, row), "right") - 1


def _keep(practices: Found, scores: Floats, flags: NDArray[np.bool_]) -> Scored:
    kept = flags[practices]
    return practices[kept], scores[kept]


def _postings(segment: Segment, term: int, weight: float) -> Scored:
    first, end = segment.post_starts[term], segment.post_starts[term + 1]
    weights = segment.post_weight[first:end]
    return segment.post_practice[first:end], weights if weight == EXACT else weights * np.float32(weight)


def _phrase_weights(segment: Segment, slots: NDArray[np.intp]) -> Scored:
    """What a phrase weighs in practices, by the fields where it stands; of several languages the one where most."""
    if not len(slots):
        return np.zeros(0, np.int32), np.zeros(0, np.float32)
    texts = slots // len(FIELDS)
    first = np.flatnonzero(np.diff(texts, prepend=-1))
    weights = np.add.reduceat(segment.slot_weight[slots], first)
    practices = segment.texts_practice[texts[first]]
    first = np.flatnonzero(np.diff(practices, prepend=-1))
    return practices[first], np.maximum.reduceat(weights, first)


def _row_positions(segment: Segment, row: Row) -> NDArray[np.int32]:
    """Where the first word of a row stands with the others behind it; from the rarest word on."""
    rows = []
    for place, terms in enumerate(row):
        positions = _positions(segment, terms)
        rows.append((np.sort(positions) if len(terms) > 1 else positions) - np.int32(place))
    rows.sort(key=len)
    found = rows[0]
    for one in rows[1:]:
        if not len(found) or not len(one):
            return np.zeros(0, np.int32)
        at = np.minimum(np.searchsorted(one, found), len(one) - 1)
        found = found[one[at] == found]
    return found


def _positions(segment: Segment, terms: NDArray[np.int32]) -> NDArray[np.int32]:
    """Where any of these terms stand."""
    if not len(terms):
        return np.zeros(0, np.int32)
    if terms[-1] - terms[0] == len(terms) - 1:  # terms that follow each other: their positions are one slice
        first, end = segment.position_starts[[terms[0], terms[-1] + 1]]
        return segment.positions[first:end]
    starts, ends = segment.position_starts[terms], segment.position_starts[terms + 1]
    return np.concatenate([segment.positions[a:b] for a, b in zip(starts, ends, strict=True)])
