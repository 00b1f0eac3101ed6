"""Answers remembered: a page that was made for one visitor is the same for the next, until what it is made of changes.

A search page depends on its address, the language it is in, the generation of the index and the day, and on nothing
else of a visitor; so it has an ETag before any work is done, and its bytes are kept within a bound.
"""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEPT_BYTES = 64 * 2**20  # of answers kept
LEVEL = 5  # of gzip
SMALLEST_PACKED = 500  # bytes of an answer from which it is compressed


@dataclass(slots=True)
class Answer:
    """A whole answer: its head and its bytes; compressed when the first visitor wants it so."""

    headers: list[tuple[bytes, bytes]]
    plain: bytes
    packed: bytes = b""


@dataclass(frozen=True, slots=True)
class Key:
    """All that an answer depends on."""

    version: str  # of the index, the program, the settings and the day
    lang: str
    host: str  # a page names its own address
    path: str
    query: bytes

    def tag(self, *, packs: bool) -> str:
        """The ETag of the answer, known before it is made."""
        digest = blake2b(repr(self).encode(), digest_size=12).hexdigest()
        return f'"{digest}{"-gzip" if packs else ""}"'


class AnswerCache:
    """Remembers answers to GET requests.

    `version` gives what every answer is made of besides its address, or None where nothing may be remembered;
    `speaks` the language of a path and of a header Accept-Language, or None where a path is not to be kept.
    """

    def __init__(
        self, app: ASGIApp, version: Callable[[], str | None], speaks: Callable[[str, str], str | None]
    ) -> None:
        self._app = app
        self._version = version
        self._speaks = speaks
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory where it is there, else have the answer made and keep it."""
        headers = Headers(scope=scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        lang = self._speaks(scope["path"], headers.get("accept-language", "")) if headers is not None else None
        version = self._version() if lang is not None else None
        if headers is None or lang is None or version is None:
            await self._app(scope, receive, send)
            return
        key = Key(version, lang, headers.get("host", ""), scope["path"], scope["query_string"])
        packs = "gzip" in headers.get("accept-encoding", "")
        tag = key.tag(packs=packs)
        if tag in headers.get("if-none-match", ""):
            await _send(send, 304, [(b"etag", tag.encode()), (b"vary", b"Accept-Language, Accept-Encoding")], b"")
            return
        answer = self._answers.get(key)
        if answer is None:
            answer = await self._make(scope, receive, send)
            if answer is None:
                return
            self._answers[key] = answer
            self._bytes += len(answer.plain)
        else:
            self._answers.move_to_end(key)
        await _send(send, 200, *self._written(answer, tag, packs=packs))
        while self._bytes > KEPT_BYTES:
            _, oldest = self._answers.popitem(last=False)
            self._bytes -= len(oldest.plain) + len(oldest.packed)

    async def _make(self, scope: Scope, receive: Receive, send: Send) -> Answer | None:
        """Have an answer made; one that is not to be kept is sent on as it comes, and None given back."""
        head: Message | None = None
        body: list[bytes] = []

        async def take(message: Message) -> None:
            nonlocal head
            if message["type"] == "http.response.start" and message["status"] == 200:
                head = message
            elif head is None:
                await send(message)
            else:
                body.append(message.get("body", b""))

        await self._app(scope, receive, take)
        if head is None:
            return None
        return Answer([(name, value) for name, value in head["headers"] if name != b"content-length"], b"".join(body))

    def _written(self, answer: Answer, tag: str, *, packs: bool) -> tuple[list[tuple[bytes, bytes]], bytes]:
        """Head and bytes as this visitor takes them."""
        packs = packs and len(answer.plain) >= SMALLEST_PACKED
        if packs and not answer.packed:
            answer.packed = gzip.compress(answer.plain, LEVEL, mtime=0)
            self._bytes += len(answer.packed)
        body = answer.packed if packs else answer.plain
        headers = MutableHeaders(raw=list(answer.headers))
        headers["etag"] = tag
        headers["content-length"] = str(len(body))
        headers["cache-control"] = "no-cache"  # a browser keeps it, and asks again with its tag
        headers.add_vary_header("Accept-Encoding")
        if packs:
            headers["content-encoding"] = "gzip"
        return headers.raw, body


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
