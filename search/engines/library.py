"""The practices of a generation, read from its arrays one by one when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from pydantic_core import from_json

from search.engines.catalogue import Catalogue
from search.errors import EngineError
from search.library import Brief, Library
from search.model import Practice
from search.moved import Moved

KEPT = 4_000  # practices kept in memory once they were read


class StoredLibrary(Library):
    """A library that holds no practice until it is wanted."""

    def __init__(self, catalogue: Catalogue, moved: Mapping[str, Moved]) -> None:
        super().__init__((), moved)
        self._catalogue = catalogue
        self._read = lru_cache(maxsize=KEPT)(self._read_practice)
        self.is_damaged = False  # known only when what is damaged is read

    def _read_practice(self, number: int) -> Practice:
        try:
            return Practice.model_validate_json(self._catalogue.practice_json(number))
        except ValueError as error:
            raise self._damaged(number) from error

    def _damaged(self, number: int) -> EngineError:
        self.is_damaged = True
        return EngineError(f"the practice {self._catalogue.id(number)} cannot be read from the index")

    def __len__(self) -> int:
        return self._catalogue.count

    def __iter__(self) -> Iterator[Practice]:
        return (self._read(number) for number in range(self._catalogue.count))

    def __getitem__(self, practice_id: str) -> Practice:
        number = self._catalogue.number(practice_id)
        if number < 0:
            raise KeyError(practice_id)
        return self._read(number)

    def brief(self, practice_id: str, lang: str) -> Brief:
        """What a list says of a practice, read without making the whole of it."""
        number = self._catalogue.number(practice_id)
        if number < 0:
            raise KeyError(practice_id)
        segment, local = self._catalogue.place(number)
        try:
            texts, regions, barriers, *others = from_json(segment.briefs[local])
        except ValueError as error:
            raise self._damaged(number) from error
        shown = lang if lang in texts else next(iter(texts))
        title, summary = texts[shown]
        others = [*others, tuple(texts)]
        return Brief(title, summary, shown, tuple(regions), tuple(barriers), *others)

    def __contains__(self, practice_id: object) -> bool:
        return isinstance(practice_id, str) and self._catalogue.number(practice_id) >= 0

    def get(self, practice_id: str) -> Practice | None:
        """The practice with this id, if there is one."""
        number = self._catalogue.number(practice_id)
        return self._read(number) if number >= 0 else None
