"""Processes: jobs run in one of their own, and how much memory a process and its children hold."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parent.parent
EVERY_S = 0.05  # between two looks at memory


def proportional_mb(pid: int | str = "self") -> float:
    """The proportional set size of a process: what it shares counts by its share."""
    with suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1000
    return 0.0


def tree(pid: int) -> list[int]:
    """A process and all its descendants."""
    found = [pid]
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                found += tree(int(child))
    return found


class Watch:
    """Notes the most memory that a process and its descendants hold together while the context lasts."""

    def __init__(self, pid: int) -> None:
        self.peak_mb = 0.0
        self._pid = pid
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        """Begin to look."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Look no more."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(EVERY_S):
            self.peak_mb = max(self.peak_mb, sum(proportional_mb(pid) for pid in tree(self._pid)))


def environment(**more: str) -> dict[str, str]:
    """The environment without settings of ours; jobs find our packages."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PRACTICES_")}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def start_job(*arguments: str) -> subprocess.Popen[str]:
    """Start a job of bench.job; it reads lines from its standard input where it waits."""
    command = [sys.executable, "-W", "ignore", "-m", "bench.job", *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def run_job(*arguments: str) -> tuple[Any, float]:
    """Run a job. Returns: what it answered, and the peak of its memory in MB.

    Raises: RuntimeError when it failed; it has said why.
    """
    job = start_job(*arguments)
    with Watch(job.pid) as watch:
        said, _ = job.communicate()
    if job.returncode:
        raise RuntimeError(f"the job {' '.join(arguments)} failed")
    return json.loads(said.splitlines()[-1]), watch.peak_mb


def eventually(path: Path, within_s: float = 600) -> None:
    """Wait until a file is there. Raises: TimeoutError."""
    end = time.monotonic() + within_s
    while not path.exists():
        if time.monotonic() > end:
            raise TimeoutError(f"{path} does not appear")
        time.sleep(0.01)
