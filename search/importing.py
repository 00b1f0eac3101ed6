"""Sheets to documents: each row a practice, each finding with the cell in which it is to be mended."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from openpyxl.utils import get_column_letter

from search.analysis import words_of
from search.beginning import ADDRESS, Beginning, headed, proposed_id, with_what_addresses_tell
from search.cells import LISTS, NUMBERS, WHOLE, Reader, is_sum
from search.checks import check_document, check_draft
from search.column_names import HEADINGS, REPEATED, TARGETS, TEXT, label
from search.columns import Guesser, Head, MappingError, Target, one_line
from search.composing import compose
from search.errors import MAX_SHOWN, Problem, Severity
from search.fields import Raw
from search.library import document_files, document_ids, document_name, parse
from search.messages import ENGLISH, NOTHING, Message, Translations, say, say_number
from search.model import ID_PATTERN, MAX_ID
from search.rules import Rule
from search.shape import thousands_or_decimals
from search.spreadsheet import Place, Sheet
from search.stop_words import function_words
from search.vocabulary import Vocabulary
from search.written import is_unclear

_MAIN_PARTS = {"organisation": "organisation.name", "sources": "sources.url"}  # what to write of a group first
LEAST_WORDS, CLEARLY = 3, 1.2  # function words of a language, and how many times those of any other


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong with a row, at a cell; a rule of "" is one of the sheet itself."""

    place: Place
    message: Message
    rule: str = ""
    field: str = ""
    fix: Message = NOTHING
    severity: Severity = Severity.ERROR

    def in_words(self, translations: Translations = ENGLISH) -> str:
        """`Sheet!B7: field: message [rule]`, then the fix on a line of its own."""
        what = self.message.in_words(translations)
        what = f"{self.field}: {what}" if self.field else what
        if self.severity is Severity.ADVICE:
            what = say("advice: {what}", what=what).in_words(translations)
        text = f"{self.place}: {what}{f' [{self.rule}]' if self.rule else ''}"
        return f"{text}\n    {say('fix: {fix}', fix=self.fix).in_words(translations)}" if self.fix else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Beginning):
    """A row as a document, and all that is wrong with it."""

    place: Place
    problems: tuple[CellProblem, ...]
    is_there: bool  # byte for byte, as after an import of the good rows of the same sheet

    @property
    def is_good(self) -> bool:
        """Whether nothing keeps it out."""
        return all(one.severity is not Severity.ERROR for one in self.problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """The rows of some sheets, the columns that they were read by, and what was left out."""

    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    left_out: tuple[Message, ...]

    @property
    def good(self) -> list[Row]:
        """The rows that can be written, or are written already."""
        return [row for row in self.rows if row.is_good]


@dataclass(slots=True)
class _Filled:
    """A row while it is read: values, sections of the text, and the cell of each."""

    place: Place
    values: dict[str, Raw] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)  # of fields, as findings name them
    problems: list[CellProblem] = field(default_factory=list)


def import_sheets(
    sheets: Sequence[Sheet],
    heads: Sequence[Head] | None,
    folder: Path,
    vocabulary: Vocabulary,
    today: date,
    *,
    language: str = "",
) -> Imported:
    """Make a document of each row; columns that `heads` do not name are known by what stands at their top.

    `language` is that of texts whose row does not say it; without it, it is seen from the words.
    Raises: MappingError where no column is known.
    """
    guesser = Guesser(vocabulary)
    reader, by_name = Reader(vocabulary), {sheet.name: sheet for sheet in sheets}
    if heads is not None:
        found = [guesser.completed(head, by_name[head.sheet]) for head in heads]
    else:
        found = [head for sheet in sheets if (head := guesser.head(sheet))]
    if not found:
        raise MappingError("no row was found that names fields: title, summary, region … at the top of columns")
    left_out = [
        say('the sheet "{sheet}" is left out: no row in it names fields', sheet=sheet.name)
        for sheet in sheets
        if sheet.name not in {head.sheet for head in found}
    ]
    filled: list[_Filled] = []
    for head in found:
        sheet = by_name[head.sheet]
        left_out += _without_field(sheet, head)
        columns = range(1, sheet.columns + 1)
        for number in _rows(sheet, head):
            if number in sheet.hidden:
                left_out.append(
                    say('row {row} of the sheet "{sheet}" is hidden, and left out', row=number, sheet=sheet.name)
                )
            elif is_sum(filter(None, (sheet.cells.get((number, column)) for column in columns))):
                left_out.append(
                    say('row {row} of the sheet "{sheet}" is a sum, and left out', row=number, sheet=sheet.name)
                )
            else:
                filled.append(_fill(sheet, head, number, reader, language))
    making = _Making(folder, vocabulary, today)
    return Imported(heads=tuple(found), rows=tuple(making.rows(filled)), left_out=tuple(left_out))


