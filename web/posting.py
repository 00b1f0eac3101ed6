"""What a form sends: whether it comes from a page of ours, and its fields, within bounds."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request
from starlette.datastructures import Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.types import Message as Received

from search.front_matter import MAX_BYTES
from search.messages import say
from search.settings import Settings
from web.form import MAX_PAIRS, MAX_REQUEST, BadForm
from web.security import host_name, is_trusted

TOO_LARGE = say("more was sent than a practice can hold; what you wrote is still there when you go back")
UNREADABLE = say("what was sent is no form; what you wrote is still there when you go back")
FOREIGN = say("this was sent from a page of another site; open the form here and send it from there")


@dataclass(frozen=True, slots=True)
class Posted:
    """The fields of a form, and the file that came with it."""

    pairs: list[tuple[str, str]]
    file_name: str = ""
    file: bytes = b""

    def last(self, name: str) -> str:
        """The last value of a field; "" where it is not there."""
        return next((value for one, value in reversed(self.pairs) if one == name), "")


def require_own_page(headers: Headers, settings: Settings) -> None:
    """Let pass what pages of this site send, and programs that name no page.

    Raises: BadForm when it comes from another site.
    """
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise BadForm(FOREIGN, HTTPStatus.FORBIDDEN)
    origin = headers.get("origin")
    if origin is None:
        return
    try:
        place = urlsplit(origin).netloc.lower()
        own = {headers.get("host", "").lower(), urlsplit(settings.base_url).netloc.lower()} - {""}
    except ValueError:
        place, own = "", set()
    named = [name for name in settings.trusted_hosts if name != "*"]
    is_behind_proxy = ":" not in place and is_trusted(host_name(place), named)
    if not place or (place not in own and not is_behind_proxy):
        raise BadForm(FOREIGN, HTTPStatus.FORBIDDEN)


async def read_posted(request: Request) -> Posted:
    """Read a form of either kind.

    Raises: BadForm when it is too large or cannot be read.
    """
    data = await _bounded(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _multipart(request, data)
    if kind != "application/x-www-form-urlencoded":
        raise BadForm(UNREADABLE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    try:
        text = data.decode("ascii", errors="replace")
        pairs = parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=MAX_PAIRS)
    except ValueError:
        raise BadForm(TOO_LARGE) from None
    return Posted(pairs)


async def _bounded(request: Request) -> bytes:
    length = request.headers.get("content-length", "0")
    if length.isascii() and length.isdigit() and int(length[:18]) > MAX_REQUEST:
        raise BadForm(TOO_LARGE)
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > MAX_REQUEST:
            raise BadForm(TOO_LARGE)
    return bytes(data)


async def _multipart(request: Request, data: bytes) -> Posted:
    async def again() -> Received:
        return {"type": "http.request", "body": data, "more_body": False}

    pairs: list[tuple[str, str]] = []
    file_name, file = "", b""
    try:
        async with Request(request.scope, again).form(
            max_files=2, max_fields=MAX_PAIRS, max_part_size=MAX_REQUEST
        ) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    file_name, file = value.filename or "", await value.read(MAX_BYTES + 1)
                else:
                    pairs.append((name, value))
    except HTTPException:  # what the parser says of a form that it cannot read
        raise BadForm(UNREADABLE, HTTPStatus.BAD_REQUEST) from None
    return Posted(pairs, file_name, file)
