"""What is kept between runs: made documents, questions and built indexes, each under a key of what it was made from.

A key is worked out once in a process: code that changes while a run lasts is measured by the next.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from bench import process, queries
from bench.made import Record, World, read_records, write_records
from bench.peers import OURS
from bench.queries import Asked
from search import facets
from search.vocabulary import Vocabulary, fingerprint, read_vocabulary

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
VOCABULARY = ROOT / "vocabulary"
CACHE = Path(os.environ.get("BENCH_CACHE") or HERE / ".cache").resolve()
LARGEST = 100_000
IN_MEMORY = 10_000  # documents at most that are made before the clock starts; more are read while building


@cache
def vocabulary() -> Vocabulary:
    """The real vocabularies."""
    return read_vocabulary(VOCABULARY)


@cache
def world() -> World:
    """What documents are made of."""
    return World(vocabulary())


@cache
def documents_key() -> str:
    """Changes when other documents would be made."""
    names = " ".join(facet.name for facet in facets.FACETS)
    return digest([HERE / "made.py", HERE / "words.py"], names + fingerprint(VOCABULARY))


def questions_key() -> str:
    """Changes when other questions would be drawn."""
    return digest([HERE / "queries.py"], documents_key())


@cache
def set_key(peer: str) -> str:
    """Changes when the same documents would be indexed otherwise: by the code of the peer, of ours that of search/."""
    files = (
        sorted((ROOT / "search").rglob("*.py")) if peer == OURS else [*_peer_files(peer), HERE / "peers" / "peer.py"]
    )
    return digest(files, documents_key())


def records(size: int) -> Iterator[Record]:
    """The first made documents, from a file that is written once."""
    path = CACHE / f"documents-{documents_key()}.marshal"
    kept = path.with_suffix(".count")
    have = int(kept.read_text(encoding="utf-8")) if kept.exists() else 0
    if have < size:
        CACHE.mkdir(parents=True, exist_ok=True)
        for old in (*CACHE.glob("documents-*"), *CACHE.glob("questions-*")):
            old.unlink()
        more = LARGEST if size > IN_MEMORY else IN_MEMORY
        say(f"making {more} documents")
        write_records(path.with_suffix(".new"), world().records(more))
        path.with_suffix(".new").rename(path)
        kept.write_text(str(more), encoding="utf-8")
    return islice(read_records(path), size)


def questions(size: int, salt: str = "") -> list[Asked]:
    """The 200 questions about a set; another salt gives others, to warm up with."""
    path = CACHE / f"questions-{questions_key()}-{size}{salt}.json"
    if not path.exists():
        records(size)
        queries.save(path, queries.draw(world(), lambda: records(size), size, salt))
    return queries.load(path)


def items(peer: Any, size: int) -> Iterable[Any]:
    """Documents as a peer takes them: a list where they fit into memory, else one after the other."""
    converted = (peer.convert(world(), record) for record in records(size))
    return list(converted) if size <= IN_MEMORY else converted


@dataclass(frozen=True, slots=True)
class Built:
    """A built index, and how the building went."""

    folder: Path
    wall_s: float
    peak_mb: float  # of all processes together, while building
    before_mb: float  # the same, before building began
    size_mb: float
    on: str  # date


def built(peer: str, size: int) -> Built:
    """The kept index of a peer, built now where there is none."""
    folder = CACHE / "sets" / f"{peer}-{size}-{set_key(peer)}"
    note = folder.with_suffix(".json")
    if not note.exists():
        for old in (CACHE / "sets").glob(f"{peer}-{size}-*"):
            shutil.rmtree(old) if old.is_dir() else old.unlink()
        note.write_text(json.dumps(build(peer, size, folder)), encoding="utf-8")
    found = json.loads(note.read_text(encoding="utf-8"))
    return Built(folder, **found)


def build(peer: str, size: int, folder: Path) -> dict[str, Any]:
    """Build an index in a process of its own. Returns: the fields of Built but the folder."""
    records(size)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    say(f"building {peer} with {size} documents")
    answer, peak = process.run_job("build", peer, str(size), str(folder))
    return {
        "wall_s": answer["wall_s"],
        "peak_mb": max(peak, answer["before_mb"]),
        "before_mb": answer["before_mb"],
        "size_mb": folder_mb(folder),
        "on": date.today().isoformat(),  # noqa: DTZ011 - the day on the clock of whoever reads it
    }


def folder_mb(folder: Path) -> float:
    """What the files of a folder hold, in MB."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def say(text: str) -> None:
    """Tell what is going on."""
    print(f"bench: {text}", file=sys.stderr, flush=True)


def _peer_files(peer: str) -> list[Path]:
    return [path for path in sorted((HERE / "peers").glob("*.py")) if peer.removesuffix("5") in path.name]


def digest(files: Iterable[Path], more: str = "") -> str:
    """A short digest of what files hold, and of a text."""
    found = hashlib.sha256(more.encode())
    for path in files:
        found.update(path.read_bytes())
    return found.hexdigest()[:12]
