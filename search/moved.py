"""Reads practices/moved.yaml: what became of ids that are gone."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from search.errors import Problem
from search.fields import Fields, parse_fields
from search.front_matter import decode, read_bytes
from search.messages import Message, say
from search.model import ID_PATTERN
from search.rules import Rule
from search.vocabulary import nearest
from search.yaml_errors import Refused

Finding = tuple[Rule, Message, Message]  # rule, message, fix

MOVED_FILE = "moved.yaml"


@dataclass(frozen=True, slots=True)
class Moved:
    """An id that is gone: `to` is the one that took its place, or `note` says why none did."""

    to: str = ""
    note: str = ""


def read_moved(folder: Path, ids: Collection[str]) -> tuple[dict[str, Moved], list[Problem]]:
    """Read what became of ids; `ids` are those that exist. An id that moved twice leads to where it is now."""
    path = folder / MOVED_FILE
    if not path.exists():
        return {}, []
    shown = path.as_posix()
    try:
        text = decode(read_bytes(path))
        fields = parse_fields(text) if text.strip() else Fields()
    except OSError as error:
        message = say("the file cannot be read: {reason}", reason=str(error.strerror))
        return {}, [Problem(path=shown, message=message, rule=Rule.UNREADABLE)]
    except Refused as refused:
        problem = Problem(
            path=shown,
            line=refused.line,
            column=refused.column,
            message=refused.message,
            rule=refused.rule,
            fix=refused.fix,
        )
        return {}, [problem]
    return _check(fields, shown, ids)


def _check(fields: Fields, path: str, ids: Collection[str]) -> tuple[dict[str, Moved], list[Problem]]:
    problems: list[Problem] = []
    entries: dict[str, Moved] = {}
    for location in fields.names:
        name = str(location[0])
        if len(location) == 1:
            moved = _entry(fields.values.get(name))
            finding = _name_finding(name, ids) or _FORM
            if moved is not None and finding is _FORM:
                entries[name] = moved
            else:
                problems.append(_problem(fields, path, name, finding))
    for name, moved in list(entries.items()):
        found = _target_finding(name, moved, entries, ids, fields)
        if found is not None:
            problems.append(_problem(fields, path, name, found))
    ends = {name: _follow(name, entries) for name in entries}
    return {name: end for name, end in ends.items() if end and (end.note or end.to in ids)}, problems


_FORM: Finding = (
    Rule.MOVED_FORM,
    say("here is neither a new id nor a note"),
    say('write the new id, or {note: "why it is gone"}'),
)


def _name_finding(name: str, ids: Collection[str]) -> Finding | None:
    if not re.fullmatch(ID_PATTERN, name):
        fix = say("write small letters and digits with hyphens between them")
        return Rule.MOVED_ID, say('"{value}" is not an id', value=name), fix
    if name in ids:
        message = say('"{value}" exists, and is said to be gone', value=name)
        return Rule.MOVED_EXISTS, message, say("delete this line or the document")
    return None


def _target_finding(
    name: str, moved: Moved, entries: Mapping[str, Moved], ids: Collection[str], fields: Fields
) -> Finding | None:
    if _follow(name, entries) is None:
        return Rule.MOVED_LOOP, say("this leads back to itself"), say("let it lead to a practice that exists")
    if moved.to and moved.to not in ids and moved.to not in fields.values:
        meant = nearest(moved.to, ids)
        fix = say('write the id of a practice, or {note: "why it is gone"}')
        if meant:
            fix = say('write "{value}"', value=meant)
        return Rule.MOVED_TARGET, say('there is no practice "{value}"', value=moved.to), fix
    return None


def _problem(fields: Fields, path: str, name: str, finding: Finding) -> Problem:
    rule, message, fix = finding
    return fields.problem(path, rule, message, (name,), fix=fix)


def _entry(raw: object) -> Moved | None:
    if isinstance(raw, str) and raw.strip():
        return Moved(to=raw.strip())
    note = raw.get("note") if isinstance(raw, dict) and len(raw) == 1 else None
    return Moved(note=note.strip()) if isinstance(note, str) and note.strip() else None


def _follow(name: str, entries: Mapping[str, Moved]) -> Moved | None:
    """Where an id leads in the end; None when it leads back to itself."""
    seen = {name}
    end = entries[name]
    while end.to in entries:
        if end.to in seen:
            return None
        seen.add(end.to)
        end = entries[end.to]
    return end
