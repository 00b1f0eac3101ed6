"""The labels of the vocabularies as searched: which facet values does a word of a label, or a whole one, stand for.

Labels are not in the index of any practice: what they lead to follows from its facet values.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable

from search import facets
from search.analysis import bases, fold, words_of
from search.garbage import uncollected
from search.vocabulary import LANGUAGES, REGION_SCHEME, Vocabulary


class Labels:
    """The labels of the facet values in use, by their number."""

    @uncollected()
    def __init__(self, values: Iterable[tuple[str, str]], vocabulary: Vocabulary) -> None:
        self._surfaces: dict[str, set[int]] = defaultdict(set)
        self._folds: dict[str, set[int]] = defaultdict(set)
        self._bases: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._anywhere: dict[str, set[int]] = defaultdict(set)  # by a word of any label, folded
        self._whole: dict[int, list[list[str]]] = defaultdict(list)  # folded words of each label, for phrases
        schemes = {facet.name: facet.scheme for facet in facets.FACETS if facet.is_searched}
        for number, (name, value) in enumerate(values):
            if name not in schemes:
                continue
            scheme = schemes[name]
            if scheme == REGION_SCHEME:
                self._add(number, value, "")
                for lang, label in vocabulary.labels(scheme, value):
                    self._add(number, label, lang)
                continue
            shown = {(lang, vocabulary.label(scheme, value, lang)) for lang in LANGUAGES}
            for lang, label in vocabulary.labels(scheme, value):
                self._add(number, label, lang, is_synonym=(lang, label) not in shown)

        self._sorted = sorted(self._folds)

    def _add(self, number: int, label: str, lang: str, *, is_synonym: bool = False) -> None:
        words = words_of(label, lang)
        folded = [fold(word) for word in words]
        self._whole[number].append(folded)
        for word in folded:
            self._anywhere[word].add(number)
        if is_synonym and len(words) > 1:
            return  # "breakfast" alone is not yet a "business breakfast"
        for word in words:
            self._surfaces[word].add(number)
            self._folds[fold(word)].add(number)
            for base in bases(word, lang):
                self._bases[lang, base].add(number)

    def exact(self, word: str) -> Iterable[int]:
        """Values with a label that has this word."""
        return self._surfaces.get(word, ())

    def folded(self, word: str) -> Iterable[int]:
        """Values with a label that has this word, whatever its accents."""
        return self._folds.get(fold(word), ())

    def inflected(self, lang: str, base: str) -> Iterable[int]:
        """Values with a label in this language that has a word with this base."""
        return self._bases.get((lang, base), ())

    def prefixed(self, stump: str) -> set[int]:
        """Values with a label that has a word beginning like this."""
        start = fold(stump)
        found: set[int] = set()
        for at in range(bisect_left(self._sorted, start), len(self._sorted)):
            if not self._sorted[at].startswith(start):
                break
            found |= self._folds[self._sorted[at]]
        return found

    def phrased(self, words: tuple[str, ...]) -> set[int]:
        """Values with a label that has these words next to each other."""
        wanted = [fold(word) for word in words]
        candidates = set.intersection(*(self._anywhere.get(word, set()) for word in wanted))
        return {number for number in candidates if any(_contains(label, wanted) for label in self._whole[number])}

    def words(self) -> Iterable[tuple[str, int]]:
        """Every word of a label, and how many values have it."""
        return ((word, len(numbers)) for word, numbers in self._surfaces.items())


def _contains(label: list[str], wanted: list[str]) -> bool:
    return any(label[at : at + len(wanted)] == wanted for at in range(len(label) - len(wanted) + 1))
