"""SearchEngine: the Protocol every engine keeps. One door, plain values through it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from search.library import Library
from search.model import Practice
from search.moved import Moved
from search.query import SIMILAR, Completion, Results, SearchQuery, Similar

Progress = Callable[[int], None]  # called with how many more practices were indexed


class Snapshot(Protocol):
    """A generation of the index: practices and search that belong together, whatever is built meanwhile."""

    @property
    def generation(self) -> str:
        """Its name, different from that of every other generation."""

    @property
    def library(self) -> Library:
        """The practices that were indexed."""

    @property
    def about(self) -> Mapping[str, str]:
        """What the builder wanted kept with this generation."""

    def search(self, query: SearchQuery) -> Results:
        """Best first; of equals the lower id. A page after the last has no hits.

        Those with every word come first; where they are few and the query allows it, those with most of the words
        follow. Within a facet any value may match.
        """

    def similar(self, id: str, size: int = SIMILAR) -> tuple[Similar, ...]:
        """The practices that are most like one in words and in the values of facets, and what they share with it.

        Best first, of equals the lower id; of equally like ones those of other regions. Never the practice itself, nor
        what shares nothing with it, so there may be fewer than `size`.
        Raises: KeyError when there is no such practice.
        """

    def suggest(self, text: str, lang: str, size: int) -> Sequence[Completion]:
        """What somebody may mean who has typed so far, best first; for a reader of this language.

        Every word must occur in a title or a name, the last as a beginning, unstemmed and whatever its accents.
        Each practice comes once, by its title in the reader's language where that fits.
        """


class SearchEngine(Protocol):
    """An index of practices. Safe to use from several threads."""

    def exclusive(
        self, wait_s: float = 0, on_wait: Callable[[str], None] | None = None
    ) -> AbstractContextManager[None]:
        """Hold the right to rebuild, from before documents are read; rebuild() takes it by itself otherwise.

        `on_wait` is told once who holds it, before waiting up to `wait_s` seconds.
        Raises: LockedError naming the holder when it is not free in time.
        """

    def rebuild(
        self,
        practices: Library | Iterable[Practice],
        progress: Progress | None = None,
        about: Mapping[str, str] | None = None,
    ) -> int:
        """Replace the whole index in one step: readers see the old one or the new one, never half.

        Returns: how many practices were indexed.
        Raises: EngineError when building failed; the old index still answers. LockedError when another
            process is building.
        """

    def update(
        self,
        changed: Iterable[Practice],
        removed: Iterable[str] = (),
        moved: Mapping[str, Moved] | None = None,
        about: Mapping[str, str] | None = None,
    ) -> int:
        """Replace or add some practices and take others away, in one step; the rest is not looked at.

        `moved` and `about` replace what was kept, unless None.
        Returns: how many practices there are. Raises: as rebuild; EngineError when there is nothing to update.
        """

    def snapshot(self) -> Snapshot:
        """The generation that answers now: the current one, or the last good one where that cannot be read.

        Raises: EngineError when there is none.
        """

    def is_damaged(self) -> bool:
        """Whether the index should be made again: there is none, or reading it failed."""

    def search(self, query: SearchQuery) -> Results:
        """Search the generation that answers now."""
