"""How much of what takes minutes is done: `make test` does a tenth, `make test-long` all of it."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from typing import TypeVar

Case = TypeVar("Case")

SCALE = float(os.environ.get("PRACTICES_TEST_SCALE", "0.1"))


def scaled(whole: int, least: int = 1) -> int:
    """So many of a whole number of repetitions."""
    return max(least, round(whole * SCALE))


def sampled(cases: Sequence[Case]) -> list[Case]:
    """All of them at the whole size; otherwise so many as the scale says, the same ones each time."""
    count = min(len(cases), scaled(len(cases)))
    chosen = random.Random(0).sample(range(len(cases)), count)
    return [cases[place] for place in sorted(chosen)]
