"""The judged questions of relevance/: what they ask, whether they fit the collection, how the engine answers them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, ValidationError

from bench.judged import InputError
from search import facets
from search.engine import Snapshot
from search.library import Library
from search.model import Id, Lang, Line, Value
from search.query import PAGE_SIZE, SearchQuery
from search.vocabulary import Vocabulary

AMONG = 5  # hits among which one that should be first must stand


class Question(Value):
    """A question and its answer: practices of which one should come first, and those that must not be found."""

    question: Line
    first: Annotated[tuple[Id, ...], Field(min_length=1)]
    not_: Annotated[tuple[Id, ...], Field(alias="not")] = ()
    filters: Mapping[str, tuple[str, ...]] = {}  # name of a facet -> values
    why: Line | None = None
    lang: Lang

    def is_cross_lingual(self, library: Library) -> bool:
        """Whether none of the practices that should come first can be read in the language of the question."""
        found = (library.get(id) for id in self.first)
        return not any(one is not None and self.lang in one.languages for one in found)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question and the first page of its hits."""

    question: Question
    page: tuple[str, ...]

    @property
    def is_found(self) -> bool:
        """Whether one that should be first stands among the first five."""
        return not set(self.question.first).isdisjoint(self.page[:AMONG])

    @property
    def intruders(self) -> tuple[str, ...]:
        """Must-nots on the first page."""
        return tuple(id for id in self.page if id in self.question.not_)

    @property
    def is_good(self) -> bool:
        """Whether it is found, and nothing that must not be."""
        return self.is_found and not self.intruders

    def __str__(self) -> str:
        places = [place for place, id in enumerate(self.page, start=1) if id in self.question.first]
        faults = []
        if not self.is_found:
            where = f"place {places[0]}" if places else "not on the first page"
            faults.append(f"{' or '.join(self.question.first)}: {where}")
        faults += [f"must not be found: {id}, place {self.page.index(id) + 1}" for id in self.intruders]
        return f"{self.question.lang}: {self.question.question}: {'; '.join(faults) or 'good'}"


def read_questions(folder: Path) -> list[Question]:
    """The questions of all languages, a file each, in the order of the files.

    Raises: InputError naming file and question.
    """
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise InputError(folder, "has no file of questions")
    return [question for path in files for question in _questions(path)]


def misfits(question: Question, library: Library, vocabulary: Vocabulary) -> list[str]:
    """What of a question does not fit the collection: unknown ids and filters, an id on both sides."""
    known = {facet.name: facet.scheme for facet in facets.FACETS}
    found = [f"{id} is not in the collection" for id in (*question.first, *question.not_) if library.get(id) is None]
    found += [f"{id} is named twice" for id, count in Counter((*question.first, *question.not_)).items() if count > 1]
    for name, values in question.filters.items():
        if name not in known:
            found.append(f"there is no filter {name}")
            continue
        found += [f"{value} is no {name}" for value in values if not vocabulary.knows(known[name], value)]
    return [f"{question.lang}: {question.question}: {one}" for one in found]


def ask(question: Question, snapshot: Snapshot, size: int = PAGE_SIZE) -> Outcome:
    """Ask the engine as a visitor does who reads pages in the language of the question."""
    filters = {facet: frozenset(question.filters.get(facet.name, ())) for facet in facets.FACETS}
    query = SearchQuery(
        text=question.question,
        lang=question.lang,
        reader=question.lang,
        filters={facet: values for facet, values in filters.items() if values},
        size=size,
    )
    return Outcome(question, tuple(hit.id for hit in snapshot.search(query).hits))


def _questions(path: Path) -> Iterator[Question]:
    try:
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise InputError(path, f"cannot be read: {error}") from error
    if not isinstance(rows, list):
        raise InputError(path, "is no list of questions")
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict) or "lang" in row:
            raise InputError(path, f"entry {number} is no question: its language is the name of the file")
        try:
            yield Question.model_validate({**row, "lang": path.stem})
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise InputError(path, f"entry {number}, {where}: {first['msg']}") from error
