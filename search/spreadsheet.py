"""Reads sheets as offices keep them, from Excel and CSV: every cell as text, with its place, within bounds."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from search.errors import AtlasError

MAX_BYTES = 20 * 1024 * 1024  # of the file
MAX_UNPACKED = 100 * 1024 * 1024  # of everything in a workbook: what a small file may grow to
MAX_ROWS = 20_000
MAX_COLUMNS = 500
MAX_CELLS = 1_000_000
SERIALS = range(10_000, 80_000)  # days since 1900 that fall into 1927 to 2119; smaller ones are years

_DELIMITERS = ";\t,"
_QUOTED_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')  # of a number format: what is shown as it is, and colours


class SheetError(AtlasError):
    """A sheet cannot be read; the text says why."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A cell, as people name it: sheet, row from 1, column from 1."""

    sheet: str
    row: int
    column: int

    def __str__(self) -> str:
        return f"{self.sheet}!{get_column_letter(self.column)}{self.row}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The cells of a sheet that are not empty, as text: `cells[row, column]`, both counted from 1."""

    name: str
    cells: Mapping[tuple[int, int], str]
    spread: Mapping[tuple[int, int], str] = field(default_factory=dict)  # what merged cells say besides their first
    hidden: frozenset[int] = frozenset()  # rows
    uncounted: frozenset[tuple[int, int]] = frozenset()  # formulas of which the file has no value
    numbers: frozenset[tuple[int, int]] = frozenset()  # cells that hold a number, not a text that looks like one
    epoch: datetime = datetime(1899, 12, 30)  # noqa: DTZ001 - of days that are kept as numbers; sheets know no zone

    @property
    def rows(self) -> int:
        """The number of the last row."""
        return max((row for row, _ in self.cells), default=0)

    @property
    def columns(self) -> int:
        """The number of the last column."""
        return max((column for _, column in self.cells), default=0)

    def day(self, serial: int) -> str:
        """The date that a number of days stands for."""
        found = from_excel(serial, self.epoch)
        return found.date().isoformat() if isinstance(found, datetime) else ""


def read_sheets(path: Path) -> list[Sheet]:
    """The sheets of a file that readers of it see.

    Raises: SheetError when it is no sheet, or larger than is read here; OSError when it cannot be read.
    """
    if path.stat().st_size > MAX_BYTES:
        raise SheetError(f"{path} is larger than {MAX_BYTES // 1024 // 1024} MB; divide it into several")
    data = path.read_bytes()
    if path.suffix.lower() in {".csv", ".tsv", ".txt"}:
        return [_read_csv(data, path)]
    if path.suffix.lower() not in {".xlsx", ".xlsm"}:
        raise SheetError(f"{path} is no sheet that can be read here; save it as .xlsx or .csv")
    return _read_workbook(data, path)


def _read_csv(data: bytes, path: Path) -> Sheet:
    text = _decoded(data)
    cells: dict[tuple[int, int], str] = {}
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)), 1):
            _keep_within_bounds(path, number, len(row), len(cells))
            cells |= {(number, column): one.strip() for column, one in enumerate(row, 1) if one.strip()}
    except csv.Error as error:
        raise SheetError(f"{path} cannot be read as CSV: {error}") from error
    return Sheet(name=path.stem, cells=cells)


