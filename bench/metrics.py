"""How good a ranking is, from the grades of its documents: nDCG@10, recall@20, MRR@10.

Defined as in trec_eval: the gain of a document is its grade, what is not judged has grade 0, and a document is
relevant when its grade is above 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

CUT, LONG_CUT = 10, 20  # hits looked at: for nDCG and MRR, and for recall

Grades = Mapping[str, int]  # id of a document -> grade


@dataclass(frozen=True, slots=True)
class Quality:
    """The three figures of a ranking, or their means over several; each from 0 to 1."""

    ndcg: float  # at 10
    recall: float  # at 20
    mrr: float  # at 10


def ndcg(ranked: Sequence[str], grades: Grades, cut: int = CUT) -> float:
    """Normalised discounted cumulative gain: what is found, the earlier the better, over the best that could be."""
    best = _discounted(sorted(grades.values(), reverse=True)[:cut])
    return _discounted([grades.get(id, 0) for id in ranked[:cut]]) / best if best else 0.0


def recall(ranked: Sequence[str], grades: Grades, cut: int = LONG_CUT) -> float:
    """The part of the relevant documents that is found."""
    relevant = {id for id, grade in grades.items() if grade > 0}
    return len(relevant & set(ranked[:cut])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranked: Sequence[str], grades: Grades, cut: int = CUT) -> float:
    """One over the place of the first relevant document; its mean over queries is MRR."""
    return next((1 / place for place, id in enumerate(ranked[:cut], start=1) if grades.get(id, 0) > 0), 0.0)


def quality(ranked: Sequence[str], grades: Grades) -> Quality:
    """The figures of one ranking."""
    return Quality(ndcg(ranked, grades), recall(ranked, grades), reciprocal_rank(ranked, grades))


def mean(figures: Iterable[Quality]) -> Quality:
    """The mean of each figure. Raises: ValueError where there is none."""
    rows = [(one.ndcg, one.recall, one.mrr) for one in figures]
    if not rows:
        raise ValueError("no query to take the mean of")
    return Quality(*(sum(column) / len(rows) for column in zip(*rows, strict=True)))


def _discounted(gains: Iterable[int]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, start=1))
