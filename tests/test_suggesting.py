"""Suggestions as a visitor types: no title of the real collection can be missed."""

from __future__ import annotations

import pytest

from search.analysis import fold
from search.engines.suggesting import Tier, Titles
from search.engines.whoosh_engine import WhooshEngine
from search.query import CompletionKind
from search.variants import titles
from tests.builders import make_practice

EVERYTHING = 100_000  # suggestions, more than there can be


@pytest.fixture
def italian(tmp_path, vocabulary):
    """The index of one Italian practice with a title."""

    def make(title):
        engine = WhooshEngine(tmp_path / "index", vocabulary)
        engine.rebuild([make_practice(title=title, language="it")])
        return engine.snapshot()

    return make


def practices(snapshot, text, lang="en", size=EVERYTHING):
    return [one.id for one in snapshot.suggest(text, lang, size) if one.kind is CompletionKind.PRACTICE]


def every_title(snapshot):
    return [(practice.id, title) for practice in snapshot.library for title in sorted(titles(practice))]


def raw_words(title):
    """The words as people see them: runs of letters and digits, whatever the analysis makes of them."""
    return "".join(char if char.isalnum() else " " for char in title).split()


def test_every_beginning_of_every_word_of_every_title_finds_the_title(real_engine):
    snapshot = real_engine.snapshot()
    beginnings = {}
    for id, title in every_title(snapshot):
        for word in raw_words(title):
            for end in range(2, len(word) + 1):
                beginnings.setdefault(word[:end], set()).add(id)
    assert len(beginnings) > 3_000
    missed = {text: ids - set(practices(snapshot, text)) for text, ids in beginnings.items()}
    assert {text: ids for text, ids in missed.items() if ids} == {}


def test_a_title_is_found_while_it_is_typed_from_its_beginning(real_engine):
    snapshot = real_engine.snapshot()
    for id, title in every_title(snapshot):
        for end in range(12, len(title) + 1):
            assert id in practices(snapshot, title[:end], size=20), title[:end]
        assert practices(snapshot, title, size=8)[0] == id, title


@pytest.mark.parametrize("lang", ["en", "fr", "sk", "el"])
def test_a_title_is_found_without_its_accents_and_in_capitals(real_engine, lang):
    snapshot = real_engine.snapshot()
    for id, title in every_title(snapshot):
        assert practices(snapshot, fold(title), lang, 20)[0] == id, title
        assert practices(snapshot, title.upper(), lang, 20)[0] == id, title


def test_every_name_of_every_region_finds_it_or_the_area_that_it_is(real_engine, vocabulary):
    snapshot = real_engine.snapshot()
    missed = []
    for code, region in vocabulary.regions.items():
        if region.successors:
            continue
        for name in (code, *region.all_names()):
            found = snapshot.suggest(name, "en", EVERYTHING)
            codes = [one.id for one in found if one.kind is CompletionKind.REGION]
            if not any(code.startswith(one) or one.startswith(code) for one in codes):
                missed.append((code, name))
    assert missed == []


def test_words_that_the_analysis_elides_are_found_too(italian):
    segment = italian("Dalla filiera all'innovazione dell’impresa").catalogue.parts[0].segment
    for word in ("dell", "del", "al", "all"):
        assert len(Titles(segment).find([word])[0]) == 1, word
    assert Titles(segment).find(["dalla"])[1].tolist() == [Tier.BEGINS_WITH_WORDS]
    assert Titles(segment).find(["dall"])[1].tolist() == [Tier.BEGINS]
    assert Titles(segment).find(["innovazione"])[1].tolist() == [Tier.HAS_WORDS]
    assert Titles(segment).find(["filiera", "inn"])[1].tolist() == [Tier.HAS]
