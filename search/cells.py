"""What the text of a cell means in a field: a date, a number, an id of a vocabulary, several of them.

What is not understood stays as it is written, so that the check says what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from babel import Locale

from search.analysis import ANALYZERS, fold
from search.column_names import SCHEMES
from search.spreadsheet import SERIALS, Sheet
from search.vocabulary import LANGUAGES, REGION_SCHEME, Vocabulary, language_codes
from search.written import read_date, read_number

DATES = frozenset({"started", "ended", "confirmed"})
NUMBERS = frozenset({"cost.amount", "effort.fte", "results.value"})
WHOLE = frozenset({"results.source", "evaluation.year"})
LISTS = frozenset({"regions", "barriers", "factors", "instruments", "topics", "target_groups", "partners", "keywords",
    "related"})  # fmt: skip

_YES, _NO = (
    frozenset(fold(word) for word in words.split())
    for words in (
        "yes y true 1 x ja j wahr oui o vrai sì si s vero sí verdadero áno a pravda da d jah tõene",
        "no n false 0 nein falsch non faux falso nie nepravda ne ei väär",
    )
)
_SUM = frozenset(
    fold(
        "total totals sum subtotal grand overall somme général générale sous totale somma complessivo suma spolu "
        "celkom súčet medzisúčet skupaj vsota seštevek kokku summa vahesumma summe gesamt insgesamt gesamtsumme "
        "zwischensumme"
    ).split()
)
_CURRENCIES = {
    "€": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "eur": "EUR",
    "£": "GBP",
    "kč": "CZK",
    "zł": "PLN",
    "lei": "RON",
    "ft": "HUF",
}
_TIME = re.compile(r"[T ]00:00(?::00)?(?:\.0+)?$")
_CODE = re.compile(r"\b[A-Z]{2}[A-Z0-9]{0,3}\b")


class Reader:
    """Reads cells with the names that vocabularies have in any language."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._ids: dict[str, dict[str, str]] = {}
        for scheme in {*SCHEMES.values()} & vocabulary.schemes.keys():
            ids = self._ids[scheme] = {}
            for one in vocabulary.ids(scheme):
                ids.setdefault(_key(one), one)
            for one in vocabulary.ids(scheme):
                for _, label in vocabulary.labels(scheme, one):
                    ids.setdefault(_key(label), one)
        self._languages = dict(_names_of_languages())

    def one(self, field: str, text: str, sheet: Sheet) -> str:
        """What a cell says in a field that has one value."""
        if field in SCHEMES:
            return self.id_of(SCHEMES[field], text)
        if field in DATES:
            return _date(text, sheet)
        if field in NUMBERS or field in WHOLE:
            return read_number(text) or text
        if field == "language" or field.endswith(".language"):
            return self.language(text)
        if field in _SPECIAL:
            return _SPECIAL[field](text)
        return " ".join(text.split())

    def several(self, field: str, text: str) -> list[str]:
        """What a cell says in a field that has a list."""
        read: Callable[[str], str]
        if field == "regions":
            read = self._region
        elif field in SCHEMES:
            read = self._id_or_nothing(SCHEMES[field])
        else:
            signs = r"[;\n]" if field == "partners" else r"[;,\n]"
            return [" ".join(part.split()) for part in re.split(signs, text) if part.strip()]
        return list(dict.fromkeys(self._parts(text, read)))

    def id_of(self, scheme: str, text: str) -> str:
        """The id that a label stands for, or the text."""
        return self._ids.get(scheme, {}).get(_key(text), text)

    def language(self, text: str) -> str:
        """The code of a language by its name in any language, or the text."""
        code = text.strip().lower()
        return code if code in language_codes() else self._languages.get(fold(text.strip()), text)

    def _id_or_nothing(self, scheme: str) -> Callable[[str], str]:
        return lambda text: self._ids.get(scheme, {}).get(_key(text), "")

    def _region(self, text: str) -> str:
        """The code of a region by any name; of "AT13 Wien" the code; "" where it is none."""
        text = text.strip()
        if self._vocabulary.knows(REGION_SCHEME, text.upper()):
            return text.upper()
        codes = [
            code
            for code in _CODE.findall(text if "," not in text else "")
            if self._vocabulary.knows(REGION_SCHEME, code)
        ]
        if len(codes) == 1 and len(codes[0]) > 2:
            return str(codes[0])
        return self._vocabulary.region_meant(text) or self._vocabulary.region_meant(re.sub(r"\(.*?\)", "", text))

    @staticmethod
    def _parts(text: str, read: Callable[[str], str]) -> Iterator[str]:
        """The values of a cell, divided no more than it needs: a comma may be part of a name."""
        for line in filter(str.strip, re.split(r"[;\n|]", text)):
            line = line.strip(" \t•–-*")  # noqa: PLW2901, RUF001 - signs of lists
            found = read(line)
            parts = [part.strip() for part in line.split(",") if part.strip()]
            if found or len(parts) < 2:
                yield found or line
            else:
                yield from (read(part) or part for part in parts)


def _date(text: str, sheet: Sheet) -> str:
    """A date as the model has it, of one that is written as offices do or kept as a number of days."""
    bare = _TIME.sub("", text.strip())
    if re.fullmatch(r"\d{5}(?:\.\d+)?", bare) and int(float(bare)) in SERIALS:
        return sheet.day(int(float(bare))) or text
    return read_date(bare) or bare


def is_sum(texts: Iterable[str]) -> bool:
    """Whether a row of these cells only adds up others: it says so, and nothing else but numbers."""
    others = [text for text in texts if not read_number(text)]
    words = {word for text in others for word in re.findall(r"[^\W\d_]+", fold(text))}
    return bool(words) and words <= _SUM


def _yes_or_no(text: str) -> str:
    return "yes" if fold(text) in _YES else "no" if fold(text) in _NO else text


def _currency(text: str) -> str:
    return _CURRENCIES.get(text.lower(), text.upper() if re.fullmatch("[A-Za-z]{3}", text) else text)


_SPECIAL = {"evaluation.independent": _yes_or_no, "cost.currency": _currency}


def _key(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text.replace("_", " ").replace("-", " "))))


def _names_of_languages() -> Iterator[tuple[str, str]]:
    for code in (*ANALYZERS, *sorted(language_codes() - ANALYZERS.keys())):
        for lang in (code, *LANGUAGES) if code in ANALYZERS else LANGUAGES:
            name = Locale(lang).languages.get(code)
            if name:
                yield fold(str(name)), code
