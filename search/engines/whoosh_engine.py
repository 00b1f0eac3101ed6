"""The engine on Whoosh, and its only importer.

Whoosh keeps the index on disk and scores words by what it calls BM25F: BM25 of each field times its boost, added
up. The original (Robertson, Zaragoza and Taylor, CIKM 2004) adds before saturating, so scores differ.
What a visitor wrote is compiled from our own tree; Whoosh's query language is never used.
"""

from __future__ import annotations

import pickle
import struct
import threading
import warnings
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import Any

from search.analysis import FOLDED, STEMMED, fold, index_terms, stem, tokens
from search.engine import Progress
from search.engines.catalogue import Catalogue, bit_set, numbers
from search.engines.snippets import cut_snippet
from search.engines.spelling import Speller
from search.errors import EngineError
from search.generations import Generations
from search.library import Library
from search.model import Practice
from search.query import (
    AnyOf,
    Hit,
    ParsedText,
    Phrase,
    Prefix,
    Results,
    SearchQuery,
    Suggestion,
    Term,
    Why,
    Word,
    parse_text,
)  # fmt: skip
from search.snapshots import read_library, write_library
from search.variants import BOOSTS, FIELDS, Text, Variant, variants
from search.vocabulary import LANGUAGES, Vocabulary

with warnings.catch_warnings():
    # Whoosh 2.7.4 has escape sequences in its source of which Python warns when it first compiles them.
    warnings.simplefilter("ignore", SyntaxWarning)
    warnings.simplefilter("ignore", DeprecationWarning)
    from whoosh import fields as whoosh_fields
    from whoosh import index as whoosh_index
    from whoosh import query as wq
    from whoosh.analysis import Analyzer
    from whoosh.analysis import Token as WhooshToken
    from whoosh.codec import whoosh3 as _codec  # noqa: F401 - imported here, lest it warn when first used
    from whoosh.filedb.filestore import FileStorage, copy_to_ram
    from whoosh.query import spans
    from whoosh.scoring import BM25F

# How much a form of a word counts: as the visitor wrote it, without diacritics, inflected; and inflected in a
# language that is not the query's.
EXACT, UNACCENTED, INFLECTED, FOREIGN = 1.0, 0.7, 0.4, 0.2
KEPT_TEXTS = 2000  # variants whose plain text is kept in memory
GAP = "\n" * 20  # between two texts of a field, so that no phrase reaches over
# What reading a damaged index raises, besides what Whoosh does not notice.
DAMAGE = (OSError, EOFError, ValueError, KeyError, IndexError, struct.error, zlib.error, pickle.UnpicklingError)


class FinishedTerms(Analyzer):  # type: ignore[misc]  # Whoosh is untyped
    """Takes terms that are finished: a line for each position, the terms at it with spaces between them."""

    def __call__(self, value: str, **options: Any) -> Iterator[WhooshToken]:
        """Yield the one token that Whoosh's formats read, changed for each term."""
        token = WhooshToken(**options)
        for position, line in enumerate(value.split("\n")):
            for term in line.split():
                token.text = term
                token.pos = position
                yield token


class NextTo(spans.SpanNear2):  # type: ignore[misc]
    """Terms next to each other, at each place one of several; mends how Whoosh 2.7.4 estimates their number."""

    def _and_query(self) -> wq.Query:
        return wq.And([wq.Or(place.subqs) for place in self.qs])


