"""What of a practice is searched: its texts by field and language, the same for every engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from search.analysis import fold
from search.model import Practice, Translation
from search.text import plain_text

# A word counts for more where there are fewer of them; docs/search.md explains what comes of it.
# "labels" are the names and keywords that a practice carries, and the labels of its facet values.
BOOSTS = {"title": 4.0, "labels": 2.5, "summary": 1.5, "body": 1.0}
FIELDS = tuple(BOOSTS)


@dataclass(frozen=True, slots=True)
class Variant:
    """A practice in one language, as it is indexed: a hit is a practice, found by all of its variants together.

    Its title at home is a variant of its own, which `is_whole` says is not one to read.
    """

    lang: str
    is_whole: bool
    texts: tuple[tuple[str, ...], ...]  # for each of FIELDS


def variants(practice: Practice) -> Iterator[Variant]:
    """The original, every translation, and the title in languages that have no more than that."""
    names = tuple(_names(practice))
    shown: tuple[Practice | Translation, ...] = (practice, *practice.translations)
    for text in shown:
        texts = ((text.title,), names, (text.summary,), (plain_text(text.body),))
        yield Variant(text.language, is_whole=True, texts=texts)
    for lang, title in practice.title_native.items():
        yield Variant(lang, is_whole=False, texts=((title,), (), (), ()))


def titles(practice: Practice) -> set[str]:
    """Every title under which it is known: whoever types one whole wants this practice first."""
    return {practice.title, *practice.title_native.values(), *(one.title for one in practice.translations)}


def title_key(text: str) -> str:
    """A title reduced to what two ways of typing it share."""
    return " ".join(fold(text).split())


def _names(practice: Practice) -> Iterator[str]:
    """What it is called by besides its title: keywords and names, each a text of its own."""
    yield from practice.keywords
    yield practice.organisation.name
    yield from practice.partners
    if practice.place:
        yield practice.place
    if practice.origin:
        yield from (name for name in (practice.origin.programme, practice.origin.project) if name)
