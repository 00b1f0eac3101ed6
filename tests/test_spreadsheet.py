"""Sheets of any kind are read as what they say, within bounds."""

from __future__ import annotations

import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from search.spreadsheet import MAX_UNPACKED, Place, SheetError, read_sheets


def csv_sheet(tmp_path, data):
    path = tmp_path / "sheet.csv"
    path.write_bytes(data)
    [sheet] = read_sheets(path)
    return sheet.cells


@pytest.mark.parametrize(
    "data",
    [
        "Titel;Straße\nA, B;Größe".encode("cp1252"),
        "Titel;Straße\nA, B;Größe".encode("utf-8-sig"),
        "Titel;Straße\nA, B;Größe".encode(),
        "Titel\tStraße\r\nA, B\tGröße\r\n".encode(),
        'Titel,Straße\n"A, B",Größe\n'.encode(),
        "Titel\tStraße\nA, B\tGröße".encode("utf-16"),
    ],
)
def test_csv_is_read_with_any_sign_between_cells_and_in_the_encodings_of_europe(tmp_path, data):
    assert csv_sheet(tmp_path, data) == {(1, 1): "Titel", (1, 2): "Straße", (2, 1): "A, B", (2, 2): "Größe"}


def test_a_cell_of_csv_may_have_lines(tmp_path):
    assert csv_sheet(tmp_path, b'a;"one\ntwo"\nb;c\n')[1, 2] == "one\ntwo"


def book_sheet(tmp_path, fill):
    book = Workbook()
    fill(book.active)
    path = tmp_path / "sheet.xlsx"
    book.save(path)
    return read_sheets(path)[0]


def test_dates_and_numbers_are_written_as_they_are_shown(tmp_path):
    def fill(sheet):
        values = [
            (datetime(2019, 4, 30), "dd.mm.yyyy"), (datetime(2019, 4, 1), "mmm yyyy"), (date(2019, 1, 1), "yyyy"),
            (12500.5, "General"), (0.85, "0%"), (2019, "General"), (0.1 + 0.2, "General"), (True, "General"),
            (datetime(2019, 4, 30), '[$-407]d" of "mmmm yyyy'),
        ]  # fmt: skip
        for column, (value, shown) in enumerate(values, 1):
            sheet.cell(1, column, value).number_format = shown

    sheet = book_sheet(tmp_path, fill)
    assert [sheet.cells[1, column] for column in range(1, 10)] == [
        "2019-04-30", "2019-04", "2019", "12500.5", "85%", "2019", "0.3", "yes", "2019-04-30",
    ]  # fmt: skip
    assert sheet.day(43831) == "2020-01-01"


def test_merged_cells_hidden_rows_and_formulas_are_known(tmp_path):
    def fill(sheet):
        sheet["A1"] = "Group"
        sheet.merge_cells("A1:C1")
        sheet["A2"] = "=1+1"
        sheet["B3"] = "x"
        sheet.row_dimensions[3].hidden = True

    sheet = book_sheet(tmp_path, fill)
    assert (sheet.spread[1, 3], sheet.hidden, sheet.uncounted) == ("Group", {3}, {(2, 1)})


def test_hidden_sheets_are_not_read(tmp_path):
    book = Workbook()
    book.create_sheet("hidden").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    assert len(read_sheets(tmp_path / "a.xlsx")) == 1


def test_places_are_named_as_people_do():
    assert str(Place("Sheet", 7, 28)) == "Sheet!AB7"


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(MAX_UNPACKED // (1024 * 1024) + 2):
            part.write(b" " * 1024 * 1024)
    assert path.stat().st_size < 1024 * 1024
    with pytest.raises(SheetError, match="unpacks to more"):
        read_sheets(path)


def test_a_workbook_with_entities_is_refused(tmp_path):
    book = Workbook()
    book.save(tmp_path / "good.xlsx")
    with zipfile.ZipFile(tmp_path / "good.xlsx") as good, zipfile.ZipFile(tmp_path / "bad.xlsx", "w") as bad:
        for part in good.infolist():
            content = good.read(part)
            bad.writestr(part, b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + content if "sheet1" in part.filename else content)
    with pytest.raises(SheetError, match="XML that no office program writes"):
        read_sheets(tmp_path / "bad.xlsx")


@pytest.mark.parametrize("name", ["a.xlsx", "a.ods", "a.pdf"])
def test_what_is_no_sheet_is_said(tmp_path, name):
    (tmp_path / name).write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(SheetError):
        read_sheets(tmp_path / name)


def test_a_sheet_with_too_many_rows_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text("a;b\n" * 20_001)
    with pytest.raises(SheetError, match="more than 20,000 rows"):
        read_sheets(tmp_path / "a.csv")


def test_a_cell_far_away_costs_nothing(tmp_path):
    def fill(sheet):
        sheet["A1"] = "x"
        sheet["XFD1048576"] = ""

    assert book_sheet(tmp_path, fill).cells == {(1, 1): "x"}
