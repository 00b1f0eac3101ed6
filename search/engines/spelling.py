"""Nearest words of the index, for a word that occurs nowhere."""

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.analysis import fold

SHORTEST = 4  # letters; shorter words are near to too many
LONG = 6  # letters from which two edits are allowed


class Speller:
    """Words, and how often each is met: in practices, and in labels of filters."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = dict(counts)
        self._words = list(self._counts)
        self._folded = [fold(word) for word in self._words]

    def nearest(self, word: str) -> str:
        """The word with the fewest edits, the more frequent of equals; "" where none is near.

        An edit is a letter added, dropped, changed or swapped with its neighbour (optimal string alignment).
        """
        asked = fold(word)
        if len(asked) < SHORTEST or not asked.isalpha():
            return ""
        allowed = 2 if len(asked) >= LONG else 1
        found = process.extract(asked, self._folded, scorer=OSA.distance, score_cutoff=allowed, limit=None)
        near = [(distance, -self._counts[self._words[n]], self._words[n]) for _, distance, n in found]
        return min(near)[2] if near else ""
