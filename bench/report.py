"""Results to tables: for the terminal, and for docs/performance.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table as RichTable

from bench.acceptance import Results, lines, ratio, slowdowns
from bench.peers import OURS
from bench.queries import CLASSES

VERDICTS = {True: "reached", False: "**not reached**", None: "not measured"}
INTRODUCTION = (
    "Made by `make bench`: this page is written by the program and not by hand. Ratios compare programs in the same "
    "run on the same machine; times hold for that machine only. [bench/README.md](../bench/README.md) says how to "
    "read them and what each program was asked.\n"
)
DASH = "–"  # noqa: RUF001 - stands in a cell for what there is not


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its heading, what to know about it, its head and its rows."""

    title: str
    note: str
    head: tuple[str, ...]
    rows: list[tuple[str, ...]]


def tables(results: Results) -> list[Table]:
    """Every table that the results can fill, the promises first."""
    makers = {"engine": _engine, "page": _page, "build": _build, "start": _start, "check": _check}
    found = [_acceptance(results)]
    for part, maker in makers.items():
        if part in results:
            found += maker(results[part])
    return found


def show(results: Results) -> None:
    """Print all tables."""
    console = Console()
    for table in tables(results):
        shown = RichTable(title=table.title, caption=table.note or None, title_justify="left")
        for number, name in enumerate(table.head):
            shown.add_column(name, justify="left" if number == 0 else "right")
        for row in table.rows:
            shown.add_row(*(cell.strip("*") for cell in row))
        console.print(shown)


def markdown(results: Results) -> str:
    """docs/performance.md."""
    parts = [
        "# Performance\n",
        INTRODUCTION,
        *_machine(results.get("meta", {})),
    ]
    for table in tables(results):
        parts += [f"\n## {table.title}\n", *([f"{table.note}\n"] if table.note else []), _as_markdown(table)]
    return "\n".join(parts)


