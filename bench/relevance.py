"""`python -m bench.relevance`: how good the hits are, by themselves and beside those of other engines.

Without options: the judged questions of relevance/, language by language, and those that are not answered well; then
known items made from the practices, as our engine and its peers rank them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import forms
from bench.judged import InputError, Judged, Query, read_judged, write_judged
from bench.known_items import known_items
from bench.metrics import LONG_CUT, Quality, mean, quality
from bench.questions import Outcome, ask, misfits, read_questions
from bench.rankers import has_tantivy, open_rankers
from bench.sets import ROOT, vocabulary
from search import dictionaries
from search.build import read_collection
from search.engine import Snapshot
from search.engines import open_engine
from search.library import Library
from search.settings import Settings

QUESTIONS = ROOT / "relevance"
PRACTICES = ROOT / "practices"
DICTIONARIES = ROOT / ".cache" / "dictionaries"  # where the tests keep them, too
FIGURES: Mapping[str, Callable[[Quality], float]] = {
    "nDCG@10": lambda one: one.ndcg,
    "recall@20": lambda one: one.recall,
    "MRR@10": lambda one: one.mrr,
}
ROUNDING = 1e-9

Measured = Mapping[str, Mapping[str, Quality]]  # name of the ranker -> id of the query -> its figures


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was asked for. Returns: 0, or 2 where the input cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m bench.relevance", description=__doc__)
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--collection", type=Path, metavar="DIR", help="a collection of yours: see bench/README.md")
    chosen.add_argument("--write-known-items", type=Path, metavar="DIR", help="write the known items as a collection")
    chosen.add_argument(
        "--forms", action="store_true", help="which inflections stemmers and dictionaries bring together"
    )
    options = parser.parse_args(arguments)
    dictionaries.keep_in(DICTIONARIES)
    try:
        if options.collection:
            print(compared(read_judged(options.collection)))
        elif options.write_known_items:
            write_judged(options.write_known_items, known_items(practices()))
        elif options.forms:
            print(forms_table(forms.table(forms.read_pairs())))
        else:
            _both()
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def practices() -> Library:
    """The real collection."""
    return read_collection(PRACTICES, vocabulary(), datetime.now(UTC).date()).library


def _both() -> None:
    library = practices()
    with indexed(library) as snapshot:
        print(judged_questions(QUESTIONS, snapshot))
    print("\nKnown items\n")
    print(compared(known_items(library)))


@contextmanager
def indexed(library: Library) -> Iterator[Snapshot]:
    """The search of the site over a library, for as long as the context lasts."""
    with TemporaryDirectory(prefix="relevance-") as folder:
        root = Path(folder)
        engine = open_engine(Settings(index_dir=root, practices_dir=root / "none", watch=False), vocabulary())
        engine.rebuild(library)
        yield engine.snapshot()


def judged_questions(folder: Path, snapshot: Snapshot) -> str:
    """The table of the judged questions, then those that are answered badly. Raises: InputError."""
    questions = read_questions(folder)
    faults = [fault for one in questions for fault in misfits(one, snapshot.library, vocabulary())]
    if faults:
        raise InputError(folder, "\n  ".join(faults))
    outcomes = [ask(one, snapshot) for one in questions]
    head = ("language", "questions", "good", "nDCG@10", f"recall@{LONG_CUT}")
    rows = [_outcomes(lang, own) for lang, own in _grouped(outcomes, lambda one: one.question.lang).items()]
    bad = [f"  {one}" for one in outcomes if not one.is_good]
    return "\n".join([_table([head, *rows, _outcomes("all", outcomes)]), "", "Not good:", *(bad or ["  none"])])


def measure(judged: Judged) -> Measured:
    """The figures of every ranker for every query that has a relevant document."""
    queries = judged.measured()
    measured: dict[str, dict[str, Quality]] = {}
    for ranker in open_rankers(judged.documents, vocabulary()):
        measured[ranker.name] = {one.id: quality(ranker.rank(one), judged.grades[one.id]) for one in queries}
        ranker.close()
    return measured


def compared(judged: Judged) -> str:
    """The tables of a collection: all queries, then each language of them where there are several."""
    queries = judged.measured()
    if not queries:
        return "No query has a relevant document."
    measured = measure(judged)
    languages = _grouped(queries, lambda one: one.lang)
    groups = languages if len(languages) == 1 else {"all": queries, **languages}
    left = len(judged.queries) - len(queries)
    notes = [f"{left} queries without a relevant document are left out."] if left else []
    if not has_tantivy():
        notes.append("tantivy is not installed, and is left out.")
    parts = [
        f"{name}: {len(own)} queries, {len(judged.documents)} documents\n\n{_figures(measured, own)}"
        for name, own in groups.items()
    ]
    return "\n\n".join([*notes, *parts])


def verdict(ours: Quality, peers: Mapping[str, Quality]) -> str:
    """Whether ours is at least the better peer, which may be another for each figure."""
    said = []
    for figure, of in FIGURES.items():
        name, best = max(peers.items(), key=lambda pair: of(pair[1]))
        is_reached = of(ours) >= of(best) - ROUNDING
        said.append(f"{figure} {'yes' if is_reached else f'NO, {of(best):.3f} of {name}'}")
    return f"ours at least the better peer: {'; '.join(said)}"


def forms_table(rows: Iterable[forms.Row]) -> str:
    """Which forms bring how many of the pairs together, and where search/analysis.py has others than they call for."""
    head = ("language", "stemmer", "dictionary", "both", "wanted", "in search/analysis.py")
    shown = [
        (
            one.lang,
            *("-" if count is None else str(count) for count in (one.stemmer, one.dictionary, one.both)),
            _forms(one.wants),
            _forms(one.has) + ("" if one.wants == one.has else "  <-- differs"),
        )
        for one in rows
    ]
    return _table([head, *shown])


def _forms(which: tuple[bool, bool]) -> str:
    return " + ".join(name for name, has in zip(("stemmer", "dictionary"), which, strict=True) if has) or "none"


def _figures(measured: Measured, queries: Sequence[Query]) -> str:
    means = {name: mean(found[one.id] for one in queries) for name, found in measured.items()}
    rows = [(name, *(f"{of(one):.3f}" for of in FIGURES.values())) for name, one in means.items()]
    ours, *peers = means
    return _table([("", *FIGURES), *rows]) + "\n" + verdict(means[ours], {name: means[name] for name in peers})


def _outcomes(name: str, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    figures = mean(quality(one.page, dict.fromkeys(one.question.first, 1)) for one in outcomes)
    good = sum(one.is_good for one in outcomes)
    return name, str(len(outcomes)), str(good), f"{figures.ndcg:.3f}", f"{figures.recall:.3f}"


def _grouped(items: Iterable[Any], key: Callable[[Any], str]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for item in sorted(items, key=key):
        groups.setdefault(key(item), []).append(item)
    return groups


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


if __name__ == "__main__":
    sys.exit(main())
