"""Looks whether the addresses in documents still lead somewhere: gently, and never into private networks."""

from __future__ import annotations

import ipaddress
import json
import re
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urljoin, urlsplit

import httpx2

from search.errors import Problem, Severity
from search.fields import Location, Raw
from search.library import Draft
from search.messages import Message, say

RULE = "link"  # what findings call it; no rule keeps a document out for it
HOPS = 8  # redirections that are followed
HOSTS_AT_ONCE = 8  # each is asked one question at a time
PAUSE_S = 0.2  # between two questions to the same host
LONGEST_PAUSE_S = 20.0
GOOD_FOR = timedelta(days=7)  # an address that worked is not asked again so soon
AGENT = "practice-atlas link check"

_ADDRESS = re.compile(r"https?://[^\s<>\"`]+", re.IGNORECASE)
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_BY_GET = frozenset({400, 403, 404, 405, 406, 410, 501})  # answers to HEAD of servers that only know GET


class State(StrEnum):
    """What became of an address."""

    GOOD = "good"
    MOVED = "moved"  # for good: another address took its place
    GONE = "gone"
    UNCLEAR = "unclear"  # the server does not tell programs, or is in trouble
    UNREACHABLE = "unreachable"
    REFUSED = "refused"  # it is not asked: it lies in a private network, or is no address


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found at an address; `detail` is a status, a new address, or why there was none."""

    state: State
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An address in a document, and where it stands."""

    url: str
    path: str
    line: int
    column: int
    field: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How servers are asked. `sleep` takes seconds."""

    timeout_s: float = 10.0
    retries: int = 2
    allow_private: bool = False
    pause_s: float = PAUSE_S
    sleep: Callable[[float], None] = field(default=time.sleep)


def links_of(document: Draft) -> list[Link]:
    """The addresses of a document, each once, in the order of their lines."""
    found = [
        Link(value, document.path, *document.marks.get(location, (1, 1)), ".".join(map(str, location)))
        for location, value in _texts(document.fields.values)
        if location[-1] == "url" or _ADDRESS.fullmatch(value)
    ]
    for number, line in enumerate(document.body.split("\n")):
        found += [
            Link(_trimmed(match[0]), document.path, document.body_line + number, match.start() + 1)
            for match in _ADDRESS.finditer(line)
        ]
    return list({link.url: link for link in sorted(found, key=lambda one: -one.line)}.values())[::-1]


def ask_all(
    urls: Iterable[str], manners: Manners, known: Mapping[str, Answer] = MappingProxyType({})
) -> dict[str, Answer]:
    """Ask each address that is not known already; several hosts at once, each host one question after the other."""
    hosts: dict[str, list[str]] = {}
    for url in dict.fromkeys(urls):
        if url not in known:
            hosts.setdefault(_host(url), []).append(url)
    answers = {url: known[url] for url in dict.fromkeys(urls) if url in known}
    with ThreadPoolExecutor(max_workers=HOSTS_AT_ONCE) as pool:
        for found in pool.map(lambda group: _ask_host(group, manners), hosts.values()):
            answers |= found
    return answers


def findings(links: Sequence[Link], answers: Mapping[str, Answer]) -> list[Problem]:
    """What is to be said of the addresses that do not work as they are; all of it advice."""
    return sorted(
        Problem(
            path=link.path,
            line=link.line,
            column=link.column,
            field=link.field,
            message=message,
            rule=RULE,
            fix=fix,
            severity=Severity.ADVICE,
        )
        for link in links
        for message, fix in _said(link.url, answers[link.url])
    )


def _said(url: str, answer: Answer) -> Iterator[tuple[Message, Message]]:
    archive = say("name the page that took its place, or a copy in an archive of the web")
    match answer.state:
        case State.MOVED:
            yield say("{url} has moved", url=url), say('write "{value}"', value=answer.detail)
        case State.GONE:
            yield say("{url} is gone: the server answers {status}", url=url, status=answer.detail), archive
        case State.UNREACHABLE:
            yield say("{url} cannot be reached: {reason}", url=url, reason=answer.detail), archive
        case State.UNCLEAR:
            message = say("{url} could not be checked: the server answers {status}", url=url, status=answer.detail)
            yield message, say("open it in a browser")
        case State.REFUSED:
            yield say("{url} is not asked: {reason}", url=url, reason=answer.detail), archive


def read_cache(path: Path, now: datetime) -> dict[str, Answer]:
    """The addresses that worked not long ago; nothing where there is no file, or none that is understood."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["good"]
        return {
            str(url): Answer(State(entry["state"]), str(entry["detail"]))
            for url, entry in entries.items()
            if now - datetime.fromisoformat(entry["asked"]) < GOOD_FOR
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write_cache(path: Path, answers: Mapping[str, Answer], known: Mapping[str, Answer], now: datetime) -> None:
    """Keep the addresses that work; those that were known keep the time at which they were asked."""
    try:
        before = json.loads(path.read_text(encoding="utf-8"))["good"]
    except (OSError, ValueError, KeyError, TypeError):
        before = {}
    kept = {url: entry for url, entry in before.items() if url in known} if isinstance(before, dict) else {}
    asked = now.astimezone(UTC).isoformat()
    for url, answer in answers.items():
        if answer.state in {State.GOOD, State.MOVED} and url not in known:
            kept[url] = {"state": answer.state, "detail": answer.detail, "asked": asked}
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(json.dumps({"good": kept}, ensure_ascii=False, indent=1), encoding="utf-8")
    beside.replace(path)


def _texts(raw: Raw, location: Location = ()) -> Iterator[tuple[Location, str]]:
    if isinstance(raw, str):
        if location:
            yield location, raw.strip()
    else:
        items: Iterable[tuple[str | int, Raw]] = raw.items() if isinstance(raw, dict) else enumerate(raw)
        for name, value in items:
            yield from _texts(value, (*location, name))


def _trimmed(url: str) -> str:
    """An address in a sentence, without what belongs to the sentence."""
    while url and (url[-1] in ".,;:!?'*_]}|" or (url[-1] == ")" and url.count(")") > url.count("("))):
        url = url[:-1]
    return url


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _ask_host(urls: Sequence[str], manners: Manners) -> dict[str, Answer]:
    answers = {}
    # Settings of the environment, proxies and passwords, are not for addresses that others have written.
    with httpx2.Client(timeout=manners.timeout_s, trust_env=False, headers={"User-Agent": AGENT}) as client:
        for number, url in enumerate(urls):
            if number:
                manners.sleep(manners.pause_s)
            answers[url] = _ask_again(client, url, manners)
    return answers


def _ask_again(client: httpx2.Client, url: str, manners: Manners) -> Answer:
    """Ask until there is an answer that will not change in a moment."""
    answer = Answer(State.UNREACHABLE)
    for turn in range(manners.retries + 1):
        answer, wait_s = _ask(client, url, manners)
        if wait_s is None or turn == manners.retries:
            break
        manners.sleep(min(max(wait_s, 0.5 * 2**turn), LONGEST_PAUSE_S))
    return answer


def _ask(client: httpx2.Client, url: str, manners: Manners) -> tuple[Answer, float | None]:
    """Follow an address to its end. Returns: what was found, and after how many seconds another try may tell more."""
    here, has_moved = url, True
    for _ in range(HOPS + 1):
        try:
            address = _address(here, allow_private=manners.allow_private)
            status, headers = _status(client, here, address)
        except _RefusedAddress as refused:
            return Answer(State.REFUSED, str(refused)), None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, UnicodeError) as error:
            return Answer(State.UNREACHABLE, _reason(error)), 0.0
        if status in {301, 302, 303, 307, 308} and headers.get("location"):
            has_moved = has_moved and status in {301, 308}
            here = urljoin(here, headers["location"])
            continue
        if status in _AGAIN:
            return Answer(State.UNCLEAR, str(status)), _seconds(headers.get("retry-after", ""))
        return _judged(url, here, status, has_moved=has_moved), None
    return Answer(State.UNREACHABLE, "it leads in a circle"), None


