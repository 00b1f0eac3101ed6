"""A sheet to fill in without a network: a column for each field, lists to choose from, and an example of every one."""

from __future__ import annotations

from io import BytesIO

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from search.cells import LISTS
from search.column_names import SCHEMES, TARGETS, label
from search.vocabulary import Vocabulary

ROWS = 1000  # in which lists can be chosen from

EXAMPLES = {
    "id": "vienna-repair-cafe",
    "title": "Repair café: neighbours mend what is broken in Vienna",
    "summary": "Once a month volunteers with tools help their neighbours to mend broken things, and show them how.",
    "language": "en",
    "regions": "AT13; Wien; Vienna",
    "place": "Wien",
    "started": "2019, 2019-04, 2019-04-30",
    "ended": "2023",
    "organisation.name": "Verein Reparatur",
    "organisation.url": "https://example.org",
    "partners": "Stadt Wien; Volkshochschule",
    "cost.amount": "12500.50",
    "cost.currency": "EUR",
    "cost.period": "2019-2022",
    "funding.source": "Stadt Wien",
    "funding.share": "85%",
    "effort.fte": "1.5",
    "results.indicator": "Lamps mended",
    "results.value": "41",
    "results.source": "1",
    "evaluation.by": "Technische Universität Wien",
    "evaluation.independent": "yes",
    "evaluation.year": "2022",
    "keywords": "repair, circular economy",
    "contact": "info@example.org",
    "confirmed": "2026-02",
    "license": "CC-BY-4.0",
    "sources.title": "Repair café",
    "sources.url": "https://example.org/repair",
    "sources.publisher": "Example",
    "sources.language": "en",
    "text.problem": "Things that could be mended are thrown away [1].",
    "text.what-was-done": "Volunteers mend bicycles and lamps together with their owners.",
    "text.results": "Most of what is brought in leaves the room working.",
}
_REQUIRED = frozenset(
    [
        "title",
        "summary",
        "language",
        "regions",
        "barriers",
        "status",
        "organisation.name",
        "sources.title",
        "sources.url",
        "sources.publisher",
        "sources.language",
        "text.problem",
        "text.what-was-done",
        "text.results",
    ]
)


def sheet_template(vocabulary: Vocabulary, language: str) -> bytes:
    """The workbook, with heads and lists in a language of the vocabularies."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "practices"
    lists = book.create_sheet("lists")
    lists.sheet_state = "hidden"
    for column, target in enumerate(TARGETS, 1):
        cell = sheet.cell(1, column, label(target, language))
        cell.font = Font(bold=True, underline="single" if target in _REQUIRED else None)
        cell.fill = PatternFill("solid", start_color="E0EAE7")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.comment = Comment(_help(target, vocabulary, language), "practices", height=160, width=320)
        sheet.column_dimensions[get_column_letter(column)].width = 40 if target.startswith(("text.", "summary")) else 22
        if target in SCHEMES:
            _let_choose(sheet, lists, column, target, vocabulary, language)
    sheet.freeze_panes = "C2"
    _explain(book.create_sheet("examples"), vocabulary, language)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _help(target: str, vocabulary: Vocabulary, language: str) -> str:
    """What stands beside the head of a column: the name of the field, and what may stand in it."""
    shown = [target, EXAMPLES.get(target, "")]
    if target in SCHEMES:
        shown += [text for _, text in vocabulary.labelled(SCHEMES[target], language)]
    return "\n".join(filter(None, shown))[:2000]


def _let_choose(
    sheet: Worksheet, lists: Worksheet, column: int, target: str, vocabulary: Vocabulary, language: str
) -> None:
    """Offer the labels of a vocabulary in a column; in a list several may be typed, with ; between them."""
    labels = [text for _, text in vocabulary.labelled(SCHEMES[target], language)]
    for row, text in enumerate(labels, 1):
        lists.cell(row, column, text)
    letter = get_column_letter(column)
    choice = DataValidation(
        type="list",
        formula1=f"lists!${letter}$1:${letter}${len(labels)}",
        allow_blank=True,
        showErrorMessage=target not in LISTS,
    )
    choice.add(f"{letter}2:{letter}{ROWS}")
    sheet.add_data_validation(choice)


def _explain(sheet: Worksheet, vocabulary: Vocabulary, language: str) -> None:
    """An example of each field, one below the other, so that nobody imports them."""
    for row, target in enumerate(TARGETS, 1):
        example = EXAMPLES.get(target, "")
        if target in SCHEMES:
            example = vocabulary.labelled(SCHEMES[target], language)[0][1]
        sheet.cell(row, 1, label(target, language)).font = Font(bold=True)
        sheet.cell(row, 2, example).alignment = Alignment(wrap_text=True)
        sheet.cell(row, 3, target)
    for letter, width in (("A", 34), ("B", 70), ("C", 26)):
        sheet.column_dimensions[letter].width = width
