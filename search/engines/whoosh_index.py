"""The durable index in Whoosh's format, and the only importer of Whoosh.

Whoosh keeps the dictionary, the postings with positions, the lengths of fields and a stored record of each document.
Its writer spends most of its time on one posting after the other; here whole lists of postings are handed to it,
in the form in which it writes them anyway.
"""

from __future__ import annotations

import os
import warnings
import zlib
from array import array
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import chain, islice, pairwise
from pathlib import Path
from pickle import dumps
from typing import Any, overload

from search.engines.arrays import TextRecord
from search.engines.documents import Document, record_key, unpack_record
from search.errors import EngineError
from search.variants import FIELDS

with warnings.catch_warnings():
    # Whoosh 2.7.4 has escape sequences in its source of which Python warns when it first compiles them.
    warnings.simplefilter("ignore", SyntaxWarning)
    warnings.simplefilter("ignore", DeprecationWarning)
    from whoosh import columns
    from whoosh import fields as whoosh_fields
    from whoosh import index as whoosh_index
    from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec, W3FieldWriter, W3TermInfo
    from whoosh.filedb.filestore import FileStorage
    from whoosh.formats import Positions
    from whoosh.system import pack_ushort
    from whoosh.writing import SegmentWriter

SEGMENT = 10_000  # documents
PACKED = 400  # bytes from which a block of postings is compressed
LONGEST = 255  # as a byte: the greatest length of a field that Whoosh can write down

_POSITION = "I"  # array type of a position


class Places(Positions):  # type: ignore[misc]  # Whoosh is untyped
    """Positions as numbers of four bytes; Whoosh's own are pickled one list at a time."""

    def encode(self, positions: list[int]) -> bytes:
        """Positions as stored."""
        return array(_POSITION, positions).tobytes()

    def decode_positions(self, stored: bytes) -> array[int]:
        """Positions as read."""
        positions = array(_POSITION)
        positions.frombytes(stored)
        return positions

    def decode_frequency(self, stored: bytes) -> int:
        """How many positions there are."""
        return len(stored) // 4


class WordsField(whoosh_fields.FieldType):  # type: ignore[misc]
    """A field whose words were found elsewhere."""

    def __init__(self) -> None:
        self.format = Places()
        self.analyzer = self.vector = self.column_type = None
        self.scorable = self.indexed = True
        self.stored = self.unique = self.spelling = False
        self.multitoken_query = "default"


class _Postings:
    """The postings of a segment that is being written: for each field and word the documents, and the places in each.

    Stands where Whoosh has a pool that sorts single postings.
    """

    def __init__(self) -> None:
        self.of: tuple[dict[str, tuple[list[int], list[bytes]]], ...] = tuple({} for _ in FIELDS)
        self.ids: dict[str, list[int]] = {}

    def iter_postings(self) -> _Postings:
        return self

    def cleanup(self) -> None:
        self.of, self.ids = (), {}


