"""What a page says, as a reader meets it: the texts between its marks, and those that only some readers get."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import NamedTuple

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SPOKEN = {"aria-label", "aria-description", "aria-roledescription", "alt", "title", "placeholder"}
# What scripts call parts of a page; and the title of a practice with its place.
NAMES = {"data-part", "data-key", "data-announce", "data-copy", "data-said"}


class Mark(NamedTuple):
    """A start tag: its name and its attributes."""

    tag: str
    attributes: dict[str, str]

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())


class Text(NamedTuple):
    """A text, and the marks that it stands in, the outermost first; `attribute` where it is that of the last one."""

    text: str
    marks: tuple[Mark, ...]
    attribute: str = ""

    @property
    def is_foreign(self) -> bool:
        """Whether it is marked as being in another language than the page."""
        named = [mark.attributes["lang"] for mark in self.marks if "lang" in mark.attributes]
        return bool(named) and named[-1] != named[0]

    def stands_in(self, classes: Iterable[str], tags: Iterable[str] = ()) -> bool:
        """Whether one of the marks has such a class or such a name."""
        wanted, names = set(classes), set(tags)
        return any(mark.tag in names or mark.classes & wanted for mark in self.marks)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[Text] = []
        self.marks: list[Mark] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        mark = Mark(tag, {name: value or "" for name, value in attrs})
        inside = (*self.marks, mark)
        for name, value in mark.attributes.items():
            if name in SPOKEN or (tag == "meta" and name == "content" and mark.attributes.get("name") == "description"):
                self.texts.append(Text(value, inside, name))
            elif name.startswith("data-") and name not in NAMES:
                self.texts += [Text(one, inside, name) for one in _data(value)]
        if tag not in VOID:
            self.marks.append(mark)

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.marks) - 1, -1, -1):
            if self.marks[place].tag == tag:
                del self.marks[place:]
                return

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and not any(mark.tag in {"script", "style"} for mark in self.marks):
            self.texts.append(Text(text, tuple(self.marks)))


def _data(value: str) -> Iterator[str]:
    """The texts in a `data-` attribute: an object or a list written as JSON, or texts with bars between them."""
    try:
        held = json.loads(value)
    except ValueError:
        yield from (one for one in value.split("|") if not one.startswith(("/", "http")))
        return
    yield from (one for one in (held.values() if isinstance(held, dict) else [held]) if isinstance(one, str))


def read_texts(html: str) -> list[Text]:
    """Every text of a page, in its order."""
    reader = _Reader()
    reader.feed(html)
    return reader.texts


def has_letters(text: str) -> bool:
    """Whether there is anything to translate in it."""
    return re.search(r"[^\W\d_]", text) is not None
