"""Per language: stemmer and elision; and the folding that is the same for all. Engines are given finished terms.

A word is indexed in up to three forms, all at its position, told apart by a mark that no word contains:

- its surface, as written, in lower case: `école`
- its surface without diacritics, where that differs: `~ecole`
- its stem in the text's own language, folded: `=fr:ecol`

so that one field answers exact and forgiving questions alike, and any engine that splits at white space
gives the same result.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import Stemmer

FOLDED = "~"  # before a surface without its diacritics
STEMMED = "="  # before a language and a stem
MAX_WORD = 64  # characters; longer runs of letters are no words, and would bloat the index

_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")  # noqa: RUF001 - the apostrophes that people type
_APOSTROPHE = re.compile(r"['’ʼ]")  # noqa: RUF001

# Letters that NFKD leaves whole though readers take them for the plain letter.
_LETTERS = str.maketrans(
    {
        "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "\u0131": "i", "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th",
        "ŋ": "n", "ĸ": "k", "ŧ": "t",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Language:
    """How texts of a language are read: its Snowball stemmer, if there is one, and words that elide."""

    code: str
    stemmer: str | None = None
    elided: frozenset[str] = frozenset()


def _elided(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ROWS = (
    Language("bg"),
    Language("cs", "czech"),
    Language("da", "danish"),
    Language("de", "german"),
    Language("el", "greek"),
    Language("en", "english"),
    Language("es", "spanish"),
    Language("et", "estonian"),
    Language("fi", "finnish"),
    Language("fr", "french", _elided("l d j m t s n c qu jusqu lorsqu puisqu quoiqu presqu")),
    Language("ga", "irish"),
    Language("hr"),
    Language("hu", "hungarian"),
    Language(
        "it", "italian", _elided("l un d c s m t v dell all dall nell sull coll quell quest sant bell tutt nessun")
    ),
    Language("lt", "lithuanian"),
    Language("lv"),
    Language("mt"),
    Language("nl", "dutch"),
    Language("pl", "polish"),
    Language("pt", "portuguese"),
    Language("ro", "romanian"),
    Language("sk"),
    Language("sl"),
    Language("sv", "swedish"),
)
ANALYZERS = {row.code: row for row in _ROWS}  # the 24 official languages of the Union


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: its surface in lower case, and where it stands (characters, end exclusive)."""

    surface: str
    start: int
    end: int


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Lower case without diacritics: what a hurried visitor types. Straße gives strasse, Łódź lodz."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in spread if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare.translate(_LETTERS).casefold())


def tokens(text: str, lang: str = "") -> Iterator[Token]:
    """The words of a text in order; an elided article (l'innovation) is left out, a possessive 's too."""
    elided = ANALYZERS[lang].elided if lang in ANALYZERS else frozenset()
    for found in _WORD.finditer(text):
        parts = _APOSTROPHE.split(found.group())
        start = found.start()
        for number, part in enumerate(parts):
            end = start + len(part)
            word = surface(part)
            is_elided = number < len(parts) - 1 and (word in elided or len(word) == 1)
            is_possessive = number > 0 and len(word) == 1
            if not is_elided and not is_possessive and len(word) <= MAX_WORD:
                yield Token(word, start, end)
            start = end + 1


def surface(word: str) -> str:
    """A word as written, in lower case and in Unicode's composed form."""
    return unicodedata.normalize("NFC", word.casefold())


@lru_cache(maxsize=200_000)
def stem(word: str, lang: str) -> str:
    """The term under which a word's inflections meet: `=fr:ecol`; "" where the language has no stemmer."""
    language = ANALYZERS.get(lang)
    if language is None or language.stemmer is None:
        return ""
    return f"{STEMMED}{lang}:{fold(_stemmer(language.stemmer).stemWord(word))}"


@lru_cache(maxsize=200_000)
def index_terms(word: str, lang: str) -> tuple[str, ...]:
    """The terms under which a text's word is indexed, all at one position."""
    folded = fold(word)
    stemmed = stem(word, lang)
    return (word, *((FOLDED + folded,) if folded != word else ()), *((stemmed,) if stemmed else ()))


@cache
def _stemmer(name: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(name, 0)
