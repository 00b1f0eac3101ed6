"""What git knows of the documents: created, updated, contributors. What it does not know is unknown, never today."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from search.model import History

_RECORD, _FIELD = "\x1e", "\x1f"


@dataclass(frozen=True, slots=True)
class Histories:
    """The histories of a folder's documents by path below it, and the commit they were read at."""

    of: Mapping[str, History] = field(default_factory=dict)
    commit: str = ""  # of the collection: the last one that touched the folder
    committed: str = ""  # when, ISO 8601


@dataclass(slots=True)
class _Trace:
    created: date
    updated: date
    names: dict[str, None]  # an ordered set


def read_histories(folder: Path) -> Histories:
    """Read the whole history of a folder in one pass; nothing where there is no repository or no git.

    A file that was renamed keeps what it had before. In a shallow copy no date can be trusted, so all are unknown;
    of a file changed since the last commit the date of change is.
    """
    try:
        if _git(folder, "rev-parse", "--is-shallow-repository").strip() != "false":
            return Histories()
        log = _git(
            folder, "log", "--reverse", "-M", "--name-status", "-z", "--relative",
            f"--format={_RECORD}%H{_FIELD}%cI{_FIELD}%aN", "--", ".",
        )  # fmt: skip
        changed = set(_git(folder, "diff", "HEAD", "--name-only", "--relative", "-z", "--", ".").split("\0"))
    except (OSError, subprocess.SubprocessError):
        return Histories()
    traces: dict[str, _Trace] = {}
    commit = committed = ""
    for record in log.split(_RECORD)[1:]:
        head, _, files = record.partition("\0")
        commit, committed, name = head.split(_FIELD)
        _follow(traces, files.strip("\n").split("\0"), datetime.fromisoformat(committed).date(), name)
    histories = {
        path: History(
            created=trace.created,
            updated=None if path in changed else trace.updated,
            contributors=tuple(trace.names),
        )
        for path, trace in traces.items()
    }
    return Histories(histories, commit, committed)


def head(folder: Path) -> str:
    """The commit that the folder's repository stands at, or "" where there is none."""
    try:
        return _git(folder, "rev-parse", "HEAD").strip()
    except (OSError, subprocess.SubprocessError):
        return ""


def place_in_repository(folder: Path) -> str:
    """The path of a folder from the root of its repository; its name where there is none."""
    try:
        return _git(folder, "rev-parse", "--show-prefix").strip().rstrip("/")
    except (OSError, subprocess.SubprocessError):
        return folder.resolve().name


def _follow(traces: dict[str, _Trace], files: list[str], day: date, name: str) -> None:
    """Apply one commit: git writes a status, then one path, or two for a rename or a copy."""
    words = iter(word.strip("\n") for word in files)
    for status in words:
        if not status:
            continue
        path = next(words, "")
        if status.startswith("D"):
            traces.pop(path, None)
            continue
        if status.startswith("R"):
            before, path = path, next(words, "")
            if before in traces:
                traces[path] = traces.pop(before)
        elif status.startswith("C"):
            path = next(words, "")
        trace = traces.setdefault(path, _Trace(day, day, {}))
        trace.updated = day
        trace.names[name] = None


def _git(folder: Path, *arguments: str) -> str:
    """What git prints, run below a folder; a user's own settings do not add signatures to it."""
    done = subprocess.run(
        ["git", "-c", "log.showSignature=false", "-C", str(folder), *arguments],
        capture_output=True,
        check=True,
        timeout=120,
    )
    return done.stdout.decode("utf-8", errors="replace")
