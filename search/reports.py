"""Findings in the forms that programs and code forges read: JSON, GitHub's annotations, GitLab's code quality."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search.changes import Changes
from search.checking import Checked
from search.errors import Problem, Severity
from search.history import place_in_repository
from search.messages import ENGLISH, Message, Translations, say, say_number

SHOWN = 10  # annotations of a level that GitHub keeps of a step; it drops more without a word
JSON_VERSION = 1

_MISSING = frozenset({"advised-fields", "other-language"})  # rules whose advice weighs least: nothing is wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """In which language something is said, and what its readers call a file: its path from the repository's root."""

    words: Translations = ENGLISH
    language: str = "en"
    path: Callable[[str], str] = str
    rules: str = ""  # address of the page of the rules, "" where it is not known

    def say(self, message: Message) -> str:
        """A message in this language."""
        return message.in_words(self.words)

    def say_problem(self, problem: Problem) -> str:
        """What is wrong, after the name of the field."""
        return f"{problem.field}: {self.say(problem.message)}" if problem.field else self.say(problem.message)


def path_in_repository(folder: Path) -> Callable[[str], str]:
    """What turns the paths of findings below a folder into those from the root of its repository."""
    place, here = place_in_repository(folder), folder.resolve()

    def path_of(path: str) -> str:
        real = Path(path).resolve()
        if not real.is_relative_to(here):
            return path
        return "/".join(part for part in (place, real.relative_to(here).as_posix()) if part)

    return path_of


def counted(problems: Sequence[Problem]) -> list[Message]:
    """How many errors and pieces of advice there are."""
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    return [
        say_number("{number} error", "{number} errors", errors),
        say_number("{number} piece of advice", "{number} pieces of advice", len(problems) - errors),
    ]


def most_important_first(problems: Sequence[Problem]) -> list[Problem]:
    """Errors, then advice, then what is only missing; each in the order of files and lines."""
    return sorted(problems, key=lambda one: (LEVELS.index(level(one)), one))


LEVELS = ("error", "warning", "notice")


def level(problem: Problem) -> str:
    """How loudly a forge should say it."""
    if problem.severity is Severity.ERROR:
        return "error"
    return "notice" if problem.rule in _MISSING else "warning"


def as_json(checked: Checked, telling: Telling, changes: Changes | None = None) -> str:
    """One object; docs/commands.md says what is in it."""
    found: dict[str, Any] = {
        "version": JSON_VERSION,
        "documents": [telling.path(path) for path in checked.paths],
        "errors": checked.errors,
        "advice": len(checked.problems) - checked.errors,
        "findings": [_as_object(problem, telling) for problem in checked.problems],
    }
    if changes is not None:
        found["deleted"] = sorted(changes.gone)
        found["outdated"] = list(checked.outdated)
    return json.dumps(found, ensure_ascii=False, indent=1)


def _as_object(problem: Problem, telling: Telling) -> dict[str, Any]:
    return {
        "path": telling.path(problem.path),
        "line": problem.line,
        "column": problem.column,
        "field": problem.field,
        "rule": str(problem.rule),
        "severity": str(problem.severity),
        "message": telling.say(problem.message),
        "fix": telling.say(problem.fix),
    }


def as_github(checked: Checked, telling: Telling) -> str:
    """A workflow command a line. No level has more than GitHub keeps, and the last says how many were left out."""
    problems = most_important_first(checked.problems)
    said: Counter[str] = Counter()
    lines = []
    room = dict.fromkeys(LEVELS, SHOWN)
    if any(count > SHOWN for count in Counter(map(level, problems)).values()):
        room["notice"] -= 1  # for the line that says so
    for problem in problems:
        name = level(problem)
        if said[name] < room[name]:
            said[name] += 1
            lines.append(_annotation(name, problem, telling))
    left_out = len(problems) - len(lines)
    if left_out:
        lines.append(f"::notice::{_data(telling.say(say('and {number} more', number=left_out)))}")
    return "\n".join(lines)


def _annotation(name: str, problem: Problem, telling: Telling) -> str:
    places = {"file": telling.path(problem.path), "line": problem.line, "col": problem.column, "title": problem.rule}
    properties = ",".join(f"{key}={_property(str(value))}" for key, value in places.items() if value)
    text = telling.say_problem(problem)
    if problem.fix:
        text += "\n" + telling.say(say("fix: {fix}", fix=problem.fix))
    return f"::{name} {properties}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_gitlab(checked: Checked, telling: Telling) -> str:
    """A list of objects, each with a fingerprint of its own that stays when lines move."""
    seen: Counter[str] = Counter()
    return json.dumps([_issue(problem, telling, seen) for problem in checked.problems], ensure_ascii=False, indent=1)


def _issue(problem: Problem, telling: Telling, seen: Counter[str]) -> dict[str, Any]:
    path, key = telling.path(problem.path), "\0".join(_identity(problem))
    seen[f"{path}\0{key}"] += 1
    number = seen[f"{path}\0{key}"]
    text = telling.say_problem(problem)
    return {
        "description": f"{text} – {telling.say(problem.fix)}" if problem.fix else text,  # noqa: RUF001
        "check_name": str(problem.rule),
        "fingerprint": hashlib.sha256(f"{path}\0{key}\0{number}".encode()).hexdigest(),
        "severity": {"error": "major", "warning": "minor", "notice": "info"}[level(problem)],
        "location": {"path": path, "lines": {"begin": max(1, problem.line)}},
    }


def _identity(problem: Problem) -> Iterator[str]:
    """What a finding is, without where it stands: lines are numbers, in a message too."""
    yield from (str(problem.rule), problem.field, problem.message.template)
    yield from (f"{name}={value}" for name, value in problem.message.values if not isinstance(value, int))
