"""Known items: somebody looks for one text, with a few words that stand in it. Made from practices, by a seed.

A document is a practice in one of its languages. Each of its queries is a few words of its title, summary and text,
drawn in any order; what should be found is that document.
"""

from __future__ import annotations

import random
from collections.abc import Iterable

from bench.judged import Document, Judged, Query
from search.analysis import words_of
from search.model import Practice
from search.text import plain_text
from search.variants import title_key

SEED = "known items"
EACH = 5  # queries for a document
FEWEST, MOST = 2, 4  # words of a query
SHORTEST = 4  # letters of a word that is drawn; shorter ones are mostly of the kind that stands everywhere


def known_items(practices: Iterable[Practice], seed: str = SEED) -> Judged:
    """Queries for each practice in each of its languages; the same whenever the practices and the seed are."""
    documents = tuple(_document(practice, lang) for practice in practices for lang in practice.languages)
    asked = {
        Query(id, _draw(document, random.Random(f"{seed}:{id}")), document.lang): document.id
        for document in documents
        for id in (f"{document.id}/{number}" for number in range(1, EACH + 1))
    }
    return Judged(documents, tuple(asked), {query.id: {document: 1} for query, document in asked.items()})


def _document(practice: Practice, lang: str) -> Document:
    shown = practice.variant(lang)
    return Document(f"{practice.id}.{lang}", shown.title, f"{shown.summary}\n\n{plain_text(shown.body)}", lang)


def _draw(document: Document, chance: random.Random) -> str:
    """Different words, in any order; never the title itself."""
    words = words_of(f"{document.title} {document.text}", document.lang)
    long = sorted({word for word in words if len(word) >= SHORTEST and word.isalpha()})
    while True:
        drawn = " ".join(chance.sample(long, min(len(long), chance.randint(FEWEST, MOST))))
        if title_key(drawn) != title_key(document.title):
            return drawn
