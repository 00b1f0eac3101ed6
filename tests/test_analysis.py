"""How words are read, language by language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import ANALYZERS, fold, index_terms, stem, tokens


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("Đakovo", "dakovo"),
        ("œuvre", "oeuvre"),
        ("ESPAÑA", "espana"),
        ("Κυβερνοασφάλεια", "κυβερνοασφαλεια"),
        ("Ørsted", "orsted"),
        ("İstanbul", "istanbul"),
        ("България", "българия"),
        ("Škofja Loka", "skofja loka"),
    ],
)
def test_folding_leaves_what_a_hurried_visitor_types(written, folded):
    assert fold(written) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "lang", "words"),
    [
        ("l'innovation d’été", "fr", ["innovation", "été"]),
        ("dell'impresa", "it", ["impresa"]),
        ("Europe's firms", "en", ["europe", "firms"]),
        ("e-commerce, ISO 27001!", "en", ["e", "commerce", "iso", "27001"]),
        ("snake_case", "en", ["snake", "case"]),
        ("", "en", []),
        ("🙂 — …", "en", []),
    ],
)
def test_a_text_is_cut_into_words(text, lang, words):
    assert [token.surface for token in tokens(text, lang)] == words


@given(st.text(), st.sampled_from(sorted(ANALYZERS)))
def test_a_token_knows_where_it_stands(text, lang):
    for token in tokens(text, lang):
        assert 0 <= token.start < token.end <= len(text)


@pytest.mark.parametrize(
    ("word", "inflected", "lang"),
    [("skill", "skills", "en"), ("école", "écoles", "fr"), ("empresa", "empresas", "es"), ("impresa", "imprese", "it")],
)
def test_inflections_meet_in_one_stem(word, inflected, lang):
    assert stem(word, lang) == stem(inflected, lang) != ""


def test_a_word_is_indexed_as_written_folded_and_stemmed():
    assert index_terms("écoles", "fr") == ("écoles", "~ecoles", "=fr:ecol")
    assert index_terms("training", "en") == ("training", "=en:train")
    assert index_terms("šola", "sl") == ("šola", "~sola")


@pytest.mark.parametrize("row", ANALYZERS.values(), ids=lambda row: row.code)
def test_every_official_language_has_a_row_whose_stemmer_exists(row):
    assert bool(stem("word", row.code)) is (row.stemmer is not None)


def test_all_official_languages_are_there():
    assert len(ANALYZERS) == 24
