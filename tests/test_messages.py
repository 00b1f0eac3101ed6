"""What is said of a document, in English and in other languages."""

from __future__ import annotations

import copy
import pickle
from gettext import NullTranslations

import pytest

from search.errors import Problem, Severity
from search.library import read_documents
from search.messages import ENGLISH, NOTHING, Message, say, say_number
from tests.catalogs import extract
from tests.conftest import ROOT
from web.i18n import open_languages

FRENCH = open_languages(["fr"])["fr"].catalog
HOSTILE = [
    "{value}",
    "{0}",
    "{}",
    "{",
    "}}{{",
    "{value.__class__}",
    "{value!r:>9999999}",
    "%s",
    "%(value)s",
    "\\1",
    "\\g<0>",
]


class Slovene(NullTranslations):
    """A catalog with the four forms of Slovene, for one sentence."""

    FORMS = ("{number} viri", "{number} vir", "{number} vira", "{number} viri (3, 4)")

    def gettext(self, message):
        return {"this": "to", "{what} is missing": "manjka {what}"}.get(message, message)

    def ngettext(self, singular, plural, number):
        last = number % 100
        return self.FORMS[1 if last == 1 else 2 if last == 2 else 3 if last in {3, 4} else 0]


def test_a_message_is_its_english_sentence():
    message = say('"{value}" is named twice', value="skills")
    assert message == '"skills" is named twice'
    assert f"{message}" == message.in_words(ENGLISH) == message.in_words(NullTranslations())


def test_another_language_may_put_the_parts_in_another_order():
    assert say("{what} is missing", what="naslov").in_words(Slovene()) == "manjka naslov"


def test_a_message_within_a_message_is_said_in_the_same_language():
    assert say("{what} is missing", what=say("this")).in_words(Slovene()) == "manjka to"


def test_what_is_not_translated_is_said_in_english():
    assert say("no catalog has this {value}", value=1).in_words(FRENCH) == "no catalog has this 1"


@pytest.mark.parametrize(("number", "said"), [(0, "0 sources"), (1, "1 source"), (2, "2 sources"), (21, "21 sources")])
def test_a_number_chooses_the_form_of_english(number, said):
    assert say_number("{number} source", "{number} sources", number) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 viri"), (1, "1 vir"), (2, "2 vira"), (3, "3 viri (3, 4)"), (5, "5 viri"), (101, "101 vir")],
)
def test_a_number_chooses_among_as_many_forms_as_a_language_has(number, said):
    assert say_number("{number} source", "{number} sources", number).in_words(Slovene()) == said


@pytest.mark.parametrize("value", HOSTILE)
def test_what_a_document_holds_stays_as_it_is_written(value):
    message = say('"{value}" is named twice', value=value)
    assert message == f'"{value}" is named twice'
    assert message.in_words(FRENCH) == f"«\xa0{value}\xa0» est nommé deux fois"


@pytest.mark.parametrize(
    "template", ["{value.__class__}", "{value!r}", "{0}", "{}", "{missing}", "{value", '{note: "a"}', "{ }"]
)
def test_a_template_can_do_no_more_than_fill_a_named_blank(template):
    assert say(template, value="x") == template


def test_nothing_is_nothing_in_every_language():
    assert NOTHING.in_words(FRENCH) == say("").in_words(FRENCH) == ""


def test_a_message_does_not_change():
    message = say("{value}", value="a")
    with pytest.raises(AttributeError):
        message.template = "b"
    assert message.values == (("value", "a"),)


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_a_message_can_be_copied_and_sent_to_another_process(again):
    message = say_number("{number} error", "{number} errors", 2)
    assert again(message) == message
    assert again(message).in_words(FRENCH) == "2 erreurs"


def test_a_finding_is_said_whole_in_another_language():
    finding = Problem(
        path="at/a.md",
        line=3,
        field="barriers",
        message=say('"{value}" is named twice', value="skills"),
        rule="repeated-value",
        fix=say("delete one of the two"),
        severity=Severity.ADVICE,
    )
    assert str(finding) == (
        'at/a.md:3: advice: barriers: "skills" is named twice [repeated-value]\n    fix: delete one of the two'
    )
    assert finding.in_words(FRENCH) == (
        "at/a.md:3: conseil\xa0: barriers: «\xa0skills\xa0» est nommé deux fois [repeated-value]\n"
        "    correction\xa0: supprimez l’un des deux"
    )


def templates(message: Message):
    yield (message.template, message.plural) if message.plural else message.template
    for _, value in message.values:
        if isinstance(value, Message):
            yield from templates(value)


def test_every_message_is_among_the_strings_to_translate(vocabulary):
    strings = {message.id for message in extract()}
    _, problems = read_documents(ROOT / "tests" / "broken", vocabulary)
    assert len(problems) > 40
    said = {one for problem in problems for part in (problem.message, problem.fix) for one in templates(part)}
    assert said - strings - {""} == set()
