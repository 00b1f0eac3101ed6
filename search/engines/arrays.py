"""The read model: what a search needs of the index as arrays, in files that processes share.

A segment of arrays is made from the texts of one or more segments of the durable index and never changes. Words
("terms") are numbered in the order of their folded form, so those that fold to the same stand together, and those
that begin alike do too. Every occurrence of a word has a position in one long row of all texts; gaps (term -1)
stand between texts and fields, so that no phrase reaches over.

    terms, folds, bases     the words, their folded forms, and stems and lemmas, sorted; which terms each stands for
    post_practice/_weight   for each term the practices that have it, and what it weighs there
    positions               for each term where it stands
    tokens                  for each position the term, and its bytes in the text
    slots                   for each text and field the first position
    practices, texts, ids   the documents themselves, as bytes
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from search.analysis import bases_all, fold
from search.engines.blobs import ArrayFiles, ArrayWriter, BlobWriter, check_sums, write_blob
from search.engines.ranking import Floats, Occurrences, Ranking
from search.variants import FIELDS

FORMAT = 6  # raised when what is written changes
BLOCK = 2_000_000  # positions sorted at a time, which bounds the memory of a build
BATCH = 1_000  # texts that are read at a time, for the same reason
PLACES = "places.new"  # file of places of words while terms have no numbers yet

PLACE = np.dtype([("at", np.uint32), ("size", np.uint16)])  # where a word is in its text, in bytes
TOKEN = np.dtype([("term", np.int32), *PLACE.descr])

Ints: TypeAlias = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class TextRecord:
    """A practice in one language, as the durable index gives it back.

    `words` are surfaces with line ends between them, "" for a gap; `starts` and `sizes` (uint32, uint16) are their
    places in `text` in bytes; `bounds` (uint32) is where each field begins in `words`, and the end.
    """

    id: str
    lang: str
    is_whole: bool  # not only a title
    words: bytes
    starts: bytes
    sizes: bytes
    bounds: bytes
    text: bytes
    practice: bytes  # JSON of the practice; only with its original
    row: bytes  # JSON of its PracticeRow; only with its original
    lengths: tuple[int, ...]  # of each field in words, as the durable index has it
    packed: bytes  # all of this, as it is stored


@dataclass(frozen=True, slots=True)
class PracticeRow:
    """What is known of a practice besides its words."""

    id: str
    facets: dict[str, list[str]]
    titles: list[int]  # keys of the titles under which it is known
    created: int  # day it came in, counted from year 1; 0 where unknown
    evidence: int  # number of its level
    years: list[int]  # first and last of its activity; zeros where unknown
    brief: list[Any]  # what lists say of it


def write_segment(
    folder: Path,
    records: Sequence[TextRecord],
    averages: Sequence[float],
    made_from: Sequence[str],
    ranking: Ranking,
) -> None:
    """Write the arrays of some segments of the durable index; records are in the order of practice ids.

    `averages` are the mean lengths of each field in words.
    """
    folder.mkdir(parents=True)
    texts, rows, met = _Texts(), _Rows(), _Words()
    _read(folder, records, texts, rows, met)
    words, token_term = met.number()
    _write_tokens(folder, token_term)
    corpus = texts.corpus(token_term, averages)
    seen = _write_postings(folder, corpus, len(words), ranking)
    _write_folds(folder, words)
    _write_bases(folder, words, seen)
    np.save(folder / "slots.npy", corpus.slots)
    np.save(folder / "texts_practice.npy", corpus.texts_practice)
    np.save(folder / "texts_lang.npy", corpus.texts_lang)
    np.save(folder / "texts_whole.npy", np.array(texts.whole, bool))
    rows.write(folder)
    head = {
        "format": FORMAT,
        "made_from": sorted(made_from),
        "langs": corpus.langs,
        "practices": len(rows.created),
        "texts": len(records),
        "fields": list(FIELDS),
        "sums": check_sums(folder),
    }
    (folder / "segment.json").write_text(json.dumps(head), encoding="utf-8")


def _read(folder: Path, records: Sequence[TextRecord], texts: _Texts, rows: _Rows, words: _Words) -> None:
    """Read every record once: bytes go to disk at once, and what must be together goes to those who collect it.

    Raises: ValueError when a text belongs to no practice.
    """
    id = None
    with (
        BlobWriter(folder, "ids") as ids,
        BlobWriter(folder, "texts") as bodies,
        BlobWriter(folder, "practices") as practices,
        BlobWriter(folder, "briefs") as briefs,
        (folder / PLACES).open("wb") as places,
    ):
        for first in range(0, len(records), BATCH):
            batch = records[first : first + BATCH]
            words.add(batch)
            for record in batch:
                if record.row:
                    row = PracticeRow(**json.loads(record.row))
                    id = row.id
                    rows.add(row)
                    ids.add(id.encode())
                    briefs.add(json.dumps(row.brief, ensure_ascii=False).encode())
                    practices.add(record.practice)
                elif record.id != id:
                    raise ValueError(f"a text of {record.id} has no practice")
                texts.add(record, len(rows.created) - 1)
                bodies.add(record.text)
                places.write(_places(record))


def _places(record: TextRecord) -> bytes:
    """Where each word of a record is in its text."""
    starts = np.frombuffer(record.starts, np.uint32)
    places = np.empty(len(starts), PLACE)
    places["at"], places["size"] = starts, np.frombuffer(record.sizes, np.uint16)
    return places.tobytes()


def _write_tokens(folder: Path, token_term: Ints) -> None:
    """Write everything of a position together, so that a text is one piece; the places are there already."""
    path = folder / PLACES
    with path.open("rb") as places, ArrayWriter(folder, "tokens", TOKEN) as tokens:
        for _, terms in _pieces(token_term):
            some = np.fromfile(places, PLACE, len(terms))
            piece = np.empty(len(terms), TOKEN)
            piece["term"], piece["at"], piece["size"] = terms, some["at"], some["size"]
            tokens.add(piece)
    path.unlink()


class _Words:
    """Numbers words: first as they are met, then in their order."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {b"": 0}
        self._met = array("i")  # the number at each position

    def add(self, records: Iterable[TextRecord]) -> None:
        """Take the words of the next texts."""
        some = [record.words for record in records if record.starts]
        if not some:
            return
        words, numbers = b"\n".join(some).split(b"\n"), self._numbers
        for word in set(words) - numbers.keys():
            numbers[word] = len(numbers)
        self._met.frombytes(np.fromiter(map(numbers.__getitem__, words), np.int32, len(words)).tobytes())

    def number(self) -> tuple[list[str], Ints]:
        """The words in their order, and the term at each position; nothing can be added after it."""
        known = [word.decode() for word in self._numbers][1:]
        keys = [(fold(word).encode(), word.encode()) for word in known]
        order = sorted(range(len(known)), key=keys.__getitem__)
        rank = np.full(len(self._numbers), -1, np.int32)
        rank[np.array(order, np.int64) + 1] = np.arange(len(order), dtype=np.int32)
        terms = np.frombuffer(self._met, np.int32)
        for _, piece in _pieces(terms):
            piece[:] = rank[piece]
        return [known[number] for number in order], terms


