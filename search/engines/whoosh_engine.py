"""The engine: a durable index in Whoosh's format, and searches on arrays that are made from it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import cached_property
from itertools import chain
from pathlib import Path

import numpy as np

from search.analysis import fold, open_dictionaries
from search.concepts import read_concepts
from search.engine import Progress
from search.engines.arrays import Segment
from search.engines.catalogue import Catalogue, Found
from search.engines.labels import Labels
from search.engines.library import StoredLibrary
from search.engines.likeness import Likeness
from search.engines.matching import Asked, Expansion, Matcher, Namings
from search.engines.ranking import BM25F, Floats, Ranking
from search.engines.snippets import Marker
from search.engines.spelling import Speller
from search.engines.suggesting import Suggester
from search.engines.writing import read_head, remake_arrays, write_arrays, write_changes, write_head, write_whole
from search.errors import EngineError
from search.facets import REGION
from search.generations import Generations
from search.library import Library
from search.model import Practice
from search.moved import Moved
from search.query import (
    SIMILAR,
    AlsoMatched,
    Completion,
    Hit,
    ParsedText,
    Results,
    SearchQuery,
    Similar,
    Suggestion,
    parse_text,
    replace_word,
)
from search.vocabulary import LANGUAGES, Vocabulary

TITLE_TIER, REGION_TIER = np.float32(2000), np.float32(1000)  # added to a score, far above what words can reach

Scored = tuple[Found | None, Floats]  # practices, None for all, and what they score


class WhooshEngine:
    """Practices in an index, one generation beside the other."""

    def __init__(self, root: Path, vocabulary: Vocabulary, ranking: Ranking = BM25F) -> None:
        self._generations = Generations(root)
        self._vocabulary = vocabulary
        self._ranking = ranking
        self._opening = threading.Lock()
        self._snapshot: WhooshSnapshot | None = None
        self._stamp: tuple[int, int] | None = None  # of the generations, when the snapshot was found to be current
        self._unreadable: set[str] = set()  # names of generations that could not be opened

    def exclusive(
        self, wait_s: float = 0, on_wait: Callable[[str], None] | None = None
    ) -> AbstractContextManager[None]:
        """See SearchEngine."""
        return self._generations.lock(wait_s, on_wait)

    def rebuild(
        self,
        practices: Library | Iterable[Practice],
        progress: Progress | None = None,
        about: Mapping[str, str] | None = None,
    ) -> int:
        """See SearchEngine."""
        moved = practices.moved if isinstance(practices, Library) else {}
        open_dictionaries(LANGUAGES)  # now, since the labels of the vocabularies are read by a site that answers
        count = 0

        def write(folder: Path) -> None:
            nonlocal count
            count = write_whole(folder / "whoosh", practices, progress)
            write_head(folder, write_arrays(folder, None, self._ranking), about or {}, moved)

        with self.exclusive():
            self._generations.build(write)
        return count

    def update(
        self,
        changed: Iterable[Practice],
        removed: Iterable[str] = (),
        moved: Mapping[str, Moved] | None = None,
        about: Mapping[str, str] | None = None,
    ) -> int:
        """See SearchEngine."""
        fresh = {practice.id: practice for practice in changed}
        gone = {*fresh, *removed}
        with self.exclusive():
            current = self.snapshot()
            if self.is_damaged():
                raise EngineError(f"the index in {current.folder} is damaged, so it cannot be updated")

            def write(folder: Path) -> None:
                write_changes(current.folder / "whoosh", folder / "whoosh", list(fresh.values()), gone)
                arrays = write_arrays(folder, current.folder, self._ranking)
                kept = current.library.moved if moved is None else moved
                write_head(folder, arrays, current.about if about is None else about, kept)

            self._generations.build(write)
            return len(self.snapshot().library)

    def snapshot(self) -> WhooshSnapshot:
        """See SearchEngine."""
        stamp = self._generations.stamp()
        if self._snapshot is not None and stamp is not None and stamp == self._stamp:
            return self._snapshot
        current = self._generations.current()
        with self._opening:
            if current is not None and current.name not in self._unreadable:
                if self._snapshot is None or self._snapshot.generation != identity(current):
                    try:
                        self._snapshot = self._open(current)
                    except EngineError:
                        self._unreadable.add(current.name)
                        if self._snapshot is None:
                            raise
                self._stamp = stamp
                return self._snapshot
            if self._snapshot is not None:
                return self._snapshot  # the last good one
        raise EngineError(f"there is no index in {self._generations.root} that can be read")

    def _open(self, folder: Path) -> WhooshSnapshot:
        """Open a generation; where its arrays are not whole, they are made again from the durable index."""
        try:
            return WhooshSnapshot(folder, self._vocabulary, self._ranking)
        except EngineError:
            remake_arrays(folder, self._ranking)
            return WhooshSnapshot(folder, self._vocabulary, self._ranking)

    def is_damaged(self) -> bool:
        """See SearchEngine."""
        try:
            snapshot = self.snapshot()
        except EngineError:
            return True
        current = self._generations.current()
        return snapshot.is_damaged or current is None or current.name in self._unreadable

    def search(self, query: SearchQuery) -> Results:
        """See SearchEngine."""
        return self.snapshot().search(query)


class WhooshSnapshot:
    """A generation, opened. Raises: EngineError when it is not whole."""

    def __init__(self, folder: Path, vocabulary: Vocabulary, ranking: Ranking = BM25F) -> None:
        self.folder = folder
        self.generation = identity(folder)
        self._is_damaged = False
        self._vocabulary = vocabulary
        self._ranking = ranking
        try:
            head = read_head(folder)
            segments = [Segment(folder / one.name, one.made_from) for one in head.arrays]
            self.catalogue = Catalogue(segments, [one.dead for one in head.arrays])
        except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
            raise EngineError(f"the index in {folder} cannot be read: {error}") from error
        self.about = head.about
        self.library = StoredLibrary(self.catalogue, head.moved)
        self._languages = tuple(dict.fromkeys((*LANGUAGES, *chain(*(segment.langs for segment in segments)))))

    def search(self, query: SearchQuery) -> Results:
        """See Snapshot."""
        parsed = parse_text(query.text, query.lang)
        try:
            return self._answer(query, parsed)
        except (OSError, ValueError, IndexError, UnicodeDecodeError) as error:
            self._is_damaged = True
            raise EngineError(f"the index {self.generation} cannot be read: {error}") from error

    def similar(self, id: str, size: int = SIMILAR) -> tuple[Similar, ...]:
        """See Snapshot."""
        number = self.catalogue.number(id)
        if number < 0:
            raise KeyError(id)
        try:
            return tuple(self._likeness.similar(number, size))
        except (OSError, ValueError, IndexError, UnicodeDecodeError) as error:
            self._is_damaged = True
            raise EngineError(f"the index {self.generation} cannot be read: {error}") from error

    def suggest(self, text: str, lang: str, size: int) -> tuple[Completion, ...]:
        """See Snapshot."""
        try:
            return self._suggester.suggest(text, lang, size)
        except (OSError, ValueError, IndexError, UnicodeDecodeError) as error:
            self._is_damaged = True
            raise EngineError(f"the index {self.generation} cannot be read: {error}") from error

    @property
    def is_damaged(self) -> bool:
        """Whether something that was read turned out to be damaged."""
        return self._is_damaged or self.library.is_damaged

    def _answer(self, query: SearchQuery, parsed: ParsedText) -> Results:
        languages = self._read_in(query.lang)
        matcher = Matcher(self.catalogue, self._labels, self._namings, self._ranking, languages, self._nearest)
        matched = matcher.match(parsed, loosen=query.loosen, expand=query.expand)
        tiers = self._tiers(query.text) if matched.found is not None else {}
        every = _lift(matched.found, matched.scores, tiers)
        shown = every if matched.most is None else _lift(*matched.most, tiers)
        respelt = matcher.respelt
        # Whatever the filters are: so a filter's counts are those of the search that is shown.
        if respelt and shown[0] is not None and not len(shown[0]):
            nearest = _replaced(query.text, respelt)
            results = self._answer(replace(query, text=nearest), parse_text(nearest, query.lang))
            return replace(results, searched=nearest, suggestions=_offers(query.text, respelt))
        narrowed = self.catalogue.narrow(shown[0], query.filters, query.years)
        count = len(narrowed.found)
        if matched.most is not None and every[0] is not None:
            count = len(np.intersect1d(narrowed.found, every[0], assume_unique=True))
        return Results(
            total=len(narrowed.found),
            every_word=count if count < len(narrowed.found) else None,
            hits=tuple(self._hits(self._order(query, narrowed.found, every, shown), query, matcher.asked)),
            facets=self.catalogue.labelled(narrowed),
            without=narrowed.without,
            undated=narrowed.undated,
            also=tuple(_also(matcher.expansions, query.reader)),
            suggestions=_offers(query.text, respelt),
            notes=parsed.notes,
        )

    def _order(self, query: SearchQuery, found: Found, every: Scored, most: Scored) -> list[tuple[int, float]]:
        """The practices on the page asked for, with their scores: those with every word before the others."""
        end = query.page * query.size
        scores = np.zeros(len(found), np.float32)
        if most[0] is not None and len(found):
            scores = most[1] if len(most[0]) == len(found) else most[1][np.searchsorted(most[0], found)]
        if every[0] is None or most is every:
            order = self.catalogue.order(found, scores, query.sort, query.reader, end)
        else:
            has_every = np.isin(found, every[0], assume_unique=True)
            order = []
            for part in (np.flatnonzero(has_every), np.flatnonzero(~has_every)):
                best = self.catalogue.order(found[part], scores[part], query.sort, query.reader, end - len(order))
                order += part[best].tolist()
        return [(int(found[at]), float(scores[at])) for at in order[end - query.size : end]]

    def _read_in(self, lang: str) -> tuple[str, ...]:
        """The languages in which a query is read, its own first; "" for one in which there is no text and no label."""
        return tuple(dict.fromkeys((lang if lang in self._languages else "", *self._languages)))

    def _tiers(self, text: str) -> dict[int, np.float32]:
        """What is added to the scores of practices that a query names: by their exact title, or by their region."""
        asked = text.strip().strip('"')
        codes = (asked,) if asked in self._vocabulary.regions else self._vocabulary.regions_named(fold(asked))
        regions = np.flatnonzero(self.catalogue.flags(REGION, codes)).tolist() if codes else []
        return dict.fromkeys(regions, REGION_TIER) | dict.fromkeys(self.catalogue.titled(asked), TITLE_TIER)

    def _hits(self, chosen: Sequence[tuple[int, float]], query: SearchQuery, asked: Sequence[Asked]) -> Iterator[Hit]:
        if not query.snippets or not asked:
            for number, score in chosen:
                yield Hit(id=self.catalogue.id(number), score=round(score, 4))
            return
        marked = Marker(self.catalogue, asked, query.reader).mark([number for number, _ in chosen])
        for (number, score), (snippet, why) in zip(chosen, marked, strict=True):
            yield Hit(id=self.catalogue.id(number), score=round(score, 4), snippet=snippet, why=why)

    def _nearest(self, word: str) -> str:
        return self._speller.nearest(word)

    @cached_property
    def _namings(self) -> Namings:
        return Namings(self.catalogue, read_concepts(self._vocabulary), self._ranking)

    @cached_property
    def _labels(self) -> Labels:
        return Labels(self.catalogue.values, self._vocabulary)

    @cached_property
    def _likeness(self) -> Likeness:
        return Likeness(self.catalogue, self._labels, self._ranking)

    @cached_property
    def _suggester(self) -> Suggester:
        return Suggester(self.catalogue, self._vocabulary)

    @cached_property
    def _speller(self) -> Speller:
        counts = dict(self._labels.words())
        for part in self.catalogue.parts:
            sizes = np.diff(part.segment.post_starts).tolist()
            for word, size in zip(part.segment.terms, sizes, strict=True):
                counts[word.decode()] = counts.get(word.decode(), 0) + size
        return Speller(counts)


def identity(folder: Path) -> str:
    """The name of a generation; and what tells it from another of that name, if somebody has removed all of them."""
    try:
        stat = folder.stat()
    except OSError:
        return folder.name
    return f"{folder.name}-{stat.st_ino:x}-{stat.st_mtime_ns:x}"


def _also(expansions: Iterable[Expansion], lang: str) -> Iterator[AlsoMatched]:
    """For words of the visitor the other words for the same that were found, each once."""
    by_text: dict[str, list[Expansion]] = {}
    for one in expansions:
        by_text.setdefault(one.text, []).append(one)
    for text, some in by_text.items():
        labels = {fold(label): label for one in reversed(some) for label in reversed(one.labels)}
        labels.pop(fold(text), None)
        if labels:
            yield AlsoMatched(text, some[0].concept.label(lang), tuple(reversed(labels.values())))


def _offers(text: str, respelt: Mapping[str, str]) -> tuple[Suggestion, ...]:
    """For each unknown word its nearest one, and the query with all of them."""
    return tuple(Suggestion(word, nearest, _replaced(text, respelt)) for word, nearest in respelt.items())


def _replaced(text: str, respelt: Mapping[str, str]) -> str:
    for word, nearest in respelt.items():
        text = replace_word(text, word, nearest)
    return text


def _lift(found: Found | None, scores: Floats, tiers: Mapping[int, np.float32]) -> Scored:
    """Add to what was found the practices that a query names, above all others."""
    if found is None or not tiers:
        return found, scores
    practices = np.array(sorted(tiers), np.int32)
    every = np.union1d(found, practices).astype(np.int32)
    summed = np.zeros(len(every), np.float32)
    summed[np.searchsorted(every, found)] += scores
    summed[np.searchsorted(every, practices)] += np.array([tiers[int(one)] for one in practices], np.float32)
    return every, summed
