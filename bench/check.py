"""Checking documents beside only reading them, at several sizes; and what a check reads where three have changed."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from bench import sets
from bench.figures import exponent
from bench.made import World, practice_of
from search import library
from search.changes import changes_since
from search.checking import check_changed, check_folder
from search.composing import compose, written_values
from search.library import read_documents
from search.model import FrontMatter

LARGEST = 10_000  # documents: more say nothing new
CHANGED = 3


def measure(sizes: Sequence[int], rounds: int) -> dict[str, Any]:
    """Alternated rounds of reading and of checking, in seconds of the processor; the medians."""
    found: dict[str, Any] = {}
    for size in sizes:
        if size <= LARGEST:
            with TemporaryDirectory(prefix="bench-") as temporary:
                found[str(size)] = _measure(Path(temporary) / "practices", size, rounds)
    growth = exponent({int(size): one["check_s"] for size, one in found.items()})
    return {"sizes": found, "growth": growth}


def _measure(folder: Path, size: int, rounds: int) -> dict[str, Any]:
    sets.say(f"checking {size} documents")
    _write(folder, size)
    vocabulary, today = sets.vocabulary(), datetime.now(UTC).date()
    check_folder(folder, vocabulary, today)  # what is made once is made before the clock starts
    reading, checking = [], []
    for _ in range(rounds):
        reading.append(_seconds(lambda: read_documents(folder), time.process_time))
        checking.append(_seconds(lambda: check_folder(folder, vocabulary, today), time.process_time))
    reads: list[Path] = []
    for path in sorted(folder.rglob("*.md"))[:: size // CHANGED][:CHANGED]:
        path.write_text(path.read_text(encoding="utf-8") + "\nOne line more.\n", encoding="utf-8")
    real = library.read_bytes

    def counting(path: Path) -> bytes:
        reads.append(path)
        return real(path)

    with patch.object(library, "read_bytes", counting):
        changed_s = _seconds(lambda: check_changed(folder, changes_since(folder, "HEAD"), vocabulary, today))
    return {
        "read_s": statistics.median(reading),
        "check_s": statistics.median(checking),
        "changed_s": changed_s,
        "changed": CHANGED,
        "changed_reads": len(reads),
    }


def _write(folder: Path, size: int) -> None:
    """Made documents, committed."""
    for record in World(sets.vocabulary()).records(size):
        practice = practice_of(record)
        front = FrontMatter.model_validate(
            practice.model_dump(include=set(FrontMatter.model_fields), exclude_unset=True)
        )
        path = folder / practice.regions[0].code[:2].lower() / f"{practice.id}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(compose(written_values(front), practice.body))
    identity = ["-c", "user.name=Bench", "-c", "user.email=bench@example.org", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-q", "-m", "Made"]):
        subprocess.run(["git", "-C", str(folder), *command], check=True, capture_output=True)


def _seconds(job: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    started = clock()
    job()
    return clock() - started
