"""Arithmetic of the tables."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence


def percentile(values: Iterable[float], share: float) -> float:
    """The nearest-rank percentile; 0.95 of a hundred values is the 95th."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, 95th and 99th percentile."""
    return {
        "median": statistics.median(values),
        "p95": percentile(values, 0.95),
        "p99": percentile(values, 0.99),
    }


def exponent(by_size: Mapping[int, float]) -> float | None:
    """How a quantity grows with the number of documents: the slope of the line through log-log points."""
    points = [(math.log(size), math.log(value)) for size, value in sorted(by_size.items()) if value > 0]
    if len(points) < 2:
        return None
    slope, _ = statistics.linear_regression([x for x, _ in points], [y for _, y in points])
    return slope
