"""The vocabularies as they are, and what can be asked of them."""

from __future__ import annotations

import re
import shutil
from collections import Counter

import pytest

from search import facets
from search.analysis import fold
from search.errors import VocabularyError
from search.vocabulary import LANGUAGES, read_vocabulary
from tests.conftest import ROOT

CONCEPT_SCHEMES = [path.stem for path in sorted((ROOT / "vocabulary").glob("*.yaml"))]


@pytest.mark.parametrize("name", CONCEPT_SCHEMES)
def test_no_language_is_missing(vocabulary, name):
    scheme = vocabulary.schemes[name]
    for lang in LANGUAGES:
        assert scheme.title.get(lang)
        for concept in scheme.concepts:
            assert concept.pref_label.get(lang), (concept.id, lang)


WITHOUT_SYNONYMS = {"headings", "languages", "nuts", "glossary"}


@pytest.mark.parametrize("name", [name for name in CONCEPT_SCHEMES if name not in WITHOUT_SYNONYMS])
def test_every_concept_has_synonyms_and_a_definition_in_every_language(vocabulary, name):
    for concept in vocabulary.schemes[name].concepts:
        for lang in LANGUAGES:
            assert concept.alt_labels.get(lang), (concept.id, lang)
            assert concept.definition.get(lang), (concept.id, lang)


@pytest.mark.parametrize("name", CONCEPT_SCHEMES)
def test_labels_are_unique_within_a_scheme_and_language(vocabulary, name):
    for lang in LANGUAGES:
        labels = Counter(
            fold(label)
            for concept in vocabulary.schemes[name].concepts
            for label in (concept.pref_label[lang], *concept.alt_labels.get(lang, ()))
        )
        assert [label for label, count in labels.items() if count > 1] == []


@pytest.mark.parametrize("name", CONCEPT_SCHEMES)
def test_broader_concepts_exist_and_lead_upwards(vocabulary, name):
    for concept in vocabulary.schemes[name].concepts:
        seen = [concept.id]
        while broader := vocabulary.concept(name, seen[-1]).broader:
            assert broader not in seen
            seen.append(broader)


def test_languages_have_the_names_of_their_readers(vocabulary):
    assert vocabulary.label("languages", "et", "en") == "Estonian"
    assert vocabulary.label("languages", "et", "et") == "Eesti"
    assert vocabulary.label("languages", "et", "fr") == "Estonien"
    french = [label for _, label in vocabulary.labelled("languages", "fr")]
    assert french == sorted(french, key=fold)


def test_every_filter_has_a_scheme(vocabulary):
    for facet in facets.FACETS:
        assert vocabulary.title(facet.scheme, "en")


def test_every_barrier_has_a_factor(vocabulary):
    for concept in vocabulary.schemes["barriers"].concepts:
        assert vocabulary.knows("pestel", concept.pestel)


def test_every_region_lies_in_one_that_exists(vocabulary):
    for code, region in vocabulary.regions.items():
        assert region.parent == code[:-1] if region.level else region.parent == ""
        assert not region.parent or region.parent in vocabulary.regions


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("FRH0", ("FRH0",)),
        ("frh0", ("FRH0",)),
        ("Brittany", ("FRH", "FRH0")),
        ("bretagne", ("FRH", "FRH0")),
        ("Bretaña", ("FRH", "FRH0")),
        ("castilla y leon", ("ES41",)),
        ("GR", ("EL",)),
        ("GB", ("UK",)),
        ("GR30", ("EL30",)),
        ("NL31", ("NL35",)),
        ("PT17", ("PT1A", "PT1B")),
        ("wallonie", ("BE3",)),
        ("Atlantis", ()),
    ],
)
def test_a_region_is_found_by_any_of_its_names_and_codes(vocabulary, text, codes):
    assert vocabulary.resolve_region(text) == codes