def _judged(url: str, here: str, status: int, *, has_moved: bool) -> Answer:
    if status in {404, 410}:
        return Answer(State.GONE, str(status))
    if status >= 400:
        return Answer(State.UNCLEAR, str(status))
    if has_moved and _without_trifles(url) != _without_trifles(here):
        return Answer(State.MOVED, here)
    return Answer(State.GOOD, str(status))


def _without_trifles(url: str) -> str:
    return url.partition("#")[0].rstrip("/")


def _status(client: httpx2.Client, url: str, address: str) -> tuple[int, Mapping[str, str]]:
    """The status and the headers of an answer; its body is not read. It comes from this very address."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    place = httpx2.URL(url).copy_with(host=address, fragment=None, userinfo=b"")
    headers = {"Host": (f"[{host}]" if ":" in host else _idna(host)) + (f":{parts.port}" if parts.port else "")}
    for method in ("HEAD", "GET"):
        request = client.build_request(method, place, headers=headers, extensions={"sni_hostname": _idna(host)})
        answer = client.send(request, stream=True, follow_redirects=False)
        answer.close()
        if method == "GET" or answer.status_code not in _BY_GET:
            break
    return answer.status_code, answer.headers


def _idna(host: str) -> str:
    return host if host.isascii() else host.encode("idna").decode()


class _RefusedAddress(Exception):
    """An address that is not asked; the text says why."""


def _address(url: str, *, allow_private: bool) -> str:
    """The number of the host in the network. Raises: _RefusedAddress; OSError where there is none."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _RefusedAddress("it is no address of a page") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise _RefusedAddress("it is no address of a page")
    found = socket.getaddrinfo(host, port or 443, type=socket.SOCK_STREAM)
    numbers = [str(entry[4][0]) for entry in sorted(found, key=lambda entry: entry[0] != socket.AF_INET)]
    if not allow_private and not all(_is_public(number) for number in numbers):
        raise _RefusedAddress("it lies in a private network")
    return numbers[0]


def _is_public(number: str) -> bool:
    address = ipaddress.ip_address(number.partition("%")[0])
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    return address.is_global and not address.is_multicast and (inner is None or inner.is_global)


def _seconds(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() else 0.0


def _reason(error: Exception) -> str:
    if isinstance(error, httpx2.TimeoutException):
        return "no answer in time"
    if isinstance(error, socket.gaierror):
        return "there is no such host"
    return " ".join(str(error).split())[:120] or type(error).__name__
