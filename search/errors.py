"""What can be wrong: a finding about a document, and the few exceptions that cross rooms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from search.messages import ENGLISH, NOTHING, Message, Translations, say

MAX_SHOWN = 60  # characters of a value that a message repeats


class Severity(StrEnum):
    """How much a finding weighs: an error keeps a document out, advice never does."""

    ERROR = "error"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """A finding about a document: where, what is wrong, how to mend it.

    Lines and columns are counted from 1; 0 means that the finding is about the whole file.
    """

    path: str
    line: int = 0
    column: int = 0
    field: str = ""
    message: Message
    rule: str
    fix: Message = NOTHING
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """`path:line:column: field: message [rule]`, then the fix on a line of its own."""
        return self.in_words(ENGLISH)

    def in_words(self, translations: Translations) -> str:
        """The same lines in another language."""
        place = ":".join([self.path, *(str(n) for n in (self.line, self.column) if n)])
        what = (
            f"{self.field}: {self.message.in_words(translations)}"
            if self.field
            else self.message.in_words(translations)
        )
        if self.severity is Severity.ADVICE:
            what = say("advice: {what}", what=what).in_words(translations)
        text = f"{place}: {what} [{self.rule}]"
        fix = say("fix: {fix}", fix=self.fix).in_words(translations)
        return f"{text}\n    {fix}" if self.fix else text


class AtlasError(Exception):
    """Base of the exceptions that cross rooms; its text is fit to be shown."""


class BadParameter(AtlasError):
    """A URL parameter that is not understood, and must not be ignored.

    `name` is the parameter, `value` what was given, `nearest` the nearest value that is known, or "";
    `choices` are all known values where they are few, `smallest` and `largest` are bounds where a number is wanted;
    `after` is the end of a range where the value, its beginning, lies after it.
    """

    def __init__(
        self,
        name: str,
        value: str,
        nearest: str = "",
        *,
        choices: Sequence[str] = (),
        smallest: int = 1,
        largest: int = 0,
        after: str = "",
    ) -> None:
        shown = repr(value if len(value) <= MAX_SHOWN else f"{value[:MAX_SHOWN]}…")
        wrong = f"is not a whole number from {smallest} to {largest}" if largest else "is not known"
        if after:
            wrong = f"is after the end of the range, {after!r}"
        known = f"; known are {', '.join(choices)}" if choices else ""
        super().__init__(f"{name}: {shown} {wrong}{known}")
        self.name = name
        self.value = value
        self.nearest = nearest
        self.choices = tuple(choices)
        self.smallest = smallest
        self.largest = largest
        self.after = after


class EngineError(AtlasError):
    """The index cannot be built or read."""


class VocabularyError(AtlasError):
    """A file of vocabulary/ is not what it should be."""


class SettingsError(AtlasError):
    """The settings are valid one by one, and yet the site may not start with them."""


class LockedError(AtlasError):
    """Another process is building the index."""
