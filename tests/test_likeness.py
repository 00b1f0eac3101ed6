"""Which practices are like one, and what they share."""

from __future__ import annotations

from itertools import count

import pytest

from search.engines.whoosh_engine import WhooshEngine
from search.facets import BARRIER, INSTRUMENT, TARGET, TOPIC
from tests.builders import make_practice

OTHERS = (
    "orchards beehives honey", "ferries harbours timetables", "glaciers summits refuges", "looms weaving fabrics",
    "violins concerts scores", "vineyards cellars barrels", "quarries granite sculptors", "lighthouses beacons fog",
)  # fmt: skip


def told(id, words, **changes):
    """A practice that says these words in its summary and its text, and nothing else but its name."""
    said = {
        "id": id,
        "title": f"{id} {words}",
        "summary": f"{words} {words} {words}".ljust(40, "."),
        "organisation": {"name": id},
        "body": f"{words}. {words}.",
        "barriers": ["trust"],
    }
    return make_practice(**{**said, **changes})


def crowd(start=1, **changes):
    """Practices of another kind, among which some words are rare."""
    numbers = count(start)
    return [told(f"crowd{number}", words, barriers=["awareness"], regions=["EE001"], **changes)
            for number, words in zip(numbers, OTHERS, strict=False)]  # fmt: skip


@pytest.fixture
def engine(tmp_path, vocabulary):
    return WhooshEngine(tmp_path / "index", vocabulary)


def like(engine, id, size=5):
    return [one.id for one in engine.snapshot().similar(id, size)]


def test_what_shares_barrier_and_words_comes_before_the_same_region_with_other_content(engine):
    engine.rebuild(
        [
            *crowd(),
            told("asked", "bicycles workshop mending", barriers=["skills"], regions=["AT13"]),
            told("like", "bicycles workshop mending", barriers=["skills"], regions=["FRH0"]),
            told("neighbour", "pensions insurance annuities", barriers=["skills"], regions=["AT13"]),
        ]
    )
    assert like(engine, "asked") == ["like", "neighbour"]


def test_words_bring_together_what_has_no_value_in_common(engine):
    engine.rebuild(
        [
            *crowd(),
            told("asked", "bicycles workshop mending", barriers=["skills"]),
            told("like", "bicycles workshop mending", barriers=["finance"]),
        ]
    )
    (found,) = engine.snapshot().similar("asked")
    assert (found.id, found.values) == ("like", ())
    assert set(found.words) == {"bicycles", "workshop", "mending"}
    assert found.lang == "en"


def test_what_shares_nothing_is_not_listed(engine):
    engine.rebuild([*crowd(), told("asked", "bicycles workshop mending", barriers=["skills"])])
    assert like(engine, "asked") == []


def test_a_word_that_most_practices_have_says_nothing(engine):
    engine.rebuild(
        [
            *(told(f"other{n}", f"region {words}", barriers=["finance"]) for n, words in enumerate(OTHERS)),
            told("asked", "region bicycles", barriers=["skills"]),
        ]
    )
    assert like(engine, "asked") == []


def test_inflections_are_one_word(engine):
    engine.rebuild([*crowd(), told("asked", "bicycle repairs"), told("like", "bicycles repaired", barriers=["skills"])])
    assert like(engine, "asked") == ["like"]


def test_of_equally_like_practices_that_of_another_region_comes_first(engine):
    engine.rebuild(
        [
            *crowd(),
            told("asked", "bicycles workshop", regions=["FRH0"]),
            told("a-same", "bicycles workshop", regions=["FRH0"]),
            told("b-inside", "bicycles workshop", regions=["FRH01"]),
            told("c-country", "bicycles workshop", regions=["FRK2"]),
            told("d-abroad", "bicycles workshop", regions=["AT13"]),
        ]
    )
    assert like(engine, "asked") == ["c-country", "d-abroad", "a-same", "b-inside"]


def test_the_names_of_its_region_and_its_town_are_nothing_that_a_practice_shares(engine):
    engine.rebuild(
        [
            *crowd(),
            told("asked", "Vienna Grinzing bicycles", regions=["AT13"], place="Grinzing"),
            told("other", "Vienna Grinzing pensions", regions=["AT13"], barriers=["skills"], place="Grinzing"),
        ]
    )
    assert like(engine, "asked") == []


def test_the_main_barrier_counts_most(engine):
    engine.rebuild(
        [
            *crowd(),
            told("asked", "bicycles", barriers=["skills", "finance"]),
            told("a-second", "pensions", barriers=["finance"]),
            told("b-main", "annuities", barriers=["skills"]),
        ]
    )
    assert like(engine, "asked") == ["b-main", "a-second"]


def test_a_rare_value_counts_more_than_a_frequent_one(engine):
    engine.rebuild(
        [
            *crowd(instruments=["training"]),
            told("asked", "bicycles", barriers=["skills"], instruments=["training", "voucher-grant"]),
            told("like", "pensions", barriers=["finance"], instruments=["voucher-grant"]),
        ]
    )
    found = engine.snapshot().similar("asked")
    assert found[0].id == "like"
    assert found[0].values == (("instrument", "voucher-grant"),)
    assert found[1].values == (("instrument", "training"),)


