"""Runs the program with every phase of a build told on standard output as it begins, and the short ones stretched.

    python -m tests.phases index …

Nothing of this is in the program: the steps are wrapped here, so that a test which kills the process knows where.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import indexer
import search.build
from search import generations
from search.engines import whoosh_engine

READ, CHECK, WRITE, ARRAYS, SYNC, BEFORE, AFTER, CLEAN = PHASES = (
    "read", "check", "write", "arrays", "sync", "swap before the rename", "swap after the rename", "clean"
)  # fmt: skip
SWAP = (BEFORE, AFTER)
STRETCH_S = 0.1  # about as long as reading takes: a random moment can fall into each phase


def main() -> int:
    """Wrap the steps, then run the program."""
    tell_first(search.build, "read_documents", READ)
    tell_first(search.build, "run_checks", CHECK)
    tell_first(whoosh_engine, "write_whole", WRITE)
    tell_first(whoosh_engine, "write_changes", WRITE)
    tell_first(whoosh_engine, "write_arrays", ARRAYS)
    tell_first(generations, "_sync", SYNC)
    tell_first(generations.Generations, "_swap", BEFORE)
    tell_first(generations.Generations, "_clean", CLEAN)
    around_rename(Path.replace)
    slow_down(os, "fsync", STRETCH_S / 4)
    slow_down(os, "unlink", STRETCH_S / 20)
    slow_down(os, "rmdir", STRETCH_S / 4)
    return indexer.main()


def tell(phase: str) -> None:
    """Say that a phase begins; unbuffered, so that a killed process has said it."""
    os.write(1, f"{phase}\n".encode())


def tell_first(owner: Any, name: str, phase: str) -> None:
    """Have a function tell its phase before it begins."""
    step = getattr(owner, name)

    def told(*arguments: Any, **named: Any) -> Any:
        tell(phase)
        return step(*arguments, **named)

    setattr(owner, name, told)


def around_rename(replace: Callable[[Path, Path], Path]) -> None:
    """Have the rename of the pointer stretched on its near side, and what follows told."""

    def told(fresh: Path, target: Path) -> Path:
        if target.name != "CURRENT":
            return replace(fresh, target)
        time.sleep(STRETCH_S / 4)
        renamed = replace(fresh, target)
        tell(AFTER)
        time.sleep(STRETCH_S / 4)
        return renamed

    Path.replace = told  # type: ignore[method-assign]


def slow_down(owner: Any, name: str, pause_s: float) -> None:
    """Have a call of the operating system take longer, before it does something."""
    call = getattr(owner, name)

    def slow(*arguments: Any, **named: Any) -> Any:
        time.sleep(pause_s)
        return call(*arguments, **named)

    setattr(owner, name, slow)


if __name__ == "__main__":
    sys.exit(main())
