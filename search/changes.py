"""What changed in the folder of the practices since a revision: what git knows of it, without reading a document."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from search.errors import AtlasError

TIMEOUT_S = 120

_COMMIT = re.compile(r"[0-9a-f]{40,64}")


class ChangesError(AtlasError):
    """What changed cannot be told: there is no repository, no such revision, or a copy without its history."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Files by their paths from the folder's root; what is not committed yet counts too."""

    base: str  # the commit at which the two histories part
    added: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()  # before, now
    deleted: tuple[str, ...] = ()

    @property
    def present(self) -> frozenset[str]:
        """The files that are there now and were not there before, or not as they are."""
        return frozenset([*self.added, *self.modified, *(now for _, now in self.renamed)])

    @property
    def gone(self) -> frozenset[str]:
        """The files that were there and are not any more, under that name."""
        return frozenset([*self.deleted, *(before for before, _ in self.renamed)])

    def before(self, file: str) -> str:
        """The name that a file had at the base; "" of one that is new."""
        if file in self.modified:
            return file
        return next((before for before, now in self.renamed if now == file), "")


def changes_since(folder: Path, revision: str) -> Changes:
    """What changed below a folder since its history parted from that of a revision.

    Raises: ChangesError with what to do about it.
    """
    base = _base(folder, revision)
    named = _git(
        folder, "diff", "--name-status", "-z", "--find-renames", "--no-ext-diff", "--relative", base, "--", "."
    )
    untracked = _git(folder, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    return _sorted_out(base, named.split("\0"), [file for file in untracked.split("\0") if file])


def content_before(folder: Path, changes: Changes, file: str) -> bytes:
    """The bytes that a file had at the base; b"" of one that is new."""
    before = changes.before(file)
    if not before:
        return b""
    try:
        return _run(folder, "cat-file", "blob", f"{changes.base}:./{before}")
    except (OSError, subprocess.SubprocessError):
        return b""


def files_naming(folder: Path, words: Collection[str]) -> frozenset[str]:
    """The documents in which one of these words stands, found by git."""
    if not words:
        return frozenset()
    options = [part for word in sorted(words) for part in ("-e", word)]
    done = _call(folder, "grep", "-l", "-z", "-F", "-w", "--untracked", *options, "--", "*.md")
    return frozenset(file for file in _text(done.stdout).split("\0") if file)


def _base(folder: Path, revision: str) -> str:
    """The commit at which the history of the folder parted from that of the revision."""
    if not folder.is_dir():
        raise ChangesError(f"there is no folder {folder}; name the folder of your practices with --practices")
    try:
        is_shallow = _git(folder, "rev-parse", "--is-shallow-repository").strip() == "true"
    except OSError as error:
        raise ChangesError(f"what changed is not known without git: {error.strerror or error}") from error
    except subprocess.CalledProcessError as error:
        reason = _last_line(error.stderr)
        raise ChangesError(f"{folder} lies in no git repository that can be read ({reason})") from error
    advice = "; this is a shallow copy, fetch its whole history: git fetch --unshallow" if is_shallow else ""
    if revision.startswith("-") or not revision.strip():
        raise ChangesError(f'"{revision}" is not the name of a revision')
    found = _call(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    commit = _text(found.stdout).strip()
    if found.returncode or not _COMMIT.fullmatch(commit):
        raise ChangesError(f'there is no revision "{revision}" in the repository of {folder}{advice}')
    parted = _call(folder, "merge-base", commit, "HEAD")
    base = _text(parted.stdout).strip()
    if parted.returncode or not _COMMIT.fullmatch(base):
        raise ChangesError(f'"{revision}" and what is checked out have no commit in common{advice}')
    return base


def _sorted_out(base: str, named: list[str], untracked: list[str]) -> Changes:
    """Take in what git names: a status, then one path, or two of a renamed file."""
    added = list(untracked)
    modified: list[str] = []
    deleted: list[str] = []
    renamed: list[tuple[str, str]] = []
    words = iter(named)
    for status in words:
        if not status:
            continue
        path = next(words, "")
        if status.startswith("R"):
            renamed.append((path, next(words, "")))
        elif status.startswith("C"):
            added.append(next(words, ""))
        else:
            {"A": added, "D": deleted}.get(status, modified).append(path)
    # A file that git was told to forget and that still lies there is as new as it is old.
    back = set(deleted) & set(untracked)
    return Changes(
        base=base,
        added=tuple(sorted(set(added) - back)),
        modified=tuple(sorted({*modified, *back})),
        renamed=tuple(sorted(renamed)),
        deleted=tuple(sorted(set(deleted) - back)),
    )


def _git(folder: Path, *arguments: str) -> str:
    return _text(_run(folder, *arguments))


def _run(folder: Path, *arguments: str) -> bytes:
    """What git prints. Raises: CalledProcessError."""
    done = _call(folder, *arguments)
    done.check_returncode()
    return done.stdout


def _call(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run git below a folder. Raises: ChangesError when it takes too long."""
    try:
        return subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, check=False, timeout=TIMEOUT_S
        )
    except subprocess.TimeoutExpired as error:
        raise ChangesError(f"git gave no answer within {TIMEOUT_S} seconds") from error


def _text(data: bytes) -> str:
    return data.decode("utf-8", errors="surrogateescape")


def _last_line(data: bytes) -> str:
    return (_text(data).strip().splitlines() or ["git said nothing"])[-1].removeprefix("fatal: ")
