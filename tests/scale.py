"""How much of what takes minutes is done: `make test` does a tenth, `make test-long` all of it."""

from __future__ import annotations

import os

SCALE = float(os.environ.get("PRACTICES_TEST_SCALE", "0.1"))


def scaled(whole: int, least: int = 1) -> int:
    """So many of a whole number of repetitions."""
    return max(least, round(whole * SCALE))
