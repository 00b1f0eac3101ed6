"""Findings as code forges and programs read them."""

from __future__ import annotations

import json
import re

import pytest

from search.checking import Checked
from search.errors import Problem, Severity
from search.messages import say
from search.reports import SHOWN, Telling, as_github, as_gitlab, as_json, path_in_repository
from search.rules import Rule
from tests.catalogs import languages
from tests.repositories import make_repository
from web.i18n import open_languages

ERROR, ADVICE = Severity.ERROR, Severity.ADVICE


def problem(number=1, severity=ERROR, rule=Rule.UNKNOWN_BARRIER, path="at/a.md", **changes):
    given = {"line": number, "column": 2, "message": say('"{value}" is named twice', value=f"v{number}")}
    return Problem(path=path, rule=rule, severity=severity, **{**given, **changes})


def checked(*problems, paths=("at/a.md",)):
    return Checked(problems=tuple(sorted(problems)), paths=paths, documents=(), moved={})


def test_github_gets_a_command_a_line_with_everything_escaped():
    one = problem(
        path="at/a,b:c%.md",
        field="title",
        message=say("100 %:\n::error::forged, {value}", value="\r\n::stop-commands::x"),
        fix=say("write it"),
    )
    assert as_github(checked(one), Telling()) == (
        "::error file=at/a%2Cb%3Ac%25.md,line=1,col=2,title=unknown-barrier::"
        "title: 100 %25:%0A::error::forged, %0D%0A::stop-commands::x%0Afix: write it"
    )


def test_what_is_about_the_whole_file_has_no_line():
    assert as_github(checked(problem(line=0, column=0)), Telling()).startswith("::error file=at/a.md,title=")


def test_github_gets_no_more_than_it_keeps_and_the_most_important_first():
    many = [problem(number) for number in range(1, 16)]
    many += [problem(number, ADVICE, Rule.RAW_HTML) for number in range(20, 34)]
    many += [problem(number, ADVICE, Rule.ADVISED_FIELDS) for number in range(40, 52)]
    lines = as_github(checked(*many), Telling()).splitlines()
    levels = [re.match(r"::(\w+)", line)[1] for line in lines]
    assert levels == ["error"] * SHOWN + ["warning"] * SHOWN + ["notice"] * SHOWN
    assert lines[-1] == f"::notice::and {len(many) - 29} more"


def test_as_many_as_github_keeps_are_said_without_a_rest():
    lines = as_github(checked(*(problem(number) for number in range(1, SHOWN + 1))), Telling()).splitlines()
    assert len(lines) == SHOWN
    assert "more" not in lines[-1]
    assert as_github(checked(), Telling()) == ""


def test_gitlab_gets_a_fingerprint_for_each_that_stays_when_lines_move():
    first = [problem(3, message=say("HTML is not shown")), problem(9, message=say("HTML is not shown")), problem(11)]
    moved = [problem(5, message=say("HTML is not shown")), problem(20, message=say("HTML is not shown"))]
    moved.append(problem(11, line=30))
    before, after = (json.loads(as_gitlab(checked(*some), Telling())) for some in (first, moved))
    prints = [[one["fingerprint"] for one in some] for some in (before, after)]
    assert len(set(prints[0])) == 3
    assert prints[0] == prints[1]


def test_a_line_that_a_message_names_is_no_part_of_the_fingerprint():
    def twice(first, again):
        text = '"{name}" is given in line {first} and again in line {second}'
        return problem(again, message=say(text, name="title", first=first, second=again))

    one, other = (json.loads(as_gitlab(checked(each), Telling())) for each in (twice(2, 3), twice(5, 7)))
    assert one[0]["fingerprint"] == other[0]["fingerprint"]


def test_gitlab_gets_what_its_document_asks_for():
    found = json.loads(as_gitlab(checked(problem(line=0), problem(severity=ADVICE, fix=say("write it"))), Telling()))
    for one in found:
        assert set(one) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert one["location"] == {"path": "at/a.md", "lines": {"begin": 1}}
    assert {one["severity"] for one in found} == {"major", "minor"}
    assert json.loads(as_gitlab(checked(), Telling())) == []


def test_json_says_all():
    found = json.loads(as_json(checked(problem(field="barriers", fix=say("write it"))), Telling()))
    assert found == {
        "version": 1,
        "documents": ["at/a.md"],
        "errors": 1,
        "advice": 0,
        "findings": [
            {
                "path": "at/a.md",
                "line": 1,
                "column": 2,
                "field": "barriers",
                "rule": "unknown-barrier",
                "severity": "error",
                "message": '"v1" is named twice',
                "fix": "write it",
            }
        ],
    }


@pytest.mark.parametrize("form", [as_json, as_github, as_gitlab])
def test_findings_are_said_in_other_languages_and_known_by_the_same_print(form):
    one = checked(problem(message=say("the list is empty")))
    english = form(one, Telling())
    for language in languages():
        words = open_languages([language])[language].catalog
        said = form(one, Telling(words=words, language=language))
        assert "the list is empty" not in said
        if form is as_gitlab:
            assert json.loads(said)[0]["fingerprint"] == json.loads(english)[0]["fingerprint"]


def test_paths_are_those_from_the_root_of_the_repository(tmp_path, monkeypatch):
    folder = make_repository(tmp_path / "r") / "data" / "practices"
    folder.mkdir(parents=True)
    path_of = path_in_repository(folder)
    assert path_of(str(folder / "at" / "a.md")) == "data/practices/at/a.md"
    assert path_of("/elsewhere/a.md") == "/elsewhere/a.md"
    monkeypatch.chdir(folder)
    assert path_of("at/a.md") == "data/practices/at/a.md"
