"""Sends proposals as requests: a branch with one commit, pushed to the remote, and the request opened from it."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from hashlib import blake2b
from ipaddress import ip_address, ip_network
from pathlib import PurePosixPath
from secrets import token_bytes
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from search.messages import say
from search.settings import Settings
from web.clone import NOT_ALLOWED, UNREACHABLE, Clone, NotSent, SendingError
from web.forges import GITHUB, known_forge, requests_address
from web.git import GitError
from web.github import PullError, open_pull
from web.proposals import Proposal, contributor, is_file_of_collection, named, one_line, title_of

__all__ = ["NotSent", "Outbox", "SendingError", "Sent", "TooManyRequests"]

LOG = logging.getLogger("practices.sending")
TIMEOUT_S = 60  # seconds in which a proposal is sent, or not
MAX_WAITING = 8  # visitors whose proposals wait for each other; more would keep the site from answering
MAX_OPEN = 50  # branches for the same practice
MAX_CONTENT = 256 * 1024  # bytes, as for every document
MAX_NOTE = 2_000  # characters that the request repeats

_REQUEST = re.compile(r"https?://[^\s/]+/\S+?/(?:-/merge_requests|pulls?)/[0-9]+(?![\w/])")

REFUSED = say("the repository of the practices has not taken it")
BUSY = say("others are sending their practices just now; try again in a minute")
TOO_MANY_OF_ONE = say("you have sent as many practices as one may in a day")
TOO_MANY_OF_ALL = say("as many practices were sent today as the site may send in a day")


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
        self._timeout_s = timeout_s
        self._now = now
        self._repository = requests_address(settings)
        self._forge = known_forge(self._repository, settings.forge)
        self._host = urlsplit(settings.base_url or self._repository).hostname or ""
        self._clone = Clone(settings, folder, named(settings.site_name, self._host))
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
        which, who = self._digest(repr(proposal)), self._digest(_network(visitor))
        try:
            with self._alone() as until:
                day = self._day()
                if which not in day.answers:
                    self._require_room(day, who)
                    day.answers[which] = self._send(proposal, until)
                    day.requests[who] += 1
                    LOG.info("a request was sent", extra={"data": asdict(day.answers[which])})
                return day.answers[which]
        except (GitError, OSError) as error:
            _log("a request could not be sent", error)
            is_refused = isinstance(error, GitError) and not error.is_late
            raise SendingError(REFUSED if is_refused else UNREACHABLE) from None

    def _require_room(self, day: _Day, who: bytes) -> None:
        if day.requests.total() >= self._settings.requests_per_day:
            raise TooManyRequests(TOO_MANY_OF_ALL)
        if day.requests[who] >= self._settings.requests_per_visitor:
            raise TooManyRequests(TOO_MANY_OF_ONE)

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
        commit = self._clone.commit(proposal, contributor(proposal, self._host), self._now(), until)
        name = PurePosixPath(proposal.file).stem
        text = self._words(proposal)
        if self._forge and self._forge.push_to:
            # Nothing tells which topics there are; this one belongs to no other commit.
            topic = f"submit/{name}-{commit[:8]}"
            ref = self._forge.push_to.format(branch=self._settings.branch)
            said = self._clone.push(commit, ref, self._options(proposal, topic, text), until)
            return Sent(topic, self._address(said))
        branch, said = self._push_branch(name, commit, self._options(proposal, "", text), until)
        if self._forge is GITHUB and self._settings.remote_token.get_secret_value():
            return Sent(branch, self._open_on_github(proposal, branch, commit, text, until))
        return Sent(branch, self._address(said))

    def _push_branch(self, name: str, commit: str, options: list[str], until: float) -> tuple[str, str]:
        """Push to the first free branch for the practice. Returns: its name, and what the remote said."""
        taken = self._clone.branches(f"submit/{name}", until)
        for number in range(1, MAX_OPEN + 1):
            branch = f"submit/{name}" if number == 1 else f"submit/{name}-{number}"
            if branch in taken or branch == self._settings.branch:
                continue
            ref = f"refs/heads/{branch}"
            try:
                return branch, self._clone.push(commit, ref, [f"--force-with-lease={ref}:", *options], until)
            except GitError as error:
                if error.is_late:
                    raise
                taken = self._clone.branches(f"submit/{name}", until)
                if branch not in taken:  # else another site was faster
                    raise
        raise SendingError(REFUSED)

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
        host = urlsplit(self._repository).netloc
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
            self._clone.push("", ref, [f"--force-with-lease={ref}:{commit}"], max(until, time.monotonic() + 10))
        except GitError as error:
            _log(f"the branch {branch} was left", error)
        raise SendingError(REFUSED)


def _log(what: str, error: Exception) -> None:
    LOG.error(what, extra={"data": {"said": str(error)}})


def _network(visitor: str) -> str:
    """A visitor's address, or the network that one household has in IPv6."""
    try:
        address = ip_address(visitor)
    except ValueError:
        return visitor
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else visitor
