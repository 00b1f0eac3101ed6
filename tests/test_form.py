"""What is typed into the form is what the file says, and what the file says comes back into the form."""

from __future__ import annotations

import types
from typing import get_args, get_origin

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from search.analysis import ANALYZERS
from search.composing import compose, without_empty
from search.library import parse
from search.model import FrontMatter, TranslationFrontMatter
from tests.builders import BODY, FIELDS, TRANSLATION_FIELDS, practice_text
from tests.conftest import ROOT
from web.form import (
    FORM,
    MAX_PAIRS,
    MAX_ROWS,
    TRANSLATION,
    BadForm,
    Entries,
    clean,
    entry_pairs,
    fields_of,
    read_entries,
)
from web.sections import join_text, section_ids, split_text, texts_of
from web.submission import open_document

PRACTICES = 200  # that must come back the same

SCRIPTS = st.sampled_from(
    [
        "Brittany",
        "Χανιά",
        "София",
        "Košice",
        "Õnnetus",
        "l’été",
        "技能",
        "مهارات",
        "שלום",
        "🙂🇪🇺👩‍👩‍👧",
        "ﬁ½",
        "e\u0301",
    ]
)
SIGNS = st.sampled_from(
    ['"', "'", ": ", "---", "- a", "# b", "{x}", "[1]", "&a", "*a", "!b", "%", "no", "12:30", "\\n", "<b>", "|"]
)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co", "Zl", "Zp"]), max_size=40)
LINES = st.lists(SCRIPTS | SIGNS | WORDS, min_size=1, max_size=5).map(" ".join).map(lambda text: text.strip() or "x")
SHORT = LINES.map(lambda text: text[:100].strip() or "x")
PARAGRAPHS = st.lists(LINES, min_size=1, max_size=3).map("\n".join).map(lambda text: text[:1900].strip())
BLOCKS = st.lists(LINES, min_size=1, max_size=4).map("\n\n".join)
DATES = st.sampled_from(["2019", "2019-04", "2019-04-30"])
LANGUAGES = st.sampled_from(sorted(ANALYZERS))
NUMBERS = st.decimals(0, 10**9, places=2).map(str)
URLS = st.sampled_from(["https://example.org", "http://example.org/a?b=c&d=é#f", "https://example.org/%20'\"x"])
REGIONS = st.lists(st.sampled_from(["AT13", "FRH0", "EL30", "EU", "SK042", "SI"]), min_size=1, max_size=3, unique=True)


def some(**fields):
    """A group with some of its fields, the first of them always."""
    first, *others = fields
    return st.fixed_dictionaries({first: fields[first]}, optional={name: fields[name] for name in others})


def one_of(vocabulary, scheme):
    return st.sampled_from(list(vocabulary.ids(scheme)))


def ids(vocabulary, scheme, least=0):
    return st.lists(st.sampled_from(list(vocabulary.ids(scheme))), min_size=least, max_size=4, unique=True)


