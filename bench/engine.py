"""The engine job: the same 200 questions to every peer, in alternated rounds, with snippets and without."""

from __future__ import annotations

import gc
import importlib.metadata
import random
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from bench import queries, sets
from bench.figures import spread
from bench.peers import BM25S, FTS5, NAMES, OURS, WHOOSH, Peer, open_peer
from bench.peers.ours import has_snippet_switch
from bench.peers.peer import agree
from bench.queries import Asked

WARM_UP = 40  # questions, others than those that are timed
WHOOSH_LARGEST = 10_000
MODES = {"with snippets": True, "without snippets": False}


def measure(sizes: Sequence[int], rounds: int, allowance_s: float) -> dict[str, Any]:
    """Every peer at every size. A peer that has used up its allowance sits out the rounds that are left."""
    found: dict[str, Any] = {"has_snippet_switch": has_snippet_switch(), "sizes": {}}
    for size in sizes:
        names = [name for name in present() if name != WHOOSH or size <= WHOOSH_LARGEST]
        for name in names:
            sets.built(name, size)
        found["sizes"][str(size)] = {
            "modes": {
                mode: _rounds(_able(names, snippets=snippets), size, rounds, allowance_s, snippets=snippets)
                for mode, snippets in MODES.items()
            },
            "agreement": agreement(size),
        }
    return found


def present() -> list[str]:
    """The peers that are installed here."""
    found = []
    for name in NAMES:
        try:
            open_peer(name, sets.vocabulary())
            found.append(name)
        except ImportError as error:
            sets.say(f"{name} is left out: {error}")
    return found


def versions() -> dict[str, str]:
    """What the peers that are installed call their version."""
    found = {name: open_peer(name, sets.vocabulary()).version for name in present() if name != OURS}
    for package in ("datasette", "numpy", "numba", "starlette", "uvicorn", "jinja2"):
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = "not installed"
    return found


def agreement(size: int) -> dict[str, Any]:
    """How often ours and FTS5 count the same; where our stems and folded forms find more, or less."""
    ours, other = _opened(OURS, size), _opened(FTS5, size)
    by_kind: dict[str, Counter[str]] = defaultdict(Counter)
    marks = [("single form", asked) for asked in queries.marks(sets.world(), min(size, 1000))]
    for kind, asked in [*((asked.kind, asked) for asked in sets.questions(size)), *marks]:
        one, two = ours.search(asked, snippets=False), other.search(asked, snippets=False)
        verdict = "same" if one.total == two.total else "more" if one.total > two.total else "less"
        by_kind[kind][verdict] += 1
        if kind == "single form" and not agree(one, two):
            by_kind[kind]["other facet counts"] += 1
    other.close()
    return {kind: dict(counts) for kind, counts in by_kind.items()}


def _able(names: Sequence[str], *, snippets: bool) -> list[str]:
    """bm25s has neither snippets nor facets, so it is asked only where the arithmetic is seen alone."""
    return [name for name in names if name != BM25S or not snippets]


def _rounds(names: Sequence[str], size: int, rounds: int, allowance_s: float, *, snippets: bool) -> dict[str, Any]:
    questions = sets.questions(size)
    times: dict[str, list[list[float]]] = {name: [[] for _ in questions] for name in names}
    spent: dict[str, float] = dict.fromkeys(names, 0.0)
    for number in range(rounds):
        order = [name for name in names if spent[name] < allowance_s]
        random.Random(number).shuffle(order)
        for name in order:
            sets.say(f"{size} documents, {'with' if snippets else 'without'} snippets, round {number + 1}: {name}")
            started = time.perf_counter()
            _round(name, size, questions, times[name], snippets=snippets)
            spent[name] += time.perf_counter() - started
    return {name: _summary(questions, times[name]) for name in names}


def _round(name: str, size: int, questions: Sequence[Asked], times: list[list[float]], *, snippets: bool) -> None:
    """All questions once. The index is opened anew, so that no answer is kept from an earlier round."""
    peer = _opened(name, size)
    for asked in sets.questions(size, "-warm")[::5][:WARM_UP]:
        peer.search(asked, snippets=snippets)
    order = list(range(len(questions)))
    random.Random(len(times[0])).shuffle(order)
    with _no_garbage():
        for place in order:
            started = time.perf_counter()
            peer.search(questions[place], snippets=snippets)
            times[place].append(time.perf_counter() - started)
    peer.close()


def _opened(name: str, size: int) -> Peer:
    peer = open_peer(name, sets.vocabulary())
    peer.open(sets.built(name, size).folder)
    return peer


def _summary(questions: Sequence[Asked], times: Sequence[Sequence[float]]) -> dict[str, Any]:
    """In milliseconds; each question counts with the median of its rounds."""
    medians = [statistics.median(one) * 1000 for one in times]
    by_kind: dict[str, list[float]] = defaultdict(list)
    for asked, value in zip(questions, medians, strict=True):
        by_kind[asked.kind].append(value)
    return {
        "rounds": len(times[0]),
        "all": spread(medians),
        "classes": {kind: spread(values) for kind, values in by_kind.items()},
    }


@contextmanager
def _no_garbage() -> Iterator[None]:
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()
