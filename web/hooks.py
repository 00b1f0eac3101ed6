"""Hears the forge's webhook: after a push to the published branch the site's own clone is pulled.

Only what is signed with the secret of the settings is heard, and of it nothing is used but the name of the branch.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from web.services import ServicesDep

MAX_BODY = 5 * 2**20  # bytes; a push of many commits is described at length

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Seal:
    """How a forge shows that a message is its own: in which header, and what stands before the signature."""

    header: str
    prefix: str = ""
    is_token: bool = False  # the secret itself, in place of a signature with it

    def fits(self, headers: Mapping[str, str], body: bytes, secret: str) -> bool:
        """Whether the message was sent by who knows the secret."""
        expected = (
            secret if self.is_token else self.prefix + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        )
        # Whatever bytes a header has come as Latin 1.
        return hmac.compare_digest(headers.get(self.header, "").encode("latin-1"), expected.encode())


SEALS = {
    "github": Seal("x-hub-signature-256", "sha256="),
    "gitlab": Seal("x-gitlab-token", is_token=True),
    "gitea": Seal("x-gitea-signature"),
    "forgejo": Seal("x-forgejo-signature"),
}


@router.post("/hooks/{forge}")
async def hear(forge: str, request: Request, services: ServicesDep) -> Response:
    """202: it is being pulled; 200: nothing to do, as after a test; 403: not signed with our secret."""
    seal, secret = SEALS.get(forge), services.settings.webhook_secret.get_secret_value()
    if seal is None or services.puller is None or not secret:
        return _answer(404, "there is no such webhook")
    body = await _body(request)
    if body is None:
        return _answer(413, f"a message has at most {MAX_BODY} bytes")
    if not seal.fits(request.headers, body, secret):
        return _answer(403, "the message is not signed with the secret of this site")
    try:
        message = _message(body, request.headers.get("content-type", ""))
    except (ValueError, RecursionError):
        return _answer(400, "the message is not JSON")
    if not isinstance(message, dict) or message.get("ref") != f"refs/heads/{services.settings.branch}":
        return _answer(200, "nothing to do")
    services.puller.ask()
    return _answer(202, "the collection is pulled")


async def _body(request: Request) -> bytes | None:
    """The body, or None as soon as it is too long."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY:
            return None
    return bytes(body)


def _message(body: bytes, kind: str) -> object:
    """What a forge says, as JSON or in a form's field. Raises: ValueError or RecursionError where it is neither."""
    if kind.startswith("application/x-www-form-urlencoded"):
        body = "".join(parse_qs(body.decode()).get("payload", [])).encode()
    return json.loads(body)


def _answer(status: int, detail: str) -> Response:
    return JSONResponse({"detail": detail}, status_code=status)