def language_of(text: str) -> str:
    """The language in which a text is written, by its function words; English where that is not clear."""
    counts = function_words(words_of(text))
    best, second = sorted(counts, key=counts.__getitem__, reverse=True)[:2]
    return best if counts[best] >= LEAST_WORDS and counts[best] >= counts[second] * CLEARLY else "en"


def _rows(sheet: Sheet, head: Head) -> Iterator[int]:
    """The rows below the head in which something stands, but for those that repeat it."""
    columns = [column for column, target in head.targets.items() if target is not None]
    for number in range(head.row + 1, sheet.rows + 1):
        texts = {column: sheet.cells[number, column] for column in columns if (number, column) in sheet.cells}
        is_head = texts and all(text in _head_texts(sheet, head, column) for column, text in texts.items())
        if texts and not is_head:
            yield number


def _head_texts(sheet: Sheet, head: Head, column: int) -> Iterator[str]:
    """What stands in a column of a head, which may have two rows."""
    return (sheet.cells.get((row, column), "") for row in (head.row, head.row - 1))


def _without_field(sheet: Sheet, head: Head) -> Iterator[Message]:
    """Which columns are left out, though something stands in them."""
    filled = {column for row, column in sheet.cells if row > head.row}
    unread = sorted(column for column in filled if head.targets.get(column) is None)
    shown = [f'{get_column_letter(column)} "{one_line(head.labels.get(column, ""))[:MAX_SHOWN]}"' for column in unread]
    if shown:
        names = ", ".join(shown)
        yield say('in the sheet "{sheet}" these columns are left out: {names}', sheet=sheet.name, names=names)


def _fill(sheet: Sheet, head: Head, number: int, reader: Reader, language: str) -> _Filled:
    """Read the cells of a row into fields."""
    row = _Filled(Place(sheet.name, number, min(head.targets, default=1)))
    groups: dict[str, dict[int, dict[str, str]]] = {}
    for column, target in head.targets.items():
        if target is None:
            continue
        place = Place(sheet.name, number, column)
        if (number, column) in sheet.uncounted:
            message = say("the formula has no value in the file")
            row.problems.append(CellProblem(place, message, fix=say("open the sheet, save it and import it again")))
        text = sheet.cells.get((number, column)) or _from_above(sheet, number, column)
        _note(row, target, column)
        if text:
            _check_number(row, sheet, place, target, text)
            _take(row, groups, target, text, sheet, reader)
    for group, items in groups.items():
        row.values[group] = [dict(items[key]) for key in sorted(items)]
    _complete(row, language)
    return row


def _from_above(sheet: Sheet, number: int, column: int) -> str:
    """What a cell says that is merged with the one above it, but not with its neighbour."""
    text = sheet.spread.get((number, column), "")
    return (
        text if text and text == sheet.spread.get((number - 1, column), sheet.cells.get((number - 1, column))) else ""
    )


def _note(row: _Filled, target: Target, column: int) -> None:
    """Remember the cell of a field, under the names that findings use."""
    for name in (str(target), target.field, target.group):
        row.columns.setdefault(name, column)


def _check_number(row: _Filled, sheet: Sheet, place: Place, target: Target, text: str) -> None:
    is_text = (place.row, place.column) not in sheet.numbers
    if target.field in NUMBERS | WHOLE and is_text and is_unclear(text):
        message, fix = thousands_or_decimals(text)
        row.problems.append(CellProblem(place, message, str(Rule.NOT_A_NUMBER), target.field, fix))


