"""The catalogs of the interface are whole."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from babel.messages.catalog import Message
from babel.messages.plurals import get_plural

from tests.catalogs import extract, languages, read

TEMPLATE = {message.id: message for message in extract() if message.id}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}|<[^>]+>")

# Words that are the same in both languages.
SAME = {
    "fr": {
        "Région",
        "Sources",
        "Source",
        "Contact",
        "Document",
        "Contributors",
        "Menu",
        "%(label)s",
        "Collection",
        "Site",
    }
    | {"Page %(number)s", "Source %(number)s", "audit OR certification", "cyber*", "Page", "moved.yaml"},
}


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
    same = {message.id for message in read(lang) if message.id and message.string == message.id}
    assert same - SAME[lang] == set()