def test_a_practice_is_never_like_itself_nor_is_its_translation(engine):
    french = {
        "title": "bicyclettes réparées", "summary": "bicyclettes réparées atelier ".ljust(40, "."),
        "translated_by": "human", "language": "fr", "body": "bicyclettes réparées.",
    }  # fmt: skip
    twins = [told(id, "bicycles workshop", translations=[french]) for id in ("asked", "twin")]
    engine.rebuild([*crowd(), *twins])
    assert like(engine, "asked") == ["twin"]


def test_practices_are_compared_in_a_language_that_both_have(engine):
    french = {
        "title": "bicyclettes réparées", "summary": "bicyclettes réparées atelier ".ljust(40, "."),
        "translated_by": "human", "language": "fr", "body": "bicyclettes réparées, à l'atelier.",
    }  # fmt: skip
    told_in_french = [told(f"fr{n}", words, language="fr", barriers=["finance"]) for n, words in enumerate(OTHERS[:4])]
    engine.rebuild(
        [
            *crowd(),
            *told_in_french,
            told("asked", "bicycles workshop", translations=[french]),
            told("french", "bicyclette réparée atelier", language="fr", barriers=["skills"]),
        ]
    )
    (found,) = engine.snapshot().similar("asked")
    assert (found.id, found.lang) == ("french", "fr")
    assert "bicyclettes" in found.words


def test_words_are_named_as_the_text_writes_them(engine):
    engine.rebuild(
        [
            *crowd(),
            told("asked", "the DanteCTF in the Werkstatt. Mending and mending. 2024 it"),
            told("like", "the DanteCTF in the Werkstatt. Mending and mending. 2024 it"),
        ]
    )
    (found,) = engine.snapshot().similar("asked")
    assert set(found.words) == {"DanteCTF", "Werkstatt", "mending"}


def test_no_more_are_listed_than_asked_for(engine):
    engine.rebuild([told(f"p{number}", "bicycles") for number in range(9)])
    assert len(like(engine, "p0")) == 5
    assert len(like(engine, "p0", 20)) == 8
    assert like(engine, "p0", 2) == ["p1", "p2"]


def test_the_same_question_has_the_same_answer(tmp_path, vocabulary):
    practices = [*crowd(), *(told(f"p{n}", f"bicycles workshop {OTHERS[n]}") for n in range(8))]
    answers = []
    for name, order in (("one", practices), ("two", practices[::-1])):
        engine = WhooshEngine(tmp_path / name, vocabulary)
        engine.rebuild(order)
        answers += [engine.snapshot().similar("p3"), engine.snapshot().similar("p3")]
    assert all(one == answers[0] for one in answers)


def test_one_practice_alone_is_like_none(engine):
    engine.rebuild([make_practice(id="alone")])
    assert like(engine, "alone") == []


def test_of_two_practices_what_they_share_is_said(engine):
    engine.rebuild([make_practice(id="one"), make_practice(id="two", regions=["FRH0"])])
    (found,) = engine.snapshot().similar("one")
    assert (found.id, found.values) == ("two", (("barrier", "skills"),))
    assert found.score > 0


def test_after_an_update_a_new_practice_is_found_and_one_that_is_gone_is_not(engine):
    engine.rebuild(
        [*crowd(), told("asked", "bicycles workshop"), told("old", "bicycles workshop", barriers=["skills"])]
    )
    assert like(engine, "asked") == ["old"]
    engine.update([told("new", "bicycle workshops", barriers=["finance"])], ["old"])
    assert like(engine, "asked") == ["new"]
    assert like(engine, "new") == ["asked"]
    with pytest.raises(KeyError):
        engine.snapshot().similar("old")


REAL = [
    ("brittany-cyberbreakfast", "slovakia-kosice-it-valley-cluster"),
    ("ireland-cyber-ireland-cluster", "netherlands-hague-security-delta"),
    ("slovenia-cybersecurity-voucher", "croatia-digitalisation-vouchers"),
    ("south-moravia-innovation-vouchers", "lithuania-innovation-vouchers"),
    ("estonia-youth-cyber-competitions", "slovakia-cybergame-talent-pipeline"),
    ("estonia-youth-cyber-competitions", "tuscany-cybersecurity-night-dantectf"),
    ("slovakia-cybergame-talent-pipeline", "tuscany-cybersecurity-night-dantectf"),
    ("castilla-y-leon-digis3-hub", "tuscany-x0-digital-innovation-hub"),
    ("slovenia-varni-na-internetu", "estonia-ria-sme-awareness"),
]


@pytest.mark.parametrize(("id", "wanted"), REAL)
def test_of_the_real_collection_those_that_belong_together_are_found(real_engine, id, wanted):
    assert wanted in [one.id for one in real_engine.snapshot().similar(id, 3)]


@pytest.mark.parametrize("id", ["slovenia-cybersecurity-voucher", "malta-cyber-alt-grants", "bavaria-digitalbonus"])
def test_vouchers_of_the_real_collection_are_like_vouchers(real_engine, id):
    snapshot = real_engine.snapshot()
    assert all("voucher-grant" in snapshot.library[one.id].instruments for one in snapshot.similar(id))


def counted(practice):
    return {(facet.name, value) for facet in (BARRIER, INSTRUMENT, TOPIC, TARGET) for value in facet.values(practice)}


def test_of_every_real_practice_what_it_shares_is_true(real_engine):
    snapshot = real_engine.snapshot()
    for practice in snapshot.library:
        found = snapshot.similar(practice.id)
        assert len(found) == 5
        assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
        for one in found:
            assert set(one.values) == counted(practice) & counted(snapshot.library[one.id])
            assert one.id != practice.id
