"""The clone that requests are made in: bare, of the site's own, and made again whenever it is missing or damaged.

A commit is made in it without a working tree, on top of what the remote has just now, and holds one file.
"""

from __future__ import annotations

import logging
import re
import shutil
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from search.errors import AtlasError
from search.messages import Message, say
from search.settings import Settings
from web.git import GitError, open_bare
from web.proposals import Identity, Proposal, path_in_repository, title_of

LOG = logging.getLogger("practices.sending")

# How diff-tree begins the line of an added or changed file.
_CHANGE = re.compile(r":(?:000000|100644|100755) 100644 \S+ (\S+) [AM]")

UNREACHABLE = say("the repository of the practices cannot be reached now")
THERE_ALREADY = say("a practice of this name has come into the collection meanwhile")
NOT_THERE = say("the practice is no longer in the collection")
UNCHANGED = say("nothing in it differs from what the collection has")
NOT_ALLOWED = say("only a practice or its translation can be sent")


class NotSent(AtlasError):
    """A proposal was not sent, and nothing is lost. `message` is the reason in plain words."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class SendingError(NotSent):
    """It could not be sent; nothing of it is left in the remote."""


class Clone:
    """Commits proposals and pushes them. `folder` is that of the collection in the repository, `site` the committer."""

    def __init__(self, settings: Settings, folder: str, site: Identity) -> None:
        self._settings = settings
        self._collection = folder
        self._site = site
        self._folder = settings.index_dir.absolute() / "requests.git"
        self._git = open_bare(self._folder, settings)

    def commit(self, proposal: Proposal, author: Identity, when: datetime, until: float) -> str:
        """Commit a proposal on top of the published branch. Returns: the commit.

        Raises: SendingError where it does not fit the branch or the remote cannot be reached; GitError.
        """
        base = self._fetch(until)
        try:
            return self._commit(proposal, base, author, when, until)
        except GitError as error:
            if error.is_late:
                raise
            LOG.warning("the clone for requests is made again", extra={"data": {"said": str(error)}})
            return self._commit(proposal, self._fetch(until, is_damaged=True), author, when, until)

    def branches(self, start: str, until: float) -> set[str]:
        """The branches of the remote whose names begin so. Raises: GitError."""
        pattern = f"refs/heads/{start}*"
        lines = self._git("ls-remote", "--refs", "--", self._settings.remote, pattern, until=until).out.splitlines()
        return {line.partition("\t")[2].removeprefix("refs/heads/") for line in lines}

    def push(self, commit: str, ref: str, options: list[str], until: float) -> str:
        """Push a commit, or nothing, to a reference. Returns: what the remote said. Raises: GitError."""
        refs = f"{commit}:{ref}"
        return self._git("push", "--porcelain", *options, "--", self._settings.remote, refs, until=until).said

    def _fetch(self, until: float, *, is_damaged: bool = False) -> str:
        """Bring the clone up to date. Returns: the commit that the published branch stands at."""
        if is_damaged:
            _clear(self._folder)
        try:
            if not (self._folder / "HEAD").is_file():
                _clear(self._folder)
                self._git("init", "--quiet", "--bare", "--template=", until=until)
            refs = f"+refs/heads/{self._settings.branch}:refs/heads/base"
            self._git("fetch", "--quiet", "--no-tags", "--", self._settings.remote, refs, until=until)
            return self._git("rev-parse", "--verify", "refs/heads/base^{commit}", until=until).out.strip()
        except GitError as error:
            if error.is_late or is_damaged:
                raise _unreachable(error) from None
            return self._fetch(until, is_damaged=True)

    def _commit(self, proposal: Proposal, base: str, author: Identity, when: datetime, until: float) -> str:
        path = path_in_repository(proposal.file, self._collection)
        is_there = bool(self._git("ls-tree", "--full-tree", "-z", base, "--", path, until=until).out)
        if is_there and proposal.is_new:
            raise SendingError(THERE_ALREADY)
        if not is_there and not proposal.is_new:
            raise SendingError(NOT_THERE)
        blob = self._git("hash-object", "-w", "--stdin", until=until, stdin=proposal.content).out.strip()
        with TemporaryDirectory() as scratch:
            index = {"GIT_INDEX_FILE": str(Path(scratch) / "index")}
            self._git("read-tree", base, until=until, environment=index)
            entry = f"100644,{blob},{path}"
            self._git("update-index", "--add", "--cacheinfo", entry, until=until, environment=index)
            tree = self._git("write-tree", until=until, environment=index).out.strip()
        commit = self._git(
            "commit-tree", "-p", base, "-F", "-", tree,
            until=until,
            stdin=f"{title_of(proposal)}\n".encode(),
            environment=_people(author, self._site, when),
        ).out.strip()  # fmt: skip
        self._require_one_file(base, commit, path, blob, until)
        return commit

    def _require_one_file(self, base: str, commit: str, path: str, blob: str, until: float) -> None:
        """Look at what was made, whatever made it."""
        raw = self._git("diff-tree", "-r", "-z", "--no-renames", base, commit, until=until).out
        if not raw:
            raise SendingError(UNCHANGED)
        change, *paths = raw.split("\0")
        found = _CHANGE.fullmatch(change)
        written = self._git("rev-parse", "--verify", f"{commit}:{path}", until=until).out.strip()
        if found is None or paths != [path, ""] or not found[1] == written == blob:
            LOG.error("a request was not that of one file", extra={"data": {"change": raw[:500]}})
            raise SendingError(NOT_ALLOWED)


def _unreachable(error: GitError) -> SendingError:
    LOG.error("the remote for requests cannot be reached", extra={"data": {"said": str(error)}})
    return SendingError(UNREACHABLE)


def _clear(path: Path) -> None:
    """Take away whatever is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _people(author: Identity, committer: Identity, when: datetime) -> dict[str, str]:
    moment = f"{int(when.timestamp())} +0000"
    people = {"AUTHOR": author, "COMMITTER": committer}
    return {
        f"GIT_{role}_{what}": value
        for role, one in people.items()
        for what, value in (("NAME", one.name), ("EMAIL", one.mailbox), ("DATE", moment))
    }
