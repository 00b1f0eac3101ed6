"""Sees changed documents while the site runs, and has them indexed by a process of its own.

A build is heavy and may be killed; in its own process it neither slows answers down nor takes the site with it.
The site reads the new generation as soon as it is swapped in.
"""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

import watchfiles

from search.engine import SearchEngine
from search.settings import ROOT, Settings, as_environment

LOG = logging.getLogger("practices.watcher")
RETRY_S = 60  # seconds until a build is tried again that failed
# Codes of a build that was asked to stop, by us or together with the site, as a supervisor or Ctrl+C does it.
STOPPED = frozenset({-signal.SIGTERM, -signal.SIGINT, 130})
CHECK_MS = 5_000  # milliseconds between two looks at whether the index is damaged


class Watcher:
    """Runs in a thread while the context lasts."""

    def __init__(self, settings: Settings, engine: SearchEngine) -> None:
        self._settings = settings
        self._engine = engine
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watcher", daemon=True)
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Begin to watch."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()
        self._thread.join(timeout=10)

    def stop(self) -> None:
        """Begin nothing any more; a build under way is ended, which leaves the old generation."""
        self._stop.set()
        if self._child is not None:
            self._child.terminate()

    def _watch(self) -> None:
        self._build()  # what changed while the site was down
        while not self._stop.is_set():
            folders = [self._settings.practices_dir, self._settings.vocabulary_dir]
            present = [folder for folder in folders if folder.is_dir()]
            try:
                changes = watchfiles.watch(
                    *present,
                    watch_filter=_is_document,
                    stop_event=self._stop,
                    rust_timeout=CHECK_MS,
                    yield_on_timeout=True,
                )
                is_first = True
                for changed in changes:
                    if changed or self._engine.is_damaged():
                        self._build(is_damaged=not changed)
                        break  # a folder may have been replaced by another of the same name
                    if is_first:
                        self._build()  # what changed while the last build ran, before this watch began
                        is_first = False
            except (OSError, RuntimeError) as error:
                LOG.warning("watching failed", extra={"data": {"error": str(error)}})
                self._stop.wait(RETRY_S)

    def _build(self, *, is_damaged: bool = False) -> None:
        """Build until it is done."""
        while not self._stop.is_set() and not self.build(is_damaged=is_damaged):
            self._stop.wait(RETRY_S)

    def build(self, *, is_damaged: bool = False) -> bool:
        """Run `practices index` and tell how it went; it does nothing when the index fits the documents.

        Returns: whether it was done; it can be without a watch.
        """
        self._child = subprocess.Popen(
            [sys.executable, "-m", "indexer", "index", "--whole" if is_damaged else "--if-changed"],
            cwd=ROOT,  # where the program can be imported from
            env=as_environment(self._settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        if self._stop.is_set():  # since the last look, when there was no build that could be ended
            self._child.terminate()
        _, said = self._child.communicate()
        code = self._child.returncode
        data = {"code": code, "said": said.decode(errors="replace")[-4000:]}
        if code == 0:
            LOG.info("documents are indexed", extra={"data": data})
        elif code == 1:
            LOG.warning("documents are indexed, some are broken", extra={"data": data})
        elif code in STOPPED:
            LOG.info("indexing was stopped", extra={"data": {"code": code}})
        elif not self._stop.is_set():
            LOG.error("documents could not be indexed", extra={"data": data})
        return code in {0, 1}


def _is_document(_change: watchfiles.Change, path: str) -> bool:
    """Editors leave other files beside the documents."""
    return Path(path).suffix in {".md", ".yaml", ".csv"} or not Path(path).suffix
