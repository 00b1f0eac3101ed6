"""How the text of a practice falls into the sections that its form has, and back. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from search.checks.text import HEADINGS, read_text
from search.fields import Fields
from search.library import Draft
from search.vocabulary import Vocabulary

REST = "rest"  # what stands before the first heading that is known


@dataclass(frozen=True, slots=True)
class Part:
    """A section as it stands: its id, the line of its heading ("" of the rest) and what is written under it."""

    id: str
    heading: str
    text: str
    line: int = 0  # of the heading, counted from 0 in the text


def section_ids(vocabulary: Vocabulary) -> tuple[str, ...]:
    """The sections in the order in which they are written."""
    return tuple(vocabulary.ids(HEADINGS)) if HEADINGS in vocabulary.schemes else ()


def split_text(body: str, vocabulary: Vocabulary) -> list[Part]:
    """The sections in their order; headings that are not known, or come again, stay in the section before them."""
    draft = Draft(path="", file="", id="", language=None, fields=Fields(), body=body, body_line=0)
    lines = body.split("\n")
    starts: dict[str, int] = {}
    for heading in read_text(draft, vocabulary).headings:
        if heading.id and heading.level == 2 and lines[heading.line].startswith("##"):
            starts.setdefault(heading.id, heading.line)
    bounds = [*starts.values(), len(lines)]
    first = "\n".join(lines[: bounds[0]]).strip()
    parts = [Part(REST, "", first)] if first else []
    for number, (id, line) in enumerate(starts.items()):
        text = "\n".join(lines[line + 1 : bounds[number + 1]]).strip()
        parts.append(Part(id, lines[line], text, line))
    return parts


def texts_of(body: str, vocabulary: Vocabulary) -> dict[str, str]:
    """What is written in each section, by its id; those without text are left out."""
    return {part.id: part.text for part in split_text(body, vocabulary) if part.text}


def join_text(texts: Mapping[str, str], vocabulary: Vocabulary, lang: str, before: str = "") -> str:
    """The sections under their headings in a language; where `before` has a section, its heading and place stay.

    A text whose sections are those of `before` is `before`.
    """
    filled = {id: text.strip() for id, text in texts.items() if text.strip()}
    old = split_text(before, vocabulary)
    if {part.id: part.text for part in old if part.text} == filled:
        return before
    headings = {id: f"## {_title(id, vocabulary, lang)}" for id in section_ids(vocabulary)}
    headings |= {part.id: part.heading for part in old if part.heading}
    order = [part.id for part in old if part.id in headings and part.id != REST]
    known = list(section_ids(vocabulary))
    for place, id in enumerate(known):
        if id not in order:
            earlier = [at for at, other in enumerate(order, 1) if known.index(other) < place]
            order.insert(max(earlier, default=0), id)
    parts = [filled[REST]] if REST in filled else []
    parts += [f"{headings[id]}\n\n{filled[id]}" for id in order if id in filled]
    return "\n\n".join(parts)


def _title(id: str, vocabulary: Vocabulary, lang: str) -> str:
    labels = vocabulary.concept(HEADINGS, id).pref_label
    return labels.get(lang) or labels["en"]
