"""The practices of a generation: numbered in the order of their ids, whatever segment of arrays holds each.

Here are their facet values, titles and sort keys, and the lifted counts of all facets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from search import facets
from search.analysis import fold
from search.engines.arrays import Ints, Segment
from search.facets import Facet, Years
from search.model import Practice
from search.query import Sort
from search.variants import title_key

Found = Ints  # numbers of practices, ascending
EVERY = slice(None)


@dataclass(frozen=True, slots=True)
class Part:
    """A segment, and what its practices are called here: -1 for one that is gone, None where nothing changes."""

    segment: Segment
    to_global: Ints | None

    def globally(self, practices: Ints, weights: NDArray[np.float32]) -> tuple[Ints, NDArray[np.float32]]:
        """Numbers and weights of the segment's practices that are still there, in this numbering."""
        if self.to_global is None:
            return practices, weights
        numbers = self.to_global[practices]
        kept = numbers >= 0
        return numbers[kept], weights[kept]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What filters leave, and how many practices have each facet value.

    A facet in force is counted without itself; `without` says how many there would be if it were lifted. `undated` is
    how many a range of years keeps out because they name no year.
    """

    found: Found
    counts: NDArray[np.int64]  # by the number of a value, for facets that are not in force
    lifted: Mapping[Facet, NDArray[np.int64]]  # for each facet in force, of its own values in their order
    without: Mapping[str, int]
    undated: int = 0


class Catalogue:
    """The practices of some segments without those that are gone; `dead` are their numbers within each segment."""

    def __init__(self, segments: Sequence[Segment], dead: Sequence[Iterable[int]]) -> None:
        places = [
            (segment.ids[local], number, local)
            for number, segment in enumerate(segments)
            for local in sorted(set(range(segment.practices_count)) - set(dead[number]))
        ]
        if len(segments) > 1:
            places.sort()
        self.count = len(places)
        self._part = np.array([part for _, part, _ in places], np.uint8)
        self._local = np.array([local for _, _, local in places], np.int32)
        self.parts = [Part(segment, self._mapping(number, segment)) for number, segment in enumerate(segments)]
        self._ids = [id.decode() for id, _, _ in places]
        self._read_facets()
        self._created = self._gather([part.segment.created for part in self.parts])
        self._evidence = self._gather([part.segment.evidence for part in self.parts])
        self._first_year, self._last_year = (
            self._gather([part.segment.years[:, end] for part in self.parts]) for end in (0, 1)
        )
        self._read_titles()

    def _mapping(self, number: int, segment: Segment) -> Ints | None:
        mine = np.flatnonzero(self._part == number).astype(np.int32)
        if len(mine) == self.count == segment.practices_count:
            return None
        mapping = np.full(segment.practices_count, -1, np.int32)
        mapping[self._local[mine]] = mine
        return mapping

    def _gather(self, columns: Sequence[NDArray[np.int32]]) -> NDArray[np.int32]:
        gathered = np.zeros(self.count, np.int32)
        for number, column in enumerate(columns):
            mine = self._part == number
            gathered[mine] = column[self._local[mine]]
        return gathered

    def _read_facets(self) -> None:
        names = [facet.name for facet in facets.FACETS]
        known = {value for part in self.parts for value in part.segment.facet_values if value[0] in names}
        self.values = sorted(known, key=lambda value: (names.index(value[0]), value[1]))
        self.value_numbers = {value: number for number, value in enumerate(self.values)}
        width = max((part.segment.facet_table.shape[1] for part in self.parts), default=0)
        table = np.full((self.count, width), len(self.values), np.int16)
        for number, part in enumerate(self.parts):
            mine = self._part == number
            # The last entry stands for -1, where there is no value: it becomes one more than the last number.
            renumbered = [self.value_numbers.get(value, len(self.values)) for value in part.segment.facet_values]
            numbers = np.array([*renumbered, len(self.values)], np.int16)
            own = numbers[part.segment.facet_table[self._local[mine]]]
            table[mine, : own.shape[1]] = own
        self._table = table
        has = np.zeros((len(self.values) + 1, -(-max(1, self.count) // 64) * 64), bool)
        has[table, np.arange(self.count)[:, None]] = True
        self._bits = np.packbits(has[:-1], axis=1)
        self._totals: NDArray[np.int64] = has[:-1].sum(axis=1)

    def _read_titles(self) -> None:
        keys = [part.segment.title_keys for part in self.parts]
        numbers = [
            part.segment.title_practices if part.to_global is None else part.to_global[part.segment.title_practices]
            for part in self.parts
        ]
        all_keys = np.concatenate([*keys, np.zeros(0, np.uint64)])
        all_numbers = np.concatenate([*numbers, np.zeros(0, np.int32)])
        order = np.argsort(all_keys, kind="stable")
        self._title_keys, self._title_practices = all_keys[order], all_numbers[order]

    def id(self, number: int) -> str:
        """The id of a practice."""
        return self._ids[number]

    def number(self, id: str) -> int:
        """The number of a practice, or -1."""
        return self._numbers.get(id, -1)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {id: number for number, id in enumerate(self._ids)}

    def place(self, number: int) -> tuple[Segment, int]:
        """The segment that holds a practice, and its number there."""
        return self.parts[self._part[number]].segment, int(self._local[number])

    def practice_json(self, number: int) -> bytes:
        """A practice as it was indexed."""
        segment, local = self.place(number)
        return segment.practices[local]

    def titled(self, text: str) -> list[int]:
        """The practices that have exactly this title in some language."""
        key = np.uint64(title_digest(text))
        first = int(np.searchsorted(self._title_keys, key))
        end = int(np.searchsorted(self._title_keys, key, "right"))
        return [number for number in self._title_practices[first:end].tolist() if number >= 0]

    def with_value(self, number: int) -> Found:
        """The practices that have a facet value, by its number."""
        return np.flatnonzero(np.unpackbits(self._bits[number], count=self.count).view(bool)).astype(np.int32)

    def has_value(self, practice: int, number: int) -> bool:
        """Whether a practice has a facet value, by its number."""
        return bool(self._bits[number, practice >> 3] >> (7 - (practice & 7)) & 1)

    def have_values(self, practices: NDArray[np.int64], numbers: Sequence[int]) -> NDArray[np.bool_]:
        """For each of these practices a row: whether it has each of these facet values, by their numbers."""
        eights = self._bits[np.array(numbers), (practices >> 3)[:, None]]
        flags: NDArray[np.bool_] = (eights >> (7 - (practices & 7)).astype(np.uint8)[:, None] & 1).view(bool)
        return flags

    def values_of(self, practice: int) -> list[int]:
        """The numbers of the facet values of a practice, those of a facet together, in the order of its document."""
        return [one for one in self._table[practice].tolist() if one < len(self.values)]

    @property
    def totals(self) -> NDArray[np.int64]:
        """How many practices have each facet value."""
        return self._totals

    def weigh(self, weights: Mapping[int, float]) -> NDArray[np.float32]:
        """For each practice the sum of what its facet values weigh; those without a weight add nothing."""
        sums = np.zeros(self.count, np.float32)
        for number, weight in weights.items():
            sums[self.with_value(number)] += np.float32(weight)
        return sums

    def flags(self, facet: Facet, values: Iterable[str]) -> NDArray[np.bool_]:
        """For each practice, whether it has any of these values."""
        rows = [self.value_numbers[facet.name, one] for one in values if (facet.name, one) in self.value_numbers]
        if not rows:
            return np.zeros(self.count, bool)
        return np.unpackbits(np.bitwise_or.reduce(self._bits[rows]), count=self.count).view(bool)

    def active(self, years: Years) -> NDArray[np.bool_]:
        """For each practice, whether it was active in any of these years; not where its own are unknown."""
        flags = self._first_year > 0
        if years.first is not None:
            flags &= self._last_year >= years.first
        if years.last is not None:
            flags &= self._first_year <= years.last
        return flags

    def narrow(
        self, found: Found | None, filters: Mapping[Facet, frozenset[str]], years: Years | None = None
    ) -> Narrowed:
        """Apply the filters to what was found; None stands for all practices."""
        chosen = {facet: self.flags(facet, values) for facet, values in filters.items() if values}
        active = [] if years is None else [self.active(years)]
        left = self._keep(found, [*chosen.values(), *active])
        lifted = {
            facet: self._keep(found, [*(flags for other, flags in chosen.items() if other != facet), *active])
            for facet in chosen
        }
        whenever = self._keep(found, list(chosen.values())) if active else None
        return Narrowed(
            found=np.arange(self.count, dtype=np.int32) if left is None else left,
            counts=self._count(left),
            lifted={facet: self._count(without, self._numbered(facet.name)) for facet, without in lifted.items()},
            without={facet.name: self._size(without) for facet, without in lifted.items()}
            | ({Years.name: self._size(whenever)} if active else {}),
            undated=self._undated(whenever) if active else 0,
        )

    def _size(self, found: Found | None) -> int:
        return self.count if found is None else len(found)

    def _undated(self, found: Found | None) -> int:
        """How many of these practices name no year."""
        first = self._first_year if found is None else self._first_year[found]
        return len(first) - int(np.count_nonzero(first))

    def labelled(self, narrowed: Narrowed) -> dict[str, dict[str, int]]:
        """Counts above zero, by the names of facets and values."""
        counts = narrowed.counts.tolist()
        lifted = {facet.name: some.tolist() for facet, some in narrowed.lifted.items()}
        named = {}
        for name, (first, names) in self._named.items():
            own = lifted[name] if name in lifted else counts[first : first + len(names)]
            named[name] = dict(zip(compress(names, own), filter(None, own), strict=True))
        return named

    @cached_property
    def _named(self) -> dict[str, tuple[int, list[str]]]:
        """For each facet the number of its first value, and its values, which are numbered on from there."""
        numbers: dict[str, list[int]] = {facet.name: [] for facet in facets.FACETS}
        for number, (name, _) in enumerate(self.values):
            numbers[name].append(number)
        return {name: (some[0] if some else 0, [self.values[one][1] for one in some]) for name, some in numbers.items()}

    def _numbered(self, name: str) -> slice:
        """The numbers of the values of a facet."""
        first, names = self._named[name]
        return slice(first, first + len(names))

    def _keep(self, found: Found | None, flags: Sequence[NDArray[np.bool_]]) -> Found | None:
        if not flags:
            return found
        together = flags[0] if len(flags) == 1 else np.logical_and.reduce(flags)
        return np.flatnonzero(together).astype(np.int32) if found is None else found[together[found]]

    def _count(self, found: Found | None, values: slice = EVERY) -> NDArray[np.int64]:
        """How many of these practices have each of some values. Few are looked up one by one, many counted as bits."""
        if found is None:
            return self._totals[values]
        bits = self._bits[values]
        counts: NDArray[np.int64]
        if 2 * len(found) * self._table.shape[1] < self.count / 2 + bits.size / 8:
            counts = np.bincount(self._table[found].ravel(), minlength=len(self.values) + 1)
            counts = counts[: len(self.values)][values]
        else:
            flags = np.zeros(bits.shape[1] * 8, bool)
            flags[found] = True
            common = bits.view(np.uint64) & np.packbits(flags).view(np.uint64)
            # Added up as int64, they take twice as long.
            counts = np.bitwise_count(common).sum(axis=1, dtype=np.uint32).astype(np.int64)
        return counts

    def order(self, found: Found, scores: NDArray[np.float32], sort: Sort, reader: str, wanted: int) -> list[int]:
        """The first `wanted` of what was found, as indexes into it, in the order asked for; equals by id."""
        match sort:
            case Sort.RELEVANCE:
                return best(scores, wanted)
            case Sort.NEWEST:
                return best(self._created[found].astype(np.float32), wanted)
            case Sort.TITLE:
                return best(-self._title_ranks(reader)[found], wanted)
            case Sort.EVIDENCE:
                return list(np.lexsort((-scores, -self._evidence[found]))[:wanted].tolist())

    def _title_ranks(self, reader: str) -> NDArray[np.float32]:
        """The place of each practice in the list of titles shown to readers of a language."""
        if reader not in self._ranks:
            titles = [
                fold(Practice.model_validate_json(self.practice_json(number)).variant(reader).title)
                for number in range(self.count)
            ]
            order = sorted(range(self.count), key=titles.__getitem__)
            ranks = np.empty(self.count, np.float32)
            ranks[order] = np.arange(self.count, dtype=np.float32)
            self._ranks[reader] = ranks
        return self._ranks[reader]

    @cached_property
    def _ranks(self) -> dict[str, NDArray[np.float32]]:
        return {}


def best(scores: NDArray[np.float32], wanted: int) -> list[int]:
    """The indexes of the highest scores, highest first; of equals the lower index."""
    if wanted <= 0:
        return []
    if wanted < len(scores) // 4:
        least = np.partition(scores, len(scores) - wanted)[len(scores) - wanted]
        candidates = np.flatnonzero(scores > least)
        equals = np.flatnonzero(scores == least)[: wanted - len(candidates)]
        candidates = np.sort(np.concatenate([candidates, equals]))
    else:
        candidates = np.arange(len(scores))
    order = np.argsort(-scores[candidates], kind="stable")[:wanted]
    return list(candidates[order].tolist())


def title_digest(text: str) -> int:
    """A number of 64 bits that two ways of typing a title share, and two titles hardly ever."""
    return int.from_bytes(blake2b(title_key(text).encode(), digest_size=8).digest())
