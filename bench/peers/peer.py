"""Peer: what every engine of the comparison does, ours too."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from bench.made import Record, World
from bench.queries import Asked
from search.vocabulary import Vocabulary

PAGE = 20  # hits
SNIPPET_LENGTH = 240  # characters
FIELDS = {"title": 4.0, "labels": 2.5, "summary": 1.5, "body": 1.0}  # and their boosts


@dataclass(frozen=True, slots=True)
class Shown:
    """A hit as a page shows it."""

    id: str
    title: str
    summary: str
    snippet: str = ""


@dataclass(slots=True)
class Answer:
    """What an engine answers."""

    total: int
    hits: list[Shown] = field(default_factory=list)
    facets: dict[str, dict[str, int]] = field(default_factory=dict)  # facet name -> value -> lifted count


class Peer(ABC):
    """An engine: builds an index in a folder, opens it, answers."""

    name: ClassVar[str]
    version: ClassVar[str] = ""
    has_facets: ClassVar[bool] = True
    has_snippets: ClassVar[bool] = True
    has_changes: ClassVar[bool] = True  # one document can be changed without building everything

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def convert(self, world: World, record: Record) -> Any:
        """A made document in the form that build() takes."""
        return world.document(record)

    @abstractmethod
    def build(self, documents: Iterable[Any], folder: Path) -> None:
        """Index documents in an empty folder."""

    @abstractmethod
    def open(self, folder: Path) -> None:
        """Open what build() made."""

    @abstractmethod
    def search(self, asked: Asked, *, snippets: bool) -> Answer:
        """Total, the first page of hits and, where it can, the counts of every facet with its own filter lifted."""

    def change(self, document: Any) -> None:
        """Put a document in the place of the one with its id, and have it found by who searches next."""
        raise NotImplementedError

    def close(self) -> None:  # noqa: B027 - most have nothing to close
        """Let go of files."""


def agree(one: Answer, other: Answer) -> bool:
    """Whether two answers count the same."""
    return one.total == other.total and nonzero(one.facets) == nonzero(other.facets)


def nonzero(facets: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """Counts without the values at zero."""
    return {name: +Counter(counts) for name, counts in facets.items()}
