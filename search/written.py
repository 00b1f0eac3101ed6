"""Dates and numbers as people write them, and what they are in a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Literal

from babel import Locale

from search.analysis import ANALYZERS, fold
from search.model import YEARS

_DAY = re.compile(r"(\d{1,2})[./ -]+(\d{1,2})[./ -]+(\d{4})\.?")
_MONTH = re.compile(r"(\d{1,2})[./-](\d{4})|(\d{4})[./-](\d{1,2})")
_NAMED = re.compile(
    r"(?:(\d{1,2})(?:\.|er|º|st|nd|rd|th)?\s+)?(?:de\s+|of\s+)?([^\W\d_]{3,})[.,]?\s+(?:de\s+)?(\d{4})\.?"
)
_BEFORE_DAY = re.compile(r"([^\W\d_]{3,})\s+(\d{1,2}),?\s+(\d{4})")


def read_date(text: str) -> str:
    """A year, a month or a day as the model has it, of one that is written as offices do; "" where it is none."""
    bare = " ".join(text.split())
    if found := _DAY.fullmatch(bare):
        day, month, year = map(int, found.groups())
        return _iso(year, month, day)
    if found := _MONTH.fullmatch(bare):
        month, year = (int(found[1]), int(found[2])) if found[1] else (int(found[4]), int(found[3]))
        return _iso(year, month)
    if found := _NAMED.fullmatch(bare):
        return _iso(int(found[3]), _months().get(fold(found[2]), 0), int(found[1]) if found[1] else None)
    if found := _BEFORE_DAY.fullmatch(bare):
        return _iso(int(found[3]), _months().get(fold(found[1]), 0), int(found[2]))
    return bare if re.fullmatch(r"\d{4}", bare) and int(bare) in YEARS else ""


def _iso(year: int, month: int, day: int | None = None) -> str:
    try:
        found = date(year, month, day or 1).isoformat() if year in YEARS else ""
    except ValueError:  # the 30th of February is no better when it is written otherwise
        return ""
    return found if day is not None else found[:7]


@cache
def _months() -> dict[str, int]:
    """Months by their names in the languages of the Union, folded."""
    return dict(_names_of_months())


def _names_of_months() -> Iterator[tuple[str, int]]:
    contexts: tuple[Literal["format", "stand-alone"], ...] = ("format", "stand-alone")
    for code in ANALYZERS:
        for context in contexts:
            for width in ("wide", "abbreviated"):
                for number, name in Locale(code).months[context][width].items():
                    yield fold(name).strip("."), number


def is_unclear(text: str) -> bool:
    """Whether a number may be thousands in one country and decimals in another: 12.500, 12,500."""
    return re.fullmatch(r"-?[1-9]\d{0,2}[.,]\d{3}", re.sub(r"[\s%€]|EUR", "", text)) is not None


def read_number(text: str) -> str:
    """A number with a point before its decimals, of one as people write it; "" where it is none."""
    bare = re.sub(r"[\s'’%€£]|EUR|Euro|,-+$|,–$", "", text, flags=re.IGNORECASE)  # noqa: RUF001
    if "," in bare and "." in bare:
        decimal = max(bare, key=lambda char: (char in ",.", bare.rindex(char) if char in ",." else 0))
        bare = bare.replace("," if decimal == "." else ".", "").replace(decimal, ".")
    elif re.fullmatch(r"-?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})+", bare):
        bare = re.sub("[.,]", "", bare)
    bare = bare.replace(",", ".")
    try:
        return format(Decimal(bare), "f") if re.fullmatch(r"-?\d+(?:\.\d+)?", bare) else ""
    except InvalidOperation:
        return ""