def test_no_name_gives_a_code_twice(vocabulary):
    for region in vocabulary.regions.values():
        for name in region.all_names():
            codes = vocabulary.regions_named(name)
            assert len(codes) == len(set(codes)), name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Bretagne", "FRH0"),
        ("Slovenija", "SI"),
        ("Eesti", "EE"),
        ("Luxembourg", "LU"),
        ("wallonie", "BE3"),
        ("Utrecht", "NL35"),  # a retired code has this name too
        ("NL31", "NL35"),
        ("PT17", ""),  # became two
        ("Vienne", ""),  # the capital of Austria in French, and a département
        ("Atlantis", ""),
    ],
)
def test_a_name_means_one_region_where_its_codes_are_the_same_area(vocabulary, text, code):
    assert vocabulary.region_meant(text) == code


def test_the_nearest_region_is_one_that_is_used(vocabulary):
    for retired in (code for code, region in vocabulary.regions.items() if region.successors):
        assert vocabulary.knows("nuts", vocabulary.nearest("nuts", retired))


@pytest.mark.parametrize(("scheme", "id", "name"), [
    ("topics", "cybersecurity", "NIS2"), ("topics", "certification", "ISO 27001"),
    ("topics", "cross-border-cooperation", "Interreg"), ("target-groups", "critical-operators", "hospitals"),
    ("target-groups", "technology-providers", "cybersecurity companies"),
])  # fmt: skip
def test_what_is_narrower_is_no_synonym(vocabulary, scheme, id, name):
    assert fold(name).replace(" ", "") not in {
        fold(label).replace(" ", "") for _, label in vocabulary.labels(scheme, id)
    }


@pytest.mark.parametrize(("scheme", "id", "words"), [
    ("barriers", "finance", ["money", "argent", "moyens", "soldi", "dinero", "peňazí", "denarja", "raha"]),
    ("instruments", "voucher-grant", ["bursary", "prime", "bourse", "bonus", "beca", "bon", "stipendium"]),
    ("target-groups", "start-ups", ["startup", "startupy", "startupi", "idufirma"]),
    ("target-groups", "women", ["women", "femmes", "donne", "mujeres", "ženy", "ženske", "naised"]),
])  # fmt: skip
def test_everyday_words_are_among_the_labels(vocabulary, scheme, id, words):
    known = {word for _, label in vocabulary.labels(scheme, id) for word in re.findall(r"\w+", label.lower())}
    assert [word for word in words if word not in known] == []


def test_a_country_is_named_in_the_readers_language(vocabulary):
    assert vocabulary.label("nuts", "DE", "sk") == "Nemecko"
    assert vocabulary.label("nuts", "EL", "en") == "Greece"
    assert vocabulary.label("nuts", "FRH0", "en") == "Brittany"
    assert vocabulary.label("nuts", "FRH0", "fr") == "Bretagne"


def test_kosovo_keeps_its_asterisk(vocabulary):
    assert vocabulary.label("nuts", "XK", "fr").endswith("*")


def test_a_retired_region_is_not_a_value(vocabulary):
    assert not vocabulary.knows("nuts", "NL31")
    assert "NL31" not in vocabulary.children("NL3")


@pytest.mark.parametrize(("typed", "meant"), [("finanse", "finance"), ("Skills", "skills"), ("qqqqqqq", "")])
def test_the_nearest_id_is_named(vocabulary, typed, meant):
    assert vocabulary.nearest("barriers", typed) == meant


@pytest.mark.parametrize("damage", ["scheme: [", "scheme: x\n", "scheme: x\ntitle: {en: X}\nconcepts: [{id: A B}]\n"])
def test_a_broken_file_is_named(tmp_path, damage):
    folder = tmp_path / "vocabulary"
    shutil.copytree(ROOT / "vocabulary", folder)
    (folder / "topics.yaml").write_text(damage, encoding="utf-8")
    with pytest.raises(VocabularyError, match=r"topics\.yaml"):
        read_vocabulary(folder)


def test_a_folder_without_vocabularies_is_named(tmp_path):
    with pytest.raises(VocabularyError, match="no vocabulary"):
        read_vocabulary(tmp_path)


def test_the_glossary_has_the_words_of_the_field(vocabulary):
    assert len(vocabulary.schemes["glossary"].concepts) >= 150
