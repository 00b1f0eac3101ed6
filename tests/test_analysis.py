"""How words are read, language by language."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis import ANALYZERS, MAX_WORD, bases, bases_all, fold, read_words, surface, words_of


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
    assert words_of(text, lang) == words


MODIFIER = "ʼ"  # an apostrophe that is a letter to Unicode
TEXTS = st.text(st.characters(exclude_characters=MODIFIER)) | st.text("abLQUÉéßŁİ\u0301'’ _-.1ǅ")  # with many elisions


@given(TEXTS, st.sampled_from(["", *sorted(ANALYZERS)]))
def test_a_word_knows_where_it_stands(text, lang):
    words, starts, ends = read_words(text, lang)
    before = 0
    for word, start, end in zip(words, starts, ends, strict=True):
        assert before <= start < end <= len(text)
        assert word == surface(text[start:end]) != ""
        before = end


def test_an_apostrophe_that_is_a_letter_is_an_apostrophe():
    assert words_of(f"l{MODIFIER}été", "fr") == ["été"]
    assert words_of(f"ab'{MODIFIER}") == ["ab"]


def test_what_is_elided_keeps_the_places_of_what_is_not():
    text = "L'été, aujourd’hui: Europe's qu'école"
    words, starts, ends = read_words(text, "fr")
    assert words == ["été", "aujourd", "hui", "europe", "école"]
    assert [text[start:end] for start, end in zip(starts, ends, strict=True)] == [
        "été", "aujourd", "hui", "Europe", "école"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "lang", "words"),
    [
        ("Finanțarea IMM-urilor, site-ul", "ro", ["finanțarea", "imm", "site"]),
        ("VKE-dele ja EL-i", "et", ["vke", "ja", "el"]),
        ("EU:n pk-yritykset", "fi", ["eu", "pk", "yritykset"]),
        ("kkv-knak, EU-s", "hu", ["kkv", "eu"]),
        ("PCR-test", "et", ["pcr", "test"]),  # a word
        ("lauantai-ilta", "fi", ["lauantai", "ilta"]),  # another
        ("MSP-jev", "sl", ["msp"]),
        ("EU:s", "sv", ["eu"]),
        ("IMM-urilor", "fr", ["imm", "urilor"]),  # endings of another language are words
        ("ul – uri", "ro", ["ul", "uri"]),  # no word before them
        ("-ul", "ro", ["ul"]),
        ("IMM\u2011uri ul", "ro", ["imm", "ul"]),
    ],
)
def test_an_ending_behind_a_hyphen_or_a_colon_is_no_word(text, lang, words):
    assert words_of(text, lang) == words


def test_a_run_of_letters_too_long_for_a_word_is_none():
    assert words_of(f"a {'x' * MAX_WORD} {'x' * (MAX_WORD + 1)} b") == ["a", "x" * MAX_WORD, "b"]


@pytest.mark.parametrize(
    ("word", "inflected", "lang"),
    [
        ("skill", "skills", "en"),
        ("école", "écoles", "fr"),
        ("empresa", "empresas", "es"),
        ("impresa", "imprese", "it"),
        ("škola", "školách", "sk"),
        ("znanje", "znanj", "sl"),
        ("ettevõte", "ettevõtetele", "et"),
        ("kutija", "kutije", "hr"),
        ("σχολείο", "σχολεία", "el"),
        ("școală", "școlile", "ro"),
    ],
)
def test_inflections_have_a_base_in_common(word, inflected, lang):
    assert set(bases(word, lang)) & set(bases(inflected, lang))


@pytest.mark.parametrize(
    ("written", "lang", "forms"),
    [
        ("Écoles", "fr", ("écoles", "ecoles", ("ecol", "ecole"))),
        ("e\u0301coles", "fr", ("écoles", "ecoles", ("ecol", "ecole"))),  # an accent that is a character of its own
        ("Training", "en", ("training", "training", ("train",))),
        ("Šole", "sl", ("šole", "sole", ("sol", "sola"))),
        ("Skola", "mt", ("skola", "skola", ())),
    ],
)
def test_a_word_has_a_surface_a_folded_form_and_bases(written, lang, forms):
    word = surface(written)
    assert (word, fold(word), bases(word, lang)) == forms


@settings(deadline=None)  # the first word of a language opens its dictionary
@given(st.lists(st.text(max_size=MAX_WORD)), st.sampled_from(["de", "en", "mt", "sk", "sl", "xx"]))
def test_many_words_have_the_bases_of_each_by_itself(words, lang):
    assert list(bases_all(words, lang)) == [bases(word, lang) for word in words]


def test_a_language_that_is_not_known_has_words_and_no_bases():
    assert words_of("l'école d'été", "xx") == ["école", "été"]
    assert bases("école", "xx") == ()


@pytest.mark.parametrize("row", ANALYZERS.values(), ids=lambda row: row.code)
def test_every_official_language_has_a_row_whose_parts_exist(row):
    assert bool(bases("word", row.code)) is (row.stemmer is not None or row.dictionary is not None)


def test_all_official_languages_are_there():
    assert len(ANALYZERS) == 24
