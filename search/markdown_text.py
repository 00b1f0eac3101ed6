"""Texts of others in a page of Markdown: shown as they are, without marks, links, HTML or calls to anybody."""

from __future__ import annotations

import re
import unicodedata

JOINER = "\N{WORD JOINER}"  # no width, no gap: what forges would take for a mention or a link is none with it inside

# Punctuation that means something inside a line; after \ Markdown reads it as itself.
_MARKS = re.compile(r"([\\`*_{}\[\]<>#+\-!|~&@:$^=])")
_CALLS = re.compile(r"([@#!~%&$^])(?=\w)|(:)(?=\w|/)|\b(www)(?=\.)", re.IGNORECASE)
_COMMIT = re.compile(r"\b([0-9a-fA-F])(?=[0-9a-fA-F]{6,39}\b)")
_ISSUE = re.compile(r"\b(GH)(?=-\d)", re.IGNORECASE)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co"})  # categories: controls, and what changes the direction of text


def inert(text: str, most: int = 400) -> str:
    """A text in one line, cut at so many characters, that is read as nothing but a text."""
    line = _one_line(text)
    if len(line) > most:
        line = f"{line[: most - 1]}…"
    line = _CALLS.sub(lambda found: f"{found[0]}{JOINER}", line)
    line = _COMMIT.sub(rf"\1{JOINER}", line)
    line = _ISSUE.sub(rf"\1{JOINER}", line)
    return _MARKS.sub(r"\\\1", line)


def code(text: str, most: int = 200) -> str:
    """A text of few signs, a path or an id, as code; also in a table."""
    line = _one_line(text)[:most]
    if "`" in line or "|" in line or not line:
        return inert(line, most)
    return f"`{line}`"


def _one_line(text: str) -> str:
    spaced = "".join(" " if char.isspace() else char for char in text)
    return " ".join("".join(char for char in spaced if unicodedata.category(char) not in _UNSEEN).split())