def _take(
    row: _Filled,
    groups: dict[str, dict[int, dict[str, str]]],
    target: Target,
    text: str,
    sheet: Sheet,
    reader: Reader,
) -> None:
    """Put what a cell says into its field."""
    group, _, part = target.field.partition(".")
    if group == TEXT:
        row.sections[part] = "\n\n".join(filter(None, [row.sections.get(part, ""), text]))
    elif group in REPEATED:
        for number, (name, value) in _items(target, text):
            groups.setdefault(group, {}).setdefault(number, {})[name] = reader.one(f"{group}.{name}", value, sheet)
    elif target.field in LISTS:
        before = row.values.get(group, [])
        several = [*(before if isinstance(before, list) else []), *reader.several(group, text)]
        row.values[group] = list(dict.fromkeys(map(str, several)))
    elif part:
        inner = row.values.setdefault(group, {})
        if isinstance(inner, dict):
            inner[part] = reader.one(target.field, text, sheet)
    else:
        row.values[group] = reader.one(target.field, text, sheet)


def _items(target: Target, text: str) -> Iterator[tuple[int, tuple[str, str]]]:
    """The parts of a cell that stands for several items, each with its number; addresses wherever they stand."""
    _, _, part = target.field.partition(".")
    addresses = ADDRESS.findall(text)
    if part in {"url", "title"} and addresses and target.group == "sources":
        for place, address in enumerate(addresses):
            whole = address if address.startswith("http") else f"https://{address}"
            yield max(target.number, 1) + place, ("url", whole)
        title = " ".join(ADDRESS.sub(" ", text).split()).strip(" ,;:()-")
        if title and len(addresses) == 1:
            yield max(target.number, 1), ("title", title)
        return
    lines = [line.strip() for line in re.split(r"[\n;]" if part in {"publisher", "language"} else r"\n", text)]
    for place, line in enumerate(filter(None, lines)):
        yield max(target.number, 1) + place, (part, line)


def _complete(row: _Filled, language: str) -> None:
    """Say what a sheet leaves unsaid: the language of texts, and of a source what its address tells."""
    if "language" not in row.values:
        texts = [row.values.get("title"), row.values.get("summary"), *row.sections.values()]
        row.values["language"] = language or language_of(" ".join(text for text in texts if isinstance(text, str)))
    with_what_addresses_tell(row.values)


class _Making:
    """Makes documents of rows: each gets an id of its own, and is checked among those that are there."""

    def __init__(self, folder: Path, vocabulary: Vocabulary, today: date) -> None:
        self._vocabulary = vocabulary
        self._today = today
        self._folder = folder
        files = document_files(folder) if folder.is_dir() else []
        names = {document_name(file.rpartition("/")[2]) for file in files}
        self._there = {name[0] for name in names if name} | (document_ids(folder) if folder.is_dir() else frozenset())

    def rows(self, filled: Sequence[_Filled]) -> Iterator[Row]:
        """The documents of these rows, in their order."""
        ids = [self._id(row) for row in filled]
        first: dict[str, Place] = {}
        for row, id in zip(filled, ids, strict=True):
            file, content = self._document(row, id)
            path = self._folder / file
            is_there = id not in first and path.is_file() and path.read_bytes() == content
            if id in first:
                message = say('"{id}" is the id of {place} too', id=id, place=str(first[id]))
                self._say_of_id(row, message, say("delete one of them, or give it another name"))
            elif id in self._there and not is_there:
                message = say('there is a practice "{id}" already, which is not written over', id=id)
                fix = say("delete the row and change the practice itself, or give the row another title or id")
                self._say_of_id(row, message, fix)
            first.setdefault(id, row.place)
            problems = self._problems(row, file, content, {*ids, *self._there})
            yield Row(place=row.place, file=file, content=content, problems=tuple(problems), is_there=is_there)

    def _document(self, row: _Filled, id: str) -> tuple[str, bytes]:
        """The file that a row becomes, and what is in it."""
        language = row.values["language"]
        body = headed(row.sections, self._vocabulary, language if isinstance(language, str) else "en")
        content = compose({name: value for name, value in row.values.items() if name != "id"}, body)
        regions = row.values.get("regions")
        first = str(regions[0]) if isinstance(regions, list) and regions else ""
        country = first[:2].lower() if re.fullmatch("[A-Z]{2}[A-Z0-9]{0,3}", first) else "xx"
        return f"{country}/{id}.md", content

    def _problems(self, row: _Filled, file: str, content: bytes, known: Collection[str]) -> Iterable[CellProblem]:
        check = partial(check_draft, vocabulary=self._vocabulary, today=self._today)
        document, problems = parse(content, file, self._vocabulary, check)
        if document is not None:
            problems = check_document(document, self._vocabulary, known, today=self._today)
        said = [one for one in problems if not _told_by_address(one, problems)]
        placed = [_at_cell(one, row, content, self._vocabulary) for one in said]
        found = {(one.place, one.message): one for one in [*row.problems, *placed]}
        return found.values()

    def _id(self, row: _Filled) -> str:
        given = row.values.get("id")
        if isinstance(given, str) and given:
            if re.fullmatch(ID_PATTERN, given) and len(given) <= MAX_ID:
                return given
            self._say_of_id(row, say('"{value}" is not an id', value=given))
        title = row.values.get("title")
        return proposed_id(title if isinstance(title, str) else "") or f"row-{row.place.row}"

    @staticmethod
    def _say_of_id(row: _Filled, message: Message, fix: Message = NOTHING) -> None:
        column = row.columns.get("id") or row.columns.get("title") or row.place.column
        place = Place(row.place.sheet, row.place.row, column)
        row.problems.append(CellProblem(place, message, str(Rule.DUPLICATE_ID), "id", fix))