def values(vocabulary):
    """Fields of a valid practice, any of them."""
    index = st.sampled_from(["1", "2"])
    source = st.fixed_dictionaries({"title": LINES, "url": URLS, "publisher": LINES, "language": LANGUAGES})
    adoption = st.fixed_dictionaries(
        {"regions": REGIONS, "outcome": st.sampled_from(list(vocabulary.ids("outcomes")))},
        optional={"organisation": LINES, "started": DATES, "changes": PARAGRAPHS, "source": index},
    )
    return st.fixed_dictionaries(
        {
            "title": SHORT.map(lambda text: f"The {text}"),
            "summary": LINES.map(lambda text: f"{text[:300].strip()} and what came of it, in forty letters or more"),
            "language": LANGUAGES,
            "regions": REGIONS,
            "barriers": ids(vocabulary, "barriers", 1),
            "status": st.sampled_from(list(vocabulary.ids("statuses"))),
            "organisation": some(name=LINES, url=URLS, type=one_of(vocabulary, "organisation-types")),
            "sources": st.lists(source, min_size=1, max_size=3),
        },
        optional={
            "title_native": st.dictionaries(LANGUAGES, LINES, min_size=1, max_size=3),
            "place": LINES,
            "factors": ids(vocabulary, "pestel", 1),
            "instruments": ids(vocabulary, "instruments", 1),
            "topics": ids(vocabulary, "topics", 1),
            "target_groups": ids(vocabulary, "target-groups", 1),
            "started": DATES,
            "ended": DATES,
            "partners": st.lists(LINES, min_size=1, max_size=3),
            "origin": some(programme=LINES, project=LINES),
            "cost": st.fixed_dictionaries(
                {"amount": NUMBERS, "currency": st.just("EUR")}, optional={"period": LINES, "note": PARAGRAPHS}
            ),
            "funding": st.lists(some(source=LINES, share=LINES), min_size=1, max_size=3),
            "effort": some(fte=NUMBERS, note=PARAGRAPHS),
            "results": st.lists(
                some(indicator=LINES, value=NUMBERS, unit=LINES, period=LINES, source=index), min_size=1, max_size=4
            ),
            "evaluation": some(by=LINES, independent=st.sampled_from(["yes", "no"]), url=URLS, year=st.just("2021")),
            "transfer": some(needs=PARAGRAPHS, adaptable=PARAGRAPHS, not_suitable_if=PARAGRAPHS),
            "adoptions": st.lists(adoption, min_size=1, max_size=3),
            "related": st.lists(st.sampled_from(["repair-cafe", "x-1"]), min_size=1, unique=True),
            "keywords": st.lists(SHORT, min_size=1, max_size=12),
            "contact": st.sampled_from(["info@example.org", "https://example.org"]),
            "confirmed": DATES,
            "license": st.sampled_from(["CC-BY-4.0", "CC0-1.0"]),
        },
    )  # fmt: skip


@pytest.fixture(scope="module")
def anything(vocabulary):
    texts = st.dictionaries(st.sampled_from([*section_ids(vocabulary), "rest"]), BLOCKS.map(clean), max_size=8)
    return st.tuples(values(vocabulary), texts.map(lambda made: {id: text for id, text in made.items() if text}))


