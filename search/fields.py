"""Reads fields written in YAML: every scalar stays text, and every value and name knows where it stands.

YAML's implicit types make NO false, 12:30 750 and 3.10 3.1; here the schema converts. Values are built from the
parser's events, one at a time, so that an alias or a hundred brackets are refused where they begin and are
never expanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

from search.errors import Problem, Severity
from search.messages import NOTHING, Message, say
from search.rules import Rule
from search.yaml_errors import NO_SPACE, Refused, alias, anchor, backslash, explain, no_field, tag

MAX_DEPTH = 8  # levels of lists and groups; the schema uses four

Raw: TypeAlias = "str | list[Raw] | dict[str, Raw]"  # what is written, before the schema converts it
Location: TypeAlias = tuple[str | int, ...]  # ("results", 0, "value")
Position: TypeAlias = tuple[int, int]  # line and column, counted from 1

_CONTROL = re.compile("[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_LINE_ENDS = str.maketrans("\x85\u2028\u2029\t", "    ")  # YAML ends lines at the first three, editors do not
_FAST_LOADER: type[yaml.CSafeLoader | yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Fields:
    """What is written, with the position of every value and of every name.

    A value that is a list or a group in lines of its own, or nothing at all, has the position of its name.
    """

    values: dict[str, Raw] = field(default_factory=dict)
    marks: dict[Location, Position] = field(default_factory=dict)
    names: dict[Location, Position] = field(default_factory=dict)

    def problem(
        self,
        path: str,
        rule: Rule,
        message: Message,
        location: Location = (),
        *,
        fix: Message = NOTHING,
        severity: Severity = Severity.ERROR,
    ) -> Problem:
        """Say what is wrong with the value at this location, in the document at this path."""
        line, column = position_of(location, self.marks)
        return Problem(
            path=path,
            line=line,
            column=column,
            field=field_name(location),
            message=message,
            rule=rule,
            fix=fix,
            severity=severity,
        )


def parse_fields(text: str, first_line: int = 1) -> Fields:
    """Read fields; `first_line` is the number of the first line of `text` in its file.

    Raises: Refused with the one thing that stands in the way.
    """
    for number, line in enumerate(text.split("\n"), first_line):
        column = line.rstrip().find("\t") + 1  # those at the end of a line are harmless, and nobody sees them
        if column:
            message, fix = say("a tab stands in this line"), say("put spaces in its place")
            raise Refused(Rule.TAB, message, fix, line=number, column=column)
    text = text.translate(_NO_LINE_ENDS)
    try:
        return _build(yaml.parse(text, Loader=_FAST_LOADER), first_line)
    except (yaml.YAMLError, ValueError, OverflowError):
        return _build_slowly(text, first_line)


def position_of(location: Location, marks: Mapping[Location, Position]) -> Position:
    """Where a value stands; of one that is not there, the group in which it should be; else the first line."""
    for end in range(len(location), 0, -1):
        if location[:end] in marks:
            return marks[location[:end]]
    return 1, 1


def field_name(location: Location) -> str:
    """Name a place as people do: `barriers` for each of a list's items, `results.1.value` for the first result's."""
    end = len(location) - 1 if location and isinstance(location[-1], int) else len(location)
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in location[:end])


def position(text: str, index: int) -> Position:
    """Line and column of a character, counted from 1."""
    return text.count("\n", 0, index) + 1, index - (text.rfind("\n", 0, index) + 1) + 1


def refuse_control_characters(text: str, at: Position | None = None) -> None:
    """Raise Refused where a text holds characters that no text holds; `at` is where it stands in its file."""
    found = _CONTROL.search(text)
    if found:
        line, column = at or position(text, found.start())
        raise Refused(
            Rule.CONTROL_CHARACTER,
            say("an invisible control character ({code}) is in this line", code=f"U+{ord(found.group()):04X}"),
            say("delete it; typing the line anew is the surest way"),
            line=line,
            column=column,
        )


def _build_slowly(text: str, first_line: int) -> Fields:
    """Read what libyaml could not with PyYAML's own parser, twenty times slower, whose errors say where they began."""
    try:
        return _build(yaml.parse(text, Loader=yaml.SafeLoader), first_line)
    except yaml.YAMLError as error:
        raise explain(error, text, first_line) from error
    except (ValueError, OverflowError) as error:  # "\UFFFFFFFF": any number is taken for a character's
        line, column = position(text, max(text.find("\\"), 0))
        raise backslash(line + first_line - 1, column - 1) from error


def _build(events: Iterable[yaml.Event], first_line: int) -> Fields:
    builder = _Builder(first_line)
    for event in events:
        builder.take(event)
    return builder.fields


@dataclass(slots=True)
class _Open:
    """A list or a group that is being filled."""

    location: Location
    value: dict[str, Raw] | list[Raw]
    name: str | None = None  # of the field whose value comes next