class WhooshEngine:
    """Practices in a Whoosh index, one generation beside the other."""

    def __init__(self, root: Path, vocabulary: Vocabulary) -> None:
        self._generations = Generations(root)
        self._vocabulary = vocabulary
        self._opening = threading.Lock()
        self._snapshot: WhooshSnapshot | None = None
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
        library = practices if isinstance(practices, Library) else Library(practices)

        def write(folder: Path) -> None:
            write_library(folder / "library.jsonl", library, about or {})
            _write_index(folder / "whoosh", library, self._vocabulary, progress)

        with self.exclusive():
            self._generations.build(write)
        return len(library)

    def snapshot(self) -> WhooshSnapshot:
        """See SearchEngine."""
        current = self._generations.current()
        with self._opening:
            if current is not None and current.name not in self._unreadable:
                if self._snapshot is None or self._snapshot.generation != current.name:
                    try:
                        self._snapshot = WhooshSnapshot(current, self._vocabulary)
                    except EngineError:
                        self._unreadable.add(current.name)
                        if self._snapshot is None:
                            raise
                return self._snapshot
            if self._snapshot is not None:
                return self._snapshot  # the last good one
        raise EngineError(f"there is no index in {self._generations.root} that can be read")

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
    """A generation, opened."""

    def __init__(self, folder: Path, vocabulary: Vocabulary) -> None:
        self.generation = folder.name
        self.is_damaged = False  # known only when what is damaged is read
        self._vocabulary = vocabulary
        # A searcher seeks in shared files, so one thread at a time may use it.
        self._turn = threading.Lock()
        try:
            self.library, self.about = read_library(folder / "library.jsonl")
            # Copied, not mapped: where a mapped file is cut short, the next look at it ends the process.
            storage = copy_to_ram(FileStorage(str(folder / "whoosh"), supports_mmap=False))
            self._searcher = storage.open_index().searcher(weighting=BM25F())
            stored = [(int(row["practice"]), str(row["lang"])) for row in self._searcher.reader().all_stored_fields()]
        except Exception as error:  # damage shows itself in whatever Whoosh happens to be reading
            raise EngineError(f"the index in {folder} cannot be read: {error}") from error
        self._catalogue = Catalogue.of(self.library)
        self._practice_of = [practice for practice, _ in stored]  # by Whoosh's document number
        self._texts: dict[tuple[int, str], Variant] = {}
        self._languages = tuple(dict.fromkeys((*LANGUAGES, *(lang for _, lang in stored))))
        if any(practice >= len(self._catalogue.practices) for practice in self._practice_of):
            raise EngineError(f"the index in {folder} does not fit its practices")

    def search(self, query: SearchQuery) -> Results:
        """See Snapshot."""
        parsed = parse_text(query.text, query.lang)
        forms = Forms(query.lang, self._languages)
        with self._turn:
            try:
                return self._answer(query, parsed, forms)
            except DAMAGE as error:
                self.is_damaged = True
                raise EngineError(f"the index {self.generation} cannot be read: {error}") from error

    def _answer(self, query: SearchQuery, parsed: ParsedText, forms: Forms) -> Results:
        found = self._score(parsed, forms)
        for number, tier in self._catalogue.tiers(query.text, self._vocabulary).items():
            found[number] = found.get(number, 0.0) + tier
        left, counts, without = self._catalogue.narrow(bit_set(found), query.filters)
        scores = {number: found[number] for number in numbers(left)}
        order = self._catalogue.order(scores, query.sort, query.reader)
        first = (query.page - 1) * query.size
        return Results(
            total=len(order),
            hits=tuple(self._hit(n, scores[n], query, parsed, forms) for n in order[first : first + query.size]),
            facets=counts,
            without=without,
            suggestions=tuple(self._suggest(query.text, parsed, forms)),
            notes=parsed.notes,
        )

    def _score(self, parsed: ParsedText, forms: Forms) -> dict[int, float]:
        """Practices that match, by number; the score of the variant that matches best."""
        if not parsed.terms:
            found = dict.fromkeys(range(len(self._catalogue.practices)), 0.0)
        else:
            found = self._run(wq.And([forms.compile(term) for term in parsed.terms]))
        for term in parsed.without:
            for number in self._run(forms.compile(term)):
                found.pop(number, None)
        return found

    def _run(self, query: wq.Query) -> dict[int, float]:
        found: dict[int, float] = {}
        for score, document in self._searcher.search(query, limit=None).top_n:
            number = self._practice_of[document]
            found[number] = max(found.get(number, 0.0), score)
        return found

    def _hit(self, number: int, score: float, query: SearchQuery, parsed: ParsedText, forms: Forms) -> Hit:
        shown = self._shown(number, self._catalogue.practices[number].variant(query.reader).language)
        return Hit(
            id=self._catalogue.practices[number].id,
            score=round(score, 4),
            snippet=cut_snippet(shown.body, shown.lang, lambda word: forms.answers(parsed, word, shown.lang)),
            why=tuple(_reasons(shown.fields, parsed, forms)),
        )

    def _shown(self, number: int, lang: str) -> Variant:
        """The texts of a practice in one of its languages; kept, since the same few are found again and again."""
        if (number, lang) not in self._texts:
            if len(self._texts) >= KEPT_TEXTS:
                self._texts.clear()
            for variant in variants(self._catalogue.practices[number], self._vocabulary):
                self._texts[number, variant.lang] = variant
        return self._texts[number, lang]

    def _suggest(self, text: str, parsed: ParsedText, forms: Forms) -> Iterator[Suggestion]:
        for word in words_of(parsed):
            if not any((field, term) in self._searcher.reader() for field in FIELDS for term in forms.terms(word)):
                nearest = self._speller.nearest(word)
                if nearest:
                    yield Suggestion(word, nearest, replace_word(text, word, nearest))

    @cached_property
    def _speller(self) -> Speller:
        counts: Counter[str] = Counter()
        reader = self._searcher.reader()
        for field in FIELDS:
            for term in reader.lexicon(field):
                word = term.decode("utf-8")
                if not word.startswith((FOLDED, STEMMED)):
                    counts[word] += reader.doc_frequency(field, term)
        return Speller(counts)