def test_what_is_typed_is_what_the_model_has(vocabulary, anything):
    seen = set()

    @settings(max_examples=PRACTICES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(anything)
    def check(made):
        fields, texts = made
        typed = Entries(values=fields, texts=texts)
        entries = read_entries(entry_pairs(typed))
        assert entries.values == without_empty(fields)
        assert entries.texts == texts
        body = join_text(entries.texts, vocabulary, fields["language"])
        written = compose(entries.values, body)
        document, problems = parse(written, "practice.md", vocabulary)
        assert problems == []
        assert document.content == FrontMatter.model_validate(fields)
        assert document.body.strip() == body.strip()
        again = open_document(written, vocabulary, {})
        assert read_entries(entry_pairs(again)).values == entries.values
        assert (
            compose(again.values, join_text(again.texts, vocabulary, fields["language"], document.body), written)
            == written
        )
        seen.update(fields)

    check()
    assert seen == set(FrontMatter.model_fields)


def test_a_text_of_twenty_thousand_characters_stays_as_it_is(vocabulary):
    text = ('Ένα μακρύ κείμενο: "quoted", 🙂 --- it\'s long. ' * 500)[:20_000].strip()
    typed = Entries(values=FIELDS, texts={"problem": text, "results": text[::-1].strip()})
    entries = read_entries(entry_pairs(typed))
    document, problems = parse(compose(entries.values, join_text(entries.texts, vocabulary, "el")), "p.md", vocabulary)
    assert problems == []
    assert texts_of(document.body, vocabulary) == {"problem": text, "results": text[::-1].strip()}


def places(model: type[BaseModel], before: str = "") -> set[str]:
    """Every field of a model, with those inside groups."""
    found = set()
    for name, info in model.model_fields.items():
        inner = [one for one in _types(info.annotation) if isinstance(one, type) and issubclass(one, BaseModel)]
        if inner and inner[0].__name__ != "Region":
            found |= places(inner[0], f"{before}{name}.")
        else:
            found.add(before + name)
    return found


def _types(annotation):
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        yield annotation
    if get_origin(annotation) is not None:
        for one in get_args(annotation):
            yield from _types(one)
    for one in getattr(annotation, "__args__", ()) if isinstance(annotation, types.UnionType) else ():
        yield from _types(one)


@pytest.mark.parametrize(("form", "model"), [(FORM, FrontMatter), (TRANSLATION, TranslationFrontMatter)])
def test_the_form_has_every_field_of_the_model(form, model):
    names = {f"{group.name}.{one.name}" if group else one.name for group, one in fields_of(form)}
    names = {"title_native" if name.startswith("title_native.") else name for name in names}
    assert names == places(model)


DOCUMENTS = sorted(path for path in (ROOT / "practices").rglob("*.md") if path.name != "README.md")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_that_is_opened_and_not_changed_keeps_every_byte(path, vocabulary):
    data = path.read_bytes()
    lang = path.name.split(".")[1] if path.name.count(".") == 2 else ""
    opened = open_document(data, vocabulary, {"translate": "x", "to": lang} if lang else {})
    entries = read_entries(entry_pairs(opened))
    document, _ = parse(data, path.name, vocabulary)
    body = join_text(entries.texts, vocabulary, lang or "en", document.body)
    assert compose(entries.values, body, data) == data


def test_what_is_no_character_of_a_document_is_taken_out():
    assert clean("a\x00b\x1b[31mc\r\nd\re\ufffe ") == "ab[31mc\nd\ne"


def test_rows_without_anything_fall_away_and_numbers_of_sources_follow():
    pairs = [
        ("sources.1.title", ""),
        ("sources.2.title", "Second"),
        ("sources.5.title", "Fifth"),
        ("results.1.indicator", "a"),
        ("results.1.source", "3"),
        ("results.2.indicator", "b"),
        ("results.2.source", "1"),
    ]
    read = read_entries(pairs).values
    assert read["sources"] == [{"title": "Second"}, {"title": "Fifth"}]
    assert read["results"] == [{"indicator": "a", "source": "2"}, {"indicator": "b"}]


def test_names_at_home_without_a_language_are_not_lost():
    entries = read_entries([("title_native.1.title", "Ein Name"), ("title_native.2.title", "Un nom")])
    assert list(entries.values["title_native"].values()) == ["Ein Name", "Un nom"]
    assert read_entries(entry_pairs(entries)) == entries


def test_more_fields_or_rows_than_a_form_has_are_refused():
    with pytest.raises(BadForm):
        read_entries([("x", "")] * (MAX_PAIRS + 1))
    with pytest.raises(BadForm):
        read_entries([(f"sources.{number}.title", "x") for number in range(1, MAX_ROWS + 2)])


def test_sections_come_apart_and_together_again(vocabulary):
    first = "Before.\n\n## Challenge\n\nA\n\n### Results\n\nB\n\n## Own heading\n\nC"
    body = f"{first}\n\n## Résultats\n\n```\n## Problem\n```"
    texts = texts_of(body, vocabulary)
    assert texts == {
        "rest": "Before.",
        "problem": "A\n\n### Results\n\nB\n\n## Own heading\n\nC",
        "results": "```\n## Problem\n```",
    }
    assert join_text(texts, vocabulary, "en", body) == body
    changed = join_text({**texts, "what-was-done": "D"}, vocabulary, "fr", body)
    assert [part.heading for part in split_text(changed, vocabulary)] == [
        "", "## Challenge", "## Ce qui a été fait", "## Résultats",
    ]  # fmt: skip


def test_a_document_whose_fields_have_another_shape_is_opened(vocabulary):
    opened = open_document(practice_text(regions="AT13", organisation="Verein", body=BODY).encode(), vocabulary, {})
    read = read_entries(entry_pairs(opened)).values
    assert read["regions"] == ["AT13"]
    assert read["organisation"] == {"name": "Verein"}


def test_a_translation_has_its_own_form():
    typed = Entries(values=TRANSLATION_FIELDS, texts={"problem": "A"}, carried={"translate": "repair-cafe", "to": "fr"})
    assert read_entries(entry_pairs(typed)) == typed
