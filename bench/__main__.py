"""`python -m bench [PART]`: measure, print the tables, keep the results; `report` writes docs/performance.md from them.

PART is quick, all (the default), engine, build, page, start, check or report. BENCH=quick makes any part small.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import build, check, engine, page, report, start
from bench.sets import HERE, ROOT

LATEST = HERE / "results" / "latest.json"
PERFORMANCE = ROOT / "docs" / "performance.md"


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is done."""

    name: str
    sizes: tuple[int, ...]
    rounds: int  # of the engine job
    allowance_s: float  # for a peer at one size, after which it sits out
    fresh: int  # documents at most that are built anew
    build_rounds: int
    page_rounds: int
    page_s: int
    start_rounds: int
    check_rounds: int


FULL = Scale("full", (1_000, 10_000, 100_000), 5, 60.0, 10_000, 3, 5, 6, 5, 3)
QUICK = Scale("quick", (1_000, 10_000), 2, 4.0, 1_000, 1, 2, 2, 1, 1)


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("part", nargs="?", default="all", choices=["all", "quick", *PARTS, "report"])
    parser.add_argument("--output", type=Path, default=PERFORMANCE, help="where the report is written")
    parser.add_argument("--results", type=Path, default=LATEST, help="where results are kept")
    options = parser.parse_args()
    if options.part == "report":
        options.output.write_text(report.markdown(_kept(options.results)), encoding="utf-8")
        return
    scale = QUICK if options.part == "quick" or os.environ.get("BENCH") == "quick" else FULL
    results = _measure(PARTS if options.part in {"all", "quick"} else [options.part], scale, options.results)
    report.show(results)
    if options.part == "all" and scale is FULL:
        options.output.write_text(report.markdown(results), encoding="utf-8")


def _measure(parts: Collection[str], scale: Scale, kept: Path) -> dict[str, Any]:
    """Run parts and keep what they found; parts that were not run keep what an earlier run of this scale found."""
    results = _kept(kept)
    if results.get("meta", {}).get("mode") != scale.name or len(parts) == len(PARTS):
        results = {}
    started = time.monotonic()
    for part in parts:
        results[part] = PARTS[part](scale)
        results["meta"] = _meta(scale, (time.monotonic() - started) / 60)
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return results


PARTS: dict[str, Callable[[Scale], dict[str, Any]]] = {
    "engine": lambda scale: engine.measure(scale.sizes, scale.rounds, scale.allowance_s),
    "page": lambda scale: page.measure(scale.page_rounds, scale.page_s),
    "build": lambda scale: build.measure(scale.sizes, scale.build_rounds, scale.fresh),
    "start": lambda scale: start.measure(scale.start_rounds),
    "check": lambda scale: check.measure(scale.sizes, scale.check_rounds),
}


def _kept(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def _meta(scale: Scale, minutes: float) -> dict[str, Any]:
    return {
        "mode": scale.name,
        "date": datetime.now(UTC).date().isoformat(),
        "minutes": minutes,
        "machine": _machine(),
        "versions": {"Python": platform.python_version(), **engine.versions()},
    }


def _machine() -> str:
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "unknown"
    )
    memory = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    return f"{os.cpu_count()} cores of {model}, {memory / 1e6:.0f} GB, {platform.system()} {platform.release()}"


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    main()
