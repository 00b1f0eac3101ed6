"""Sends proposals as requests: a branch with one commit, pushed to the remote, and the request opened from it.

Git works in a bare clone of its own below the folder of the index, which is made again whenever it is missing or
damaged; nothing is lost with it. The commit is made without a working tree, on top of what the remote has just now.
"""

from __future__ import annotations

import logging
import re
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import blake2b
from ipaddress import ip_address, ip_network
from pathlib import Path, PurePosixPath
from secrets import token_bytes
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from search.errors import AtlasError
from search.messages import Message, say
from search.settings import Settings
from web.forges import GITHUB, forge_of
from web.git import GitError, open_bare
from web.github import PullError, open_pull
from web.proposals import (
    Proposal,
    contributor,
    is_file_of_collection,
    one_line,
    path_in_repository,
    title_of,
)

LOG = logging.getLogger("practices.sending")
TIMEOUT_S = 60  # seconds in which a proposal is sent, or not
MAX_WAITING = 8  # visitors whose proposals wait for each other; more would keep the site from answering
MAX_OPEN = 50  # branches for the same practice
MAX_CONTENT = 256 * 1024  # bytes, as for every document
MAX_NOTE = 2_000  # characters that the request repeats

_CHANGE = re.compile(
    r":(?:000000|100644|100755) 100644 \S+ (\S+) [AM]"
)  # how diff-tree begins an added or changed file
_REQUEST = re.compile(r"https?://[^\s/]+/\S+?/(?:-/merge_requests|pulls?)/[0-9]+(?![\w/])")

UNREACHABLE = say("the repository of the practices cannot be reached now")
REFUSED = say("the repository of the practices has not taken it")
BUSY = say("others are sending their practices just now; try again in a minute")
THERE_ALREADY = say("a practice of this name has come into the collection meanwhile")
NOT_THERE = say("the practice is no longer in the collection")
UNCHANGED = say("nothing in it differs from what the collection has")
NOT_ALLOWED = say("only a practice or its translation can be sent")
TOO_MANY_OF_ONE = say("you have sent as many practices as one may in a day")
TOO_MANY_OF_ALL = say("as many practices were sent today as the site may send in a day")


class NotSent(AtlasError):
    """A proposal was not sent, and nothing is lost. `message` is the reason in plain words."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class SendingError(NotSent):
    """It could not be sent; nothing of it is left in the remote."""


class TooManyRequests(NotSent):
    """The visitor, or all together, have sent as many as they may in a day."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request."""

    branch: str
    address: str  # where it can be seen; "" where the forge told none


@dataclass(slots=True)
class _Day:
    """What was sent on a day, in UTC: kept in memory only."""

    day: date
    requests: Counter[bytes] = field(default_factory=Counter)  # by a digest of the visitor
    answers: dict[bytes, Sent] = field(default_factory=dict)  # by a digest of the proposal