def _as_markdown(table: Table) -> str:
    marks = ["---", *("---:" for _ in table.head[1:])]
    rows = [table.head, tuple(marks), *table.rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _machine(meta: Mapping[str, Any]) -> Iterator[str]:
    yield f"{meta.get('date', '')}, {meta.get('mode', '')} run, {number(meta.get('minutes'))} minutes.\n"
    yield f"Machine: {meta.get('machine', '')}.\n"
    versions = meta.get("versions", {})
    yield "Versions: " + ", ".join(f"{name} {version}" for name, version in versions.items()) + ".\n"


def number(value: float | None, unit: str = "") -> str:
    """Three digits that count."""
    if value is None:
        return DASH
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    return f"{value:,.{digits}f}{' ' + unit if unit else ''}"


def _acceptance(results: Results) -> Table:
    rows: list[tuple[str, ...]] = [
        (
            f"{one.number}. {one.what}",
            f"{'≥' if one.at_least else '≤'} {number(one.limit, one.unit)}",
            number(one.value, one.unit),
            VERDICTS[one.reached],
        )
        for one in lines(results)
    ]
    return Table("What was promised", "", ("promise", "limit", "measured", ""), rows)


def _engine(found: Mapping[str, Any]) -> Iterator[Table]:
    for size, at in found["sizes"].items():
        for mode, peers in at["modes"].items():
            yield _times(size, mode, peers, has_switch=found["has_snippet_switch"])
            yield _classes(size, mode, peers)
        yield _agreement(size, at["agreement"])


def _times(size: str, mode: str, peers: Mapping[str, Any], *, has_switch: bool) -> Table:
    note = "Milliseconds; 200 questions, each counting with the median of its rounds. Total, 20 hits, all facets."
    if mode == "without snippets":
        note += " bm25s: total and hits only." + ("" if has_switch else " Ours cuts its snippets all the same.")
    ours = peers.get(OURS, {}).get("all", {})
    rows = []
    for name, one in peers.items():
        values = one["all"]
        ratios = (number(ratio(ours.get(share), values[share])) for share in ("median", "p95"))
        rows.append((name, str(one["rounds"]), *(number(values[share]) for share in ("median", "p95", "p99")), *ratios))
    head = ("engine", "rounds", "median", "95 %", "99 %", "ours to it, median", "ours to it, 95 %")
    return Table(f"Engine job, {int(size):,} documents, {mode}", note, head, rows)


def _classes(size: str, mode: str, peers: Mapping[str, Any]) -> Table:
    rows = []
    for kind in CLASSES:
        medians = (number(one["classes"][kind]["median"]) for one in peers.values())
        ours = peers[OURS]["classes"][kind] if OURS in peers else None
        rows.append((kind, *medians, number(ours["p99"] / ours["median"]) if ours else DASH))
    note = "Milliseconds, median of each class; last our 99th percentile to our median."
    return Table(f"By class, {int(size):,} documents, {mode}", note, ("class", *peers, "ours 99 % / median"), rows)


def _agreement(size: str, found: Mapping[str, Mapping[str, int]]) -> Table:
    verdicts = ("same", "more", "less", "other facet counts")
    note = "How often our total is that of FTS5, more (stems, folded forms, labels in other languages) or less."
    rows = [(kind, *(str(counts.get(one, 0)) for one in verdicts)) for kind, counts in found.items()]
    return Table(f"Agreement with FTS5, {int(size):,} documents", note, ("class", *verdicts), rows)


def _page(found: Mapping[str, Any]) -> Iterator[Table]:
    targets, model = found["targets"], found["model"]
    note = (
        f"{found['size']:,} practices, wrk with 8 connections, {found['rounds']} rounds of {found['duration_s']} s, "
        f"uncompressed. The bare template has {model['links']} links and {model['hits']} hits, as ours; our page has "
        f"{model['bytes']:,} bytes."
    )
    rows = []
    for name, one in targets.items():
        mine = targets["ours, repeated" if name in {"ready bytes", "ours, repeated"} else "ours, new"]["per_s"]
        times = (number(one[value]) for value in ("per_s", "p50_ms", "p99_ms"))
        wrapped = " (questions came again)" if one["wrapped"] and name == "ours, new" else ""
        rows.append((name + wrapped, *times, f"{one['bytes']:,.0f}", number(ratio(mine, one["per_s"]))))
    head = ("server", "pages a second", "median ms", "99 % ms", "bytes", "ours to it")
    yield Table("Results page", note, head, rows)


def _build(found: Mapping[str, Any]) -> Iterator[Table]:
    yield _first(found["first"], found["open"])
    yield _change(found["change"])
    kinds = ("build time", "size on disk", "opening", "memory")
    rows = [(name, *(number(growth[kind]) for kind in kinds)) for name, growth in found["growth"].items()]
    note = "Slope of a line through the sizes on logarithmic axes: 1 grows as the collection does, 0 not at all."
    yield Table("Growth", note, ("engine", *kinds), rows)


def _first(first: Mapping[str, Any], opened: Mapping[str, Any]) -> Table:
    rows = []
    for name, by_size in first.items():
        for size, one in by_size.items():
            ours = first.get(OURS, {}).get(size, {}).get("wall_s")
            mark = f" (kept, {one['on']})" if "on" in one else ""
            at = opened[name][size]
            rows.append(
                (
                    f"{name}, {int(size):,}{mark}",
                    *(number(one[value]) for value in ("wall_s", "peak_mb", "size_mb")),
                    *(number(at[value]) for value in ("first_s", "used_mb")),
                    number(ratio(ours, one["wall_s"])),
                )
            )
    note = (
        "Seconds and MB (proportional set size). Peak: all processes of the build together, with the interpreter and "
        "the documents that are handed over. Memory: after opening and 200 questions, beyond interpreter and libraries."
    )
    head = (
        "engine, documents",
        "build s",
        "peak MB",
        "disk MB",
        "open to first answer s",
        "memory MB",
        "our build to it",
    )
    return Table("First build, opening, size", note, head, rows)


def _change(found: Mapping[str, Any]) -> Table:
    rows = []
    for name, one in found["peers"].items():
        readers = ("read_before_ms", "read_before_p99_ms", "read_while_ms", "read_while_max_ms")
        rows.append((name, number(one["seen_s"]), *(number(one.get(value)) for value in readers)))
    head = ("engine", "found after s", "before, median ms", "before, 99 % ms", "while, median ms", "while, slowest ms")
    note = "Ours: one process builds while another answers. The others change the index in place, in one process."
    return Table(f"One changed document among {found['size']:,}", note, head, rows)


def _start(found: Mapping[str, Any]) -> Iterator[Table]:
    versions = found["versions"]
    ours, before = versions.get("ours"), versions.get("before")
    labels = {"index_s": "the command index, s", "search_s": "process start to first search, s",
              "page_s": "server start to first page, s"}  # fmt: skip
    rows = [_compared(label, versions, (name,)) for name, label in labels.items()]
    rows += [_compared(f"{path}, ms", versions, ("pages_ms", path)) for path in ours["pages_ms"]]
    lost = slowdowns(ours, before)
    for place, name in enumerate([*labels, *ours["pages_ms"]]):
        rows[place] = (*rows[place], number(lost.get(name)))
    head = ("", *versions, "ours to before")
    yield Table(f"The real collection, {found['practices']} documents", "", head, rows)


def _check(found: Mapping[str, Any]) -> Iterator[Table]:
    rows = [
        (
            f"{int(size):,}",
            number(one["read_s"]),
            number(one["check_s"]),
            number(ratio(one["check_s"], one["read_s"])),
            number(one["changed_s"]),
            str(one["changed_reads"]),
        )
        for size, one in found["sizes"].items()
    ]
    head = ("documents", "reading, s", "checking, s", "ratio", "3 changed, s", "read then")
    growth = found.get("growth")
    note = f"Checking grows with an exponent of {growth:.2f}." if growth else ""
    yield Table("Checking documents", note, head, rows)


def _compared(label: str, versions: Mapping[str, Any], path: Iterable[str]) -> tuple[str, ...]:
    cells = []
    for version in versions.values():
        value = version
        for name in path:
            value = value[name]
        cells.append(number(value))
    return (f"`{label.partition(',')[0]}`{label[label.find(',') :]}" if label.startswith("/") else label, *cells)
