"""The concepts that a visitor's words name: in any language, by any of their labels, one or several words.

They come from the vocabularies of the filters and from the glossary. Whoever names a concept also finds the texts that
use another of its labels.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from search.analysis import bases, fold, words_of
from search.garbage import uncollected
from search.stop_words import is_stop_word
from search.vocabulary import LANGUAGES, Vocabulary

# Not names of places, nor words like "running" and "economic", which say too little of what somebody looks for.
SCHEMES = ("barriers", "instruments", "topics", "target-groups", "glossary")

_Key: TypeAlias = tuple[str, ...]  # a row of words, folded


@dataclass(frozen=True, slots=True)
class Label:
    """A label as it is searched."""

    lang: str
    text: str
    words: tuple[str, ...]  # their surfaces


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept with its labels in every language, the preferred one of each first."""

    scheme: str
    id: str
    labels: tuple[Label, ...]

    def label(self, lang: str) -> str:
        """What a reader of this language calls it."""
        return next((one.text for one in self.labels if one.lang == lang), self.labels[0].text)


@dataclass(frozen=True, slots=True)
class Named:
    """Words of a query, from `start` to before `end`, that are a label of these concepts."""

    start: int
    end: int
    concepts: tuple[int, ...]  # their numbers


@dataclass(frozen=True, slots=True)
class _Table:
    """How concepts are named in a language."""

    concepts: Mapping[_Key, Sequence[int]]  # numbers of those that a row of words names
    first: frozenset[str]  # words that begin one


class Concepts:
    """All concepts, and how they are named."""

    @uncollected()
    def __init__(self, vocabulary: Vocabulary) -> None:
        self.all = [
            _concept(vocabulary, scheme, id)
            for scheme in SCHEMES
            if scheme in vocabulary.schemes
            for id in vocabulary.ids(scheme)
        ]
        self._words: dict[str, set[str]] = defaultdict(set)  # folded, of the labels in a language
        for concept in self.all:
            for label in concept.labels:
                self._words[label.lang].update(_folded(label.words))
        self.words = frozenset().union(*self._words.values())  # folded, of all labels
        self._longest = max((len(label.words) for concept in self.all for label in concept.labels), default=0)
        self._tables: dict[str, _Table] = {}

    def known(self, words: Sequence[str], lang: str) -> int:
        """How many of these words are of labels in this language, or say nothing in it."""
        return sum(fold(word) in self._words[lang] or is_stop_word(word, lang) for word in words)

    def find(self, words: Sequence[str], langs: Collection[str]) -> Iterator[Named]:
        """The labels in a row of words, the longest first where they overlap; inflected words in these languages.

        A word as it is written may be a label in any language.
        """
        rows = [(self._table(""), _folded(words))]
        for lang in langs:
            if lang in LANGUAGES:
                rows += [(self._table(lang), row) for row in _keys(words, lang)]
        start = 0
        while start < len(words):
            named = self._at(start, rows)
            if named is not None:
                yield named
            start = named.end if named is not None else start + 1

    def _at(self, start: int, rows: Sequence[tuple[_Table, _Key]]) -> Named | None:
        likely = [(table, row) for table, row in rows if row[start] in table.first]
        for end in range(min(start + self._longest, len(rows[0][1])), start, -1) if likely else ():
            found = [number for table, row in likely for number in table.concepts.get(row[start:end], ())]
            if found:
                return Named(start, end, tuple(dict.fromkeys(found)))
        return None

    def _table(self, lang: str) -> _Table:
        """How concepts are named in a language, worked out when it is first asked for; "" for words as written."""
        if lang not in self._tables:
            self._tables[lang] = self._make_table(lang)  # by two threads at once it is made twice, and is the same
        return self._tables[lang]

    @uncollected()
    def _make_table(self, lang: str) -> _Table:
        named: dict[_Key, list[int]] = defaultdict(list)
        for number, concept in enumerate(self.all):
            for label in concept.labels:
                if lang and label.lang != lang:
                    continue
                written = [label.words]
                if len(label.words) > 1:
                    # Who searches may leave out the words that say nothing.
                    telling = tuple([word for word in label.words if not is_stop_word(word, label.lang)])
                    if 1 < len(telling) < len(label.words):
                        written.append(telling)
                for words in written:
                    for key in _keys(words, lang) if lang else [_folded(words)]:
                        if number not in named[key]:
                            named[key].append(number)
        return _Table(dict(named), frozenset(key[0] for key in named))


@lru_cache(maxsize=4)
def read_concepts(vocabulary: Vocabulary) -> Concepts:
    """The concepts of a vocabulary, worked out once."""
    return Concepts(vocabulary)


def _concept(vocabulary: Vocabulary, scheme: str, id: str) -> Concept:
    labels = [(lang, label, tuple(words_of(label, lang))) for lang, label in vocabulary.labels(scheme, id)]
    return Concept(scheme, id, tuple(Label(*one) for one in labels if one[2]))


def _folded(words: Sequence[str]) -> _Key:
    return tuple([fold(word) for word in words])


def _keys(words: Sequence[str], lang: str) -> list[_Key]:
    """For a row of words in a language what their inflections have in common: once by stems, once by lemmas."""
    shared = [bases(word, lang) or (fold(word),) for word in words]
    return list(dict.fromkeys([tuple(one[0] for one in shared), tuple(one[-1] for one in shared)]))
