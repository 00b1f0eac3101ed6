"""In a language in which every message is in brackets, nothing of the interface stands outside of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from gettext import NullTranslations

import pytest
from babel import Locale

from search.settings import Settings
from tests.browser.pages import REAL_PAGES, STATUS, real_address
from tests.conftest import make_client
from tests.reading import Text, has_letters, read_texts
from web import app, styleguide
from web.i18n import Language

# Where documents, codes and what was typed stand: shown as they are in every language.
CONTENT = {
    "card__text", "practice__body", "place__code", "results__suggestion", "suggestions__option", "long-words",
    "input", "input--region", "field__example", "field__original", "ladder__text",
}  # fmt: skip
KEY = re.compile(r"%\(\w+\)|%[sd]\b|\{\{|\}\}|\{\w+\}|Project-Id-Version")


class Bracketed(NullTranslations):
    """A catalog in which every message is translated by itself in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(singular if n == 1 else plural)

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)

    def npgettext(self, context: str, singular: str, plural: str, n: int) -> str:
        return self.ngettext(singular, plural, n)


class Pseudo(Language):
    """What a locale writes is in brackets too, but for numbers."""

    def number(self, value):
        return f"{value:,}"

    def day(self, value):
        return f"⟦{super().day(value)}⟧"

    def money(self, amount, currency):
        return f"⟦{super().money(amount, currency)}⟧"

    def partial_date(self, value):
        return f"⟦{super().partial_date(value)}⟧"

    def language_name(self, code):
        return f"⟦{super().language_name(code)}⟧"


@pytest.fixture(scope="module")
def pseudo(real_engine):
    """The site in that language alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "open_languages", lambda codes: {"qps": Pseudo("qps", Bracketed(), Locale.parse("en_GB"))})
        yield make_client(real_engine, languages="qps")


@pytest.fixture(scope="module")
def known(real_engine, vocabulary) -> set[str]:
    """What vocabularies and practices say, in pieces as plain() makes them."""
    snapshot = real_engine.snapshot()
    values = [practice.model_dump() for practice in (*snapshot.library, *styleguide.LIBRARY)]
    values += [scheme.model_dump() for scheme in vocabulary.schemes.values()]
    values += [region.all_names() for region in vocabulary.regions.values()]
    values += [Settings.model_fields["site_name"].default, "CC BY 4.0", "qps", *styleguide.GERMAN]
    values.append(styleguide.WITHDRAWN)
    return {piece for text in strings(values) for piece in pieces(text)}


def strings(value: object) -> Iterator[str]:
    """Every text in a value made of lists and mappings."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from strings(one)


def pieces(text: str) -> list[str]:
    """The parts of a text between the marks that join labels, as they are compared."""
    return [part.strip().casefold() for part in re.split(r"[,;·()|–]| – ", text) if has_letters(part)]


def outside(texts: Iterable[Text]) -> Iterator[tuple[Text, str]]:
    """Each text without what stands in brackets, which may close in a later one."""
    open_before = 0
    for text in texts:
        depth, rest = (0, "") if text.attribute else (open_before, "")
        for char in text.text:
            depth += char == "⟦"
            rest += char if not depth else "," if char == "⟧" else ""
            depth -= char == "⟧"
        if not text.attribute:
            open_before = depth
        yield text, rest


@pytest.mark.parametrize("name", REAL_PAGES)
def test_nothing_of_the_interface_is_left_untranslated(pseudo, known, name):
    answer = pseudo.get(real_address(name, "qps"))
    assert answer.status_code == STATUS.get(name, 200)
    texts = read_texts(answer.text)
    assert sum("⟦" in text.text for text in texts) > 20
    left = [
        (piece, text.attribute or [mark.attributes.get("class", mark.tag) for mark in text.marks[-2:]])
        for text, rest in outside(texts)
        if not text.stands_in(CONTENT, {"code"})
        for piece in pieces(rest)
        if piece not in known
        and not re.fullmatch(r"[a-z]{2}[a-z0-9]{0,3}|https?://\S+|\S+@\S+|[\w-]+(\.[\w-]+)+", piece)
    ]
    assert left == []


@pytest.mark.parametrize("name", REAL_PAGES)
def test_no_placeholder_shows(pseudo, name):
    texts = read_texts(pseudo.get(real_address(name, "qps")).text)
    assert [text.text for text in texts if KEY.search(text.text)] == []


def test_what_is_left_would_be_found():
    texts = read_texts('<p aria-label="Read more">⟦Region: ⟦France⟧⟧ and <b>on</b> ⟦one <i>by</i> one⟧ 3 ·</p>')
    assert [pieces(rest) for _, rest in outside(texts)] == [["read more"], ["and"], ["on"], [], [], []]
