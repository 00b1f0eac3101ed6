"""A proposal written as a patch that `git am` takes."""

from __future__ import annotations

import base64
import difflib
import hashlib
from collections.abc import Iterator
from datetime import datetime
from email.header import Header
from email.utils import format_datetime

from web.proposals import Identity, Proposal, contributor, path_in_repository, title_of

_FIRST = "From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001"  # by which git knows a patch
_UNTERMINATED = b"\n\\ No newline at end of file\n"


def patch(proposal: Proposal, before: bytes, folder: str, when: datetime, *, host: str = "") -> bytes:
    """A mail with a proposal in it. `before` is the file as it is, b"" when it is new; `when` has a time zone.

    `folder` is that of the collection in the repository; `host` that of the site, for contributors without a mailbox.
    """
    body = _body(proposal, before, path_in_repository(proposal.file, folder))
    encoding = "8bit"
    if b"\r" in body:
        # `git am` drops carriage returns at line ends, but not those that were encoded.
        encoding, body = "base64", base64.encodebytes(body)
    head = [
        _FIRST,
        f"From: {_sender(contributor(proposal, host))}",
        f"Date: {format_datetime(when)}",
        f"Subject: [PATCH] {_encoded(title_of(proposal))}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        f"Content-Transfer-Encoding: {encoding}",
    ]
    return "\n".join([*head, "", ""]).encode() + body


def _body(proposal: Proposal, before: bytes, path: str) -> bytes:
    # Behind a mark of quotation no line of the note can look like the beginning of a change.
    note = "".join(f"> {line}\n" for line in proposal.note.splitlines())
    return f"---\n{note}\n".encode() + b"".join(_diff(proposal, before, path)) + b"-- \npractices\n"


def _diff(proposal: Proposal, before: bytes, path: str) -> Iterator[bytes]:
    """The change of one file as git writes it."""
    old, new = _quoted(f"a/{path}"), _quoted(f"b/{path}")
    yield b"diff --git %s %s\n" % (old, new)
    if proposal.is_new:
        yield b"new file mode 100644\nindex %s..%s\n" % (b"0" * 40, _blob(proposal.content))
        old = b"/dev/null"
    else:
        yield b"index %s..%s 100644\n" % (_blob(before), _blob(proposal.content))
    lines = difflib.diff_bytes(
        difflib.unified_diff, _lines(b"" if proposal.is_new else before), _lines(proposal.content), old, new
    )
    for line in lines:
        yield line if line.endswith(b"\n") else line + _UNTERMINATED


def _lines(content: bytes) -> list[bytes]:
    """Lines as git counts them: a carriage return ends none."""
    *ended, last = content.split(b"\n")
    return [line + b"\n" for line in ended] + ([last] if last else [])


def _blob(content: bytes) -> bytes:
    """The name that git gives to a file's content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest().encode()


def _quoted(path: str) -> bytes:
    """A path as it stands in a patch: quoted where it has a space, a quote or another than ASCII characters."""
    raw = path.encode()
    if all(0x20 < byte < 0x7F and byte not in b'"\\' for byte in raw):
        return raw
    return b'"%s"' % b"".join(
        b"%c" % byte if 0x20 <= byte < 0x7F and byte not in b'"\\' else b"\\%03o" % byte for byte in raw
    )


def _sender(one: Identity) -> str:
    return f"{_encoded(one.name)} <{one.mailbox}>"


def _encoded(text: str) -> str:
    """Words of a header, on one line where they are ASCII."""
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=72, header_name="Subject").encode(linesep="\n")
