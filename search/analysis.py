"""Per language: stemmer, dictionary, elision, endings; the folding is the same for all. Engines get finished words.

A word of a text is found as it is written (its surface, in lower case), without its diacritics (folded), and in its
inflections: words with a base in common, which is a stem or a lemma. Only surfaces are indexed: which of them fold or
come to the same is worked out once for each different word, so that any engine that can look up words gives the same
result.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import repeat

import Stemmer

from search import dictionaries

MAX_WORD = 64  # characters; longer runs of letters are no words, and would bloat the index

_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")  # noqa: RUF001 - the apostrophes that people type
_APOSTROPHE = re.compile(r"['’ʼ]")  # noqa: RUF001
_JOINTS = "-\u2010\u2011:"  # what stands before an ending: hyphens, and in Finnish and Swedish a colon

# Letters that NFKD leaves whole though readers take them for the plain letter.
_LETTERS = str.maketrans(
    {
        "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "\u0131": "i", "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th",
        "ŋ": "n", "ĸ": "k", "ŧ": "t",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Language:
    """How texts of a language are read: its Snowball stemmer, its dictionary of lemmas, words that elide, endings.

    Snowball has no stemmer for Slovak, Slovene and Croatian; that of a near relative serves words which their
    dictionaries do not have. Dictionaries are those of simplemma, by its codes. A language has one where there is no
    stemmer of its own, or where `bench/relevance.py` shows that it brings too few inflections together.
    """

    code: str
    stemmer: str | None = None
    elided: frozenset[str] = frozenset()
    dictionary: str | None = None
    endings: frozenset[str] = frozenset()  # behind abbreviations and foreign words: IMM-urilor, EU:n
    links: tuple[str, ...] = ()  # what may stand between the parts of a compound; none where words are not joined


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ROWS = (
    Language("bg", dictionary="bg"),
    Language("cs", "czech"),
    Language("da", "danish", dictionary="da", links=("", "s", "e")),
    Language("de", "german", links=("", "s", "es", "n", "en", "er", "e")),
    Language("el", "greek"),
    Language("en", "english", dictionary="en"),
    Language("es", "spanish", dictionary="es"),
    Language(
        "et",
        "estonian",
        dictionary="et",
        endings=_words(
            "d de dega deks del dele delt dena deni des desse dest ga i ide idega idel idele ides idest iga "
            "iks il ile ilt is isse ist ita ks l le lt na ndate ndatel ni s sid sse st t ta te tega tel tele "
            "telt tes tesse"
        ),
        links=("", "e"),
    ),
    Language(
        "fi",
        "finnish",
        dictionary="fi",
        endings=_words(
            "a een han hen hin hon hun ia iden ien iin illa ille illä iltä in issa issä ista istä iä kin ksi "
            "lla lle llä lta ltä n na nnen nä ssa ssä sta stä t ta tta ttä tä ä ää ään"
        ),
        links=("", "n"),
    ),
    Language("fr", "french", _words("l d j m t s n c qu jusqu lorsqu puisqu quoiqu presqu"), dictionary="fr"),
    Language("ga", "irish", dictionary="ga"),
    Language(
        "hr",
        "serbian",
        dictionary="hbs",
        endings=_words("a ak e i ih ja je jem ji ju om ov ova ove ovi ovih ovim ovima ovog ovoj ovom ovu u"),
    ),
    Language(
        "hu",
        "hungarian",
        dictionary="hu",
        endings=_words(
            "as at ba ban be ben ból ből e es et hez hoz höz i ig je jei jéig jén jének jétől k kat kban kben "
            "kból kből ket khez khoz kkal kkel knak knek knál knél kra kre król kről któl ktől ként n nak nek "
            "nál nél os ot ra re ról ről s t tól től val vel áig án ától éig én étől ös"
        ),
        links=("",),
    ),
    Language(
        "it", "italian", _words("l un d c s m t v dell all dall nell sull coll quell quest sant bell tutt nessun")
    ),
    Language("lt", "lithuanian"),
    Language("lv", dictionary="lv"),
    Language("mt"),
    Language("nl", "dutch", dictionary="nl", links=("", "s", "e", "en")),
    Language("pl", "polish"),
    Language("pt", "portuguese", dictionary="pt"),
    Language(
        "ro",
        "romanian",
        dictionary="ro",
        endings=_words("a ei ele elor i ii ilor le lea lor lui ul ului uri urile urilor"),
    ),
    Language("sk", "czech", dictionary="sk"),
    Language(
        "sl",
        "serbian",
        dictionary="sl",
        endings=_words("a e em i ih ja jam je jem jema jev jeva jeve jevi ji jih ju om ov u"),
    ),
    Language("sv", "swedish", endings=_words("a ar arna e en ens er erna et ets n ns s t"), links=("", "s")),
)
ANALYZERS = {row.code: row for row in _ROWS}  # the 24 official languages of the Union
_ANY = Language("")  # of any other language


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Lower case without diacritics: what a hurried visitor types. Straße gives strasse, Łódź lodz."""
    if text.isascii():
        return text.lower()
    spread = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in spread if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare.translate(_LETTERS).casefold())