class _Texts:
    """Collects what is known of each text besides its words."""

    def __init__(self) -> None:
        self.whole = bytearray()
        self._slots, self._lengths = array("q", [0]), array("f")
        self._practice, self._lang = array("i"), bytearray()
        self._langs: dict[str, int] = {}  # numbered as they are met

    def add(self, record: TextRecord, practice: int) -> None:
        """Take the next text, which belongs to a practice with this number."""
        base = self._slots.pop()
        self._slots.extend([base + bound for bound in np.frombuffer(record.bounds, np.uint32).tolist()])
        self._lengths.extend(record.lengths)
        self._practice.append(practice)
        self._lang.append(self._langs.setdefault(record.lang, len(self._langs)))
        self.whole.append(record.is_whole)

    def corpus(self, token_term: Ints, averages: Sequence[float]) -> _Corpus:
        """All of them, with the term at each position and the mean length of each field in words."""
        langs = sorted(self._langs)
        renumbered = np.array([langs.index(lang) for lang in self._langs], np.uint8)
        return _Corpus(
            token_term=token_term,
            slots=np.array(self._slots, np.int64),
            lengths=np.array(self._lengths, np.float32).reshape(len(self._practice), len(FIELDS)),
            averages=np.array(averages, np.float32),
            texts_practice=np.array(self._practice, np.int32),
            texts_lang=renumbered[np.frombuffer(self._lang, np.uint8)],
            langs=langs,
        )


