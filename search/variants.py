"""What of a practice is searched: its texts by field and language, the same for every engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from search import facets
from search.analysis import fold
from search.model import Practice, Translation
from search.text import plain_text
from search.vocabulary import REGION_SCHEME, Vocabulary

# A word counts for more where there are fewer of them; docs/search.md explains what comes of it.
BOOSTS = {"title": 4.0, "labels": 2.5, "summary": 1.5, "body": 1.0}
FIELDS = tuple(BOOSTS)


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of text and the language it is in; "" where that is not known, as of a name."""

    text: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """A practice in one of its languages, as it is indexed: a hit is a practice, found by any of its variants."""

    lang: str
    fields: dict[str, tuple[Text, ...]]
    body: str  # plain text, from which snippets are cut


def variants(practice: Practice, vocabulary: Vocabulary) -> Iterator[Variant]:
    """The original and every translation, with what they share."""
    labels = tuple(_labels(practice, vocabulary))
    native = tuple(Text(title, lang) for lang, title in practice.title_native.items())
    texts: tuple[Practice | Translation, ...] = (practice, *practice.translations)
    for text in texts:
        body = plain_text(text.body)
        yield Variant(
            lang=text.language,
            fields={
                "title": (Text(text.title, text.language), *native),
                "labels": labels,
                "summary": (Text(text.summary, text.language),),
                "body": (Text(body, text.language),),
            },
            body=body,
        )


def titles(practice: Practice) -> set[str]:
    """Every title under which it is known, reduced: whoever types one whole wants this practice first."""
    known = {practice.title, *practice.title_native.values(), *(one.title for one in practice.translations)}
    return {title_key(title) for title in known}


def title_key(text: str) -> str:
    """A title reduced to what two ways of typing it share."""
    return " ".join(fold(text).split())


def _labels(practice: Practice, vocabulary: Vocabulary) -> Iterator[Text]:
    """Labels of all filters in all languages, and the names that a practice carries."""
    for facet in facets.FACETS:
        for value in sorted(facet.values(practice)):
            if facet.scheme == REGION_SCHEME:
                yield Text(value)
            for lang, label in vocabulary.labels(facet.scheme, value):
                yield Text(label, lang)
    for keyword in practice.keywords:
        yield Text(keyword, practice.language)
    yield Text(practice.organisation.name)
    yield from (Text(name) for name in practice.partners)
    if practice.place:
        yield Text(practice.place)
    if practice.origin:
        yield from (Text(name) for name in (practice.origin.programme, practice.origin.project) if name)
