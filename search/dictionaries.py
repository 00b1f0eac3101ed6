"""Dictionaries of lemmas: those of simplemma, as tries in files.

Reading one of simplemma's own takes seconds and some hundred megabytes; a trie made from it opens in a moment. So the
tries that a collection and its visitors need are made when it is indexed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from os import getpid
from pathlib import Path
from typing import Any

from marisa_trie import BytesTrie
from simplemma import Lemmatizer
from simplemma.strategies import DefaultStrategy
from simplemma.strategies.dictionaries.trie_dictionary_factory import TrieDictionaryFactory, TrieWrapDict

MOST = 32  # dictionaries open at a time: more than there are languages
KEPT = 100_000  # lemmas kept in memory


class _Tries(TrieDictionaryFactory):
    """Tries in a folder, mapped, so that only what is looked up takes memory; in memory where it cannot be written."""

    __slots__ = ()

    def _get_dictionary_uncached(self, lang: str) -> Mapping[str, str]:
        path = self._cache_dir / f"{lang}.dic"
        if not path.exists():
            return super()._get_dictionary_uncached(lang)
        try:
            return TrieWrapDict(BytesTrie().mmap(str(path)))
        except RuntimeError:  # damaged
            path.unlink()
            return super()._get_dictionary_uncached(lang)

    def _write_trie_to_disk(self, lang: str, trie: Any) -> None:
        # Beside it, then renamed: another process may be reading.
        self._cache_dir.mkdir(parents=True, exist_ok=True)
        fresh = self._cache_dir / f"{lang}.{getpid()}.new"
        trie.save(fresh)
        fresh.replace(self._cache_dir / f"{lang}.dic")


class _Place:
    """Where the tries of this process are."""

    folder: Path | None = None  # None: where simplemma keeps them for its user


def keep_in(folder: Path) -> None:
    """Have the tries kept in a folder. They are the same in any, so what is open already stays so."""
    _Place.folder = folder


def make(codes: Iterable[str]) -> None:
    """Make the tries of these languages where they are missing, and open them."""
    for code in codes:
        lemma("a", code)


def lemma(word: str, code: str) -> str:
    """The form under which a dictionary has a word; the word itself where it is not there. `code` is simplemma's."""
    # In a trie the character 255 of a value parts it from its key, so no text with controls may be looked up.
    return _lemmatizer().lemmatize(word, code) if word.isprintable() and word else word


@cache
def _lemmatizer() -> Lemmatizer:
    folder = str(_Place.folder) if _Place.folder else None
    tries = _Tries(cache_max_size=MOST, disk_cache_dir=folder)
    return Lemmatizer(cache_max_size=KEPT, lemmatization_strategy=DefaultStrategy(dictionary_factory=tries))
