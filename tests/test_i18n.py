"""Languages of the interface."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from web.i18n import choose_language, open_languages

LANGUAGES = open_languages(["en", "fr"])


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("fr", "fr"),
        ("fr-BE,fr;q=0.9,en;q=0.5", "fr"),
        ("de,fr;q=0.3", "fr"),
        ("de", "en"),
        ("en;q=0.1, fr;q=0.2", "fr"),
        ("fr;q=0", "en"),
        ("", "en"),
        ("*", "en"),
        (";;;q=,,", "en"),
        ("fr;q=nonsense", "fr"),
        ("x" * 100_000, "en"),
    ],
)
def test_the_visitors_language_is_the_first_that_we_have(accepted, chosen):
    assert choose_language(accepted, ["en", "fr"]) == chosen


def test_numbers_and_dates_are_written_as_the_language_does():
    english, french = LANGUAGES["en"], LANGUAGES["fr"]
    assert english.number(Decimal("1234.5")) == "1,234.5"
    assert french.number(1234) == "1\u202f234"
    assert english.money(Decimal(1100000), "EUR") == "€1,100,000"
    assert english.money(Decimal("9999.99"), "EUR") == "€9,999.99"
    assert french.money(Decimal(1100000), "EUR") == "1\u202f100\u202f000\xa0€"
    assert french.day(date(2019, 4, 30)) == "30 avril 2019"
    assert [french.partial_date(text) for text in ("2019", "2019-04", "2019-04-30")] == [
        "2019",
        "avril 2019",
        "30 avril 2019",
    ]


def test_a_language_is_named_by_itself():
    assert [language.label for language in LANGUAGES.values()] == ["English", "Français"]


def test_a_language_without_catalog_is_refused():
    with pytest.raises(FileNotFoundError, match=r'"mt".*there are: de, en, es, et, fr, it, sk, sl'):
        open_languages(["en", "mt"])
