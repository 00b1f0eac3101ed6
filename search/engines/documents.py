"""A practice as it goes into a durable index: analysed once, and everything that arrays need beside its words."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search import facets
from search.analysis import read_words
from search.engines.arrays import PracticeRow, TextRecord
from search.engines.catalogue import title_digest
from search.model import EVIDENCE_LEVELS, Practice, Translation
from search.variants import Variant, titles, variants

_HEAD = struct.Struct("<?9I")


@dataclass(frozen=True, slots=True)
class Document:
    """A variant of a practice: where each word stands in each field, and the record that is stored with it."""

    id: str
    places: tuple[dict[str, list[int]], ...]  # for each of FIELDS
    record: bytes


def documents(practice: Practice, practice_json: bytes) -> Iterator[Document]:
    """The documents of a practice, its original first, with which the practice itself is stored."""
    row = json.dumps(asdict(practice_row(practice)), ensure_ascii=False).encode()
    for variant in variants(practice):
        yield _document(practice.id, variant, practice_json, row)
        practice_json = row = b""


def unpack_record(packed: bytes, lengths: tuple[int, ...]) -> TextRecord:
    """A stored record. Raises: ValueError or struct.error when it is damaged."""
    is_whole, *sizes = _HEAD.unpack_from(packed)
    pieces = []
    at = _HEAD.size
    for size in sizes:
        pieces.append(packed[at : at + size])
        at += size
    if at != len(packed):
        raise ValueError("a stored text is not whole")
    id, lang, words, starts, widths, bounds, text, practice_json, row = pieces
    return TextRecord(
        id=id.decode(),
        lang=lang.decode(),
        is_whole=is_whole,
        words=words,
        starts=starts,
        sizes=widths,
        bounds=bounds,
        text=text,
        practice=practice_json,
        row=row,
        lengths=lengths,
        packed=packed,
    )


def record_key(packed: bytes) -> tuple[str, bool]:
    """The id of a stored record, and whether it comes after its original; without reading the rest."""
    _, size, *_, practice_size, _ = _HEAD.unpack_from(packed)
    return packed[_HEAD.size : _HEAD.size + size].decode(), practice_size == 0


def restore_document(record: TextRecord) -> Document:
    """The document of a stored record, without analysing its texts again."""
    words = record.words.decode().split("\n") if record.starts else []
    bounds = np.frombuffer(record.bounds, np.uint32).tolist()
    places: list[dict[str, list[int]]] = []
    for first, end in pairwise(bounds):
        where: dict[str, list[int]] = {}
        for position in range(first, end):
            if words[position]:
                where.setdefault(words[position], []).append(position)
        places.append(where)
    return Document(record.id, tuple(places), record.packed)


def practice_row(practice: Practice) -> PracticeRow:
    """What is known of a practice besides its words."""
    created = practice.history.created
    return PracticeRow(
        id=practice.id,
        facets={facet.name: list(facet.values(practice)) for facet in facets.FACETS},
        titles=[title_digest(title) for title in titles(practice)],
        created=created.toordinal() if created else 0,
        evidence=EVIDENCE_LEVELS.index(practice.evidence),
        years=list(practice.active or (0, 0)),
        brief=brief_row(practice),
    )


def brief_row(practice: Practice) -> list[Any]:
    """What lists say of a practice: titles and summaries by language, the original's first; the rest as in Brief."""
    texts: tuple[Practice | Translation, ...] = (practice, *practice.translations)
    return [
        {one.language: [one.title, one.summary] for one in texts},
        [region.code for region in practice.regions],
        list(practice.barriers),
        practice.organisation.name,
        practice.started,
        practice.ended,
        practice.status,
        practice.evidence,
    ]


def _document(id: str, variant: Variant, practice_json: bytes, row: bytes) -> Document:
    places: list[dict[str, list[int]]] = []
    words: list[str] = []
    starts: list[NDArray[np.uint32]] = []
    widths: list[NDArray[np.uint16]] = []
    bounds: list[int] = []
    texts: list[bytes] = []
    at = 0
    for field_texts in variant.texts:
        bounds.append(len(words))
        where: dict[str, list[int]] = {}
        for text in field_texts:
            raw = text.encode()
            found, first, last = read_words(text, variant.lang)
            begin, end = _in_bytes(text, raw, first), _in_bytes(text, raw, last)
            starts += [(begin + at).astype(np.uint32), np.zeros(1, np.uint32)]
            widths += [(end - begin).astype(np.uint16), np.zeros(1, np.uint16)]
            for position, word in enumerate(found, start=len(words)):
                if word in where:
                    where[word].append(position)
                else:
                    where[word] = [position]
            words += [*found, ""]  # a gap, so that no phrase reaches into the next text
            texts.append(raw)
            at += len(raw) + 1
        places.append(where)
    bounds.append(len(words))
    pieces = (
        id.encode(),
        variant.lang.encode(),
        "\n".join(words).encode(),
        np.concatenate([*starts, np.zeros(0, np.uint32)]).tobytes(),
        np.concatenate([*widths, np.zeros(0, np.uint16)]).tobytes(),
        np.array(bounds, np.uint32).tobytes(),
        b"\n".join(texts),
        practice_json,
        row,
    )
    head = _HEAD.pack(variant.is_whole, *(len(piece) for piece in pieces))
    return Document(id, tuple(places), head + b"".join(pieces))


def _in_bytes(text: str, raw: bytes, at: list[int]) -> NDArray[np.int64]:
    """Places in a text, counted in bytes of its UTF-8 instead of characters."""
    places = np.array(at, np.int64)
    if len(raw) == len(text):
        return places
    points = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    widths = 1 + (points > 0x7F).astype(np.int64) + (points > 0x7FF) + (points > 0xFFFF)
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(widths)])[places]
