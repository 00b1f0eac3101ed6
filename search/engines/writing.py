"""What a generation is made of, and how it comes from the one before.

    generation-000007/
      generation.json     which arrays belong to it and who of them is gone; what the builder wanted kept
      whoosh/             the durable index
      arrays-…/           arrays of some of its segments; never changed, and shared with the next generation by links

One changed practice costs its own words: the files of the last generation are linked into the next one, the practice
is added as a segment of its own, and arrays are made of what came since all were made together.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from itertools import chain, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from uuid import uuid4

from search.engine import Progress
from search.engines.arrays import Segment, write_segment
from search.engines.documents import Document, documents, restore_document
from search.engines.ranking import Ranking
from search.engines.whoosh_index import (
    DurableIndex,
    add_segments,
    create_index,
    link_index,
    update_index,
    write_segments,
)  # fmt: skip
from search.errors import EngineError
from search.model import Practice
from search.moved import Moved

SHARED = 1_500  # practices from which a second process helps to build
SMALL = 8  # segments of few documents that may stand beside the large ones
FEW = 8  # how many times smaller than the largest one a small segment is
CHURN = 0.2  # part of the practices that may have changed since arrays were made of all of them


@dataclass(frozen=True, slots=True)
class ArraysOf:
    """Arrays of a generation: their folder, the segments they were made from, and the practices that are gone."""

    name: str
    made_from: list[str]
    dead: list[int]  # numbers within the arrays


@dataclass(frozen=True, slots=True)
class Head:
    """What generation.json says."""

    arrays: list[ArraysOf]
    about: dict[str, str]
    moved: dict[str, Moved]


def read_head(folder: Path) -> Head:
    """Read generation.json. Raises: OSError, ValueError, KeyError or TypeError when it is damaged."""
    head = json.loads((folder / "generation.json").read_text(encoding="utf-8"))
    return Head(
        arrays=[ArraysOf(**one) for one in head["arrays"]],
        about=head["about"],
        moved={id: Moved(**one) for id, one in head["moved"].items()},
    )


def write_head(folder: Path, arrays: Sequence[ArraysOf], about: Mapping[str, str], moved: Mapping[str, Moved]) -> None:
    """Write generation.json, the last thing that a generation needs; in one step, since readers may be there."""
    head = {
        "arrays": [asdict(one) for one in arrays],
        "about": dict(about),
        "moved": {id: {"to": one.to, "note": one.note} for id, one in moved.items()},
    }
    fresh = folder / "generation.json.new"
    fresh.write_text(json.dumps(head, ensure_ascii=False), encoding="utf-8")
    fresh.replace(folder / "generation.json")


def write_whole(folder: Path, practices: Iterable[Practice], progress: Progress | None) -> int:
    """Index all practices, one after the other; where there are many, every other one in a second process.

    Returns: how many there were.
    """
    create_index(folder)
    count = 0
    waiting = iter(practices)

    def counted() -> Iterator[Practice]:
        nonlocal count
        for practice in waiting:
            yield practice
            count += 1
            if progress is not None:
                progress(1)

    few = list(islice(waiting, SHARED))
    waiting = chain(few, waiting)
    if len(few) < SHARED:
        add_segments(folder, write_segments(folder, _analysed(counted())))
    else:
        with _Helper(folder) as helper:
            own = write_segments(folder, _analysed(helper.share(counted())))
            add_segments(folder, [*own, *helper.result()])
    return count


def write_changes(old: Path, folder: Path, changed: Sequence[Practice], gone: Iterable[str]) -> None:
    """Make an index from the one before with some practices changed, and others gone.

    Segments of few documents are put together when there are too many; all are when much has changed. Their
    documents are written again as they were stored, not analysed again.
    """
    gone = set(gone)
    with DurableIndex(old) as index:
        rewritten = _to_rewrite(index, len(gone))
        link_index(old, folder)
        kept = (restore_document(record) for record in index.records(rewritten) if record.id not in gone)
        update_index(folder, gone, chain(kept, _analysed(changed)), rewritten)


def _to_rewrite(index: DurableIndex, changes: int) -> set[str]:
    """The segments whose documents are written again together."""
    segments = index.segments()
    total = sum(documents for _, documents, _ in segments)
    dead = sum(deleted for *_, deleted in segments)
    if dead + changes > CHURN * total:
        return {name for name, *_ in segments}
    largest = max((documents for _, documents, _ in segments), default=0)
    small = {name for name, documents, _ in segments if documents * FEW < largest}
    return small if len(small) >= SMALL else set()


def write_arrays(folder: Path, before: Path | None, ranking: Ranking) -> list[ArraysOf]:
    """Make the arrays of a generation from its durable index, taking over those of the one before that still fit."""
    with DurableIndex(folder / "whoosh") as index:
        names = [name for name, *_ in index.segments()]
        base = _take_over(folder, before, names, index) if before is not None else None
        rest = [name for name in names if base is None or name not in base.made_from]
        arrays = [base] if base is not None else []
        if rest or base is None:
            arrays.append(_make(folder, index, rest, ranking))
        return arrays


def remake_arrays(folder: Path, ranking: Ranking) -> None:
    """Make all arrays of a generation again. Raises: EngineError when the durable index is not whole either."""
    try:
        head = read_head(folder)
        with DurableIndex(folder / "whoosh") as index:
            arrays = _make(folder, index, [name for name, *_ in index.segments()], ranking)
        write_head(folder, [arrays], head.about, head.moved)
    except EngineError:
        raise
    except Exception as error:  # damage shows itself in whatever is being read
        raise EngineError(f"the index in {folder} cannot be read: {error}") from error


def _take_over(folder: Path, before: Path, names: Sequence[str], index: DurableIndex) -> ArraysOf | None:
    """Link the first arrays of the generation before, unless much of them is gone or has been written again."""
    base = read_head(before).arrays[0]
    if not set(base.made_from) <= set(names):
        return None
    alive = index.ids(base.made_from)
    ids = Segment(before / base.name, base.made_from).ids
    dead = [number for number, id in enumerate(ids) if id.decode() not in alive]
    others = sum(documents for name, documents, _ in index.segments() if name not in base.made_from)
    if len(dead) + others > CHURN * len(ids):
        return None
    (folder / base.name).mkdir()
    for path in (before / base.name).iterdir():
        os.link(path, folder / base.name / path.name)
    return ArraysOf(base.name, base.made_from, dead)


def _make(folder: Path, index: DurableIndex, names: Sequence[str], ranking: Ranking) -> ArraysOf:
    name = f"arrays-{uuid4().hex[:8]}"
    write_segment(folder / name, index.records(names), index.averages(), names, ranking)
    return ArraysOf(name, sorted(names), [])


def _analysed(practices: Iterable[Practice]) -> Iterator[Document]:
    for practice in practices:
        yield from documents(practice, practice.model_dump_json().encode())


class _Helper(AbstractContextManager["_Helper"]):
    """A second process that indexes half of the practices."""

    def __init__(self, folder: Path) -> None:
        # Started anew, not forked: a fork of a process with threads may inherit locks that nobody opens.
        context = get_context("spawn")
        self._pipe, other_end = context.Pipe()
        self._process = context.Process(target=_help, args=(other_end, folder), daemon=True)
        self._process.start()
        other_end.close()

    def share(self, practices: Iterable[Practice]) -> Iterator[Practice]:
        """Hand every other practice over, and give back the rest."""
        for number, practice in enumerate(practices):
            if number % 2:
                self._send(practice.model_dump_json().encode())
            else:
                yield practice

    def result(self) -> list[Any]:
        """The segments that it wrote. Raises: EngineError when it could not."""
        self._send(b"")
        try:
            answer = self._pipe.recv()
        except EOFError as error:
            raise EngineError("the second process that builds the index ended before it was done") from error
        if isinstance(answer, str):
            raise EngineError(f"the second process that builds the index failed: {answer}")
        return list(answer)

    def _send(self, message: bytes) -> None:
        try:
            self._pipe.send_bytes(message)
        except OSError as error:
            raise EngineError("the second process that builds the index ended before it was done") from error

    def __exit__(self, *_: object) -> None:
        self._pipe.close()
        self._process.join(timeout=5)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()


def _help(pipe: Connection, folder: Path) -> None:
    """What the second process does: index practices until an empty message comes, then answer."""

    def practices() -> Iterator[Practice]:
        while message := pipe.recv_bytes():
            yield Practice.model_validate_json(message)

    try:
        pipe.send(write_segments(folder, _analysed(practices())))
    except EOFError:
        pass  # the first process is gone, and nobody waits for an answer
    except Exception as error:  # noqa: BLE001 - told to the first process, which fails with it
        pipe.send(str(error))