def read_words(text: str, lang: str = "") -> tuple[list[str], list[int], list[int]]:
    """The words of a text in order: their surfaces, where each starts and where it ends (characters, exclusive).

    An elided article (l'innovation) is left out, a possessive 's too, and an ending behind a hyphen (IMM-urilor).
    """
    language = ANALYZERS.get(lang, _ANY)
    elided, endings = language.elided, language.endings
    has_apostrophe = _APOSTROPHE.search(text) is not None
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for found in _WORD.finditer(text):
        word = found.group()
        start, end = found.span()
        if endings and surface(word) in endings and _is_joined(text, start):
            continue
        if not (has_apostrophe and _APOSTROPHE.search(word)):
            if end - start <= MAX_WORD:
                words.append(surface(word))
                starts.append(start)
                ends.append(end)
            continue
        parts = _APOSTROPHE.split(word)
        for number, part in enumerate(parts):
            end = start + len(part)
            is_elided = number < len(parts) - 1 and (len(part) == 1 or surface(part) in elided)
            is_possessive = number > 0 and len(part) == 1
            if part and not is_elided and not is_possessive and len(part) <= MAX_WORD:
                words.append(surface(part))
                starts.append(start)
                ends.append(end)
            start = end + 1
    return words, starts, ends


def _is_joined(text: str, start: int) -> bool:
    """Whether what begins here stands behind a joint, and that behind a word."""
    return start > 1 and text[start - 1] in _JOINTS and text[start - 2].isalnum()


def words_of(text: str, lang: str = "") -> list[str]:
    """The surfaces of a text's words in order."""
    return read_words(text, lang)[0]


@lru_cache(maxsize=200_000)
def surface(word: str) -> str:
    """A word as written, in lower case and in Unicode's composed form."""
    return unicodedata.normalize("NFC", word.casefold())


@lru_cache(maxsize=50_000)
def bases(word: str, lang: str) -> tuple[str, ...]:
    """What the inflections of a word have in common, folded: stem, lemma, or both; none where a language has neither.

    Words of a language are inflections of each other when they have a base in common.
    """
    return next(bases_all([word], lang))


def bases_all(words: Sequence[str], lang: str) -> Iterator[tuple[str, ...]]:
    """The bases of many words."""
    language = ANALYZERS.get(lang, _ANY)
    stems = _stemmer(language.stemmer).stemWords(list(words)) if language.stemmer else repeat("", len(words))
    for word, stem in zip(words, stems, strict=True):
        lemma = dictionaries.lemma(word, language.dictionary) if language.dictionary else ""
        yield tuple({fold(one): None for one in (stem, lemma) if one})


def open_dictionaries(langs: Iterable[str]) -> None:
    """Open the dictionaries of these languages; those that are missing are made, which takes seconds."""
    dictionaries.make(row.dictionary for row in map(ANALYZERS.get, langs) if row is not None and row.dictionary)


@cache
def _stemmer(name: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(name, 0)
