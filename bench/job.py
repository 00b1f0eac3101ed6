"""What runs in a process of its own: `python -m bench.job JOB …` answers with a line of JSON.

build PEER SIZE FOLDER    index the documents
open PEER SIZE FOLDER     open the index, answer, say how much memory that took
read SIZE FOLDER          answer until the changed document is found, noting each time; see bench/build.py
change SIZE FOLDER        index the documents with one of them changed
update PEER SIZE FOLDER   the same for a peer, in one process
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from bench import sets
from bench.made import CHANGED, changed, practice_of
from bench.peers import OURS, open_peer
from bench.process import proportional_mb
from bench.queries import Asked

WARM = 50  # answers of the reader before the change begins
AFTER = 20  # answers of the reader after it was seen
GIVE_UP_S = 900


def build(name: str, size: str, folder: str) -> dict[str, Any]:
    """Index the documents."""
    peer = open_peer(name, sets.vocabulary())
    documents = sets.items(peer, int(size))
    before = proportional_mb()
    started = time.perf_counter()
    peer.build(documents, Path(folder))
    return {"wall_s": time.perf_counter() - started, "before_mb": before}


def open_(name: str, size: str, folder: str) -> dict[str, Any]:
    """Open an index and answer all questions: time to the first answer, memory beyond that of the libraries."""
    questions = sets.questions(int(size))
    type_of = open_peer(name, sets.vocabulary())  # imports what it needs
    sets.vocabulary.cache_clear()
    before = proportional_mb()
    started = time.perf_counter()
    peer = open_peer(name, sets.vocabulary())
    peer.open(Path(folder))
    peer.search(questions[0], snippets=True)
    first_s = time.perf_counter() - started
    opened = proportional_mb()
    for asked in questions:
        peer.search(asked, snippets=True)
    used = proportional_mb()
    return {"first_s": first_s, "opened_mb": opened - before, "used_mb": used - before, "version": type_of.version}


def read(size: str, folder: str) -> dict[str, Any]:
    """Answer one question after the other, as a site does; every other one asks for the changed document."""
    peer = open_peer(OURS, sets.vocabulary())
    peer.open(Path(folder))
    questions = sets.questions(int(size))
    mark = Asked("rare", "all", (CHANGED,), {})
    times: list[tuple[float, float]] = []  # when it was asked, how long it took
    seen_at, left, number = 0.0, AFTER, 0
    ends = time.monotonic() + GIVE_UP_S
    while left and time.monotonic() < ends:
        if number == WARM:
            print("ready", flush=True)
        is_mark = number % 2 == 1
        asked = mark if is_mark else questions[(number // 2) % len(questions)]
        started = time.monotonic()
        found = peer.search(asked, snippets=True)
        times.append((started, time.monotonic() - started))
        if is_mark and found.total and not seen_at:
            seen_at = time.monotonic()
        left -= bool(seen_at)
        number += 1
    return {"seen_at": seen_at, "times": times}


def change(size: str, folder: str) -> dict[str, Any]:
    """Wait for a line, then change one document among all."""
    peer = open_peer(OURS, sets.vocabulary())
    middle = int(size) // 2
    document = next(practice_of(changed(record)) for record in sets.records(int(size)) if record["number"] == middle)
    peer.open(Path(folder))
    print("ready", flush=True)
    sys.stdin.readline()
    started = time.monotonic()
    peer.change(document)
    return {"started_at": started, "ended_at": time.monotonic()}


def update(name: str, size: str, folder: str) -> dict[str, Any]:
    """Change one document after the other through a peer's own way; each time until it is found."""
    peer = open_peer(name, sets.vocabulary())
    peer.open(Path(folder))
    mark = Asked("rare", "all", (CHANGED,), {})
    times = []
    for record in list(sets.records(int(size)))[::-1][:3]:
        document = peer.convert(sets.world(), changed(record))
        total = peer.search(mark, snippets=False).total
        started = time.perf_counter()
        peer.change(document)
        while peer.search(mark, snippets=False).total == total:
            time.sleep(0.001)
        times.append(time.perf_counter() - started)
    return {"seen_s": statistics.median(times)}


JOBS = {"build": build, "open": open_, "read": read, "change": change, "update": update}

if __name__ == "__main__":
    print(json.dumps(JOBS[sys.argv[1]](*sys.argv[2:])))
