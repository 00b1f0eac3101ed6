"""The site in a process of its own, started as an operator starts it; and collections for it to serve."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from tests.builders import practice_text
from tests.conftest import DICTIONARIES, ROOT

PROGRAM = (sys.executable, "-m", "indexer")
START_S = 120  # that of a busy machine: seconds within which the site answers
_ADDRESS = re.compile(r"^.*: (http://127\.0\.0\.1:\d+)$", re.MULTILINE)


class Server:
    """A site that runs."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self._log = log
        self.address = ""

    def said(self) -> str:
        """All that it has written to standard error."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def get(self, path: str, **options: Any) -> httpx2.Response:
        """Ask for a path. Raises: httpx2.HTTPError when nothing answers."""
        return httpx2.get(self.address + path, timeout=30, trust_env=False, **options)

    def post(self, path: str, content: bytes, headers: Mapping[str, Any]) -> httpx2.Response:
        """Send something to a path. Raises: httpx2.HTTPError when nothing answers."""
        return httpx2.post(self.address + path, content=content, headers=dict(headers), timeout=30, trust_env=False)

    def total(self, text: str) -> int:
        """How many practices a search finds; -1 when it cannot be answered now."""
        answer = self.get(f"/api/v1/search?q={text}")
        return int(answer.json()["total"]) if answer.status_code == 200 else -1


@contextmanager
def serve(
    practices: Path, index: Path, *, program: Sequence[str] = PROGRAM, cwd: Path = ROOT, **environment: str
) -> Iterator[Server]:
    """Serve a folder of practices on a free port while the context lasts.

    Raises: AssertionError with all that the program said, when it does not answer in time or does not stop.
    """
    index.parent.mkdir(parents=True, exist_ok=True)
    log = index.parent / f"{index.name}.log"
    command = [*program, "serve", "--port", "0", "--practices", str(practices), "--index", str(index)]
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=cwd, env=clean_environment(environment), stdin=subprocess.DEVNULL, stdout=file, stderr=file
        )
    server = Server(process, log)
    try:
        assert eventually(lambda: _is_ready(server), START_S), f"the site does not answer:\n{server.said()}"
        yield server
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"the site does not stop:\n{server.said()}") from None


def clean_environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment without settings of ours, and without what Python would tell a child about this test run."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PRACTICES_", "PYTHON"))}
    kept["PRACTICES_DICTIONARIES_DIR"] = str(DICTIONARIES)
    return {**kept, **(more or {})}


def eventually(holds: Callable[[], bool], within_s: float, every_s: float = 0.1) -> bool:
    """Whether something comes to hold in time; asked again until it does."""
    end = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(every_s)
    return True


def write_made(folder: Path, count: int, **changes: Any) -> list[str]:
    """Write documents that differ in title, region and barrier. Returns: their ids."""
    regions, barriers = ("AT13", "DE14", "FRH01", "EE001"), ("skills", "coordination", "finance", "trust", "awareness")
    ids = []
    for number in range(count):
        region = regions[number % len(regions)]
        path = folder / region[:2].lower() / f"made-{number:03}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        made = {
            "title": f"Made practice {number:03}: neighbours mend what is broken",
            "regions": [region],
            "barriers": [barriers[number % len(barriers)]],
        }
        path.write_text(practice_text(**{**made, **changes}), encoding="utf-8")
        ids.append(path.stem)
    return ids


def commit(folder: Path) -> None:
    """Make a folder a repository with all its files in one commit, so that the site knows their dates."""
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    for arguments in (["init", "--quiet"], ["add", "--all"], [*who, "commit", "--quiet", "--message", "practices"]):
        subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


def _is_ready(server: Server) -> bool:
    assert server.process.poll() is None, f"the site ended with {server.process.returncode}:\n{server.said()}"
    if not server.address:
        found = _ADDRESS.search(server.said())
        if found is None:
            return False
        server.address = found[1]
    try:
        return server.get("/readyz").status_code == 200
    except httpx2.HTTPError:
        return False
