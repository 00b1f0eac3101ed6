"""The read model: what a search needs of the index as arrays, mapped into memory and shared by processes.

A segment of arrays is made from the texts of one or more segments of the durable index and never changes. Words
("terms") are numbered in the order of their folded form, so those that fold to the same stand together, and those
that begin alike do too. Every occurrence of a word has a position in one long row of all texts; gaps (term -1)
stand between texts and fields, so that no phrase reaches over.

    terms, folds, stems     the words, their folded forms and stems, sorted; which terms each stands for
    post_practice/_weight   for each term the practices that have it, and what it weighs there
    positions               for each term where it stands
    token_term/_at/_size    for each position the term, and its bytes in the text
    slots                   for each text and field the first position
    practices, texts, ids   the documents themselves, as bytes
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from search.analysis import fold, stem_all
from search.engines.blobs import ArrayFiles, check_sums, write_blob
from search.engines.ranking import Floats, Occurrences, Ranking
from search.variants import FIELDS

FORMAT = 4  # raised when what is written changes
BLOCK = 4_000_000  # positions sorted at a time, which bounds the memory of a build
BATCH = 1_000  # texts whose words are numbered at a time

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
    rows = [PracticeRow(**json.loads(record.row)) for record in records if record.row]
    number_of = {row.id: number for number, row in enumerate(rows)}
    langs = sorted({record.lang for record in records})
    texts_practice = np.array([number_of[record.id] for record in records], np.int32)
    texts_lang = np.array([langs.index(record.lang) for record in records], np.uint8)
    slots = _slots(records)
    words, token_term = _number_words(folder, records, slots)
    write_blob(folder, "ids", (row.id.encode() for row in rows))
    write_blob(folder, "texts", (record.text for record in records))
    write_blob(folder, "practices", (record.practice for record in records if record.practice))
    lengths = np.array([record.lengths for record in records], np.float32).reshape(len(records), len(FIELDS))
    corpus = _Corpus(token_term, slots, lengths, np.array(averages, np.float32), texts_practice, texts_lang, langs)
    seen = _write_postings(folder, corpus, len(words), ranking)
    _write_folds(folder, words)
    _write_stems(folder, words, seen)
    np.save(folder / "slots.npy", slots)
    np.save(folder / "texts_practice.npy", texts_practice)
    np.save(folder / "texts_lang.npy", texts_lang)
    np.save(folder / "texts_whole.npy", np.array([record.is_whole for record in records], bool))
    _write_rows(folder, rows)
    head = {
        "format": FORMAT,
        "made_from": sorted(made_from),
        "langs": langs,
        "practices": len(rows),
        "texts": len(records),
        "fields": list(FIELDS),
        "sums": check_sums(folder),
    }
    (folder / "segment.json").write_text(json.dumps(head), encoding="utf-8")


def _slots(records: Sequence[TextRecord]) -> NDArray[np.int64]:
    """The first position of every field of every text, and the position after the last."""
    slots = np.zeros(len(records) * len(FIELDS) + 1, np.int64)
    base = 0
    for number, record in enumerate(records):
        bounds = np.frombuffer(record.bounds, np.uint32)
        at = number * len(FIELDS)
        slots[at : at + len(FIELDS)] = bounds[:-1].astype(np.int64) + base
        base += int(bounds[-1])
    slots[-1] = base
    return slots


def _number_words(folder: Path, records: Sequence[TextRecord], slots: NDArray[np.int64]) -> tuple[list[str], Ints]:
    """Number the words of all texts. Returns: the words in their order, and the term at each position."""
    total = int(slots[-1])
    at = np.lib.format.open_memmap(folder / "token_at.npy", mode="w+", dtype=np.uint32, shape=(total,))
    size = np.lib.format.open_memmap(folder / "token_size.npy", mode="w+", dtype=np.uint16, shape=(total,))
    met = np.zeros(total, np.int32)
    numbers: dict[bytes, int] = {b"": 0}
    done = 0
    for first in range(0, len(records), BATCH):
        batch = [record for record in records[first : first + BATCH] if record.starts]
        words = b"\n".join([record.words for record in batch]).split(b"\n") if batch else []
        for word in sorted(set(words) - numbers.keys()):
            numbers[word] = len(numbers)
        met[done : done + len(words)] = np.fromiter(map(numbers.__getitem__, words), np.int32, len(words))
        at[done : done + len(words)] = np.frombuffer(b"".join([record.starts for record in batch]), np.uint32)
        size[done : done + len(words)] = np.frombuffer(b"".join([record.sizes for record in batch]), np.uint16)
        done += len(words)
    known = [word.decode() for word in numbers][1:]
    keys = [(fold(word).encode(), word.encode()) for word in known]
    order = sorted(range(len(known)), key=keys.__getitem__)
    rank = np.full(len(numbers), -1, np.int32)
    rank[np.array(order, np.int64) + 1] = np.arange(len(order), dtype=np.int32)
    token_term = rank[met]
    np.save(folder / "token_term.npy", token_term)
    return [known[number] for number in order], token_term


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
    position_counts = np.bincount(token_term[token_term >= 0], minlength=terms)
    starts = _starts(position_counts)
    positions = np.lib.format.open_memmap(folder / "positions.npy", mode="w+", dtype=np.int32, shape=(int(starts[-1]),))
    practices: list[Ints] = []
    weights: list[Floats] = []
    per_term = np.zeros(terms, np.int64)
    seen = {lang: np.zeros(terms, bool) for lang in langs}
    for lo, hi in _blocks(starts):
        where = np.flatnonzero((token_term >= lo) & (token_term < hi)).astype(np.int32)
        where = where[np.argsort(token_term[where], kind="stable")]
        positions[starts[lo] : starts[hi]] = where
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
            weight = np.maximum.reduceat(weight, first)
            term, practice = term[first], practice[first]
            practices.append(practice)
            weights.append(weight.astype(np.float32))
            per_term += np.bincount(term, minlength=terms)
    np.save(folder / "position_starts.npy", starts)
    np.save(folder / "post_practice.npy", np.concatenate([*practices, np.zeros(0, np.int32)]))
    np.save(folder / "post_weight.npy", np.concatenate([*weights, np.zeros(0, np.float32)]))
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


def _write_stems(folder: Path, words: Sequence[str], seen: dict[str, Ints]) -> None:
    """For each language and stem the terms that have it, of those that texts in this language have."""
    groups: dict[bytes, list[int]] = {}
    for lang, terms in seen.items():
        stems = stem_all([words[term] for term in terms], lang)
        for term, stem in zip(terms.tolist(), stems, strict=False):
            groups.setdefault(f"{lang}:{stem}".encode(), []).append(term)
    keys = sorted(groups)
    write_blob(folder, "stems", keys, looked_up=True)
    members = [groups[key] for key in keys]
    np.save(folder / "stem_starts.npy", _starts(np.array([len(one) for one in members], np.int64)))
    np.save(folder / "stem_terms.npy", np.array([term for one in members for term in one], np.int32))


def _write_rows(folder: Path, rows: Sequence[PracticeRow]) -> None:
    """Facet values as a table of numbers with -1 where there is none, titles as sorted keys, and what orders lists."""
    values = sorted({(name, value) for row in rows for name, some in row.facets.items() for value in some})
    number_of = {value: number for number, value in enumerate(values)}
    listed = [[number_of[name, value] for name, some in row.facets.items() for value in some] for row in rows]
    table = np.full((len(rows), max(map(len, listed), default=0)), -1, np.int16)
    for number, row_values in enumerate(listed):
        table[number, : len(row_values)] = row_values
    np.save(folder / "facet_table.npy", table)
    (folder / "facet_values.json").write_text(json.dumps(values), encoding="utf-8")
    titles = [(key, number) for number, row in enumerate(rows) for key in row.titles]
    np.save(folder / "title_keys.npy", np.array([key for key, _ in titles], np.uint64))
    np.save(folder / "title_practices.npy", np.array([number for _, number in titles], np.int32))
    np.save(folder / "created.npy", np.array([row.created for row in rows], np.int32))
    write_blob(folder, "briefs", (json.dumps(row.brief, ensure_ascii=False).encode() for row in rows))
    np.save(folder / "evidence.npy", np.array([row.evidence for row in rows], np.uint8))


class Segment:
    """A segment of arrays, mapped; `made_from` are the segments of the durable index that it must stand for.

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
        self.terms, self.folds, self.stems = (files.blob(name) for name in ("terms", "folds", "stems"))
        self.ids, self.texts, self.practices = (files.blob(name) for name in ("ids", "texts", "practices"))
        self.briefs = files.blob("briefs")
        self.fold_firsts: Ints = files.array("fold_firsts")
        self.stem_starts = files.array("stem_starts")
        self.stem_terms: Ints = files.array("stem_terms")
        self.post_starts = files.array("post_starts")
        self.post_practice: Ints = files.array("post_practice")
        self.post_weight: Floats = files.array("post_weight")
        self.position_starts = files.array("position_starts")
        self.positions: Ints = files.array("positions")
        self.token_term: Ints = files.array("token_term")
        self.token_at = files.array("token_at")
        self.token_size = files.array("token_size")
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
        # The texts of practice n are those from text_firsts[n]; texts stand in the order of practices.
        self.text_firsts = np.searchsorted(self.texts_practice, np.arange(self.practices_count + 1))
        self._check(head)

    def _check(self, head: dict[str, int]) -> None:
        tokens = int(self.slots[-1])
        whole = (
            len(self.ids) == len(self.practices) == len(self.briefs) == len(self.created) == self.practices_count,
            len(self.texts) == len(self.texts_practice) == head["texts"],
            len(self.slots) == head["texts"] * len(FIELDS) + 1,
            len(self.token_term) == len(self.token_at) == len(self.token_size) == tokens,
            len(self.post_starts) == len(self.position_starts) == len(self.terms) + 1,
            len(self.post_practice) == len(self.post_weight) == self.post_starts[-1],
            len(self.positions) == self.position_starts[-1],
            len(self.fold_firsts) == len(self.folds) + 1,
            len(self.stem_starts) == len(self.stems) + 1,
        )
        if not all(whole):
            raise ValueError("the arrays do not fit each other")

    def is_whole(self, text: int) -> bool:
        """Whether a text is one to read, and not only a title."""
        return bool(self.texts_whole[text])

    def folded_terms(self, surface: str) -> range:
        """The numbers of all words that fold to the same."""
        (number,) = self.folds.find([fold(surface)])
        return range(*self.fold_firsts[number : number + 2].tolist()) if number >= 0 else range(0)

    def is_exact(self, term: int, surface: str) -> bool:
        """Whether a term is this word, accents and all."""
        return self.terms[term] == surface.encode()

    def stemmed_terms(self, stems: Sequence[tuple[str, str]]) -> list[list[int]]:
        """For each language and stem the numbers of all words that have it in texts of this language."""
        found = self.stems.find([f"{lang}:{stem}" for lang, stem in stems])
        return [
            self.stem_terms[self.stem_starts[number] : self.stem_starts[number + 1]].tolist() if number >= 0 else []
            for number in found
        ]

    def prefixed_terms(self, stump: str) -> range:
        """The numbers of all words that begin like this when folded."""
        first, end = self.folds.prefixed(fold(stump))
        return range(int(self.fold_firsts[first]), int(self.fold_firsts[end]))
