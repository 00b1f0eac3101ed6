"""The filters, one row each: engines, URLs and pages loop over FACETS, so a new filter is a new row.

Years of activity are a range, not a list of values to choose from, and stand beside the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

from search.model import Practice


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter: its name in URLs, the scheme of vocabulary/ that holds its values, and a practice's values.

    `is_searched` says whether the labels of its values find practices as words do.
    """

    name: str
    scheme: str
    values: Callable[[Practice], Iterable[str]]
    is_searched: bool = True


BARRIER = Facet("barrier", scheme="barriers", values=lambda p: p.barriers)
REGION = Facet("region", scheme="nuts", values=lambda p: {code for r in p.regions for code in r.ancestry()})
FACTOR = Facet("factor", scheme="pestel", values=lambda p: p.factors)
INSTRUMENT = Facet("instrument", scheme="instruments", values=lambda p: p.instruments)
TOPIC = Facet("topic", scheme="topics", values=lambda p: p.topics)
TARGET = Facet("target", scheme="target-groups", values=lambda p: p.target_groups)
STATUS = Facet("status", scheme="statuses", values=lambda p: (p.status,))
EVIDENCE = Facet("evidence", scheme="evidence", values=lambda p: (p.evidence,))
# Whoever types "Greek" looks for practices about Greek, not for whatever is written in it.
LANGUAGE = Facet("language", scheme="languages", values=lambda p: p.languages, is_searched=False)

FACETS: tuple[Facet, ...] = (BARRIER, REGION, FACTOR, INSTRUMENT, TOPIC, TARGET, STATUS, EVIDENCE, LANGUAGE)


@dataclass(frozen=True, slots=True)
class Years:
    """A range of years, both ends in it and None for an open one; it matches practices that were active in any."""

    first: int | None = None
    last: int | None = None

    name: ClassVar[str] = "years"  # among the names of facets, where totals without a filter are told
