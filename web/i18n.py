"""Languages of the interface: which one a request speaks, its catalog, and its ways of writing numbers and dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale, negotiate_locale
from babel.dates import format_date, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal
from babel.support import Translations

LOCALE_DIR = Path(__file__).parent / "locale"
SOURCE_LANGUAGE = "en"  # the language of the strings in code and templates
LOCALES = {"en": "en_GB"}  # where a language is written in several ways: the one that Europe's public bodies use

_ACCEPTED = re.compile(r"([a-zA-Z]{2,3})(?:-[a-zA-Z0-9-]+)?\s*(?:;\s*q=([0-9.]+))?")


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the interface."""

    code: str
    catalog: NullTranslations
    locale: Locale

    @property
    def label(self) -> str:
        """Its own name, as a reader of it writes it."""
        name = str(self.locale.languages.get(self.code, self.code))
        return name[:1].upper() + name[1:]

    def number(self, value: Decimal | float) -> str:
        """1,234.5 as this language writes it."""
        return _number(value, LOCALES.get(self.code, self.code))

    def money(self, amount: Decimal, currency: str) -> str:
        """An amount with its currency; cents only where there are some."""
        pattern = self.locale.currency_formats["standard"].pattern
        if amount == amount.to_integral_value():
            pattern = pattern.replace("0.00", "0")
        return format_currency(amount, currency, format=pattern, locale=self.locale, currency_digits=False)

    def day(self, value: date) -> str:
        """30 April 2019."""
        return format_date(value, format="long", locale=self.locale)

    def partial_date(self, value: str) -> str:
        """A text like 2019, 2019-04 or 2019-04-30 as a reader writes it."""
        parts = [int(part) for part in value.split("-")]
        if len(parts) == 1:
            return value
        if len(parts) == 2:
            return format_skeleton("yMMMM", date(parts[0], parts[1], 1), locale=self.locale)
        return self.day(date(*parts))

    def language_name(self, code: str) -> str:
        """The name of a language in this one."""
        return str(self.locale.languages.get(code, code))


@lru_cache(maxsize=10_000)
def _number(value: Decimal | float, locale: str) -> str:
    """Counts come again and again, some hundred on a page, and Babel reads its pattern anew for each."""
    return format_decimal(value, locale=locale)


def open_languages(codes: Sequence[str], asked_in: str = "the setting PRACTICES_LANGUAGES") -> dict[str, Language]:
    """The interface in these languages. Raises: FileNotFoundError for a language without catalog."""
    there_are = sorted({SOURCE_LANGUAGE, *(path.stem for path in LOCALE_DIR.glob("*.po"))})
    for code in codes:
        if code not in there_are:
            message = f'the interface is not translated into the language "{code}" of {asked_in}'
            raise FileNotFoundError(f"{message}; there are: {', '.join(there_are)}")
    return {code: Language(code, _catalog(code), Locale.parse(LOCALES.get(code, code))) for code in codes}


def choose_language(accepted: str, available: Sequence[str]) -> str:
    """The language of a visitor by the header Accept-Language; the first one available where none fits."""
    wanted = [(float(weight or 1), code.lower()) for code, weight in _weights(accepted)]
    ranked = [code for weight, code in sorted(wanted, key=lambda one: -one[0]) if weight > 0]
    return negotiate_locale(ranked, list(available)) or available[0]


def _weights(accepted: str) -> list[tuple[str, str]]:
    return [(code, weight) for code, weight in _ACCEPTED.findall(accepted[:500]) if not weight or _is_number(weight)]


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\d*\.?\d+|\d+\.", text) is not None


@cache
def _catalog(code: str) -> NullTranslations:
    """A catalog is kept as text and compiled when it is read, so no binary file can be older than it."""
    if code == SOURCE_LANGUAGE:
        return NullTranslations()
    compiled = BytesIO()
    with (LOCALE_DIR / f"{code}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return Translations(compiled)
