"""Reads the bytes of a document: its front matter, by python-frontmatter with a handler of ours, and its body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import frontmatter
from frontmatter.default_handlers import BaseHandler

from search.fields import Fields, parse_fields, position, refuse_control_characters
from search.messages import Message, say
from search.rules import Rule
from search.yaml_errors import Refused

MAX_BYTES = 256 * 1024

_BOUNDARY = re.compile(r"^-{3,}[ \t]*$", re.MULTILINE)
_DASHES = re.compile(r"^[-\u2013\u2014]{1,4}[ \t]*$", re.MULTILINE)  # what becomes of --- when dashes are corrected
_FENCE = re.compile("`{3}|~{3}")  # of an example, copied along with it
_BODY_HEADING = re.compile(r"(?<=\n)#{2,6} ")  # to YAML a comment, but more likely the text has begun
_FIELD_LINE = re.compile(r"[\w-]+ *:(?:[ \n]|$)")
_SAVE_AS_UTF_8 = say('in your editor choose "save as" with the encoding UTF-8')


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A document as it is written: the fields of its front matter and its body, which begins in `body_line`."""

    fields: Fields
    body: str
    body_line: int


def read_bytes(path: Path) -> bytes:
    """The bytes of a file; of a large one no more than it takes to refuse it.

    Raises: OSError when it cannot be read.
    """
    data = b""
    with path.open("rb", buffering=0) as file:
        while len(data) <= MAX_BYTES and (more := file.read(MAX_BYTES + 1 - len(data))):
            data += more
    return data


def parse_document(data: bytes) -> RawDocument:
    """Split a document into its front matter and its body.

    Raises: Refused with the one thing that stands in the way.
    """
    text = decode(data)
    if not text.strip():
        raise Refused(Rule.EMPTY_FILE, say("the file is empty"), say("write the front matter and the text into it"))
    handler = _Handler(first_line=1 + _empty_lines(text))
    # Not frontmatter.loads: it passes fields on as keyword arguments, and breaks at one called `content`.
    _, body = frontmatter.parse(text, handler=handler)
    return RawDocument(handler.fields, body, handler.body_line)


def decode(data: bytes) -> str:
    """The text of a file, its line ends made alike.

    Raises: Refused when it is too large, is not UTF-8, or holds characters that no text holds.
    """
    if len(data) > MAX_BYTES:
        raise Refused(
            Rule.TOO_LARGE,
            say("the file is larger than {most} KiB", most=MAX_BYTES // 1024),
            say("shorten the text, and link to pictures and documents instead of putting them in"),
        )
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        message = say("the file is stored as UTF-16, not as UTF-8")
        raise Refused(Rule.UTF_16, message, _SAVE_AS_UTF_8, line=1, column=1)
    try:
        text = _plain_line_ends(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _not_utf_8(error) from error
    refuse_control_characters(text)
    return text


def _not_utf_8(error: UnicodeDecodeError) -> Refused:
    before = _plain_line_ends(error.object[: error.start].decode("utf-8"))
    line, column = position(before, len(before))
    return Refused(
        Rule.NOT_UTF_8,
        say(
            "the file is not stored as UTF-8: byte {byte} in line {line} does not belong there",
            byte=f"{error.object[error.start]:#04x}",
            line=line,
        ),
        _SAVE_AS_UTF_8,
        line=line,
        column=column,
    )


def _plain_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _empty_lines(text: str) -> int:
    """Lines before the first that is not empty: python-frontmatter cuts them off."""
    return text.count("\n", 0, len(text) - len(text.lstrip()))


class _Handler(BaseHandler):
    """Front matter between two lines of dashes, for python-frontmatter; remembers where things stand.

    What it raises must not be a ValueError: python-frontmatter takes that for a text without front matter.
    """

    FM_BOUNDARY = _BOUNDARY
    START_DELIMITER = END_DELIMITER = "---"

    def __init__(self, first_line: int) -> None:
        super().__init__()
        self.first_line = first_line
        self.body_line = first_line
        self.fields = Fields()

    def split(self, text: str) -> tuple[str, str]:
        """What stands between the first two lines of dashes, and what follows."""
        opening = _BOUNDARY.match(text)
        if not opening:
            raise self._not_opened(text)
        closing = _BOUNDARY.search(text, opening.end() + 1)
        front = text[opening.end() : closing.start() if closing else len(text)]
        begun = _BODY_HEADING.search(front)
        if begun or not closing:
            raise self._not_closed(front, begun or _DASHES.search(front, 1))
        body = text[closing.end() :]
        self.body_line += text.count("\n", 0, closing.end()) + _empty_lines(body)
        return front, body

    def load(self, fm: str) -> dict[str, Any]:
        """The fields as text, lists and groups."""
        self.fields = parse_fields(fm, self.first_line)
        if not self.fields.names:
            message = say("there are no fields between the two lines with ---")
            fix = say("write them there, one a line: {example}", example="title: …")
            raise self._refused(Rule.NO_FRONT_MATTER, message, fix)
        return dict(self.fields.values)

    def _not_opened(self, text: str) -> Refused:
        message = say("the front matter has no beginning: the first line is not ---")
        if fence := _FENCE.match(text):
            fix = say("delete the line with {value}, and the one at the end of the file", value=fence[0])
            return self._refused(Rule.MISSING_OPENING, message, fix)
        if _DASHES.match(text) or (_FIELD_LINE.match(text) and _BOUNDARY.search(text)):
            return self._refused(Rule.MISSING_OPENING, message, say("put a line with --- before the first field"))
        fix = say("begin with a line with ---, then the fields, one a line, then a line with ---, then the text")
        return self._refused(Rule.NO_FRONT_MATTER, say("the file has no front matter"), fix)

    def _not_closed(self, front: str, place: re.Match[str] | None) -> Refused:
        message = say("the front matter that begins in line {line} has no end", line=self.first_line)
        fix = say("put a line with --- after its last field, before the text")
        return self._refused(Rule.MISSING_CLOSING, message, fix, front.count("\n", 0, place.start()) if place else 0)

    def _refused(self, rule: Rule, message: Message, fix: Message, lines_on: int = 0) -> Refused:
        return Refused(rule, message, fix, line=self.first_line + lines_on, column=1)
