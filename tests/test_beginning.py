"""A practice is begun by command, from answers or a file; templates come back as practices."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest
from openpyxl import load_workbook

import indexer
from search.build import read_collection
from search.column_names import TARGETS
from search.sheet_template import EXAMPLES
from tests.builders import practice_text

GIVEN = [
    "--title",
    "Repair café: mending in Vienna",
    "--region",
    "Wien",
    "--region",
    "Tirol",
    "--barrier",
    "Lack of skills",
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "practices").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    return tmp_path / "practices"


@pytest.fixture
def run(folder):
    return lambda *given: indexer.main([str(given[0]), "--practices", str(folder), *map(str, given[1:])])


def test_flags_make_a_document_with_an_id_of_its_title(folder, run, capsys):
    assert run("new", *GIVEN, "--source", "https://example.org/a") == 0
    text = (folder / "at" / "repair-cafe-mending-in-vienna.md").read_text()
    assert "regions: [AT13, AT33]\nbarriers: [skills]\n" in text
    assert "## What was done\n" in text
    said = capsys.readouterr()
    assert said.out.strip().endswith("at/repair-cafe-mending-in-vienna.md")
    assert "next: " in said.err
    filled_in = 'language "en", source title "example.org/a", source publisher "example.org", source language "en"'
    assert f"see that it is right: {filled_in}\n" in said.err
    assert "[missing-field]" in said.err


def test_nothing_is_written_over(folder, run, capsys):
    assert run("new", *GIVEN) == 0
    before = (folder / "at" / "repair-cafe-mending-in-vienna.md").read_bytes()
    assert run("new", *GIVEN) == 2
    assert "not written over" in capsys.readouterr().err
    assert (folder / "at" / "repair-cafe-mending-in-vienna.md").read_bytes() == before
    assert run("new", *GIVEN, "--id", "another") == 0


@pytest.mark.parametrize("given", [[], ["--title", "A b c"], ["--title", "A b c", "--region", "Mordor"],
    [*GIVEN, "--id", "../../etc/x"], [*GIVEN, "--from", "none.md"]])  # fmt: skip
def test_what_is_missing_or_wrong_is_said_and_nothing_written(folder, run, capsys, given):
    assert run("new", *given) == 2
    assert capsys.readouterr().err.startswith("practices: ")
    assert list(folder.rglob("*.md")) == []


def test_questions_are_asked_on_a_terminal(folder, run, monkeypatch):
    answers = iter(["Repair café", "", "Bretagne", "skills", "laufend", "Verein", "https://example.org"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _question: next(answers))
    assert run("new") == 0
    text = (folder / "fr" / "repair-cafe.md").read_text()
    assert "status: running" in text
    assert "publisher: example.org" in text


def test_an_answer_that_cannot_be_is_asked_for_again_at_once(folder, run, capsys, monkeypatch):
    (folder / "at").mkdir()
    (folder / "at" / "repair-cafe.md").write_text(practice_text())
    answers = iter(["", "Repair café", "repair-cafe", "lamps", "", "", "Brettagne", "Bretagne", "skils", "skills;trust",
        "runing", "", "", ""])  # fmt: skip
    questions = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: questions.append(question) or next(answers))
    assert run("new", "--language", "fr") == 0
    text = (folder / "fr" / "lamps.md").read_text()
    assert "regions: [FRH0]\nbarriers: [skills, trust]\n" in text
    said = capsys.readouterr().err
    assert said.count("this is needed") == 2
    assert said.count("not written over") == 2
    for meant in ("FRH0", "skills", "running"):
        assert f'write "{meant}"' in said
    assert "statut (planned, running, finished, stopped, unknown): " in questions
    assert list(answers) == []


def test_what_is_given_and_cannot_be_is_asked_for_before_anything_else_is_lost(folder, run, monkeypatch):
    answers = iter(["Wien", "", "", "", ""])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _question: next(answers))
    assert run("new", "--title", "Repair café", "--summary", "…", "--region", "Mordor") == 0
    assert (folder / "at" / "repair-cafe.md").exists()


def test_nothing_is_written_where_the_answers_end(folder, run, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    assert run("new") == 130
    assert list(folder.rglob("*.md")) == []


def test_a_document_is_read_and_filled_in(folder, run, tmp_path, vocabulary):
    (tmp_path / "draft.md").write_text(practice_text(summary=None))
    summary = "Volunteers help their neighbours to mend broken things, once a month."
    assert run("new", "--from", tmp_path / "draft.md", "--summary", summary) == 0
    [practice] = read_collection(folder, vocabulary, date(2026, 1, 1)).library
    assert practice.summary == summary


def test_json_and_plain_texts_are_read_too(folder, run, tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"title": "From JSON", "regions": ["AT13"], "started": 2019, "x": 1}))
    assert run("new", "--from", tmp_path / "a.json") == 0
    assert "started: 2019" in (folder / "at" / "from-json.md").read_text()
    (tmp_path / "a.txt").write_text("## Problem\n\nText.\n")
    assert run("new", "--from", tmp_path / "a.txt", *GIVEN) == 0
    assert "## Problem\n\nText.\n" in (folder / "at" / "repair-cafe-mending-in-vienna.md").read_text()


def test_lines_that_are_headings_of_the_vocabulary_become_those_of_a_text(folder, run, tmp_path):
    notes = "Problem\nNo tools.\n\nWAS GETAN WURDE:\n\nA room.\n# Results\nResults: many.\nProblème\n--------\nOther\n"
    (tmp_path / "notes.txt").write_text(notes)
    assert run("new", "--from", tmp_path / "notes.txt", *GIVEN) == 0
    text = (folder / "at" / "repair-cafe-mending-in-vienna.md").read_text().partition("---\n\n")[2]
    assert text == (
        "## Problem\nNo tools.\n\n## WAS GETAN WURDE\n\nA room.\n## Results\nResults: many.\n## Problème\nOther\n"
    )


@pytest.mark.parametrize("language", ["en", "fr", "sl"])
def test_a_sheet_that_was_filled_in_comes_back_as_a_practice(folder, run, tmp_path, vocabulary, language):
    assert run("template", "--language", language) == 0
    book = load_workbook(tmp_path / "practices-template.xlsx")
    sheet = book["practices"]
    filled = EXAMPLES | {
        "regions": "Wien",
        "started": "2019",
        "barriers": vocabulary.label("barriers", "skills", language),
    }
    filled |= {"status": vocabulary.label("statuses", "running", language), "ended": ""}
    for column, target in enumerate(TARGETS, 1):
        assert sheet.cell(1, column).comment
        sheet.cell(2, column, filled.get(target))
    assert len(sheet.data_validations.dataValidation) == 7
    book.save(tmp_path / "practices-template.xlsx")
    assert run("import", tmp_path / "practices-template.xlsx") == 0
    [practice] = read_collection(folder, vocabulary, date(2026, 3, 1)).library
    assert (practice.id, practice.barriers, practice.status) == ("vienna-repair-cafe", ("skills",), "running")
    assert practice.results[0].source == 1


def test_an_empty_sheet_gives_nothing(folder, run, tmp_path):
    run("template")
    assert run("import", tmp_path / "practices-template.xlsx") == 0
    assert list(folder.rglob("*.md")) == []


@pytest.mark.parametrize("language", ["en", "fr", "sl"])
def test_a_document_that_was_filled_in_passes(folder, run, tmp_path, language):
    assert run("template", "--format", "md", "--language", language) == 0
    text = (tmp_path / "practices-template.md").read_text()
    fields = {
        "title:": 'title: "Repair café in Vienna"',
        "summary:": 'summary: "Volunteers help their neighbours to mend broken things, once a month."',
        "regions:  # [FRH0]": "regions: [AT13]",
        "barriers:": "barriers: [skills]",
        "status:": "status: running",
        "  name:": "  name: Verein",
        "  - title:": "  - title: Report",
        "    url:": "    url: https://example.org",
        "    publisher:": "    publisher: Example",
        "    language:": "    language: en",
    }
    lines = [fields.get(line, line) for line in text.replace("…", "Something.").split("\n")]
    (tmp_path / "filled.md").write_text("\n".join(lines))
    assert run("new", "--from", tmp_path / "filled.md") == 0
    assert run("check") == 0


def test_a_template_is_not_written_over_another_file(run, tmp_path, capsys):
    assert run("template") == 0
    assert run("template") == 2
    assert run("template", "--language", "xx") == 2
    assert "there is no template" in capsys.readouterr().err
