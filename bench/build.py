"""Building: the first time, after one change, what it takes on disk and in memory, and how all of it grows."""

from __future__ import annotations

import json
import shutil
import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import process, sets
from bench.engine import WHOOSH_LARGEST, present
from bench.figures import exponent, percentile
from bench.peers import OURS, WHOOSH, open_peer


def measure(sizes: Sequence[int], rounds: int, fresh: int) -> dict[str, Any]:
    """First builds, changes and openings of every peer at every size; up to `fresh` documents are built anew."""
    names = present()
    first: dict[str, Any] = {name: {} for name in names}
    for size in sizes:
        fitting = [name for name in names if name != WHOOSH or size <= WHOOSH_LARGEST]
        for name, found in _builds(fitting, size, rounds, fresh).items():
            first[name][str(size)] = found
    opened = _openings(first, rounds)
    compared = max(size for size in sizes if size <= WHOOSH_LARGEST)
    changes = {OURS: _change(compared, rounds)}
    for name in names:
        if name != OURS and open_peer(name, sets.vocabulary()).has_changes:
            changes[name] = _update(name, compared)
    return {
        "first": first,
        "open": opened,
        "change": {"size": compared, "peers": changes},
        "growth": {name: _growth(first[name], opened[name]) for name in names},
    }


def _builds(names: Sequence[str], size: int, rounds: int, fresh: int) -> dict[str, Any]:
    """Alternated builds in fresh processes; of larger sets the kept ones, with the day on which they were built."""
    if size > fresh:
        return {name: {**_fields(sets.built(name, size)), "rounds": 1} for name in names}
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    with TemporaryDirectory(prefix="bench-") as folder:
        for _ in range(rounds):
            for name in names:
                runs[name].append(sets.build(name, size, Path(folder) / name))
    return {name: _median(found) for name, found in runs.items()}


def _fields(built: sets.Built) -> dict[str, Any]:
    return {name: getattr(built, name) for name in ("wall_s", "peak_mb", "before_mb", "size_mb", "on")}


def _median(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    numbers = ("wall_s", "peak_mb", "before_mb", "size_mb")
    return {**{name: statistics.median(run[name] for run in runs) for name in numbers}, "rounds": len(runs)}


def _openings(first: dict[str, Any], rounds: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, by_size in first.items():
        found[name] = {}
        for size in by_size:
            folder = sets.built(name, int(size)).folder
            sets.say(f"opening {name} with {size} documents")
            runs = [process.run_job("open", name, size, str(folder))[0] for _ in range(rounds)]
            names = ("first_s", "opened_mb", "used_mb")
            found[name][size] = {one: statistics.median(run[one] for run in runs) for one in names}
    return found


def _change(size: int, rounds: int) -> dict[str, Any]:
    """One changed document, indexed by one process while another answers."""
    runs = [_change_once(size) for _ in range(rounds)]
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def _change_once(size: int) -> dict[str, float]:
    with TemporaryDirectory(prefix="bench-") as temporary:
        folder = Path(temporary) / "index"
        shutil.copytree(sets.built(OURS, size).folder, folder)
        sets.say(f"changing one of {size} documents")
        writer = process.start_job("change", str(size), str(folder))
        _wait_until_ready(writer)
        reader = process.start_job("read", str(size), str(folder))
        _wait_until_ready(reader)
        said, _ = writer.communicate("go\n")
        read, _ = reader.communicate()
    wrote, answered = json.loads(said.splitlines()[-1]), json.loads(read.splitlines()[-1])
    return _change_figures(wrote["started_at"], wrote["ended_at"], answered["seen_at"], answered["times"])


def _change_figures(
    started: float, ended: float, seen: float, times: Iterable[tuple[float, float]]
) -> dict[str, float]:
    before = [took for at, took in times if at + took < started]
    while_building = [took for at, took in times if at + took >= started and at <= max(ended, seen)]
    return {
        "seen_s": seen - started,
        "rebuild_s": ended - started,
        "read_before_ms": statistics.median(before) * 1000,
        "read_while_ms": statistics.median(while_building) * 1000,
        "read_before_p99_ms": percentile(before, 0.99) * 1000,
        "read_while_max_ms": max(while_building) * 1000,
    }


def _wait_until_ready(job: Any) -> None:
    line = job.stdout.readline()
    if line.strip() != "ready":
        raise RuntimeError(f"a job did not begin: {line!r}")


def _update(name: str, size: int) -> dict[str, float]:
    with TemporaryDirectory(prefix="bench-") as temporary:
        folder = Path(temporary) / "index"
        shutil.copytree(sets.built(name, size).folder, folder)
        sets.say(f"changing one of {size} documents of {name}")
        found: dict[str, float] = process.run_job("update", name, str(size), str(folder))[0]
        return found


def _growth(first: dict[str, Any], opened: dict[str, Any]) -> dict[str, float | None]:
    def slope(by_size: dict[str, Any], name: str) -> float | None:
        return exponent({int(size): found[name] for size, found in by_size.items()})

    return {
        "build time": slope(first, "wall_s"),
        "size on disk": slope(first, "size_mb"),
        "opening": slope(opened, "first_s"),
        "memory": slope(opened, "used_mb"),
    }
