"""Which inflections a stemmer, a dictionary, and both bring together: what the rows of search/analysis.py go by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import Stemmer
import yaml
from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

from bench.judged import InputError
from search import dictionaries
from search.analysis import ANALYZERS, fold, surface

PAIRS = Path(__file__).resolve().parent / "word_pairs.yaml"
EACH = 10  # pairs of a language
ENOUGH = 8  # of ten pairs: a stemmer that brings so many together needs no dictionary beside it

# The Snowball stemmers of the official languages, by code; there is none for the others.
STEMMERS = {
    "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "et": "estonian",
    "fi": "finnish", "fr": "french", "ga": "irish", "hu": "hungarian", "it": "italian", "lt": "lithuanian",
    "nl": "dutch", "pl": "polish", "pt": "portuguese", "ro": "romanian", "sv": "swedish",
}  # fmt: skip
BORROWED = {"hr": "serbian", "sk": "czech", "sl": "serbian"}  # from a relative, for words that no dictionary has
DICTIONARIES = {code: "hbs" if code == "hr" else code for code in ANALYZERS}  # those of simplemma, where it has them

Pairs = Mapping[str, Sequence[tuple[str, str]]]  # language -> (inflected form, base form)


@dataclass(frozen=True, slots=True)
class Row:
    """How many pairs of a language each way brings together; None where there is no such way."""

    lang: str
    stemmer: int | None
    dictionary: int | None
    both: int

    @property
    def wants(self) -> tuple[bool, bool]:
        """Whether the language should have a stemmer, and a dictionary.

        A stemmer where there is one; a dictionary where there is none or a borrowed one, or where it brings too few
        together and more with the dictionary.
        """
        has_stemmer = self.stemmer is not None
        is_weak = self.stemmer is None or self.lang in BORROWED or self.stemmer < min(ENOUGH, self.both)
        return has_stemmer, self.dictionary is not None and is_weak

    @property
    def has(self) -> tuple[bool, bool]:
        """Whether it has a stemmer, and a dictionary."""
        row = ANALYZERS[self.lang]
        return row.stemmer is not None, row.dictionary is not None


def read_pairs(path: Path = PAIRS) -> Pairs:
    """The pairs of each language. Raises: InputError naming file and language."""
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise InputError(path, f"cannot be read: {error}") from error
    pairs: dict[str, list[tuple[str, str]]] = {}
    for lang, rows in found.items():
        if lang not in ANALYZERS:
            raise InputError(path, f"{lang} is no official language")
        if not all(isinstance(row, list) and len(row) == 2 for row in rows):
            raise InputError(path, f"{lang}: not every entry has two words")
        pairs[lang] = [(inflected, base) for inflected, base in rows]
    return pairs


def table(pairs: Pairs) -> list[Row]:
    """A row for each language."""
    return [_row(lang, rows) for lang, rows in pairs.items()]


def missed(lang: str, pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pairs that the row of a language does not bring together."""
    row = ANALYZERS[lang]
    ways = [way for way in (_stems(row.stemmer), _lemmas(row.dictionary)) if way]
    return [pair for pair in pairs if not _meet(pair, ways)]


Way = Callable[[str], str]


def _row(lang: str, pairs: Sequence[tuple[str, str]]) -> Row:
    known = DICTIONARIES[lang] if DICTIONARIES[lang] in SUPPORTED_LANGUAGES else None
    stems, lemmas = _stems({**STEMMERS, **BORROWED}.get(lang)), _lemmas(known)
    return Row(
        lang,
        _count(pairs, [stems]) if stems else None,
        _count(pairs, [lemmas]) if lemmas else None,
        _count(pairs, [way for way in (stems, lemmas) if way]),
    )


def _stems(name: str | None) -> Way | None:
    return Stemmer.Stemmer(name).stemWord if name else None


def _lemmas(code: str | None) -> Way | None:
    return (lambda word: dictionaries.lemma(word, code)) if code else None


def _count(pairs: Sequence[tuple[str, str]], ways: Sequence[Way]) -> int:
    return sum(_meet(pair, ways) for pair in pairs)


def _meet(pair: tuple[str, str], ways: Sequence[Way]) -> bool:
    """Whether two forms have a base in common, as search.analysis compares them."""
    one, other = ({fold(way(surface(word))) for way in ways} for word in pair)
    return not one.isdisjoint(other)
