"""The catalogs of the interface are whole."""

from __future__ import annotations

import re
from collections.abc import Iterable
from gettext import c2py

import pytest
from babel import Locale
from babel.messages.catalog import Message
from babel.messages.plurals import get_plural

from tests.catalogs import extract, languages, read

TEMPLATE = {message.id: message for message in extract() if message.id}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}|<[^>]+>")

# What is the same as in English, by the reason for it.
WORDS = "the same word in both languages"
BLANKS = "nothing but what is put in, and the same punctuation"
SEARCHED = "words that are searched, in no language or in English"
FILE = "the name of a file"
SAME = {
    "de": {
        WORDS: {"Region", "Status", "Status: %(status)s", "Evaluation", "Styleguide", "Commit: %(commit)s"}
        | {"Branch", "Name", "Organisation"},
        BLANKS: {"%(name)s: %(value)s", "{name}: {value}"},
        SEARCHED: {"cyber*"},
        FILE: {"moved.yaml"},
    },
    "es": {
        WORDS: {"Error", "Error %(status)s", "Commit: %(commit)s", "No"},
        BLANKS: {"%(name)s: %(value)s", "{name}: {value}"},
        FILE: {"moved.yaml"},
    },
    "et": {BLANKS: {"%(name)s: %(value)s", "{name}: {value}"}, FILE: {"moved.yaml"}},
    "it": {
        WORDS: {"Menu", "Commit: %(commit)s", "Branch", "No"},
        BLANKS: {"%(name)s: %(value)s", "{name}: {value}"},
        SEARCHED: {"cyber*"},
        FILE: {"moved.yaml"},
    },
    "sk": {
        WORDS: {"Menu", "Commit: %(commit)s"},
        BLANKS: {"%(name)s: %(value)s", "{name}: {value}"},
        FILE: {"moved.yaml"},
    },
    "sl": {
        WORDS: {"Status", "Status: %(status)s"},
        BLANKS: {"%(name)s: %(value)s", "{name}: {value}"},
        FILE: {"moved.yaml"},
    },
    "fr": {
        WORDS: {"Région", "Sources", "Source", "Contact", "Document", "Contributors"}
        | {"Menu", "Page %(number)s", "Source %(number)s", "Page", "Collection", "Site", "Organisation"},
        BLANKS: {"%(label)s"},
        SEARCHED: {"audit OR certification", "cyber*"},
        FILE: {"moved.yaml"},
    },
}
ENDINGS = ".:?!…"


def same(lang: str) -> set[str]:
    """The messages that are the same in a language."""
    return set().union(*SAME.get(lang, {}).values())


def forms(message: Message) -> Iterable[str]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


@pytest.mark.parametrize("lang", languages())
def test_every_string_is_translated(lang):
    catalog = read(lang)
    translated = {message.id for message in catalog if message.id and all(forms(message)) and not message.fuzzy}
    assert TEMPLATE.keys() - translated == set()
    assert {message.id for message in catalog if message.id} - TEMPLATE.keys() == set()


@pytest.mark.parametrize("lang", languages())
def test_plurals_have_every_form(lang):
    catalog = read(lang)
    expected = get_plural(lang)
    assert catalog.num_plurals == expected.num_plurals
    for message in catalog:
        if message.pluralizable:
            assert len(message.string) == expected.num_plurals, message.id


@pytest.mark.parametrize("lang", languages())
def test_a_translation_has_the_same_placeholders(lang):
    for message in read(lang):
        if not message.id:
            continue
        ids = message.id if message.pluralizable else (message.id,)
        wanted = {place for one in ids for place in PLACEHOLDER.findall(one)}
        for string in forms(message):
            assert set(PLACEHOLDER.findall(string)) <= wanted, string
            if not message.pluralizable:
                assert sorted(PLACEHOLDER.findall(string)) == sorted(PLACEHOLDER.findall(message.id)), string


@pytest.mark.parametrize("lang", languages())
def test_no_string_is_left_in_english(lang):
    equal = {message.id for message in read(lang) if message.id and message.string == message.id}
    assert equal - same(lang) == set()


@pytest.mark.parametrize("lang", languages())
def test_a_translation_has_the_same_spaces_around_it(lang):
    def around(text: str) -> tuple[str, str]:
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    for message in read(lang):
        ids = message.id if message.pluralizable else (message.id,)
        for string in forms(message) if message.id else ():
            assert around(string) in {around(id) for id in ids}, string


@pytest.mark.parametrize("lang", languages())
def test_a_translation_ends_as_its_message_does(lang):
    def ending(text: str) -> str:
        return text[-1:] if text[-1:] in ENDINGS else ""

    for message in read(lang):
        ids = message.id if message.pluralizable else (message.id,)
        # "How to search" is a question in some languages.
        asks = {"?"} if re.match(r"(How|What|When|Where|Who|Why)\b", ids[0]) else set()
        for string in forms(message) if message.id else ():
            assert ending(string) in {ending(id) for id in ids} | asks, string


@pytest.mark.parametrize("lang", languages())
def test_plurals_are_those_of_cldr(lang):
    """The formula of the catalog tells apart the numbers that Unicode's rules tell apart, and no others."""
    catalog, rule = read(lang), Locale(lang).plural_form
    choose = c2py(catalog.plural_expr)
    numbers = range(1_000)  # no interface counts half a practice, nor does a formula differ beyond hundreds
    pairs = {(rule(number), choose(number)) for number in numbers}
    assert len(pairs) == len({category for category, _ in pairs}) == catalog.num_plurals


def test_slovene_has_four_plurals_and_slovak_three():
    assert {lang: get_plural(lang).num_plurals for lang in ("sl", "sk")} == {"sl": 4, "sk": 3}
