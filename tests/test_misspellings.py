"""Misspelt words of the collection, made by a seeded program: the right word is offered, or found."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator

import pytest

from search.analysis import fold, words_of
from search.query import SearchQuery
from search.variants import variants

COUNT = 300
PART = 0.9  # of them
SHORTEST, LONG = 4, 6  # letters from which one edit, and two, can be mended


def one_edit(word: str, chance: random.Random) -> str:
    """A letter added, dropped, changed, or swapped with its neighbour."""
    at = chance.randrange(len(word) - 1)
    letter = chance.choice("abcdefghijklmnoprstuvz")
    kind = chance.randrange(4)
    if kind == 0:
        return word[:at] + letter + word[at:]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[:at] + letter + word[at + 1 :]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def misspellings(practices) -> Iterator[tuple[str, str, str]]:
    """Language, word, and how it is misspelt."""
    chance = random.Random(20)
    words = sorted(
        {
            (variant.lang, word)
            for practice in practices
            for variant in variants(practice)
            for texts in variant.texts
            for text in texts
            for word in words_of(text, variant.lang)
            if word.isalpha() and len(word) >= SHORTEST + 1
        }
    )
    chance.shuffle(words)
    known = {fold(word) for _, word in words}
    for lang, word in words:
        kind = chance.randrange(3)
        wrong = word
        if kind == 0 and word != fold(word):
            wrong = "".join(one for one in unicodedata.normalize("NFKD", word) if not unicodedata.combining(one))
        else:
            for _ in range(2 if kind == 1 and len(word) >= LONG + 2 else 1):
                wrong = one_edit(wrong, chance)
        # What is another word of the collection is not misspelt to anybody.
        if wrong != word and (fold(wrong) not in known or fold(wrong) == fold(word)):
            yield lang, word, wrong


@pytest.fixture(scope="module")
def mended(real_engine):
    """For each misspelling whether the right word was offered or found, and what was."""
    snapshot = real_engine.snapshot()
    rows = []
    for lang, word, wrong in misspellings(snapshot.library):
        results = snapshot.search(SearchQuery(text=wrong, lang=lang, reader=lang))
        offered = {fold(one.nearest) for one in results.suggestions}
        matched = {fold(why.term) for hit in results.hits for why in hit.why}
        rows.append((lang, word, wrong, fold(word) in offered | matched, sorted(offered)))
        if len(rows) == COUNT:
            break
    return rows


def test_the_right_word_is_offered_or_found(mended):
    assert len(mended) == COUNT
    right = [row for row in mended if row[3]]
    assert len(right) >= PART * COUNT, [row for row in mended if not row[3]]


@pytest.mark.parametrize("word", ["xqzwvkj", "zzzzzz", "qwxyzpfk", "brrrlmpf", "ωψξφζθ"])
def test_a_word_that_is_near_nothing_finds_nothing(real_engine, word):
    results = real_engine.search(SearchQuery(text=word))
    assert (results.total, results.suggestions, results.searched) == (0, (), "")