def _at_cell(problem: Problem, row: _Filled, content: bytes, vocabulary: Vocabulary) -> CellProblem:
    """A finding in a document at the cell that it came from."""
    names = list(_names(problem, content, vocabulary))
    column = next((row.columns[name] for name in names if name in row.columns), row.place.column)
    place = Place(row.place.sheet, row.place.row, column)
    fix = problem.fix
    if problem.rule in {Rule.MISSING_FIELD, Rule.MISSING_HEADING}:
        fix = _fix_in_sheet([_bare(problem.field)] if problem.field else names, row)
    return CellProblem(place, problem.message, str(problem.rule), problem.field, fix, problem.severity)


def _fix_in_sheet(missing: Sequence[str], row: _Filled) -> Message:
    """How fields and sections come into a sheet: into their columns, which may have to be added."""
    lacking = [label(_MAIN_PARTS.get(name, name), "en") for name in missing if name not in row.columns]
    if not lacking:
        return say("write it into its column")
    return say_number(
        "add a column named {names}",
        "add columns named {names}",
        len(lacking),
        names=", ".join(f'"{name}"' for name in lacking),
    )


def _bare(field: str) -> str:
    """The name of a field without numbers: sources.1.url is sources.url."""
    return re.sub(r"\.\d+(?=\.|$)", "", field)


def _told_by_address(problem: Problem, problems: Sequence[Problem]) -> bool:
    """Whether a part of a source is missing only because its address is none, which is said already."""
    source = problem.field.rpartition(".")[0]
    return problem.rule == Rule.MISSING_FIELD and any(
        one.field == f"{source}.url" and one.rule == Rule.NOT_AN_ADDRESS for one in problems
    )


def _names(problem: Problem, content: bytes, vocabulary: Vocabulary) -> Iterator[str]:
    """Under which names of fields the cell of a finding may be known, the nearest first."""
    if problem.field:
        yield problem.field
        yield _bare(problem.field)
        yield problem.field.partition(".")[0]
        return
    missing = dict(problem.message.values).get("name")
    if isinstance(missing, str) and problem.rule == Rule.MISSING_FIELD:
        yield missing
        yield from (target for target in TARGETS if target.partition(".")[0] == missing)
    yield from _sections(problem, content, vocabulary)


def _sections(problem: Problem, content: bytes, vocabulary: Vocabulary) -> Iterator[str]:
    """The section of the text in which a finding is, or that it misses."""
    titles: dict[str, str] = {}
    for concept in vocabulary.schemes[HEADINGS].concepts:
        titles |= dict.fromkeys(concept.pref_label.values(), f"{TEXT}.{concept.id}")
    if problem.rule == Rule.MISSING_HEADING:
        said = str(dict(problem.message.values).get("headings", ""))
        yield from (name for title, name in titles.items() if f'"{title}"' in said)
    lines = content.decode().split("\n")[: problem.line]
    above = next((line[3:] for line in reversed(lines) if line.startswith("## ")), "")
    if above in titles:
        yield titles[above]
