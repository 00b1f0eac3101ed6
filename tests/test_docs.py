"""What the documents for people say is true of the code."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from datetime import date

import pytest
from babel import Locale

from indexer import build_parser, main
from search.analysis import ANALYZERS
from search.checks import check_document
from search.engines import likeness
from search.engines.matching import EXACT, FOREIGN, INFLECTED, UNACCENTED
from search.errors import Severity
from search.library import parse
from search.query import SIMILAR
from search.settings import PREFIX, Settings
from search.variants import BOOSTS
from tests.builders import practice_text
from tests.catalogs import languages
from tests.conftest import ROOT
from web.i18n import SOURCE_LANGUAGE
from web.params import MAX_SIMILAR

DOCS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "practices/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
EXAMPLES = {
    "README.md": "brittany-cyberbreakfast.md",
    "CONTRIBUTING.md": "repair-cafe.md",
    "docs/writing.md": "vienna-tool-library.md",
}

_FENCED = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def names(paths):
    return [path.relative_to(ROOT).as_posix() for path in paths]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rows(text: str, columns: int) -> list[list[str]]:
    """The rows of all tables with so many columns, without their heads."""
    cells = [re.split(r" \| ", line.strip("| ")) for line in text.splitlines() if line.startswith("| `")]
    return [row for row in cells if len(row) == columns]


def commands(text: str) -> Iterator[str]:
    """Everything that a document shows as code, line by line."""
    for _, block in _FENCED.findall(text):
        yield from (line.strip() for line in block.splitlines())
    yield from _CODE.findall(_FENCED.sub("", text))


def shown_default(name: str, value: object) -> str:
    if name == "vocabulary_dir":
        return "where the program is"
    shown = ",".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
    return f"`{shown.lower() if isinstance(value, bool) else shown}`" if shown else "none"


def test_every_setting_has_a_row_with_its_meaning_and_default():
    expected = [
        [f"`{PREFIX}{name.upper()}`", info.description, shown_default(name, info.default)]
        for name, info in Settings.model_fields.items()
    ]
    assert rows(read("docs/settings.md"), 3) == expected


def test_every_language_has_a_row_that_says_how_it_is_spoken_and_read():
    expected = [
        [
            f"`{one.code}`",
            Locale("en").languages[one.code],
            "yes" if one.code in {SOURCE_LANGUAGE, *languages()} else "no",
            one.stemmer or "no",
            "yes" if one.dictionary else "no",
            "yes" if one.elided else "no",
            "yes" if one.endings else "no",
        ]
        for one in ANALYZERS.values()
    ]
    assert rows(read("docs/search.md"), 7) == expected


def test_the_weights_are_those_of_the_code():
    text = read("docs/search.md")
    fields = {row[0].strip("`"): float(row[1]) for row in rows(text, 3)}
    assert fields == BOOSTS
    forms = [
        float(found)
        for found in re.findall(r"^\| (?:as written|without accents|inflected, .+?) \| ([\d.]+) \|", text, re.MULTILINE)
    ]
    assert forms == [EXACT, UNACCENTED, INFLECTED, FOREIGN]


def test_what_makes_practices_similar_is_said_as_it_is():
    text = " ".join(read("docs/search.md").split())
    values = likeness.COUNTED
    assert f"words for {likeness.CONTENT} and the values of filters for {likeness.VALUES}" in text
    assert f"The {likeness.WORDS} words that weigh most" in text
    assert f"topics for {values['topic']}, target groups for {values['target']}" in text
    assert (values["barrier"], values["instrument"], likeness.MAIN) == (1, 1, 2)
    assert (likeness.COMMON, likeness.NEIGHBOUR, likeness.LEAST, likeness.SHORT) == (0.5, 0.9, 0.05, 4)
    assert f"from 1 to {MAX_SIMILAR} ({SIMILAR} where it is left out)" in text


def test_every_module_is_named_in_the_architecture():
    text = read("docs/architecture.md")
    modules = [path for room in ("search", "web") for path in sorted((ROOT / room).rglob("*.py"))]
    assert [name for name in names(modules) if f"| `{name}` |" not in text] == []


def test_the_layers_in_the_architecture_are_those_of_the_contract():
    [contract] = [
        one
        for one in tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
        if one.get("containers") == ["search"]
    ]
    [shown] = [block for kind, block in _FENCED.findall(read("docs/architecture.md")) if "indexer.py\nweb\n" in block]
    assert shown.splitlines()[2:] == [layer.replace(" | ", ", ") for layer in contract["layers"]]


def test_every_path_in_the_architecture_exists():
    paths = re.findall(r"`((?:search|web|tests|vocabulary|practices|docs)/[\w./*-]*)`", read("docs/architecture.md"))
    assert [path for path in paths if not any(ROOT.glob(path.rstrip("/"))) and path != "practices/moved.yaml"] == []


@pytest.mark.parametrize("doc", names(DOCS))
def test_every_link_leads_to_a_file(doc):
    links = [link.partition("#")[0] for link in _LINK.findall(_FENCED.sub("", read(doc)))]
    local = [link for link in links if link and not re.match(r"[a-z]+:", link)]
    assert [link for link in local if not ((ROOT / doc).parent / link).exists()] == []


@pytest.mark.parametrize("doc", names(DOCS))
def test_every_command_exists(doc):
    targets = re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE)
    for command in commands(read(doc)):
        if command.startswith("make "):
            assert command.split()[1] in targets
        elif command.startswith("practices "):
            words = shlex.split(re.split(r" {4,}", command)[0])  # what follows in a listing is its explanation
            if ">" in words:
                words = words[: words.index(">")]
            if "--help" not in words:
                build_parser().parse_args(words[1:])  # ends the program where it does not know them


def test_the_task_for_an_editor_understands_what_the_program_prints(tmp_path, monkeypatch, capsys):
    [task] = json.loads(read(".vscode/tasks.json"))["tasks"]
    build_parser().parse_args(task["args"][2:])
    monkeypatch.setenv("PRACTICES_PRACTICES_DIR", str(tmp_path))
    path = tmp_path / "at" / "repair-cafe.md"
    path.parent.mkdir()
    path.write_text(practice_text(barriers=["skils"]), encoding="utf-8")
    main(["check", str(path)])
    lines = capsys.readouterr().err.splitlines()
    found = {
        matcher["severity"]: [
            one.groups()[:3] for line in lines if (one := re.match(matcher["pattern"]["regexp"], line)) is not None
        ]
        for matcher in task["problemMatcher"]
    }
    assert found == {"error": [(str(path), "6", "12")], "info": [(str(path), "1", "1")]}


@pytest.mark.parametrize(("doc", "file"), EXAMPLES.items())
def test_the_example_of_a_practice_passes_the_checks(vocabulary, doc, file):
    [example] = [block for kind, block in _FENCED.findall(read(doc)) if kind == "markdown"]
    document, problems = parse(example.encode(), file, vocabulary)
    assert document is not None, problems
    found = check_document(document, vocabulary, (), today=date(2026, 1, 1))
    assert [str(one) for one in found if one.severity is Severity.ERROR] == []


def test_the_example_of_how_to_write_passes_the_checks_without_advice(vocabulary):
    [example] = [block for kind, block in _FENCED.findall(read("docs/writing.md")) if kind == "markdown"]
    document, problems = parse(example.encode(), "practices/at/vienna-tool-library.md", vocabulary)
    assert document is not None, problems
    found = check_document(document, vocabulary, (), today=date(2026, 1, 1))
    assert [str(one) for one in (*problems, *found)] == []


def test_what_is_shown_of_a_finding_is_what_is_said(vocabulary):
    [example] = [block for kind, block in _FENCED.findall(read("CONTRIBUTING.md")) if kind == "markdown"]
    path = "practices/at/repair-cafe.md"
    document, _ = parse(example.replace("[skills]", "[skils]").encode(), path, vocabulary)
    assert document is not None
    [error] = [
        one
        for one in check_document(document, vocabulary, (), today=date(2026, 1, 1))
        if one.severity is Severity.ERROR
    ]
    assert str(error) in read("CONTRIBUTING.md")
