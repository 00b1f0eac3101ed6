"""The filters, one row each: engines, URLs and pages loop over FACETS, so a new filter is a new row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from search.model import Practice


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter: its name in URLs, the scheme of vocabulary/ that holds its values, and a practice's values."""

    name: str
    scheme: str
    values: Callable[[Practice], Iterable[str]]


BARRIER = Facet("barrier", scheme="barriers", values=lambda p: p.barriers)
REGION = Facet("region", scheme="nuts", values=lambda p: {code for r in p.regions for code in r.ancestry()})
FACTOR = Facet("factor", scheme="pestel", values=lambda p: p.factors)
INSTRUMENT = Facet("instrument", scheme="instruments", values=lambda p: p.instruments)
TOPIC = Facet("topic", scheme="topics", values=lambda p: p.topics)
TARGET = Facet("target", scheme="target-groups", values=lambda p: p.target_groups)
STATUS = Facet("status", scheme="statuses", values=lambda p: (p.status,))
EVIDENCE = Facet("evidence", scheme="evidence", values=lambda p: (p.evidence,))

FACETS: tuple[Facet, ...] = (BARRIER, REGION, FACTOR, INSTRUMENT, TOPIC, TARGET, STATUS, EVIDENCE)