class _Builder:
    """Makes values of parser events, without recursion."""

    def __init__(self, first_line: int) -> None:
        self.fields = Fields()
        self._first_line = first_line
        self._open: list[_Open] = []

    def take(self, event: yaml.Event) -> None:
        """One event more. Raises: Refused when it is none that is read here."""
        self._refuse_signs(event)
        if isinstance(event, yaml.DocumentStartEvent):
            self._start(event)
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.MappingStartEvent):
            self._enter(event, {} if self._open else self.fields.values)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._enter(event, [])
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()

    def _refuse_signs(self, event: yaml.Event) -> None:
        line, column = self._position(event)
        if isinstance(event, yaml.AliasEvent):
            raise alias(line, column - 1)
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            raise anchor(line, column - 1)
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag is not None:
            raise tag(line, column - 1)

    def _start(self, event: yaml.DocumentStartEvent) -> None:
        if event.explicit:
            message = say("a second block of fields begins here")
            fix = say("keep all fields between one line with --- and the next")
            raise self._refused(event, Rule.SEVERAL_DOCUMENTS, message, fix)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        refuse_control_characters(event.value, self._position(event))
        if not self._open:
            raise self._not_fields(event)
        parent = self._open[-1]
        if isinstance(parent.value, list):
            self._append(event, parent.location, parent.value, event.value)
        elif parent.name is None:
            self._name(event, parent)
        elif event.value == "" and event.style in {None, ""}:  # nothing after the colon: a field that is not there
            location = (*parent.location, parent.name)
            self.fields.marks[location] = self.fields.names[location]
            parent.name = None
        else:
            self._fill(event, parent, parent.value, parent.name, event.value)

    def _enter(self, event: yaml.CollectionStartEvent, value: dict[str, Raw] | list[Raw]) -> None:
        location: Location = ()
        if not self._open and isinstance(value, list):
            raise self._not_fields(event)
        if len(self._open) == MAX_DEPTH:
            message = say("more than {most} lists or groups lie in each other here", most=MAX_DEPTH)
            fix = say("put quotes around text that begins with [ or {")
            raise self._refused(event, Rule.TOO_DEEP, message, fix)
        if self._open:
            parent = self._open[-1]
            if isinstance(parent.value, list):
                location = self._append(event, parent.location, parent.value, value)
            elif parent.name is None:
                message = say("a list or a group stands where the name of a field belongs")
                fix = say("put quotes around text that begins with { or [ or ?: {example}", example='"{…}"')
                raise self._refused(event, Rule.UNQUOTED_START, message, fix)
            else:
                location = self._fill(event, parent, parent.value, parent.name, value)
        self._open.append(_Open(location, value))

    def _append(self, event: yaml.Event, parent: Location, items: list[Raw], value: Raw) -> Location:
        location = (*parent, len(items))
        items.append(value)
        self.fields.marks[location] = self._position(event)
        return location

    def _fill(self, event: yaml.Event, parent: _Open, group: dict[str, Raw], name: str, value: Raw) -> Location:
        location = (*parent.location, name)
        group[name] = value
        parent.name = None
        is_below = isinstance(event, yaml.CollectionStartEvent) and not event.flow_style
        self.fields.marks[location] = self.fields.names[location] if is_below else self._position(event)
        return location

    def _name(self, event: yaml.ScalarEvent, parent: _Open) -> None:
        name = event.value.strip()
        location = (*parent.location, name)
        if name == "<<":
            message = say("<< copies fields from elsewhere, which is not done here")
            raise self._refused(event, Rule.MERGE_KEY, message, say("write them out"))
        if not name:
            message = say("a colon stands without a name before it")
            raise self._refused(event, Rule.NOT_A_FIELD, message, say("write name: value"))
        if location in self.fields.names:
            message = say(
                '"{name}" is given in line {first} and again in line {second}',
                name=name,
                first=self.fields.names[location][0],
                second=self._position(event)[0],
            )
            raise self._refused(event, Rule.DUPLICATE_KEY, message, say("keep one of the two"))
        self.fields.names[location] = self._position(event)
        parent.name = name

    def _not_fields(self, event: yaml.Event) -> Refused:
        if isinstance(event, yaml.ScalarEvent) and NO_SPACE.match(event.value):
            line, column = self._position(event)
            return no_field(line, column - 1, event.value)
        message = say("here are no fields, but a text or a list")
        return self._refused(event, Rule.NOT_FIELDS, message, say("write one field a line, as name: value"))

    def _refused(self, event: yaml.Event, rule: Rule, message: Message, fix: Message) -> Refused:
        line, column = self._position(event)
        return Refused(rule, message, fix, line=line, column=column)

    def _position(self, event: yaml.Event) -> Position:
        mark = event.start_mark
        return (mark.line + self._first_line, mark.column + 1) if mark else (self._first_line, 1)
