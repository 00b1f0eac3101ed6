"""What an engine knows of practices besides their words: facet values, titles and sort keys, in memory.

A set of practices is an integer used as a bit set: bit n stands for practice n, in the order of their ids. One
pass over a facet's values then counts them by intersection.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from search import facets
from search.analysis import fold
from search.facets import REGION, Facet
from search.model import EVIDENCE_LEVELS, Practice
from search.query import Sort
from search.variants import title_key, titles
from search.vocabulary import Vocabulary

TITLE_TIER, REGION_TIER = 2000.0, 1000.0  # added to the score, far above what words can reach


@dataclass(slots=True)
class Catalogue:
    """The practices of a generation, numbered in the order of their ids."""

    practices: tuple[Practice, ...]
    values: dict[str, dict[str, int]] = field(default_factory=dict)  # facet name -> value -> bit set
    titles: dict[str, int] = field(default_factory=dict)  # folded title -> bit set

    @classmethod
    def of(cls, practices: Iterable[Practice]) -> Catalogue:
        """Number them and note what they carry."""
        catalogue = cls(tuple(sorted(practices, key=lambda practice: practice.id)))
        for number, practice in enumerate(catalogue.practices):
            bit = 1 << number
            for facet in facets.FACETS:
                masks = catalogue.values.setdefault(facet.name, {})
                for value in facet.values(practice):
                    masks[value] = masks.get(value, 0) | bit
            for title in titles(practice):
                catalogue.titles[title] = catalogue.titles.get(title, 0) | bit
        return catalogue

    @property
    def all(self) -> int:
        """The set of all practices."""
        return (1 << len(self.practices)) - 1

    def selected(self, facet: Facet, values: Iterable[str]) -> int:
        """Practices with any of these values."""
        masks = self.values.get(facet.name, {})
        found = 0
        for value in values:
            found |= masks.get(value, 0)
        return found

    def narrow(
        self, matching: int, filters: Mapping[Facet, frozenset[str]]
    ) -> tuple[int, dict[str, dict[str, int]], dict[str, int]]:
        """Apply the filters to the practices that match.

        Returns: what is left; each facet's counts with its own selection lifted; and, for each facet in force,
            how many would be left without it.
        """
        chosen = {facet: self.selected(facet, values) for facet, values in filters.items() if values}
        left = matching
        for mask in chosen.values():
            left &= mask
        counts: dict[str, dict[str, int]] = {}
        without: dict[str, int] = {}
        for facet in facets.FACETS:
            base = matching
            for other, mask in chosen.items():
                if other != facet:
                    base &= mask
            if facet in chosen:
                without[facet.name] = base.bit_count()
            masks = self.values.get(facet.name, {}).items()
            counts[facet.name] = {value: n for value, mask in masks if (n := (mask & base).bit_count())}
        return left, counts, without

    def tiers(self, text: str, vocabulary: Vocabulary) -> dict[int, float]:
        """What is added to the score of practices that a query names: by its exact title, or by their region."""
        asked = text.strip().strip('"')
        key = title_key(asked)
        regions = (asked,) if asked in vocabulary.regions else vocabulary.regions_named(key)
        tiers: dict[int, float] = {}
        for number in numbers(self.selected(REGION, regions)):
            tiers[number] = REGION_TIER
        for number in numbers(self.titles.get(key, 0)):
            tiers[number] = TITLE_TIER
        return tiers

    def order(self, found: Mapping[int, float], sort: Sort, reader: str) -> list[int]:
        """The numbers of the practices found, in the order asked for; equals by id."""
        match sort:
            case Sort.RELEVANCE:
                return sorted(found, key=lambda number: (-found[number], number))
            case Sort.NEWEST:
                return sorted(found, key=lambda number: (-self._age(number), number))
            case Sort.TITLE:
                return sorted(found, key=lambda number: (fold(self.practices[number].variant(reader).title), number))
            case Sort.EVIDENCE:
                return sorted(found, key=lambda number: (-self._evidence(number), -found[number], number))

    def _age(self, number: int) -> int:
        """Days since year 1 on which it came in; practices of unknown date come last."""
        created = self.practices[number].history.created
        return created.toordinal() if created else 0

    def _evidence(self, number: int) -> int:
        return EVIDENCE_LEVELS.index(self.practices[number].evidence)


def numbers(mask: int) -> Iterator[int]:
    """The members of a bit set, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def bit_set(members: Iterable[int]) -> int:
    """The bit set of these numbers."""
    mask = 0
    for number in members:
        mask |= 1 << number
    return mask
