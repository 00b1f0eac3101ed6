"""What a visitor may mean who has typed so far: titles, names of the vocabularies, and words that begin like this.

Nothing is stored for it. Titles are found through the arrays, in which words that begin alike stand together; names
through a sorted list of their words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.analysis import fold, surface, words_of
from search.engines.arrays import Ints, Segment
from search.engines.catalogue import Catalogue, Part
from search.facets import BARRIER, FACTOR, INSTRUMENT, REGION, TARGET, TOPIC, Facet
from search.query import MAX_QUERY, MAX_WORDS, Completion, CompletionKind
from search.variants import FIELDS
from search.vocabulary import LEVELS, Vocabulary

SHORTEST_WORD = 2  # letters from which words of the collection, and codes of regions, are offered
COMMON = 3  # a word that more than one practice in so many has tells nothing

TERMS = (TOPIC, INSTRUMENT, TARGET, FACTOR)
KINDS = {BARRIER: CompletionKind.BARRIER, REGION: CompletionKind.REGION} | dict.fromkeys(TERMS, CompletionKind.TERM)

# In which order kinds take places within a tier, over and over; and in which order they are listed there.
TURNS = (
    CompletionKind.PRACTICE,
    CompletionKind.BARRIER,
    CompletionKind.PRACTICE,
    CompletionKind.REGION,
    CompletionKind.PRACTICE,
    CompletionKind.TERM,
)
LISTED = (CompletionKind.PRACTICE, CompletionKind.BARRIER, CompletionKind.REGION, CompletionKind.TERM)
LISTED_EXACT = (CompletionKind.BARRIER, CompletionKind.REGION, CompletionKind.TERM, CompletionKind.PRACTICE)

_WORD = re.compile(r"[^\W_]+")


class Tier(IntEnum):
    """How well a name fits what was typed, the best first."""

    EXACT = 0  # it is the whole name
    BEGINS_WITH_WORDS = 1  # the name begins with it
    BEGINS = 2  # the same, and the last word goes on
    HAS_WORDS = 3  # the words stand somewhere in the name
    HAS = 4  # the same, and the last word goes on
    CODE = 5  # the code of a region begins with it


@dataclass(frozen=True, slots=True)
class Fitting:
    """Something to offer, and its place among others of its kind and tier: the lower the better."""

    tier: Tier
    place: tuple[int, ...]
    completion: Completion
    is_empty: bool = False  # a name that no practice has
    is_seen: bool = True  # what the reader sees begins like this too, not only another name of it


class Suggester:
    """Completes what is typed, over the practices of a catalogue."""

    def __init__(self, catalogue: Catalogue, vocabulary: Vocabulary) -> None:
        self._catalogue = catalogue
        self._titles = [Titles(part.segment) for part in catalogue.parts]
        counts = catalogue.labelled(catalogue.narrow(None, {}))
        self._names = Names(vocabulary, counts)

    def suggest(self, text: str, lang: str, size: int) -> tuple[Completion, ...]:
        """The best `size` of what fits, for a reader of a language. Every word must; the last may go on."""
        words = [fold(word) for word in words_of(text[:MAX_QUERY], lang)][:MAX_WORDS]
        if not words or size < 1:
            return ()
        chosen = _by_turns([*self._practices(text, words, lang, size), *self._names.find(words, lang)], size)
        if len(words) == 1 and len(words[0]) >= SHORTEST_WORD and len(chosen) < size:
            known = {fold(one.text) for one in chosen if one.kind is CompletionKind.TERM}
            chosen += self._words(text, words[0], known, size - len(chosen))
        return tuple(chosen)

    def _practices(self, text: str, words: Sequence[str], lang: str, size: int) -> Iterator[Fitting]:
        exact = np.array(self._catalogue.titled(text[:MAX_QUERY]), np.int32)
        for part, titles in zip(self._catalogue.parts, self._titles, strict=True):
            texts, tiers = titles.find(words)
            if len(texts):
                yield from self._best(part, texts, tiers, lang, exact, size)

    def _best(
        self, part: Part, texts: Ints, tiers: NDArray[np.uint8], lang: str, exact: Ints, size: int
    ) -> Iterator[Fitting]:
        """The best practices of a segment, each once; `texts` are those of its titles that fit, ascending."""
        segment = part.segment
        spoken = segment.langs.index(lang) if lang in segment.langs else -1
        is_foreign = segment.texts_lang[texts] != spoken
        practices = segment.texts_practice[texts]
        firsts = np.flatnonzero(np.diff(practices, prepend=-1))
        numbers = practices[firsts] if part.to_global is None else part.to_global[practices[firsts]]
        best = np.minimum.reduceat(tiers, firsts)
        best[np.isin(numbers, exact)] = Tier.EXACT
        ranks = 2 * best + np.logical_and.reduceat(is_foreign, firsts)
        ranks[numbers < 0] = np.iinfo(np.uint8).max  # practices that are gone
        ends = np.append(firsts[1:], len(texts))
        for at in np.argsort(ranks, kind="stable")[:size].tolist():
            number = int(numbers[at])
            if number >= 0:
                mine = slice(firsts[at], ends[at])
                shown = int(texts[mine][np.lexsort((tiers[mine], is_foreign[mine]))[0]])
                completion = Completion(
                    CompletionKind.PRACTICE,
                    self._catalogue.id(number),
                    _title(segment, shown),
                    segment.langs[segment.texts_lang[shown]],
                )
                yield Fitting(Tier(int(best[at])), (int(ranks[at]), number), completion)

    def _words(self, text: str, stump: str, known: set[str], size: int) -> list[Completion]:
        """Words of the collection that begin like this, the most frequent first, each in its most frequent form."""
        counts: dict[str, int] = defaultdict(int)
        for part in self._catalogue.parts:
            segment, terms = part.segment, part.segment.prefixed_terms(stump)
            sizes = np.diff(segment.post_starts[terms.start : terms.stop + 1])
            for at in np.argsort(-sizes, kind="stable")[: 4 * (size + len(known)) + 8].tolist():
                counts[segment.terms[terms.start + at].decode()] += int(sizes[at])
        offered: list[Completion] = []
        counts.pop(surface(text.strip()), None)  # it is typed already
        for word in sorted(counts, key=lambda word: (-counts[word], word)):
            if fold(word) not in known and counts[word] <= max(1, self._catalogue.count // COMMON):
                known.add(fold(word))
                offered.append(Completion(CompletionKind.TERM, "", word, ""))
        return offered[:size]


class Titles:
    """The words of all titles of a segment. Titles are numbered like the texts they belong to."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        field = FIELDS.index("title")
        self._count = len(segment.texts_practice)
        firsts = segment.slots[field : -1 : len(FIELDS)]
        sizes = segment.slots[field + 1 :: len(FIELDS)][: self._count] - firsts
        text = np.repeat(np.arange(self._count, dtype=np.int32), sizes)
        place = np.arange(len(text)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        tokens = segment.tokens.together(zip(firsts.tolist(), (firsts + sizes).tolist(), strict=True))
        is_word = tokens["term"] >= 0
        text, place, tokens = text[is_word], place[is_word], tokens[is_word]
        self._read_elided(text, place, tokens)
        term = np.ascontiguousarray(tokens["term"])
        order = np.argsort(term, kind="stable")
        self._term, self._text = term[order], text[order]
        self._place = np.minimum(place, np.iinfo(np.uint8).max).astype(np.uint8)[order]

    def _read_elided(self, text: Ints, place: NDArray[np.int64], tokens: NDArray[Any]) -> None:
        """Find the words that the analysis leaves out, as the l of l'innovation: they are typed like others."""
        at = tokens["at"].astype(np.int64)
        before = np.zeros(len(at), np.int64)  # where the word before ends, in bytes
        before[1:] = (at + tokens["size"])[:-1]
        before[place == 0] = 0
        room = at - before - (place > 0)  # bytes, beside a space; a letter and its apostrophe need two
        found: list[tuple[str, int]] = []
        for number in np.flatnonzero(room >= 2).tolist():
            between = self._segment.texts[int(text[number])][before[number] : at[number]].decode()
            found += [(fold(word), int(text[number])) for word in _WORD.findall(between)]
        found.sort()
        self._elided = [word for word, _ in found]
        self._elided_text = np.array([number for _, number in found], np.int32)

    def find(self, words: Sequence[str]) -> tuple[Ints, NDArray[np.uint8]]:
        """The titles that have all of these words, the last as a beginning, ascending; and the tier of each."""
        fits = np.ones(self._count, bool)
        begins = np.ones(self._count, bool)
        for number, word in enumerate(words):
            texts, places, elided = self._entries(word, is_prefix=number == len(words) - 1)
            fits &= self._flags(texts, elided)
            begins &= self._flags(texts[places == number])
        texts, _, elided = self._entries(words[-1], is_prefix=False)
        is_whole = self._flags(texts, elided)
        found = np.flatnonzero(fits).astype(np.int32)
        return found, (Tier.HAS - 2 * begins[found].astype(np.uint8) - is_whole[found]).astype(np.uint8)

    def _entries(self, word: str, *, is_prefix: bool) -> tuple[Ints, NDArray[np.uint8], Ints]:
        """The titles with a word or a beginning of one: once for each word with its place, and where it is elided."""
        terms = self._segment.prefixed_terms(word) if is_prefix else self._segment.folded_terms(word)
        mine = slice(*np.searchsorted(self._term, [terms.start, terms.stop]).tolist())
        first, end = _range(self._elided, word, is_prefix=is_prefix)
        return self._text[mine], self._place[mine], self._elided_text[first:end]

    def _flags(self, *texts: Ints) -> NDArray[np.bool_]:
        flags = np.zeros(self._count, bool)
        for some in texts:
            flags[some] = True
        return flags


@dataclass(frozen=True, slots=True)
class Name:
    """A label of a value of a facet, in folded words."""

    facet: Facet
    id: str
    words: tuple[str, ...]
    is_code: bool = False


class Names:
    """The names of barriers, regions and terms in all languages; `counts` say how many practices have each value."""

    def __init__(self, vocabulary: Vocabulary, counts: Mapping[str, Mapping[str, int]]) -> None:
        self._vocabulary = vocabulary
        self._counts = counts
        self._names = list(dict.fromkeys((*_labels(vocabulary), *_codes(vocabulary))))
        listed = sorted({(word, number) for number, name in enumerate(self._names) for word in name.words})
        self._words = [word for word, _ in listed]
        self._numbers = [number for _, number in listed]

    def find(self, words: Sequence[str], lang: str) -> Iterator[Fitting]:
        """The values that have a name with all of these words, the last as a beginning."""
        tiers: dict[tuple[Facet, str], Tier] = {}
        for number in self._having(words):
            name = self._names[number]
            tier = _tier(name, words)
            if tier is not None:
                tiers[name.facet, name.id] = min(tier, tiers.get((name.facet, name.id), tier))
        regions = {code: tier for (facet, code), tier in tiers.items() if facet is REGION}
        kept = self._each_area_once(regions, lang)
        fittings = [
            self._fitting(facet, id, tier, words, lang)
            for (facet, id), tier in tiers.items()
            if facet is not REGION or id in kept
        ]
        terms: set[str] = set()  # two vocabularies may have the same label, and a search for it is the same
        for one in sorted(fittings, key=lambda one: (one.is_empty, one.tier, one.place)):
            if one.completion.kind is CompletionKind.TERM:
                if one.completion.text in terms:
                    continue
                terms.add(one.completion.text)
            yield one

    def _having(self, words: Sequence[str]) -> set[int]:
        found: set[int] | None = None
        for at, word in enumerate(words):
            first, end = _range(self._words, word, is_prefix=at == len(words) - 1)
            some = set(self._numbers[first:end])
            found = some if found is None else found & some
        return found or set()

    def _each_area_once(self, tiers: Mapping[str, Tier], lang: str) -> set[str]:
        """Of regions that readers see under one name and that lie in each other, as FRH and FRH0, one."""
        kept: dict[str, list[str]] = defaultdict(list)
        regions = self._vocabulary.regions
        for code in sorted(tiers, key=lambda code: (tiers[code], LEVELS.index(regions[code].level), code)):
            same = kept[regions[code].label(lang)]
            if not any(code.startswith(other) or other.startswith(code) for other in same):
                same.append(code)
        return {code for codes in kept.values() for code in codes}

    def _fitting(self, facet: Facet, id: str, tier: Tier, words: Sequence[str], lang: str) -> Fitting:
        text, spoken = self._shown(facet, id, lang)
        shown = tuple(fold(word) for word in words_of(text, lang))
        is_seen = any(word.startswith(words[-1]) for word in shown) and tier == _tier(Name(facet, id, shown), words)
        count = self._counts.get(facet.name, {}).get(id, 0)
        among = TERMS.index(facet) if facet in TERMS else len(id)
        completion = Completion(KINDS[facet], id, text, spoken)
        return Fitting(tier, (not is_seen, -count, among), completion, is_empty=not count, is_seen=is_seen)

    def _shown(self, facet: Facet, id: str, lang: str) -> tuple[str, str]:
        """What a reader sees, and in which language that is; "" where a region has the name of its own."""
        text = self._vocabulary.label(facet.scheme, id, lang)
        if facet is REGION:
            return text, lang if lang in self._vocabulary.regions[id].names else ""
        return text, lang if lang in self._vocabulary.concept(facet.scheme, id).pref_label else "en"


def _labels(vocabulary: Vocabulary) -> Iterator[Name]:
    """Every label and synonym of what can be offered."""
    for facet in KINDS:
        for id in vocabulary.ids(facet.scheme):
            if vocabulary.knows(facet.scheme, id):
                for lang, label in vocabulary.labels(facet.scheme, id):
                    # Who types reads elided words in another language than the label's, or is in the midst of one.
                    for words in (words_of(label, lang), words_of(label), _WORD.findall(label)):
                        yield Name(facet, id, tuple(fold(word) for word in words))


def _codes(vocabulary: Vocabulary) -> Iterator[Name]:
    """Every code of a region: its own, those with another name of its country, and those that it has replaced."""
    others = {code: other for other, code in vocabulary.region_codes.items()}
    for code, region in vocabulary.regions.items():
        spellings = [code, *([others[code[:2]] + code[2:]] if code[:2] in others else [])]
        for one in region.successors or (code,):
            if vocabulary.knows(REGION.scheme, one):
                yield from (Name(REGION, one, (fold(spelling),), is_code=True) for spelling in spellings)


def _tier(name: Name, words: Sequence[str]) -> Tier | None:
    """How well a name fits that has all of these words, the last as a beginning; None where it is not offered."""
    if name.words == tuple(words):
        return Tier.EXACT
    if name.is_code:
        return Tier.CODE if len(words[-1]) >= SHORTEST_WORD else None
    *whole, last = words
    begins = name.words[: len(whole)] == tuple(whole)
    next_word = name.words[len(whole)] if begins and len(name.words) > len(whole) else ""
    if next_word.startswith(last):
        return Tier.BEGINS_WITH_WORDS if next_word == last else Tier.BEGINS
    return Tier.HAS_WORDS if last in name.words else Tier.HAS


def _by_turns(fittings: Iterable[Fitting], size: int) -> list[Completion]:
    """The best tiers first. Kinds share the places of a tier, so that none of them drowns the others.

    Names that no practice has come last, unless one is exactly what was typed.
    """
    tiers: dict[tuple[bool, Tier], dict[CompletionKind, list[Fitting]]] = {}
    for one in fittings:
        kinds = tiers.setdefault((one.is_empty and one.tier is not Tier.EXACT, one.tier), {})
        kinds.setdefault(one.completion.kind, []).append(one)
    chosen: list[Completion] = []
    nothing: Iterator[Fitting] = iter(())
    for (_, tier), kinds in sorted(tiers.items(), key=lambda item: item[0]):
        waiting = {
            kind: iter(sorted(some, key=lambda one: (one.place, one.completion.text, one.completion.id)))
            for kind, some in kinds.items()
        }
        room = min(size - len(chosen), sum(map(len, kinds.values())))
        taken: list[Fitting] = []
        while len(taken) < room:
            for kind in TURNS:
                following = next(waiting.get(kind, nothing), None)
                if following is not None and len(taken) < room:
                    taken.append(following)
        order = LISTED_EXACT if tier is Tier.EXACT else LISTED
        taken.sort(key=lambda one: (not one.is_seen, order.index(one.completion.kind)))
        chosen += [one.completion for one in taken]
    return chosen


def _range(words: Sequence[str], word: str, *, is_prefix: bool) -> tuple[int, int]:
    """Where in a sorted list a word stands, or all that begin with it."""
    first = bisect_left(words, word)
    return first, bisect_left(words, word + ("\U0010ffff" if is_prefix else "\0"), first)


def _title(segment: Segment, text: int) -> str:
    """The title of a text, which comes first in it."""
    return segment.texts[text].partition(b"\n")[0].decode()
