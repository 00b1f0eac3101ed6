"""What stands before every page: the headers that keep it to itself, and the host names that it answers under."""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
YEAR = 365 * 24 * 60 * 60  # seconds


class SecurityHeaders:
    """Puts HEADERS on every answer; and lets browsers keep static files, whose address changes with them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add to the head of its answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/static/") and message["status"] == 200 and b"v=" in scope["query_string"]:
                    headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^\s:/?#@\[\]]+)(?::\d*)?")
_UNTRUSTED = (
    "400: this site does not answer under this host name.\n"
    "If you run it: add the name to the setting PRACTICES_TRUSTED_HOSTS, and start it again.\n"
)


def host_name(header: str) -> str:
    """The name in a host with or without a port, in small letters; "" where there is none."""
    found = _HOST.fullmatch(header.lower())
    return found[1] if found else ""


def is_trusted(host: str, names: Sequence[str]) -> bool:
    """Whether a name of a host, in small letters, is one of these: `*.example.org` names all below, `*` all."""
    return host != "" and any(
        host.endswith(name[1:].lower()) if name.startswith("*") else host == name.lower() for name in names
    )


class TrustedHosts:
    """Answers only under the host names that the operator has named: `*.example.org` names all below, `*` all."""

    def __init__(self, app: ASGIApp, names: Sequence[str]) -> None:
        self._app = app
        self._names = tuple(names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or say what its operator can do."""
        name = host_name(Headers(scope=scope).get("host", "")) if scope["type"] == "http" else ""
        may_pass = scope["type"] != "http" or is_trusted(name, self._names)
        answer = self._app if may_pass else PlainTextResponse(_UNTRUSTED, status_code=400)
        await answer(scope, receive, send)


class HeadAsGet:
    """Answers HEAD as GET; the server leaves the body out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on under the other name."""
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        await self._app(scope, receive, send)
