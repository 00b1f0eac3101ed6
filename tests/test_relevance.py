"""The judged questions of relevance/ fit the collection, and the search answers them well."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.judged import InputError
from bench.questions import Outcome, Question, ask, misfits, read_questions
from tests.conftest import ROOT

FOLDER = ROOT / "relevance"
QUESTIONS = read_questions(FOLDER)
GOOD = 0.95  # of the questions


def make_question(**changes) -> Question:
    fields = {"question": "drones", "first": ["galicia-civil-uavs-initiative"], "lang": "en", **changes}
    return Question.model_validate(fields)


def test_what_questions_name_exists(real_engine, vocabulary):
    library = real_engine.snapshot().library
    assert [one for question in QUESTIONS for one in misfits(question, library, vocabulary)] == []


def test_no_question_is_asked_twice():
    asked = Counter((one.lang, one.question.casefold(), str(one.filters)) for one in QUESTIONS)
    assert [one for one, count in asked.items() if count > 1] == []


def test_there_are_enough_questions_of_every_kind(real_engine):
    library = real_engine.snapshot().library
    assert len(QUESTIONS) >= 120
    assert sum(one.is_cross_lingual(library) for one in QUESTIONS) >= 40
    assert sum(bool(one.not_) for one in QUESTIONS) >= 40


def test_nearly_all_questions_have_a_right_answer_at_the_top_and_no_wrong_one_on_the_first_page(real_engine):
    snapshot = real_engine.snapshot()
    outcomes = [ask(question, snapshot) for question in QUESTIONS]
    bad = [str(one) for one in outcomes if not one.is_good]
    good = len(outcomes) - len(bad)
    message = f"{good} of {len(outcomes)} are answered well. Not these:\n" + "\n".join(bad)
    assert good >= GOOD * len(outcomes), message


@pytest.mark.parametrize(
    ("page", "is_found", "intruders"),
    [
        (("a", "b", "c", "d", "right"), True, ()),
        (("a", "b", "c", "d", "e", "right"), False, ()),
        (("right", *"abcdefgh", "wrong"), True, ("wrong",)),
        ((), False, ()),
    ],
)
def test_a_question_is_judged_by_its_first_five_hits_and_by_must_nots_on_the_page(page, is_found, intruders):
    question = make_question(**{"first": ["right", "other"], "not": ["wrong"]})
    outcome = Outcome(question, page)
    assert (outcome.is_found, outcome.intruders) == (is_found, intruders)
    assert outcome.is_good is (is_found and not intruders)


def test_an_outcome_says_where_things_stand():
    question = make_question(**{"first": ["right"], "not": ["wrong"]})
    assert str(Outcome(question, ("a", "b", "wrong", "c", "d", "right"))) == (
        "en: drones: right: place 6; must not be found: wrong, place 3"
    )
    assert str(Outcome(question, ())) == "en: drones: right: not on the first page"


def test_a_question_is_asked_with_its_filters(real_engine):
    snapshot = real_engine.snapshot()
    question = make_question(question="cybersecurity", filters={"region": ["FR", "EE"]})
    page = ask(question, snapshot).page
    assert page
    assert {snapshot.library[id].regions[0].code[:2] for id in page} <= {"FR", "EE"}


def test_what_does_not_fit_is_named(real_engine, vocabulary):
    question = make_question(
        **{"first": ["nowhere"], "not": ["nowhere"], "filters": {"colour": ["red"], "region": ["ZZ"]}}
    )
    found = misfits(question, real_engine.snapshot().library, vocabulary)
    assert [one.removeprefix("en: drones: ") for one in found] == [
        "nowhere is not in the collection",
        "nowhere is not in the collection",
        "nowhere is named twice",
        "there is no filter colour",
        "ZZ is no region",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("question: drones", "is no list of questions"),
        ("- drones", "entry 1 is no question"),
        ("- question: drones\n  first: [a]\n- question: x\n  frist: [a]", "entry 2, first: Field required"),
        ("- question: drones\n  first: [a]\n  nto: [b]", "entry 1, nto: Extra inputs"),
        ("- question: drones\n  first: []", "entry 1, first: Tuple should have at least 1 item"),
        ("- question: drones\n  first: [a", "cannot be read"),
    ],
)
def test_a_file_that_is_not_well_formed_is_refused(tmp_path, text, said):
    (tmp_path / "en.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read_questions(tmp_path)