def _decoded(data: bytes) -> str:
    """UTF-8, or UTF-16 as Excel calls Unicode, or else what Windows has written in Europe for thirty years."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    """The sign between cells: the one that gives most rows the same number of cells, of more than one."""
    start = "".join(text.splitlines(keepends=True)[:200])

    def regularity(sign: str) -> tuple[int, int]:
        try:
            rows = [len(row) for row in csv.reader(io.StringIO(start, newline=""), delimiter=sign) if row]
        except csv.Error:
            return 0, 0
        width, times = max(Counter(rows).items(), key=lambda pair: (pair[0] > 1, pair[1]), default=(0, 0))
        return (times if width > 1 else 0), width

    return max(_DELIMITERS, key=regularity)


def _read_workbook(data: bytes, path: Path) -> list[Sheet]:
    has_formulas = _examine(data, path)
    book = _open(data, path, values=True)
    formulas = _open(data, path, values=False) if has_formulas else None
    sheets = [one for one in book.worksheets if one.sheet_state == "visible"]
    return [_read_sheet(one, formulas[one.title] if formulas else None, book, path) for one in sheets]


def _examine(data: bytes, path: Path) -> bool:
    """Refuse a workbook that is more than a workbook. Returns: whether there are formulas in it."""
    has_formulas = False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > MAX_UNPACKED or len(parts) > 2_000:
                raise SheetError(f"{path} unpacks to more than {MAX_UNPACKED // 1024 // 1024} MB; divide it")
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    content = archive.read(part)
                    if b"<!DOCTYPE" in content or content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
                        raise SheetError(f"{path} holds XML that no office program writes; save it anew as .xlsx")
                    has_formulas |= b"<f>" in content or b"<f " in content
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise SheetError(f"{path} is no workbook of Excel, or is damaged or locked by a password") from error
    return has_formulas


def _open(data: bytes, path: Path, *, values: bool) -> Workbook:
    try:
        with warnings.catch_warnings():  # of what openpyxl leaves out, which are looks
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(data), data_only=values, keep_links=False)
    except Exception as error:
        # openpyxl raises whatever its reading of somebody else's XML stumbles over.
        raise SheetError(f"{path} cannot be read as a workbook: {error}") from error


def _read_sheet(sheet: Worksheet, formulas: Any, book: Workbook, path: Path) -> Sheet:
    cells: dict[tuple[int, int], str] = {}
    uncounted, numbers = set(), set()
    stored = sheet._cells  # noqa: SLF001 - rows() would make all the empty cells before one that is far away
    for (number, column), cell in sorted(stored.items()):
        text = _text(cell.value, str(cell.number_format or ""))
        if text:
            _keep_within_bounds(path, number, column, len(cells))
            cells[number, column] = text
            if isinstance(cell.value, int | float):
                numbers.add((number, column))
        elif formulas is not None and formulas.cell(number, column).data_type == "f":
            uncounted.add((number, column))
    hidden = frozenset(number for number, row in sheet.row_dimensions.items() if row.hidden)
    return Sheet(
        name=sheet.title,
        cells=cells,
        spread=dict(_merged(sheet, cells)),
        hidden=hidden,
        uncounted=frozenset(uncounted),
        numbers=frozenset(numbers),
        epoch=book.epoch,
    )


def _merged(sheet: Worksheet, cells: Mapping[tuple[int, int], str]) -> Iterator[tuple[tuple[int, int], str]]:
    """What each cell of a merged area says that is not its first."""
    for area in sheet.merged_cells.ranges:
        text = cells.get((area.min_row, area.min_col))
        is_small = area.max_row - area.min_row <= MAX_ROWS and area.max_col - area.min_col <= MAX_COLUMNS
        if text and is_small:
            for row in range(area.min_row, area.max_row + 1):
                for column in range(area.min_col, area.max_col + 1):
                    if (row, column) not in cells:
                        yield (row, column), text


def _keep_within_bounds(path: Path, row: int, column: int, count: int) -> None:
    if row > MAX_ROWS or column > MAX_COLUMNS or count > MAX_CELLS:
        raise SheetError(f"{path} has more than {MAX_ROWS:,} rows or {MAX_COLUMNS} columns; divide it into several")


def _text(value: object, number_format: str) -> str:
    """A cell as it would be written: a date as far as it is shown, a number without the noise of its storage."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return _date_text(value.date(), number_format)
    if isinstance(value, date):
        return _date_text(value, number_format)
    if isinstance(value, int | float):
        return f"{_number_text(value * 100)}%" if "%" in number_format else _number_text(value)
    if value is None or isinstance(value, time):
        return ""
    return str(value).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").strip()


def _number_text(value: float) -> str:
    plain = format(Decimal(repr(round(value, 10))).normalize(), "f")
    return "0" if plain == "-0" else plain


def _date_text(day: date, number_format: str) -> str:
    shown = _QUOTED_FORMAT.sub("", number_format).lower()
    if "y" not in shown or "d" in shown:
        return day.isoformat()
    return day.strftime("%Y-%m") if "m" in shown else day.strftime("%Y")
