"""What PyYAML cannot read, said in words for people who have never heard of YAML."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import yaml

from search.errors import AtlasError
from search.messages import NOTHING, Message, say
from search.rules import Rule

_FIELD = re.compile(r"\s*(?:- +)?[\w-]+ *$")  # what stands before the colon of a field
_VALUE = re.compile(r"\s*(?:- +)*(?:[^\s:#\"'\[{][^:]*:(?: +|$))?(.*)$")  # what stands after it
_QUOTED = {'"': re.compile(r'"(?:[^"\\]|\\.)*"'), "'": re.compile(r"'(?:[^']|'')*'")}

NO_SPACE = re.compile(r"[\w-]+:\S")
_MAX_SHOWN = 100  # characters of a line that are repeated with its quotes in place


class Refused(AtlasError):
    """A document is not read: where, why, and how to mend it. Lines and columns are counted from 1."""

    def __init__(self, rule: Rule, message: Message, fix: Message = NOTHING, *, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.fix = fix
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class _Failure:
    """What PyYAML says: lines and columns counted from 0, within `lines`."""

    problem: str
    context: str
    line: int
    column: int
    context_line: int
    context_column: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The line in which it stopped."""
        return self.lines[self.line] if self.line < len(self.lines) else ""

    @property
    def context_text(self) -> str:
        """The line in which that began which it could not finish."""
        return self.lines[self.context_line] if self.context_line < len(self.lines) else ""


def explain(error: yaml.YAMLError, text: str, first_line: int) -> Refused:
    """PyYAML's error as one plain message; `first_line` is the number of the first line of `text` in its file."""
    failure = _failure(error, text)
    for recognise in _RECOGNISERS:
        refused = recognise(failure)
        if refused is not None:
            refused.line += first_line
            return refused
    return _not_understood(failure.line + first_line, failure.column)


def _not_understood(line: int, column: int) -> Refused:
    return Refused(
        Rule.YAML,
        say("this line cannot be understood"),
        say("write one field a line, as name: value, and put quotes around text with special characters"),
        line=line,
        column=column + 1,
    )


def _failure(error: yaml.YAMLError, text: str) -> _Failure:
    lines = tuple(text.split("\n"))
    problem = getattr(error, "problem", None) or ""
    context = getattr(error, "context", None) or ""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    begun = getattr(error, "context_mark", None) or mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    # At the end of the text there is nothing to see: the last line that holds something is meant.
    while line > 0 and (line >= len(lines) or not lines[line].strip()):
        line, column = line - 1, 0
    context_line, context_column = (begun.line, begun.column) if begun else (line, column)
    return _Failure(problem, context, line, column, context_line, context_column, lines)


def _quote_left_open(failure: _Failure) -> Refused | None:
    if "quoted scalar" in failure.context and "found unexpected" in failure.problem:
        return _unclosed(failure.context_line, failure.context_column)
    # A forgotten quote ends at the next one, lines below, and only there does the text stop making sense.
    for number in range(failure.line - 1, -1, -1):
        quote = _opens(failure.lines[number])
        if quote:
            between = failure.lines[number + 1 : failure.line]
            if quote in failure.text and not any(quote in line for line in between):
                return _unclosed(number, failure.lines[number].index(quote))
            return None
    return None


def _opens(line: str) -> str:
    """The quote with which the value of this line begins and does not end, or ""."""
    found = _VALUE.match(line)
    value = found.group(1) if found else ""
    quote = value[:1]
    return quote if quote in _QUOTED and not _QUOTED[quote].match(value) else ""


def _unclosed(line: int, column: int) -> Refused:
    return Refused(
        Rule.UNCLOSED_QUOTE,
        say("the quote that begins here is not closed"),
        say("put the same quote at the end of the text"),
        line=line,
        column=column + 1,
    )


def _colon(failure: _Failure) -> Refused | None:
    if "mapping values are not allowed" not in failure.problem:
        return None
    before = failure.text[: failure.column]
    if before[:1].isspace() and _FIELD.match(before):
        return _indentation(failure)
    if not before.strip():
        return no_field(failure.line, failure.column, failure.text.strip())
    return Refused(
        Rule.UNQUOTED_COLON,
        say("a colon stands inside text that has no quotes"),
        say("put quotes around text that contains a colon: {example}", example=_quoted(failure.text)),
        line=failure.line,
        column=failure.column + 1,
    )


def _quoted(line: str) -> str:
    """The line as it should be, or an example where that would be long or wrong."""
    start = _value_column(line)
    value = line[start:].strip()
    if start == 0 or '"' in value or "\\" in value or value.startswith("'") or len(line) > _MAX_SHOWN:
        return 'title: "Cyber: the breakfast"'
    return f'{line[:start].strip()} "{value}"'


def _indentation(failure: _Failure) -> Refused:
    indent = len(failure.text) - len(failure.text.lstrip())
    return Refused(
        Rule.INDENTATION,
        say("this line is not set in like its neighbours"),
        say(
            "begin fields at the left edge, and set in what belongs to a field by two spaces; "
            "put quotes around a text of several lines that contains a colon"
        ),
        line=failure.line,
        column=indent + 1,
    )


def _brackets(failure: _Failure) -> Refused | None:
    unclosed = "flow sequence" in failure.context or "flow mapping" in failure.context
    line, column = failure.context_line, failure.context_column
    if not unclosed:
        value = _value_column(failure.text)
        if not _goes_on(failure) or failure.text[value : value + 1] not in {"[", "{"}:
            return None
        line, column = failure.line, value
    if failure.lines[line][column : column + 1] == "{":
        message = say("a { } that is not closed, lacks a comma, or is followed by more text")
        fix = say("put a comma between its parts and a } at its end, or quotes around text that begins with {")
    else:
        message = say("a list in [ ] that is not closed, lacks a comma, or is followed by more text")
        fix = say("put a comma between its items and a ] at its end, or quotes around text that begins with [")
    return Refused(Rule.BRACKETS, message, fix, line=line, column=column + 1)