class Forms:
    """The forms in which a word of the query is looked for: the language it is read in, then the collection's."""

    def __init__(self, lang: str, languages: Iterable[str]) -> None:
        self._lang = lang
        self._languages = tuple(dict.fromkeys((lang, *languages)))

    def terms(self, word: str) -> dict[str, float]:
        """The terms of the index that answer a word, with their weight."""
        folded = fold(word)
        weights = {word: EXACT}
        weights.setdefault(folded, UNACCENTED)
        weights[FOLDED + folded] = UNACCENTED
        for lang in self._languages:
            stemmed = stem(word, lang)
            if stemmed:
                weights[stemmed] = INFLECTED if lang == self._lang else FOREIGN
        return weights

    def compile(self, term: Term) -> wq.Query:
        """A term of our tree as a query of Whoosh."""
        match term:
            case Word(word):
                return wq.Or(
                    [
                        wq.Term(field, form, boost=weight * BOOSTS[field])
                        for field in FIELDS
                        for form, weight in self.terms(word).items()
                    ]
                )
            case Prefix(stump):
                starts = {stump, fold(stump), FOLDED + fold(stump)}
                return wq.Or([wq.Prefix(field, start, boost=BOOSTS[field]) for field in FIELDS for start in starts])
            case Phrase(words):
                return wq.Or([self._phrase(field, words) for field in FIELDS])
            case AnyOf(terms):
                return wq.Or([self.compile(one) for one in terms])

    def _phrase(self, field: str, words: tuple[str, ...]) -> wq.Query:
        places = []
        for word in words:
            forms = dict.fromkeys((word, fold(word), FOLDED + fold(word)))
            places.append(spans.SpanOr([wq.Term(field, form, boost=BOOSTS[field]) for form in forms]))
        return NextTo(places, slop=1, ordered=True)

    def answers(self, parsed: ParsedText, word: str, lang: str) -> str:
        """The word of the query that a word of a text answers, or ""."""
        indexed = index_terms(word, lang)
        for asked in words_of(parsed):
            if not self.terms(asked).keys().isdisjoint(indexed):
                return asked
        for stump in prefixes_of(parsed):
            if fold(word).startswith(fold(stump)):
                return stump + "*"
        return ""


def words_of(parsed: ParsedText) -> Iterator[str]:
    """The words that a query looks for, those of its phrases too."""
    for term in parsed.terms:
        for one in term.terms if isinstance(term, AnyOf) else (term,):
            match one:
                case Word(word):
                    yield word
                case Phrase(words):
                    yield from words


def prefixes_of(parsed: ParsedText) -> Iterator[str]:
    """The beginnings of words that a query looks for."""
    for term in parsed.terms:
        for one in term.terms if isinstance(term, AnyOf) else (term,):
            if isinstance(one, Prefix):
                yield one.surface


def replace_word(text: str, word: str, by: str) -> str:
    """A query with one of its words spelt otherwise; everything else stays as it was typed."""
    for token in tokens(text):
        if token.surface == word:
            return text[: token.start] + by + text[token.end :]
    return text


def _reasons(texts: dict[str, tuple[Text, ...]], parsed: ParsedText, forms: Forms) -> Iterator[Why]:
    """Where a shown practice answers the query: once a field and word, by the nearest form."""
    asked = {word: forms.terms(word) for word in words_of(parsed)}
    for field, pieces in texts.items():
        best: dict[str, float] = {}
        for piece in pieces:
            for token in tokens(piece.text, piece.lang):
                indexed = index_terms(token.surface, piece.lang)
                for word, weights in asked.items():
                    weight = max((weights.get(term, 0.0) for term in indexed), default=0.0)
                    best[word] = max(best.get(word, 0.0), weight)
        for word, weight in best.items():
            if weight:
                form = "exact" if weight == EXACT else "folded" if weight == UNACCENTED else "stem"
                yield Why(field, form, word)


def _write_index(
    folder: Path, practices: Iterable[Practice], vocabulary: Vocabulary, progress: Progress | None
) -> None:
    folder.mkdir()
    text = whoosh_fields.TEXT(analyzer=FinishedTerms(), phrase=True)
    schema = whoosh_fields.Schema(
        practice=whoosh_fields.STORED, lang=whoosh_fields.STORED, **dict.fromkeys(FIELDS, text)
    )
    index = whoosh_index.create_in(str(folder), schema)
    try:
        with index.writer(limitmb=256) as writer:
            for number, practice in enumerate(practices):
                for variant in variants(practice, vocabulary):
                    lines = {field: _lines(pieces) for field, pieces in variant.fields.items()}
                    writer.add_document(practice=number, lang=variant.lang, **lines)
                if progress is not None:
                    progress(1)
    finally:
        index.close()


def _lines(pieces: tuple[Text, ...]) -> str:
    """A field's texts as FinishedTerms reads them."""
    return GAP.join(
        "\n".join(" ".join(index_terms(token.surface, piece.lang)) for token in tokens(piece.text, piece.lang))
        for piece in pieces
    )
