"""How well a word fits a practice, as pure functions of arrays.

The default is BM25F as in Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond"
(Foundations and Trends in Information Retrieval 3, 2009), section 3.6: the frequencies of a word in the fields of a
text, each divided by the field's relative length and multiplied by its boost, are added up before they saturate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from search.variants import BOOSTS, FIELDS

Floats: TypeAlias = NDArray[np.float32]

K1 = 3.0  # how soon more of the same word stops to count
B = {"title": 0.5, "labels": 0.3, "summary": 0.75, "body": 0.75}  # how much a long field is held against a word


@dataclass(frozen=True, slots=True)
class Occurrences:
    """How often words occur in fields of texts: one row a word, text and field."""

    count: Floats
    field: NDArray[np.int32] | NDArray[np.int64]  # number of the field in FIELDS
    length: Floats  # of the field in this text, in words
    average: Floats  # length of each field over all texts, in words; one a field
    texts_with: Floats  # how many texts have the word in this field
    texts: int  # how many there are


@dataclass(frozen=True, slots=True)
class Ranking:
    """A formula in two steps: what a word weighs in a field of a text, and what the sum of that is worth.

    The first is worked out when the index is built; the second when it is searched, since a word's forms count
    together: it gets the sum of weights, how many practices have the word, and how many practices there are.
    """

    weigh: Callable[[Occurrences], Floats]
    score: Callable[[Floats, int, int], Floats]


def bm25f_weights(found: Occurrences) -> Floats:
    """Boosted frequencies over relative lengths."""
    boost = np.array([BOOSTS[field] for field in FIELDS], np.float32)[found.field]
    b = np.array([B[field] for field in FIELDS], np.float32)[found.field]
    relative = found.length / np.maximum(found.average, 1)[found.field]
    return np.asarray(boost * found.count / (1 - b + b * relative), np.float32)


def bm25f_scores(weights: Floats, practices_with: int, practices: int) -> Floats:
    """Saturated weights times the inverse document frequency of Robertson and Sparck Jones, kept above zero."""
    idf = np.log1p((practices - practices_with + 0.5) / (practices_with + 0.5))
    return np.asarray(np.float32(idf * (K1 + 1)) * weights / (np.float32(K1) + weights), np.float32)


BM25F = Ranking(bm25f_weights, bm25f_scores)

WHOOSH_K1 = 1.2


def whoosh_weights(found: Occurrences) -> Floats:
    """What Whoosh calls BM25F: BM25 of each field times its boost (B=0.75, K1=1.2, its own idf)."""
    boost = np.array([BOOSTS[field] for field in FIELDS], np.float64)[found.field]
    idf = np.log(found.texts / (found.texts_with.astype(np.float64) + 1)) + 1
    relative = found.length.astype(np.float64) / np.maximum(found.average.astype(np.float64), 1e-9)[found.field]
    saturated = found.count * (WHOOSH_K1 + 1) / (found.count + WHOOSH_K1 * (0.25 + 0.75 * relative))
    return np.asarray(boost * idf * saturated, np.float32)


def whoosh_scores(weights: Floats, _practices_with: int, _practices: int) -> Floats:
    """Whoosh adds up the fields after they saturate, so nothing is left to do."""
    return weights


WHOOSH = Ranking(whoosh_weights, whoosh_scores)
