"""What was promised, and whether a run reached it. Pure: results in, lines out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bench.peers import FTS5, OURS, TANTIVY, WHOOSH

Results = Mapping[str, Any]
COMPARED, LARGEST = "10000", "100000"
NOISE = 1.1  # two runs of the same code differ by less


@dataclass(frozen=True, slots=True)
class Line:
    """A promise: `value` must be at most (or at least) `limit`; None where it was not measured."""

    number: int
    what: str
    value: float | None
    limit: float
    at_least: bool = False
    unit: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether it holds; None where it was not measured."""
        if self.value is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def lines(results: Results) -> list[Line]:
    """Every promise in order."""
    return [*_engine(results), *_page(results), *_build(results), *_large(results), *_start(results), *_check(results)]


def look(results: Any, *path: str) -> Any:
    """A value inside nested mappings, or None."""
    for name in path:
        if not isinstance(results, Mapping) or name not in results:
            return None
        results = results[name]
    return results


def ratio(one: float | None, other: float | None) -> float | None:
    """One divided by the other, where both are known."""
    return one / other if one is not None and other else None


def _engine(results: Results) -> Iterator[Line]:
    for size in (COMPARED, LARGEST):
        for mode in ("with snippets", "without snippets"):
            found = look(results, "engine", "sizes", size, "modes", mode)
            for peer, limit in ((TANTIVY, 1.0), (FTS5, 0.1)):
                for name in ("median", "p95"):
                    value = ratio(look(found, OURS, "all", name), look(found, peer, "all", name))
                    yield Line(1, f"{int(size):,} documents, {mode}: {name} to that of {peer}", value, limit)
    classes = look(results, "engine", "sizes", LARGEST, "modes", "with snippets", OURS, "classes") or {}
    worst = max((one["p99"] / one["median"] for one in classes.values()), default=None)
    yield Line(1, "100,000 documents: 99th percentile to the median of its class, the worst class", worst, 10.0)


def _page(results: Results) -> Iterator[Line]:
    def per_s(name: str) -> float | None:
        value: float | None = look(results, "page", "targets", name, "per_s")
        return value

    new, again = per_s("ours, new"), per_s("ours, repeated")
    yield Line(
        2, "new pages a second to those of the bare template", ratio(new, per_s("bare template")), 0.5, at_least=True
    )
    yield Line(2, "new pages a second to Datasette's", ratio(new, per_s("Datasette, new")), 200.0, at_least=True)
    yield Line(2, "repeated pages a second to ready bytes", ratio(again, per_s("ready bytes")), 1 / 3, at_least=True)


def _build(results: Results) -> Iterator[Line]:
    def first(peer: str) -> float | None:
        value: float | None = look(results, "build", "first", peer, COMPARED, "wall_s")
        return value

    change = (
        look(results, "build", "change", "peers", OURS) if look(results, "build", "change", "size") == 10_000 else {}
    )
    yield Line(3, "first build of 10,000 to plain Whoosh's", ratio(first(OURS), first(WHOOSH)), 1 / 3)
    seen = ratio(look(change, "seen_s"), first(WHOOSH))
    yield Line(3, "one change among 10,000 until it is found, to plain Whoosh's full build", seen, 0.02)
    waited = ratio(look(change, "read_while_max_ms"), look(change, "read_before_p99_ms"))
    yield Line(3, "slowest answer while that is built, to the 99th percentile before", waited, 10.0)


def _large(results: Results) -> Iterator[Line]:
    opened = look(results, "build", "open", OURS, LARGEST)
    peak = look(results, "build", "first", OURS, LARGEST, "peak_mb")
    yield Line(4, "100,000 documents: opening to first answer", look(opened, "first_s"), 2.0, unit="s")
    yield Line(4, "100,000 documents: memory after 200 questions", look(opened, "used_mb"), 600.0, unit="MB")
    yield Line(4, "100,000 documents: peak memory while building", peak, 1000.0, unit="MB")


def _start(results: Results) -> Iterator[Line]:
    ours, before = (look(results, "start", "versions", name) for name in ("ours", "before"))
    yield Line(5, "real collection: process start to first search", look(ours, "search_s"), 2.0, unit="s")
    yield Line(5, "real collection: server start to first page", look(ours, "page_s"), 2.0, unit="s")
    worst = max(slowdowns(ours, before).values(), default=None)
    yield Line(5, "real collection: the page or command that lost most to the earlier version", worst, NOISE)


def _check(results: Results) -> Iterator[Line]:
    small, large = (look(results, "check", "sizes", size) for size in ("1000", COMPARED))
    taken = ratio(look(small, "check_s"), look(small, "read_s"))
    yield Line(6, "1,000 documents: checking to reading alone", taken, 2.0)
    yield Line(6, "checking: growth from 1,000 to 10,000 documents", look(results, "check", "growth"), 1.1)
    reads = look(large, "changed_reads")
    yield Line(6, "10,000 documents, 3 changed: documents that a check reads", reads, 3.0)


def slowdowns(ours: Any, before: Any) -> dict[str, float]:
    """Ours to the earlier version, by page and command; nothing where there is no earlier version."""
    if not ours or not before:
        return {}
    commands = {name: ours[name] / before[name] for name in ("index_s", "search_s", "page_s")}
    return commands | {path: took / before["pages_ms"][path] for path, took in ours["pages_ms"].items()}
