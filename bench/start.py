"""The real collection: from the start of a process to its first answer, and every page, beside an earlier version.

BENCH_BEFORE names the folder of an earlier version of the whole project (a checkout); without it there is only ours.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import sets
from bench.process import ROOT, environment
from bench.servers import free_port, get, running

PATHS = (
    "/en", "/en/search", "/en/search?q=cybersecurity", "/en/search?q=talent+shortage", "/fr/search?q=comp%C3%A9tences",
    "/en/search?q=voucher&barrier=skills", "/en/search?region=IT", "/en/barriers/skills", "/en/regions/FRH0",
    "/en/practices/brittany-cyberbreakfast", "/api/v1/search?q=cyber*",
)  # fmt: skip
FIRST = "/en/search?q=cybersecurity"
EACH = 20  # times that every page is asked for

# Runs in any version: only what has kept its name. The clock started before the interpreter.
PROBE = """
import sys, time
from pathlib import Path
from search.engines import open_engine
from search.query import SearchQuery
from search.settings import Settings
from search.vocabulary import read_vocabulary
settings = Settings(index_dir=Path(sys.argv[1]))
results = open_engine(settings, read_vocabulary(settings.vocabulary_dir)).search(SearchQuery(text="cybersecurity"))
assert results.total
print(time.monotonic())
"""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the project: its folder, and the index that it made."""

    root: Path
    index: Path
    practices: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python in it. Raises: CalledProcessError."""
        command = [sys.executable, "-W", "ignore", *arguments]
        return subprocess.run(
            command,
            cwd=self.root,
            env={**environment(), "PYTHONPATH": str(self.root)},
            check=True,
            capture_output=True,
            text=True,
        )


def measure(rounds: int) -> dict[str, Any]:
    """Alternated rounds of ours and, where there is one, the earlier version."""
    earlier = os.environ.get("BENCH_BEFORE")
    practices = (Path(earlier) if earlier else ROOT) / "practices"
    with TemporaryDirectory(prefix="bench-") as temporary:
        folder = Path(temporary)
        versions = {"ours": Version(ROOT, folder / "ours", practices)}
        if earlier:
            versions["before"] = Version(Path(earlier).resolve(), folder / "before", practices.resolve())
        runs: dict[str, list[dict[str, Any]]] = {name: [] for name in versions}
        for number in range(rounds):
            order = list(versions)
            random.Random(number).shuffle(order)
            for name in order:
                sets.say(f"the real collection, round {number + 1}: {name}")
                runs[name].append(_once(versions[name], folder))
    return {"practices": _count(practices), "versions": {name: _median(found) for name, found in runs.items()}}


def _once(version: Version, folder: Path) -> dict[str, Any]:
    started = time.perf_counter()
    version.run("-m", "indexer", "index", "--practices", str(version.practices), "--index", str(version.index))
    index_s = time.perf_counter() - started
    begun = time.monotonic()
    said = version.run("-c", PROBE, str(version.index)).stdout
    search_s = float(said.split()[-1]) - begun
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "indexer", "serve", "--port", str(port)]
    command += ["--practices", str(version.practices), "--index", str(version.index)]
    options = {"PRACTICES_WATCH": "false", "PYTHONPATH": str(version.root)}
    with ExitStack() as stack:
        server = running(command, port, FIRST, folder / "server.log", cwd=version.root, **options)
        page_s = stack.enter_context(server)
        pages = {path: _page_ms(port, path) for path in PATHS}
    return {"index_s": index_s, "search_s": search_s, "page_s": page_s, "pages_ms": pages}


def _page_ms(port: int, path: str) -> float:
    times = []
    for _ in range(EACH):
        started = time.perf_counter()
        status, _ = get(port, path)
        times.append(time.perf_counter() - started)
        if status != 200:
            raise RuntimeError(f"{path} answers {status}")
    return statistics.median(times) * 1000


def _median(runs: list[dict[str, Any]]) -> dict[str, Any]:
    names = ("index_s", "search_s", "page_s")
    return {
        **{name: statistics.median(run[name] for run in runs) for name in names},
        "pages_ms": {path: statistics.median(run["pages_ms"][path] for run in runs) for path in PATHS},
    }


def _count(practices: Path) -> int:
    return sum(1 for path in practices.rglob("*.md") if not path.name.startswith("README"))


if __name__ == "__main__":
    print(json.dumps(measure(1), indent=1))
