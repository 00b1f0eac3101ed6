"""Brings the repository of the practices up to date, in the background, without ever losing what is there.

It only moves forward on the published branch. A repository with another branch, commits of its own, or changes in the
files that would move is left as it is, and the log says so.
"""

from __future__ import annotations

import logging
import threading
import time

from search.settings import Settings
from web.git import GitError, open_checkout
from web.watcher import Watcher

LOG = logging.getLogger("practices.pulling")
TIMEOUT_S = 120  # seconds of a pull


class Puller:
    """Pulls when asked. Asked several times while it pulls, it does it once more.

    `builder` indexes what was pulled; None where a watcher sees the change by itself.
    """

    def __init__(self, settings: Settings, builder: Watcher | None) -> None:
        self._settings = settings
        self._builder = builder
        self._git = open_checkout(settings.practices_dir, settings)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_asked = False

    def ask(self) -> None:
        """Have it pulled soon."""
        with self._lock:
            self._is_asked = True
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="puller", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Pull no more; a build under way is ended, which leaves the old generation."""
        with self._lock:
            self._is_asked = False
            thread = self._thread
        if self._builder is not None:
            self._builder.stop()
        if thread is not None:
            thread.join(timeout=10)

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._is_asked:
                    self._thread = None
                    return
                self._is_asked = False
            if self._pull() and self._builder is not None:
                self._builder.build()

    def _pull(self) -> bool:
        """Move forward to what the remote has. Returns: whether there was anything new."""
        try:
            before, after = self._move(time.monotonic() + TIMEOUT_S)
        except (GitError, OSError) as error:
            LOG.error("the collection could not be pulled and is left as it is", extra={"data": {"said": str(error)}})  # noqa: TRY400  # its words are enough
            return False
        LOG.info("the collection was pulled", extra={"data": {"before": before, "after": after}})
        return before != after

    def _move(self, until: float) -> tuple[str, str]:
        """Returns: the commits before and after. Raises: GitError, OSError when it cannot be done without a loss."""
        branch = self._settings.branch
        current = self._git("symbolic-ref", "--quiet", "HEAD", until=until).out.strip()
        if current != f"refs/heads/{branch}":
            raise GitError(f"the repository is on {current}, and not on refs/heads/{branch}")
        before = self._head(until)
        ref = f"refs/remotes/origin/{branch}"
        self._git("fetch", "--quiet", "--no-tags", "--", "origin", f"+refs/heads/{branch}:{ref}", until=until)
        self._git("merge", "--quiet", "--ff-only", "--no-autostash", ref, until=until)
        return before, self._head(until)

    def _head(self, until: float) -> str:
        return self._git("rev-parse", "--verify", "HEAD", until=until).out.strip()
