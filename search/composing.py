"""How a practice is written as a document: fields and a text to the bytes of a file, which read back to the same.

Where a document is changed, what stays the same is taken over as it stands, with its comments, so that whoever looks at
the change sees nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from search.fields import Raw
from search.front_matter import RawDocument, decode, parse_document
from search.model import FrontMatter, TranslationFrontMatter
from search.yaml_errors import Refused

_BOUNDARY = "---"
_ORDER = (*FrontMatter.model_fields, *(TranslationFrontMatter.model_fields.keys() - FrontMatter.model_fields.keys()))
_PLACE = {name: place for place, name in enumerate(_ORDER)}

# What needs no quotes, in a list either: ids, codes, dates, numbers.
_PLAIN = re.compile(r"-?[A-Za-z0-9]+(?:[.+-][A-Za-z0-9]+)*")
_NO_TEXT = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])  # to programs that read YAML 1.1
_UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")  # JSON writes these as they are


def compose(values: Mapping[str, Raw], body: str, before: bytes = b"") -> bytes:
    """Write a document with these fields, in the order of the model, and this Markdown below them.

    The values need not be valid; what is empty is left out. Where `before` is a document that can be read, what is the
    same in it stays as it stands there.
    """
    filled = {name: value for name, value in ((name, without_empty(value)) for name, value in values.items()) if value}
    body = _plain_line_ends(body).strip()
    text, old = _read(before)
    blocks = _blocks(text, old) if old else {}
    lines = [_BOUNDARY]
    for name in _in_order(filled, blocks):
        is_same = old is not None and name in blocks and without_empty(old.fields.values.get(name, "")) == filled[name]
        lines += blocks[name] if is_same else _field(name, filled[name])
    lines.append(_BOUNDARY)
    rest = _after_fields(text, old) if old and old.body.strip() == body else f"\n\n{body}\n" if body else "\n"
    made = "\n".join(lines) + rest
    return (made.replace("\n", "\r\n") if b"\r\n" in before else made).encode()


def without_empty(value: Raw) -> Raw:
    """A value without its empty parts; a text that is nothing but white space is empty."""
    if isinstance(value, str):
        return value if value.strip() else ""
    if isinstance(value, list):
        return [part for part in map(without_empty, value) if part]
    return {name: part for name, part in ((name, without_empty(part)) for name, part in value.items()) if part}


def written_values(content: FrontMatter | TranslationFrontMatter) -> dict[str, Raw]:
    """The fields of a practice as a document writes them; what was left to its default is left out."""
    found = {name: _raw(part) for name, part in content.model_dump(mode="json", exclude_unset=True).items()}
    return {name: value for name, value in found.items() if value and name in _PLACE}


def _raw(value: object) -> Raw:
    if isinstance(value, dict):
        if value.keys() == {"code"}:  # a region is written as its bare code
            return str(value["code"])
        return {str(name): _raw(part) for name, part in value.items() if part is not None}
    if isinstance(value, list):
        return [_raw(part) for part in value]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _read(before: bytes) -> tuple[str, RawDocument | None]:
    try:
        return decode(before), parse_document(before)
    except Refused:
        return "", None


def _in_order(names: Iterable[str], before: Iterable[str]) -> list[str]:
    """The names in the order they had before; each new one after those that come before it in the model."""
    wanted = set(names)
    ordered = [name for name in before if name in wanted]
    for name in sorted(wanted.difference(ordered), key=lambda name: (_PLACE.get(name, len(_PLACE)), name)):
        place = _PLACE.get(name, len(_PLACE))
        earlier = [at for at, other in enumerate(ordered, 1) if _PLACE.get(other, len(_PLACE)) <= place]
        ordered.insert(max(earlier, default=0), name)
    return ordered


def _blocks(text: str, old: RawDocument) -> dict[str, list[str]]:
    """The lines of each field, with the comments above it; nothing where fields do not begin lines of their own."""
    starts = sorted((at, str(location[0])) for location, at in old.fields.names.items() if len(location) == 1)
    if any(column != 1 for (_, column), _ in starts) or len({line for (line, _), _ in starts}) < len(starts):
        return {}
    lines = text.split("\n")
    begin = 1 + next(number for number, line in enumerate(lines) if line.startswith(_BOUNDARY))
    ends = [_with_comments(lines, line - 1, begin) for (line, _), _ in starts[1:]]
    ends.append(next(number for number in range(starts[-1][0][0], len(lines)) if lines[number].startswith(_BOUNDARY)))
    blocks = {}
    for (_, name), end in zip(starts, ends, strict=True):
        blocks[name] = lines[begin:end]
        begin = end
    return blocks


def _with_comments(lines: list[str], line: int, least: int) -> int:
    """The first of the lines of comments right above this one."""
    while line > least and lines[line - 1].startswith("#"):
        line -= 1
    return line


def _after_fields(text: str, old: RawDocument) -> str:
    """Everything below the fields, from the end of the line that closes them."""
    lines = text.split("\n")
    last = max(line for line, _ in old.fields.names.values())
    closing = next(number for number in range(last, len(lines)) if lines[number].startswith(_BOUNDARY))
    return "\n" + "\n".join(lines[closing + 1 :])


def _field(name: str, value: Raw) -> Iterator[str]:
    """The lines of a field."""
    key = _scalar(name)
    if isinstance(value, str):
        yield f"{key}: {_scalar(value)}"
    elif isinstance(value, dict):
        yield f"{key}:"
        for part, inner in value.items():
            yield from (f"  {line}" for line in _field(part, inner))
    elif all(isinstance(item, str) for item in value):
        yield f"{key}: [{', '.join(_scalar(str(item)) for item in value)}]"
    else:
        yield f"{key}:"
        for item in value:
            yield from _item(item)


def _item(item: Raw) -> Iterator[str]:
    """The lines of an item of a list."""
    if isinstance(item, dict):
        lines = [line for name, value in item.items() for line in _field(name, value)]
    elif isinstance(item, list):
        lines = [f"[{', '.join(_scalar(str(part)) for part in item)}]"]
    else:
        lines = [_scalar(item)]
    for number, line in enumerate(lines):
        yield f"    {line}" if number else f"  - {line}"


def _scalar(text: str) -> str:
    """A text as YAML reads it back: in quotes, as JSON writes it, unless it is a mere word."""
    if _PLAIN.fullmatch(text) and text.lower() not in _NO_TEXT:
        return text
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def _plain_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
