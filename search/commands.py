"""The commands with which documents are made, and their links looked after: what they do, and what they say of it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from search.checking import check_paths
from search.errors import Problem, SettingsError, Severity
from search.fields import Raw
from search.messages import ENGLISH, Translations
from search.reports import counted
from search.settings import Settings
from search.vocabulary import LANGUAGES, Vocabulary, read_vocabulary

DONE, FINDINGS, FAILED = 0, 1, 2  # exit codes: all is well, documents have errors, could not be done


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """The commands that make documents, and the one that looks after their links."""
    to_new = commands.add_parser("new", parents=[shared], help="begin a practice; what is not given is asked for")
    to_new.add_argument("--title", help="what, and where")
    to_new.add_argument("--summary", help="40 to 400 characters")
    to_new.add_argument("--region", action="append", metavar="NAME", help="by name or code; again for more")
    to_new.add_argument("--barrier", action="append", metavar="NAME", help="by name or id; again for more")
    to_new.add_argument("--status", help="planned, running, finished, stopped or unknown")
    to_new.add_argument("--organisation", metavar="NAME", help="who runs it")
    to_new.add_argument("--source", action="append", metavar="URL", help="where it can be read; again for more")
    to_new.add_argument("--language", metavar="CODE", help="language of the text; en otherwise")
    to_new.add_argument("--id", help="name of the file; made of the title otherwise")
    to_new.add_argument("--from", dest="source_file", type=Path, metavar="FILE", help="a document, a text or JSON")
    to_template = commands.add_parser("template", parents=[shared], help="write a form to fill in offline")
    to_template.add_argument("--format", choices=["xlsx", "md"], default="xlsx", help="a sheet, or one document")
    to_template.add_argument("--language", default="en", metavar="CODE", help="language of its heads; en otherwise")
    to_template.add_argument("--output", type=Path, metavar="FILE", help="practices-template.xlsx or .md otherwise")
    to_import = commands.add_parser("import", parents=[shared], help="make a document of each row of a sheet")
    to_import.add_argument("sheet", type=Path, metavar="FILE", help="an .xlsx or .csv")
    to_import.add_argument("--mapping", type=Path, metavar="FILE", help="which column is what; beside FILE otherwise")
    to_import.add_argument("--partial", action="store_true", help="write what is good, though other rows are not")
    to_import.add_argument("--dry-run", action="store_true", help="write no document, only the columns")
    to_import.add_argument("--language", metavar="CODE", help="language of the texts; seen from their words otherwise")
    to_links = commands.add_parser("links", parents=[shared], help="look whether addresses in documents still work")
    to_links.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="files or folders; all where none is given"
    )
    to_links.add_argument("--timeout", type=float, default=10.0, metavar="S", help="seconds to wait for an answer")
    to_links.add_argument("--retries", type=int, default=2, metavar="N", help="times to ask again")
    to_links.add_argument("--cache", type=Path, metavar="FILE", help="what worked lately; in the index otherwise")
    to_links.add_argument("--allow-private", action="store_true", help="ask addresses of private networks too")


def new(options: argparse.Namespace, settings: Settings) -> int:
    """Begin a practice, and say what to do next."""
    from search.beginning import answered, begin, read_source, write_new  # noqa: PLC0415 - openpyxl takes its time

    vocabulary = read_vocabulary(settings.vocabulary_dir)
    values, body = read_source(options.source_file, vocabulary) if options.source_file else ({}, "")
    given = {
        "title": options.title,
        "summary": options.summary,
        "regions": ";".join(options.region or ()),
        "barriers": ";".join(options.barrier or ()),
        "status": options.status,
        "organisation.name": options.organisation,
        "sources.url": " ".join(options.source or ()),
        "language": options.language,
        "id": options.id,
    }
    answers = {field: answer for field, answer in given.items() if answer}
    if sys.stdin.isatty():
        _ask(values, answers, settings.practices_dir, vocabulary)
    beginning = begin(answered(values, answers, vocabulary), body, settings.practices_dir, vocabulary)
    path = settings.practices_dir / beginning.file
    write_new([beginning], settings.practices_dir)
    checked = check_paths([path], settings.practices_dir, vocabulary, _today())
    say_problems(checked.problems, ENGLISH)
    print(path)
    if beginning.filled_in:
        say_text(f"filled in for you, see that it is right: {', '.join(beginning.filled_in)}")
    say_text(f"next: write what is missing into {path}, then look at it again with: practices check {path}")
    return DONE


def _ask(values: Mapping[str, Raw], answers: dict[str, str], folder: Path, vocabulary: Vocabulary) -> None:
    """Ask for what is not given, each until the answer can be; for an id only where the title makes none."""
    from search.beginning import ASKED, proposed_id, question, wrong_answer  # noqa: PLC0415 - openpyxl takes its time

    say_text("an empty answer skips what is not needed; several are written with ; between them")
    for field in ASKED:
        if field == "id":
            title = answers.get("title") or str(values["title"])
            answers.setdefault("id", str(values.get("id") or proposed_id(title)))
        elif field not in answers and values.get(field.partition(".")[0]):
            continue
        asking = question(field, answers.get("language", "en"), vocabulary)
        answer = answers[field] if field in answers else input(asking)
        while wrong := wrong_answer(field, answer, folder, vocabulary):
            say_text(wrong)
            answer = input(asking)
        answers[field] = answer


def template(options: argparse.Namespace, settings: Settings) -> int:
    """Write a form to fill in offline."""
    from search.beginning import markdown_template  # noqa: PLC0415 - openpyxl takes its time
    from search.sheet_template import sheet_template  # noqa: PLC0415

    vocabulary = read_vocabulary(settings.vocabulary_dir)
    if options.language not in LANGUAGES:
        raise SettingsError(f'there is no template in "{options.language}"; there are: {", ".join(LANGUAGES)}')
    path = options.output or Path(f"practices-template.{options.format}")
    is_sheet = options.format == "xlsx"
    content = (
        sheet_template(vocabulary, options.language)
        if is_sheet
        else markdown_template(vocabulary, options.language).encode()
    )
    with path.open("xb") as file:
        file.write(content)
    print(path)
    following = f"import {path}" if is_sheet else f"new --from {path}"
    say_text(f"next: fill it in, then: practices {following}")
    return DONE


def import_(options: argparse.Namespace, settings: Settings) -> int:
    """Make a document of each row of a sheet; none is written unless all rows are good, or `--partial` is given."""
    from search.beginning import write_new  # noqa: PLC0415
    from search.columns import mapping_file, read_mapping, write_mapping  # noqa: PLC0415 - openpyxl takes its time
    from search.importing import import_sheets  # noqa: PLC0415
    from search.spreadsheet import read_sheets  # noqa: PLC0415

    vocabulary = read_vocabulary(settings.vocabulary_dir)
    sheets = read_sheets(options.sheet)
    kept = options.mapping or mapping_file(options.sheet)
    heads = read_mapping(kept, sheets) if kept.exists() or options.mapping else None
    found = import_sheets(sheets, heads, settings.practices_dir, vocabulary, _today(), language=options.language or "")
    say_text(write_mapping(found.heads))
    if heads is None:
        kept.write_text(write_mapping(found.heads), encoding="utf-8")
        say_text(f"the columns are kept in {kept}; change it where it is wrong")
    for note in found.left_out:
        say_text(note)
    bad = [row for row in found.rows if not row.is_good]
    for row in bad:
        for problem in row.problems:
            if problem.severity is Severity.ERROR:
                say_text(problem.in_words())
    for row in found.rows:
        if row.is_there:
            say_text(f"{row.place.sheet}, row {row.place.row}: {row.file} is there already, and says the same")
    rows = [row for row in found.good if not row.is_there] if options.partial or not bad else []
    say_text(f"{counted_things(len(found.rows), 'row')}: {len(found.good)} good, {len(bad)} with errors")
    if bad and not options.partial:
        say_text("no document is written: mend the cells, or write the good rows with --partial")
    for path in () if options.dry_run else write_new(rows, settings.practices_dir):
        print(path)
    return FINDINGS if bad else DONE


def links(options: argparse.Namespace, settings: Settings) -> int:
    """Look whether addresses still work; what is found is advice, and no reason to fail."""
    from search import links as asking  # noqa: PLC0415 - an HTTP client takes its time

    paths = options.paths or [settings.practices_dir]
    vocabulary = read_vocabulary(settings.vocabulary_dir)
    checked = check_paths(paths, settings.practices_dir, vocabulary, _today())
    there_are = [link for document in checked.documents for link in asking.links_of(document)]
    cache, now = options.cache or settings.index_dir / "links.json", datetime.now(UTC)
    known = asking.read_cache(cache, now)
    manners = asking.Manners(timeout_s=options.timeout, retries=options.retries, allow_private=options.allow_private)
    answers = asking.ask_all([link.url for link in there_are], manners, known)
    asking.write_cache(cache, answers, known, now)
    problems = asking.findings(there_are, answers)
    for problem in problems:
        say_text(str(problem))
    say_text(f"{counted_things(len(answers), 'address')} looked at, {len(problems)} to look after")
    return DONE if all(path.exists() for path in paths) else FAILED


def say_problems(problems: Sequence[Problem], words: Translations) -> int:
    """Say what was found, and how much. Returns: the exit code."""
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    for problem in problems:
        say_text(problem.in_words(words))
    if problems:
        say_text(", ".join(count.in_words(words) for count in counted(problems)))
    return FINDINGS if errors else DONE


def counted_things(number: int, thing: str) -> str:
    """So many of a thing, in English."""
    return f"{number} {thing}{'' if number == 1 else 'es' if thing.endswith('s') else 's'}"


def _today() -> date:
    return datetime.now(UTC).date()


def say_text(text: str) -> None:
    """Say something to whoever runs the program; what other programs read goes to the standard output."""
    print(text, file=sys.stderr)