class Outbox:
    """Where proposals are sent from. `folder` is that of the collection in the repository."""

    def __init__(
        self,
        settings: Settings,
        folder: str,
        *,
        timeout_s: float = TIMEOUT_S,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings = settings
        self._folder = folder
        self._timeout_s = timeout_s
        self._now = now
        self._forge = forge_of(settings)
        self._host = urlsplit(settings.base_url or settings.repository).hostname or ""
        self._clone = settings.index_dir / "requests.git"
        self._git = open_bare(self._clone, settings)
        self._lock = FileLock(settings.index_dir / "requests.lock")
        self._places = threading.BoundedSemaphore(MAX_WAITING)
        self._key = token_bytes(32)  # without it nobody can tell a visitor from a digest
        self._today = _Day(now().date())

    def send(self, proposal: Proposal, visitor: str) -> Sent:
        """Send a proposal; the same one again gives the same answer. `visitor` is their network address.

        Raises: TooManyRequests; SendingError, after which the remote is as it was.
        """
        if not is_file_of_collection(proposal.file) or not title_of(proposal) or len(proposal.content) > MAX_CONTENT:
            raise SendingError(NOT_ALLOWED)
        which = self._digest(repr(proposal))
        who = self._digest(_network(visitor))
        with self._alone() as until:
            day = self._day()
            if which in day.answers:
                return day.answers[which]
            if day.requests.total() >= self._settings.requests_per_day:
                raise TooManyRequests(TOO_MANY_OF_ALL)
            if day.requests[who] >= self._settings.requests_per_visitor:
                raise TooManyRequests(TOO_MANY_OF_ONE)
            try:
                sent = self._send(proposal, until)
            except GitError as error:
                _log("a request could not be sent", error)
                raise SendingError(UNREACHABLE if error.is_late else REFUSED) from None
            day.requests[who] += 1
            day.answers[which] = sent
        LOG.info("a request was sent", extra={"data": {"branch": sent.branch, "address": sent.address}})
        return sent

    @contextmanager
    def _alone(self) -> Iterator[float]:
        """One proposal at a time, of all threads and processes. Gives: when it must be sent, by time.monotonic()."""
        if not self._places.acquire(blocking=False):
            raise SendingError(BUSY)
        try:
            self._settings.index_dir.mkdir(parents=True, exist_ok=True)
            with self._lock.acquire(timeout=self._timeout_s):
                yield time.monotonic() + self._timeout_s
        except Timeout:
            raise SendingError(BUSY) from None
        finally:
            self._places.release()

    def _day(self) -> _Day:
        today = self._now().date()
        if self._today.day != today:
            self._today = _Day(today)
        return self._today

    def _digest(self, text: str) -> bytes:
        return blake2b(text.encode("utf-8", errors="surrogatepass"), key=self._key, digest_size=16).digest()

    def _send(self, proposal: Proposal, until: float) -> Sent:
        base = self._fetch(until)
        try:
            commit = self._commit(proposal, base, until)
        except GitError as error:
            if error.is_late:
                raise
            LOG.warning("the clone for requests is made again", extra={"data": {"said": str(error)}})
            commit = self._commit(proposal, self._fetch(until, is_damaged=True), until)
        name = PurePosixPath(proposal.file).stem
        text = self._words(proposal)
        if self._forge and self._forge.push_to:
            # Nothing tells which topics there are; this one belongs to no other commit.
            topic = f"submit/{name}-{commit[:8]}"
            ref = self._forge.push_to.format(branch=self._settings.branch)
            return Sent(topic, self._address(self._push(commit, ref, self._options(proposal, topic, text), until)))
        branch, said = self._push_branch(name, commit, self._options(proposal, "", text), until)
        if self._forge is GITHUB and self._settings.remote_token.get_secret_value():
            return Sent(branch, self._open_on_github(proposal, branch, commit, text, until))
        return Sent(branch, self._address(said))

    # The base: what the remote has just now.

    def _fetch(self, until: float, *, is_damaged: bool = False) -> str:
        """Bring the clone up to date. Returns: the commit that the published branch stands at."""
        if is_damaged:
            _clear(self._clone)
        try:
            if not (self._clone / "HEAD").is_file():
                _clear(self._clone)
                self._git("init", "--quiet", "--bare", "--template=", until=until)
            refs = f"+refs/heads/{self._settings.branch}:refs/heads/base"
            self._git("fetch", "--quiet", "--no-tags", "--", self._settings.remote, refs, until=until)
            return self._git("rev-parse", "--verify", "refs/heads/base^{commit}", until=until).out.strip()
        except GitError as error:
            if error.is_late or is_damaged:
                _log("the remote for requests cannot be reached", error)
                raise SendingError(UNREACHABLE) from None
            return self._fetch(until, is_damaged=True)

    # The commit: one file, on top of the base.

    def _commit(self, proposal: Proposal, base: str, until: float) -> str:
        path = path_in_repository(proposal.file, self._folder)
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
            environment=self._people(proposal),
        ).out.strip()  # fmt: skip
        self._require_one_file(base, commit, path, blob, until)
        return commit

    def _people(self, proposal: Proposal) -> dict[str, str]:
        author = contributor(proposal, self._host)
        moment = f"{int(self._now().timestamp())} +0000"
        return {
            "GIT_AUTHOR_NAME": author.name,
            "GIT_AUTHOR_EMAIL": author.mailbox,
            "GIT_AUTHOR_DATE": moment,
            "GIT_COMMITTER_NAME": one_line(self._settings.site_name).translate({60: None, 62: None})
            or "Practice Atlas",
            "GIT_COMMITTER_EMAIL": f"noreply@{self._host or 'localhost'}",
            "GIT_COMMITTER_DATE": moment,
        }

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

    # The push, and the request.

    def _push_branch(self, name: str, commit: str, options: list[str], until: float) -> tuple[str, str]:
        """Push to the first free branch for the practice. Returns: its name, and what the remote said."""
        taken = self._taken(name, until)
        for number in range(1, MAX_OPEN + 1):
            branch = f"submit/{name}" if number == 1 else f"submit/{name}-{number}"
            if branch in taken:
                continue
            ref = f"refs/heads/{branch}"
            try:
                return branch, self._push(commit, ref, [f"--force-with-lease={ref}:", *options], until)
            except GitError as error:
                if error.is_late:
                    raise
                taken = self._taken(name, until)
                if branch not in taken:  # else another site was faster
                    raise
        raise SendingError(REFUSED)

    def _taken(self, name: str, until: float) -> set[str]:
        """The branches that there are for a practice, and the published one, which is never pushed to."""
        pattern = f"refs/heads/submit/{name}*"
        lines = self._git("ls-remote", "--refs", "--", self._settings.remote, pattern, until=until).out.splitlines()
        return {self._settings.branch, *(line.partition("\t")[2].removeprefix("refs/heads/") for line in lines)}

    def _push(self, commit: str, ref: str, options: list[str], until: float) -> str:
        refs = f"{commit}:{ref}"
        return self._git("push", "--porcelain", *options, "--", self._settings.remote, refs, until=until).said

    def _options(self, proposal: Proposal, topic: str, text: str) -> list[str]:
        """With which the forge opens a request; each is one line."""
        words = {
            "branch": self._settings.branch,
            "topic": topic,
            "title": title_of(proposal),
            "text": one_line(text),
        }
        patterns = self._forge.push_options if self._forge else ()
        return [f"--push-option={pattern.format(**words)}" for pattern in patterns]

    def _words(self, proposal: Proposal) -> str:
        """What the request says. The contributor's words are code in it: they name nobody and give no command."""
        sent = f"Sent with the form of {one_line(self._settings.site_name)}."
        note = one_line(proposal.note)[:MAX_NOTE].replace("`", "'")
        return f"{sent} Words of the contributor: `{note}`" if note else sent

    def _address(self, said: str) -> str:
        """The address of the request, as a forge tells it after a push."""
        host = urlsplit(self._settings.repository).netloc
        found = [one for one in _REQUEST.findall(said) if urlsplit(one).netloc == host]
        return found[0] if found and self._forge else ""

    def _open_on_github(self, proposal: Proposal, branch: str, commit: str, text: str, until: float) -> str:
        """Open a request by the REST API. Where that fails, the branch is taken back."""
        try:
            return open_pull(
                self._settings,
                title=title_of(proposal),
                head=branch,
                text=text,
                timeout_s=max(1.0, until - time.monotonic()),
            )
        except PullError as error:
            _log("a request could not be opened", error)
        ref = f"refs/heads/{branch}"
        try:
            # However late it is, a little time is left for this.
            self._push("", ref, [f"--force-with-lease={ref}:{commit}"], max(until, time.monotonic() + 10))
        except GitError as error:
            _log(f"the branch {branch} was left", error)
        raise SendingError(REFUSED)


def _clear(path: Path) -> None:
    """Take away whatever is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _log(what: str, error: AtlasError) -> None:
    LOG.error(what, extra={"data": {"said": str(error)}})


def _network(visitor: str) -> str:
    """A visitor's address, or the network that one household has in IPv6."""
    try:
        address = ip_address(visitor)
    except ValueError:
        return visitor
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else visitor