def _goes_on(failure: _Failure) -> bool:
    return "expected <block end>" in failure.problem and failure.column > _value_column(failure.text) > 0


def _value_column(line: str) -> int:
    found = _VALUE.match(line)
    return found.start(1) if found else 0


def _after_quote(failure: _Failure) -> Refused | None:
    value = _value_column(failure.text)
    quote = failure.text[value : value + 1]
    if not _goes_on(failure) or quote not in _QUOTED:
        return None
    if quote == '"':
        fix = say("put \\ before each quote inside the text")
    else:
        fix = say("use double quotes around text with an apostrophe: {example}", example='"l\'innovation"')
    return Refused(
        Rule.TEXT_AFTER_QUOTE,
        say("text goes on after the closing quote"),
        fix,
        line=failure.line,
        column=failure.column + 1,
    )


def _start(failure: _Failure) -> Refused | None:
    line, column = failure.line, failure.column
    if "cannot start any token" not in failure.problem:
        if "block scalar" not in failure.context and "mapping keys are not allowed" not in failure.problem:
            return None
        line, column = failure.context_line, failure.context_column
    char = failure.lines[line][column : column + 1]
    return Refused(
        Rule.UNQUOTED_START,
        say("text that begins with {sign} needs quotes", sign=char),
        say("put quotes around it: {example}", example=f'"{char}…"'),
        line=line,
        column=column + 1,
    )


def _dash(failure: _Failure) -> Refused | None:
    if "sequence entries are not allowed" not in failure.problem:
        return None
    return Refused(
        Rule.LIST_IN_LINE,
        say("a list with dashes begins in the line of its field"),
        say(
            "write [a, b], or each item in a line of its own below the field; put quotes around text that begins with -"
        ),
        line=failure.line,
        column=failure.column + 1,
    )


def _backslash(failure: _Failure) -> Refused | None:
    return backslash(failure.line, failure.column) if "double-quoted scalar" in failure.context else None


def backslash(line: int, column: int) -> Refused:
    """A backslash with which no known escape begins."""
    return Refused(
        Rule.BACKSLASH,
        say("a backslash stands inside double quotes"),
        say("write each backslash twice, or use single quotes"),
        line=line,
        column=column + 1,
    )


def _sign(failure: _Failure) -> Refused | None:
    char = failure.context_text[failure.context_column : failure.context_column + 1]
    if "anchor" in failure.context or char == "&":
        return anchor(failure.context_line, failure.context_column)
    if "alias" in failure.context or char == "*":
        return alias(failure.context_line, failure.context_column)
    if "tag" in failure.context or "tag handle" in failure.problem:
        return tag(failure.context_line, failure.context_column)
    return None


def anchor(line: int, column: int) -> Refused:
    """A value that is given a name with &."""
    return Refused(
        Rule.ANCHOR,
        say("text that begins with & needs quotes; names for values (anchors) are not used here"),
        say("put quotes around it: {example}, or write the value without &", example='"& Co"'),
        line=line,
        column=column + 1,
    )


def alias(line: int, column: int) -> Refused:
    """A value that stands for another with *."""
    return Refused(
        Rule.ALIAS,
        say("text that begins with * needs quotes; references to other values (aliases) are not used here"),
        say("put quotes around it: {example}, or write the value out", example='"*new*"'),
        line=line,
        column=column + 1,
    )


def tag(line: int, column: int) -> Refused:
    """A value whose kind is named with !."""
    return Refused(
        Rule.TAG,
        say("text that begins with ! needs quotes; types of values (tags) are not used here"),
        say("put quotes around it: {example}, or write the value without !", example='"! new"'),
        line=line,
        column=column + 1,
    )


def _directive(failure: _Failure) -> Refused | None:
    """A line with % or ... at its beginning: YAML stumbles over the line that follows."""
    if "<document start>" not in failure.problem:
        return None
    lines = [number for number, line in enumerate(failure.lines) if line.startswith(("%", "..."))]
    return _not_understood(lines[0], 0) if lines else None


def _no_colon(failure: _Failure) -> Refused | None:
    if "could not find expected ':'" not in failure.problem:
        return None
    return no_field(failure.context_line, failure.context_column, failure.context_text.strip())


def no_field(line: int, column: int, text: str) -> Refused:
    """Refuse a line that is not `name: value`."""
    if NO_SPACE.match(text):
        return Refused(
            Rule.NOT_A_FIELD,
            say("a space is missing after the colon"),
            say("write name: value"),
            line=line,
            column=column + 1,
        )
    return Refused(
        Rule.NOT_A_FIELD,
        say("this line is no field: it has no name and colon"),
        say(
            "write it as name: value with a space after the colon, or set it in by two spaces where it continues a text"
        ),
        line=line,
        column=column + 1,
    )


def _wrong_indent(failure: _Failure) -> Refused | None:
    if "expected <block end>" not in failure.problem and "inconsistent" not in failure.problem:
        return None
    if failure.text.lstrip().startswith(":"):
        return no_field(failure.line, failure.column, "")
    return _indentation(failure)


_RECOGNISERS: tuple[Callable[[_Failure], Refused | None], ...] = (
    _quote_left_open,
    _sign,
    _colon,
    _brackets,
    _after_quote,
    _start,
    _dash,
    _backslash,
    _directive,
    _no_colon,
    _wrong_indent,
)
