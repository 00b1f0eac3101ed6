"""Generations of the index: each is a folder, made beside the old one and swapped in by one rename.

    index/
      CURRENT               the name of the generation that answers
      lock, lock.holder     held while one is built, and by whom
      generation-000007/    whole; its files are never changed after the swap, though derived ones may be made again

Whatever kills a build, CURRENT names a whole generation: the rename is the only step that readers see.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from search.errors import EngineError, LockedError

_PREFIX = "generation-"


class Generations:
    """The generations below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._pointer = root / "CURRENT"
        self._lock = FileLock(root / "lock")

    def current(self) -> Path | None:
        """The folder of the generation that answers, or None when nothing was built yet."""
        try:
            name = self._pointer.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return None
        folder = self.root / name
        return folder if name.startswith(_PREFIX) and folder.is_dir() else None

    def stamp(self) -> tuple[int, int] | None:
        """What changes with every swap, for a look that costs little; None where there is no generation."""
        try:
            stat = self._pointer.stat()
        except OSError:
            return None
        return stat.st_ino, stat.st_mtime_ns

    def build(self, write: Callable[[Path], None]) -> Path:
        """Have a generation written into an empty folder, and make it the current one.

        The caller holds the lock. Raises: EngineError when writing failed; the old generation stays.
        """
        folder, before = self._next(), self.current()
        try:
            folder.mkdir(parents=True)
            write(folder)
            _sync(folder)
            self._swap(folder.name)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise EngineError(f"the index could not be written to {self.root}: {error}") from error
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._clean(keep={folder, before})
        return folder

    @contextmanager
    def lock(self, wait_s: float = 0, on_wait: Callable[[str], None] | None = None) -> Iterator[None]:
        """Hold the right to build. The operating system lets go of it when the process dies.

        `on_wait` is told once who holds it, before waiting up to `wait_s` seconds.
        Raises: LockedError naming the holder when it is not free in time.
        """
        if self._lock.is_locked:  # by this thread, which may build inside
            yield
            return
        holder = self.root / "lock.holder"
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            try:
                self._lock.acquire(timeout=0)
            except Timeout:
                if on_wait is not None and wait_s:
                    on_wait(_read_holder(holder))
                self._lock.acquire(timeout=wait_s)
        except Timeout as error:
            raise LockedError(f"the index is being built by {_read_holder(holder)}") from error
        except OSError as error:
            raise EngineError(f"the index cannot be written in {self.root}: {error}") from error
        try:
            with suppress(OSError):
                holder.write_text(f"process {os.getpid()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n")
            yield
        finally:
            with suppress(OSError):
                holder.unlink(missing_ok=True)
            self._lock.release()

    def _next(self) -> Path:
        numbers = [int(path.name.removeprefix(_PREFIX)) for path in self._folders()]
        return self.root / f"{_PREFIX}{max(numbers, default=0) + 1:06d}"

    def _folders(self) -> list[Path]:
        if not self.root.is_dir():
            return []
        return [
            path
            for path in self.root.iterdir()
            if path.name.startswith(_PREFIX) and path.name.removeprefix(_PREFIX).isdigit()
        ]

    def _swap(self, name: str) -> None:
        fresh = self.root / "CURRENT.new"
        with fresh.open("w", encoding="utf-8") as file:
            file.write(name + "\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._pointer)
        _sync_folder(self.root)

    def _clean(self, keep: Container[Path | None]) -> None:
        """Remove older and unfinished generations; the one that answered before is kept, readers may still open it."""
        for path in self._folders():
            if path not in keep:
                shutil.rmtree(path, ignore_errors=True)


def _read_holder(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip() or "another process"
    except OSError:
        return "another process"


def _sync(folder: Path) -> None:
    """Have the disk hold every file of a generation before it can become the current one."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