class _Writer(W3FieldWriter):  # type: ignore[misc]
    """Writes whole lists of postings, in blocks as Whoosh reads them."""

    def add_postings(self, schema: Any, lengths: Any, items: Any) -> None:
        """Write a segment's postings, which come as whole lists and not one at a time."""
        if not isinstance(items, _Postings):
            super().add_postings(schema, lengths, items)
            return
        by_name = dict(zip(FIELDS, items.of, strict=True))
        for name in sorted([*FIELDS, "id"]):
            self._fieldmap[name] = len(self._fieldmap)
            key = pack_ushort(self._fieldmap[name])
            if name == "id":
                rows = [(id.encode(), (numbers, [b""] * len(numbers))) for id, numbers in items.ids.items()]
            else:
                rows = [(word.encode(), postings) for word, postings in by_name[name].items()]
            rows.sort(key=lambda row: row[0])
            for word, (numbers, places) in rows:
                self._tindex.add(key + word, self._write(numbers, places))

    def _write(self, numbers: list[int], places: list[bytes]) -> bytes:
        """Write the postings of a word. Returns: what Whoosh keeps of them in its dictionary."""
        limit = self._codec._blocklimit  # noqa: SLF001 - a codec and its writer are one thing
        blocks = [WHOOSH3_HEADER_MAGIC]
        total = most = 0
        for first in range(0, len(numbers), limit):
            ids, values = numbers[first : first + limit], places[first : first + limit]
            weights = [len(value) // 4 or 1 for value in values]
            total, most = total + sum(weights), max(most, *weights, 0)
            blocks += self._block(ids, values, weights, is_last=first + limit >= len(numbers))
        written = b"".join(blocks)
        info = W3TermInfo()
        info._weight, info._df, info._maxweight = float(total), len(numbers), float(most)  # noqa: SLF001
        info._minid, info._maxid = numbers[0], numbers[-1]  # noqa: SLF001
        # Whoosh skips blocks by the shortest field in them; the shortest possible is always right.
        info._minlength, info._maxlength = 1, LONGEST  # noqa: SLF001
        info.set_extent(self._postfile.tell(), len(written))
        self._postfile.write(written)
        return bytes(info.to_bytes())

    def _block(self, ids: list[int], values: list[bytes], weights: list[int], *, is_last: bool) -> list[bytes]:
        most = max(weights)
        steps = (ids[0], *(after - before for before, after in pairwise(ids)))
        data = dumps((steps, None if most == 1 else tuple(map(float, weights)), tuple(values)), 2)
        packing = 3 if len(data) > PACKED else 0
        if packing:
            data = zlib.compress(data, packing)
        info = dumps((len(ids), ids[-1], float(most), packing, 1, LONGEST), 2)
        length = len(info) + len(data)
        return [(-length if is_last else length).to_bytes(4, "big", signed=True), info, data]


class _Codec(W3Codec):  # type: ignore[misc]
    def field_writer(self, storage: Any, segment: Any) -> _Writer:
        return _Writer(self, storage, segment)


_RECORD = columns.VarBytesColumn()


def _schema() -> Any:
    words = WordsField()
    fields = dict.fromkeys(FIELDS, words)
    return whoosh_fields.Schema(id=whoosh_fields.ID(), record=whoosh_fields.COLUMN(_RECORD), **fields)


def create_index(folder: Path) -> None:
    """Make an empty index in a folder that does not exist."""
    folder.mkdir(parents=True)
    whoosh_index.create_in(str(folder), _schema())


def link_index(old: Path, new: Path) -> None:
    """Make an index of the same files: Whoosh never changes one that is written."""
    new.mkdir(parents=True)
    for path in old.iterdir():
        if path.is_file() and path.suffix != ".tmp" and not path.name.endswith("LOCK"):
            os.link(path, new / path.name)


def write_segments(folder: Path, documents: Iterable[Document]) -> list[Any]:
    """Write documents as segments of an index, which does not know of them yet: see add_segments.

    The postings of a segment are in memory until it is whole, so a segment has no more than SEGMENT documents.
    """
    segments = []
    waiting = iter(documents)
    while some := list(islice(waiting, 1)):
        writer = SegmentWriter(whoosh_index.open_dir(str(folder)), codec=_Codec(), compound=False, _lk=False)
        writer.pool.cleanup()
        writer.pool = _Postings()
        _add(writer, chain(some, islice(waiting, SEGMENT - 1)))
        segments.append(writer._finalize_segment())  # noqa: SLF001 - as Whoosh's writer for several processes does
    return segments


def add_segments(folder: Path, segments: Iterable[Any]) -> None:
    """Have an index know of segments that were written into its folder."""
    writer = SegmentWriter(whoosh_index.open_dir(str(folder)), codec=_Codec(), compound=False)
    writer._close_segment()  # noqa: SLF001
    writer._commit_toc([*writer.segments, *segments])  # noqa: SLF001
    writer._finish()  # noqa: SLF001


def update_index(
    folder: Path, gone: Iterable[str], documents: Iterable[Document], rewritten: Container[str] = ()
) -> None:
    """Take away the documents of some practices and add others, as new segments: one, unless there are very many.

    Segments in `rewritten` are left behind: what is still in them is among the documents.
    """
    index = whoosh_index.open_dir(str(folder))
    writer = SegmentWriter(index, codec=_Codec(), compound=False)
    for id in gone:
        writer.delete_by_term("id", id)
    segments = [one for one in writer.segments if one.doc_count() and one.segment_id() not in rewritten]
    segments += write_segments(folder, documents)
    writer._close_segment()  # noqa: SLF001
    writer._commit_toc(segments)  # noqa: SLF001
    writer._finish()  # noqa: SLF001


def _add(writer: Any, documents: Iterable[Document]) -> None:
    postings: _Postings = writer.pool
    per_document = writer.perdocwriter
    for document in documents:
        number = writer.docnum
        per_document.start_doc(number)
        for name, field, where in zip(FIELDS, postings.of, document.places, strict=True):
            length = 0
            for word, places in where.items():
                length += len(places)
                known = field.get(word)
                if known is None:
                    known = field[word] = ([], [])
                known[0].append(number)
                known[1].append(array(_POSITION, places).tobytes())
            per_document.add_field(name, None, None, length)
        postings.ids.setdefault(document.id, []).append(number)
        per_document.add_column_value("record", _RECORD, document.record)
        per_document.finish_doc()
        writer.docnum += 1
        writer._added = True  # noqa: SLF001


class DurableIndex(AbstractContextManager["DurableIndex"]):
    """An index, opened for reading until the context ends. Raises: EngineError when it cannot be."""

    def __init__(self, folder: Path) -> None:
        try:
            index = FileStorage(str(folder)).open_index()
            self._segments = index._segments()  # noqa: SLF001
            self._readers = [index._reader(index.storage, index.schema, [one], 0) for one in self._segments]  # noqa: SLF001
        except Exception as error:  # damage shows itself in whatever Whoosh happens to be reading
            raise EngineError(f"the index in {folder} cannot be read: {error}") from error

    def __exit__(self, *_: object) -> None:
        for reader in self._readers:
            reader.close()

    def segments(self) -> list[tuple[str, int, int]]:
        """Name, number of documents and number of those that are gone, of each segment."""
        return [(one.segment_id(), one.doc_count_all(), one.deleted_count()) for one in self._segments]

    def averages(self) -> list[float]:
        """The mean length of each field in words; documents that are gone count while they are in a segment."""
        documents = max(1, sum(reader.doc_count_all() for reader in self._readers))
        return [sum(reader.field_length(name) for reader in self._readers) / documents for name in FIELDS]

    def ids(self, names: Iterable[str]) -> set[str]:
        """The practices in some segments that are not gone."""
        return {id for id, *_ in self._places(names)}

    def records(self, names: Iterable[str]) -> Records:
        """The documents of some segments that are not gone, in the order of practices, originals first."""
        return Records(sorted(self._places(names), key=lambda place: place[:3]))

    def _places(self, names: Iterable[str]) -> Iterator[tuple[str, bool, int, Any, Any]]:
        chosen = set(names)
        for segment, reader in zip(self._segments, self._readers, strict=True):
            if segment.segment_id() in chosen:
                stored = reader.column_reader("record", _RECORD, translate=False)
                for number in range(segment.doc_count_all()):
                    if not segment.is_deleted(number):
                        yield *record_key(stored[number]), number, reader, stored


class Records(Sequence[TextRecord]):
    """Stored documents, read one by one: all of them at once might be more than there is memory."""

    def __init__(self, places: Sequence[tuple[str, bool, int, Any, Any]]) -> None:
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> TextRecord: ...
    @overload
    def __getitem__(self, at: slice) -> list[TextRecord]: ...
    def __getitem__(self, at: int | slice) -> TextRecord | list[TextRecord]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        *_, number, reader, stored = self._places[at]
        return unpack_record(stored[number], tuple(reader.doc_field_length(number, name) or 0 for name in FIELDS))
