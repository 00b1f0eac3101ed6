"""What a rule looks at, and what it needs to know besides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from search.checks.text import Text
from search.errors import Problem, Severity
from search.fields import Location, Position
from search.library import Document, Draft
from search.messages import NOTHING, Message
from search.model import FrontMatter
from search.moved import Moved
from search.rules import Rule
from search.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Vocabularies, the ids that exist, those that are gone, the day, and the originals of the collection by id."""

    vocabulary: Vocabulary
    ids: frozenset[str]
    moved: Mapping[str, Moved]
    today: date
    originals: Mapping[str, Document]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSubject:
    """What is written, valid or not, with what its text contains."""

    document: Draft
    text: Text
    known: Known

    def problem(
        self,
        rule: Rule,
        message: Message,
        location: Location = (),
        *,
        fix: Message = NOTHING,
        at: Position | None = None,
    ) -> Problem:
        """Say what keeps the document out: at this location of the front matter, or at this line and column."""
        return self.document.problem(rule, message, location, fix=fix, at=at)

    def advice(
        self,
        rule: Rule,
        message: Message,
        location: Location = (),
        *,
        fix: Message = NOTHING,
        at: Position | None = None,
    ) -> Problem:
        """Say what would make the document better."""
        return self.document.problem(rule, message, location, fix=fix, at=at, severity=Severity.ADVICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject(DraftSubject):
    """A document, original or translation."""

    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalSubject(Subject):
    """An original, which has all fields."""

    front: FrontMatter


DraftRule = Callable[[DraftSubject], Iterator[Problem]]
SubjectRule = Callable[[Subject], Iterator[Problem]]
OriginalRule = Callable[[OriginalSubject], Iterator[Problem]]