@dataclass(frozen=True, slots=True)
class _Corpus:
    """All texts as arrays: the term at each position, where fields begin and how long they are, whose each text is."""

    token_term: Ints
    slots: NDArray[np.int64]
    lengths: Floats  # a row for each text
    averages: Floats
    texts_practice: Ints
    texts_lang: NDArray[np.uint8]
    langs: list[str]


def _write_postings(folder: Path, corpus: _Corpus, terms: int, ranking: Ranking) -> dict[str, Ints]:
    """Write which practices have each term. Returns: by language the terms that its texts have."""
    token_term, slots, lengths, langs = corpus.token_term, corpus.slots, corpus.lengths, corpus.langs
    token_slot = np.repeat(np.arange(len(slots) - 1, dtype=np.int32), np.diff(slots))
    starts = _starts(_counts(token_term, terms))
    per_term = np.zeros(terms, np.int64)
    seen = {lang: np.zeros(terms, bool) for lang in langs}
    with (
        ArrayWriter(folder, "positions", np.int32) as positions,
        ArrayWriter(folder, "post_practice", np.int32) as practices,
        ArrayWriter(folder, "post_weight", np.float32) as weights,
    ):
        for lo, hi in _blocks(starts):
            where = _where(token_term, lo, hi)
            where = where[np.argsort(token_term[where], kind="stable")]
            positions.add(where)
            term, slot = token_term[where], token_slot[where]
            first = _run_starts(term, slot)
            count = np.diff(first, append=len(where)).astype(np.float32)
            term, slot = term[first], slot[first]
            field, text = slot % len(FIELDS), slot // len(FIELDS)
            texts_with = np.bincount((term - lo) * len(FIELDS) + field, minlength=(hi - lo) * len(FIELDS))
            weight = ranking.weigh(
                Occurrences(
                    count=count,
                    field=field,
                    length=lengths.reshape(-1)[slot],
                    average=corpus.averages,
                    texts_with=texts_with[(term - lo) * len(FIELDS) + field].astype(np.float32),
                    texts=len(lengths),
                )
            )
            if len(term):
                first = _run_starts(term, text)
                weight = np.add.reduceat(weight, first)
                term, text = term[first], text[first]
                for number, lang in enumerate(langs):
                    seen[lang][term[corpus.texts_lang[text] == number]] = True
                practice = corpus.texts_practice[text]
                first = _run_starts(term, practice)  # a practice counts by the language in which the word weighs most
                practices.add(practice[first])
                weights.add(np.maximum.reduceat(weight, first))
                per_term += np.bincount(term[first], minlength=terms)
    np.save(folder / "position_starts.npy", starts)
    np.save(folder / "post_starts.npy", _starts(per_term))
    weight_of_slot = ranking.weigh(
        Occurrences(
            count=np.ones(len(slots) - 1, np.float32),
            field=np.tile(np.arange(len(FIELDS)), len(lengths)),
            length=lengths.reshape(-1),
            average=corpus.averages,
            texts_with=np.ones(len(slots) - 1, np.float32),
            texts=len(lengths),
        )
    )
    np.save(folder / "slot_weight.npy", weight_of_slot)  # of a phrase, which is in no list of terms
    return {lang: np.flatnonzero(flags).astype(np.int32) for lang, flags in seen.items()}


