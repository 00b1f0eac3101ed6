"""In every language of the interface each page is whole: none of the catalog's English is left over in it."""

from __future__ import annotations

import re
from functools import cache

import pytest

from tests.browser.pages import LANGUAGES, REAL_PAGES, STATUS, real_address
from tests.catalogs import languages, read
from tests.reading import has_letters, read_texts
from tests.test_catalogs import forms, same
from web.i18n import open_languages

# Where documents and what was typed stand. What is in another language than the page is marked as that, and left out.
CONTENT = {"card__text", "card__who", "practice__body", "results__suggestion"}
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")
WORD = re.compile(r"[^\W\d_]+")
LONG = 3  # words by which a message is known in the middle of a text; a shorter one only by itself


@cache
def english(lang: str) -> list[re.Pattern[str]]:
    """What would be found of each message that the catalog translates into something else."""
    found = []
    for message in read(lang):
        if not message.id or message.id in same(lang):
            continue
        for id in message.id if message.pluralizable else (message.id,):
            words = len(WORD.findall(PLACEHOLDER.sub("", id)))
            is_glue = words < LONG and len(PLACEHOLDER.findall(id)) > 1  # "%(first)s to %(last)s": any three words
            if words == 0 or is_glue or id in forms(message):
                continue
            written = ".+?".join(re.escape(re.sub(r"\s+", " ", part)) for part in PLACEHOLDER.split(id))
            pattern = rf"(?<!\w){written}(?!\w)" if words >= LONG else rf"^{written}$"
            found.append(re.compile(pattern, re.MULTILINE))
    return found


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("name", REAL_PAGES)
def test_no_english_message_is_left_over(speaking_client, lang, name):
    answer = speaking_client.get(real_address(name, lang))
    assert answer.status_code == STATUS.get(name, 200)
    texts = [
        text.text
        for text in read_texts(answer.text)
        if has_letters(text.text) and not text.is_foreign and not text.stands_in(CONTENT, {"code"})
        if not (text.attribute == "content" and name.startswith("practice"))  # its summary
    ]
    whole = "\n".join(texts)
    left = [pattern.pattern for pattern in english(lang) if pattern.search(whole)]
    assert left == []


def test_english_would_be_found(speaking_client):
    texts = "\n".join(text.text for text in read_texts(speaking_client.get("/en/help").text))
    lang = languages()[0]
    found = [pattern.pattern for pattern in english(lang) if pattern.search(texts)]
    assert len(found) > 30


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", REAL_PAGES)
def test_no_placeholder_shows_in_any_language(speaking_client, lang, name):
    texts = read_texts(speaking_client.get(real_address(name, lang)).text)
    shown = [text.text for text in texts if re.search(r"%\(\w+\)|\{\{|\}\}|Project-Id-Version", text.text)]
    assert shown == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_plural_has_the_form_of_its_number(lang):
    """For each number the form that CLDR says, so that Slovene speaks of 1, 2, 3 and 5 practices in four ways."""
    language = open_languages([lang])[lang]
    numbers = (1, 2, 3, 5)
    said = [language.catalog.ngettext("%(shown)s practice", "%(shown)s practices", number) for number in numbers]
    for one, other in ((0, 1), (1, 2), (2, 3), (0, 3)):
        is_one_form = language.locale.plural_form(numbers[one]) == language.locale.plural_form(numbers[other])
        if is_one_form:
            assert said[one] == said[other], said
    if lang in {"sl", "sk"}:
        assert len(set(said)) == {"sl": 4, "sk": 3}[lang]