def _starts(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    starts = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts


def _pieces(token_term: Ints) -> Iterator[tuple[int, Ints]]:
    """Where pieces of no more than BLOCK positions begin, and the terms in them: what is made of all is large."""
    for first in range(0, len(token_term), BLOCK):
        yield first, token_term[first : first + BLOCK]


def _counts(token_term: Ints, terms: int) -> NDArray[np.int64]:
    """How often each term occurs."""
    counts = np.zeros(terms + 1, np.int64)
    for _, piece in _pieces(token_term):
        counts += np.bincount(piece + 1, minlength=terms + 1)
    return counts[1:]


def _where(token_term: Ints, lo: int, hi: int) -> Ints:
    """The positions of terms from `lo` to before `hi`."""
    found = [np.zeros(0, np.int32)]
    for first, piece in _pieces(token_term):
        found.append((np.flatnonzero((piece >= lo) & (piece < hi)) + first).astype(np.int32))
    return np.concatenate(found)


def _blocks(starts: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Runs of terms with about BLOCK positions together; a term is never split."""
    lo = 0
    while lo < len(starts) - 1:
        hi = max(lo + 1, int(np.searchsorted(starts, starts[lo] + BLOCK, "right")) - 1)
        yield lo, hi
        lo = hi


def _run_starts(*keys: Ints) -> NDArray[np.intp]:
    """Where one of the keys is not what it was before."""
    if not len(keys[0]):
        return np.zeros(0, np.intp)
    changed = np.zeros(len(keys[0]), bool)
    changed[0] = True
    for key in keys:
        changed[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(changed)


def _write_folds(folder: Path, words: Sequence[str]) -> None:
    folds: list[bytes] = []
    firsts: list[int] = []
    for number, word in enumerate(words):
        folded = fold(word).encode()
        if not folds or folds[-1] != folded:
            folds.append(folded)
            firsts.append(number)
    write_blob(folder, "terms", (word.encode() for word in words))
    write_blob(folder, "folds", folds, looked_up=True)
    np.save(folder / "fold_firsts.npy", np.array([*firsts, len(words)], np.int32))


def _write_bases(folder: Path, words: Sequence[str], seen: dict[str, Ints]) -> None:
    """For each language and base the terms that have it, of those that texts in this language have."""
    groups: dict[bytes, list[int]] = {}
    for lang, terms in seen.items():
        for term, shared in zip(terms.tolist(), bases_all([words[term] for term in terms], lang), strict=True):
            for base in shared:
                groups.setdefault(f"{lang}:{base}".encode(), []).append(term)
    keys = sorted(groups)
    write_blob(folder, "bases", keys, looked_up=True)
    members = [groups[key] for key in keys]
    np.save(folder / "base_starts.npy", _starts(np.array([len(one) for one in members], np.int64)))
    np.save(folder / "base_terms.npy", np.array([term for one in members for term in one], np.int32))


class _Rows:
    """Collects what is known of each practice besides its words."""

    def __init__(self) -> None:
        self.created, self._evidence, self._years = array("i"), bytearray(), array("h")
        self._titles, self._title_practices = array("Q"), array("i")
        self._values: dict[tuple[str, str], int] = {}  # facet values, numbered as they are met
        self._listed, self._sizes = array("i"), array("i")  # the values of all practices, and how many each has

    def add(self, row: PracticeRow) -> None:
        """Take the next practice."""
        values = [(name, value) for name, some in row.facets.items() for value in some]
        self._listed.extend([self._values.setdefault(value, len(self._values)) for value in values])
        self._sizes.append(len(values))
        self._titles.extend(row.titles)
        self._title_practices.extend([len(self.created)] * len(row.titles))
        self.created.append(row.created)
        self._evidence.append(row.evidence)
        self._years.extend(row.years)

    def write(self, folder: Path) -> None:
        """Write facet values as a table of numbers with -1 for none, titles as sorted keys, and what orders lists."""
        values = sorted(self._values)
        renumbered = np.zeros(len(values), np.int16)
        renumbered[[self._values[value] for value in values]] = np.array(range(len(values)), np.int16)
        sizes = np.array(self._sizes, np.int64)
        table = np.full((len(sizes), max(self._sizes, default=0)), -1, np.int16)
        table[np.arange(table.shape[1]) < sizes[:, np.newaxis]] = renumbered[np.array(self._listed, np.int64)]
        np.save(folder / "facet_table.npy", table)
        (folder / "facet_values.json").write_text(json.dumps(values), encoding="utf-8")
        np.save(folder / "title_keys.npy", np.array(self._titles, np.uint64))
        np.save(folder / "title_practices.npy", np.array(self._title_practices, np.int32))
        np.save(folder / "created.npy", np.array(self.created, np.int32))
        np.save(folder / "evidence.npy", np.frombuffer(self._evidence, np.uint8))
        np.save(folder / "years.npy", np.array(self._years, np.int16).reshape(-1, 2))


class Segment:
    """A segment of arrays, opened; `made_from` are the segments of the durable index that it must stand for.

    Raises: OSError, ValueError or KeyError when it is not whole, or was made from others.
    """

    def __init__(self, folder: Path, made_from: Sequence[str]) -> None:
        head = json.loads((folder / "segment.json").read_text(encoding="utf-8"))
        if head["format"] != FORMAT or head["fields"] != list(FIELDS):
            raise ValueError(f"{folder} was written by another version")
        if head["made_from"] != sorted(made_from):
            raise ValueError(f"{folder} was made from another index")
        files = ArrayFiles(folder, head["sums"])
        self.langs: list[str] = head["langs"]
        self.practices_count: int = head["practices"]
        self.terms, self.folds, self.bases = (files.blob(name) for name in ("terms", "folds", "bases"))
        self.ids, self.texts, self.practices = (files.blob(name) for name in ("ids", "texts", "practices"))
        self.briefs = files.blob("briefs")
        self.fold_firsts: Ints = files.array("fold_firsts")
        self.base_starts = files.array("base_starts")
        self.base_terms: Ints = files.array("base_terms")
        self.post_starts = files.array("post_starts")
        self.post_practice: Ints = files.array("post_practice")
        self.post_weight: Floats = files.array("post_weight")
        self.position_starts = files.array("position_starts")
        self.positions: Ints = files.array("positions")
        self.tokens = files.pieces("tokens", TOKEN)
        self.slots = files.array("slots")
        self.slot_weight: Floats = files.array("slot_weight")
        self.texts_practice: Ints = files.array("texts_practice")
        self.texts_lang = files.array("texts_lang")
        self.texts_whole = files.array("texts_whole")
        self.facet_table = files.array("facet_table")
        self.facet_values = [tuple(value) for value in json.loads(files.text("facet_values.json"))]
        self.title_keys = files.array("title_keys")
        self.title_practices: Ints = files.array("title_practices")
        self.created = files.array("created")
        self.evidence = files.array("evidence")
        self.years = files.array("years")
        # The texts of practice n are those from text_firsts[n]; texts stand in the order of practices.
        self.text_firsts = np.searchsorted(self.texts_practice, np.arange(self.practices_count + 1))
        self._check(head)

    def _check(self, head: dict[str, int]) -> None:
        tokens = int(self.slots[-1])
        whole = (
            len(self.ids) == len(self.practices) == len(self.briefs) == len(self.created) == self.practices_count,
            self.years.shape == (self.practices_count, 2),
            len(self.texts) == len(self.texts_practice) == head["texts"],
            len(self.slots) == head["texts"] * len(FIELDS) + 1,
            len(self.tokens) == tokens,
            len(self.post_starts) == len(self.position_starts) == len(self.terms) + 1,
            len(self.post_practice) == len(self.post_weight) == self.post_starts[-1],
            len(self.positions) == self.position_starts[-1],
            len(self.fold_firsts) == len(self.folds) + 1,
            len(self.base_starts) == len(self.bases) + 1,
        )
        if not all(whole):
            raise ValueError("the arrays do not fit each other")

    def is_whole(self, text: int) -> bool:
        """Whether a text is one to read, and not only a title."""
        return bool(self.texts_whole[text])

    def lang(self, text: int) -> str:
        """The language of a text."""
        return self.langs[int(self.texts_lang[text])]

    def folded_terms(self, surface: str) -> range:
        """The numbers of all words that fold to the same."""
        (terms,) = self.folded_terms_all([surface])
        return terms

    def folded_terms_all(self, surfaces: Sequence[str]) -> list[range]:
        """For each of many words the numbers of all that fold to the same."""
        found = self.folds.find([fold(surface) for surface in surfaces])
        return [range(*self.fold_firsts[number : number + 2].tolist()) if number >= 0 else range(0) for number in found]

    def is_exact(self, term: int, surface: str) -> bool:
        """Whether a term is this word, accents and all."""
        return self.terms[term] == surface.encode()

    def inflected_terms(self, shared: Sequence[tuple[str, str]]) -> list[list[int]]:
        """For each language and base the numbers of all words that have it in texts of this language."""
        found = self.bases.find([f"{lang}:{base}" for lang, base in shared])
        return [
            self.base_terms[self.base_starts[number] : self.base_starts[number + 1]].tolist() if number >= 0 else []
            for number in found
        ]

    def prefixed_terms(self, stump: str) -> range:
        """The numbers of all words that begin like this when folded."""
        first, end = self.folds.prefixed(fold(stump))
        return range(int(self.fold_firsts[first]), int(self.fold_firsts[end]))
