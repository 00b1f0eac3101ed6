"""A sheet becomes documents, or each of its faults is named with its cell."""

from __future__ import annotations

from datetime import date

import pytest

import indexer
from search.build import read_collection
from search.cells import Reader, is_sum
from search.checking import check_folder
from search.column_names import TARGETS, label
from search.columns import Guesser, MappingError, mapping_file, read_mapping
from search.errors import Severity
from search.importing import import_sheets, language_of
from search.spreadsheet import Sheet, read_sheets
from search.vocabulary import LANGUAGES
from tests.agency import build_agency_sheet

TODAY = date(2026, 3, 1)
HEAD = "title;summary;region;barrier;status;organisation;source URL;problem;what was done;results\n"
ROW = (
    "Repair café {n};Once a month volunteers with tools help their neighbours to mend broken things.;Wien;skills;"
    "running;Verein;https://example.org/{n};It breaks.;They mend it.;It works.\n"
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "practices").mkdir()
    return tmp_path / "practices"


@pytest.fixture
def run(folder):
    return lambda *given: indexer.main([str(given[0]), "--practices", str(folder), *map(str, given[1:])])


@pytest.fixture
def sheet(tmp_path):
    def sheet(*rows, head=HEAD, name="sheet.csv"):
        path = tmp_path / name
        path.write_text(head + "".join(rows), encoding="utf-8")
        return path

    return sheet


def test_a_sheet_of_200_rows_as_an_agency_keeps_it(tmp_path, folder, vocabulary, run, capsys):
    path = tmp_path / "agency.xlsx"
    faults = build_agency_sheet(path)
    found = import_sheets(read_sheets(path), None, folder, vocabulary, TODAY)
    assert len(found.rows) == 200
    assert len(found.good) >= 190
    named = {f"{row.place.sheet} {row.place.row}": row for row in found.rows if not row.is_good}
    assert named.keys() == faults.keys()
    for key, cell in faults.items():
        assert cell in [str(one.place) for one in named[key].problems if one.severity is Severity.ERROR]

    assert run("import", path) == 1
    assert list(folder.rglob("*.md")) == []
    said = capsys.readouterr().err
    assert all(f"\n{cell}: " in said for cell in faults.values())
    assert run("import", path, "--partial") == 1
    checked = check_folder(folder, vocabulary, TODAY)
    assert (len(checked.paths), checked.errors) == (len(found.good), 0)
    practices = list(read_collection(folder, vocabulary, TODAY).library)
    assert {one.language for one in practices} == {"de", "fr"}
    assert {one.started for one in practices} >= {"2018-05-03", "2019", "2020-04", "2016"}
    assert any(one.started.startswith("2020-0") for one in practices)
    assert {str(one.cost.amount) for one in practices if one.cost} == {"125000", "12500.50", "1250000.00", "99.5"}


def test_every_name_of_a_field_is_known_in_every_language(vocabulary):
    guesser = Guesser(vocabulary)
    for language in LANGUAGES:
        cells = {(1, column): label(target, language) for column, target in enumerate(TARGETS, 1)}
        head = guesser.head(Sheet(name="x", cells=cells))
        found = {str(head.targets[column]) for column in head.targets}
        missing = set(TARGETS) - found
        assert len(missing) <= 2, (language, missing)


MERGED_HEADS = {
    (1, 1): "Názov", (1, 2): "Zhrnutie", (1, 3): "Organizácia", (1, 5): "Poznámka", (2, 3): "Názov", (2, 4): "Typ",
    (3, 1): "Dielňa", (3, 2): "Raz za mesiac", (3, 3): "Spolok", (3, 4): "združenie", (3, 5): "x",
}  # fmt: skip


@pytest.mark.parametrize(
    "spread",
    [
        {(1, 4): "Organizácia"},
        {(1, 4): "Organizácia", (2, 1): "Názov", (2, 2): "Zhrnutie", (2, 5): "Poznámka"},
    ],
)
def test_a_head_of_two_rows_is_read_as_one_and_what_is_left_out_is_named(folder, vocabulary, spread):
    sheet = Sheet(name="x", cells=MERGED_HEADS, spread=spread)
    found = import_sheets([sheet], None, folder, vocabulary, TODAY)
    [head] = found.heads
    assert (head.row, {column: str(target) for column, target in head.targets.items() if target}) == (
        2, {1: "title", 2: "summary", 3: "organisation.name", 4: "organisation.type"},
    )  # fmt: skip
    assert [row.place.row for row in found.rows] == [3]
    assert found.left_out == ('in the sheet "x" these columns are left out: E "Poznámka"',)


def test_the_second_row_of_a_head_is_known_by_names_where_nothing_is_merged(vocabulary):
    cells = {key: text for key, text in MERGED_HEADS.items() if key not in {(2, 4), (3, 4)}}
    head = Guesser(vocabulary).head(Sheet(name="x", cells=cells))
    assert (head.row, str(head.targets[3])) == (2, "organisation.name")


def test_a_practice_below_merged_heads_is_no_head(vocabulary):
    cells = {(1, 1): "Title", (1, 3): "Summary", (1, 5): "Region", (2, 1): "Dielňa", (2, 3): "Raz", (2, 5): "Wien"}
    spread = {(1, 2): "Title", (1, 4): "Summary", (1, 6): "Region"}
    assert Guesser(vocabulary).head(Sheet(name="x", cells=cells, spread=spread)).row == 1


def guessed(vocabulary, *labels, cells=()):
    below = {(2, column): text for column, text in enumerate(cells, 1)}
    head = Guesser(vocabulary).head(Sheet(name="x", cells={(1, n): label for n, label in enumerate(labels, 1)} | below))
    return [str(head.targets[column] or "") for column in range(1, len(labels) + 1)]


def test_what_stands_in_brackets_behind_a_name_does_not_hide_it(vocabulary):
    labels = ["Názov (max. 120 znakov)", "Kraj [NUTS]", "Zdroj (odkaz)", "Rozpočet (EUR)", "Begin (year)"]
    assert guessed(vocabulary, *labels) == ["title", "regions", "sources.title", "cost.amount", "started"]


@pytest.mark.parametrize("unit", ["tis. EUR", "Kč", "T€", "in 1000 EUR"])
def test_an_amount_in_another_unit_is_not_taken_for_euros(vocabulary, unit):
    assert guessed(vocabulary, "Titel", "Region", "Status", f"Gesamtkosten ({unit})")[3] == ""


def test_a_description_is_the_summary_where_another_column_says_what_was_done(vocabulary):
    assert guessed(vocabulary, "Názov", "Popis", "Čo sa urobilo") == ["title", "summary", "text.what-was-done"]
    assert guessed(vocabulary, "Názov", "Zhrnutie", "Popis") == ["title", "summary", "text.what-was-done"]


def test_a_source_that_is_an_address_is_taken_for_one(vocabulary):
    labels = ["Titel der Massnahme", "Umsetzung", "Quelle"]
    assert guessed(vocabulary, *labels, cells=["", "", "https://example.org/a"])[2] == "sources.url"
    assert guessed(vocabulary, *labels, cells=["", "", "Jahresbericht"]) == [
        "title", "text.what-was-done", "sources.title",
    ]  # fmt: skip


def test_a_period_is_that_of_a_result_only_where_there_are_results(vocabulary):
    assert guessed(vocabulary, "Názov", "Kraj", "Stav", "Obdobie")[3] == ""
    assert guessed(vocabulary, "Názov", "Kraj", "Ukazovateľ", "Obdobie")[3] == "results.period"
    assert guessed(vocabulary, "Názov", "Kraj", "Stav", "od", "do")[3:] == ["started", "ended"]


def test_good_rows_are_written_and_the_columns_kept(sheet, folder, run, capsys):
    path = sheet(*(ROW.format(n=n) for n in range(3)))
    assert run("import", path) == 0
    assert sorted(one.name for one in (folder / "at").iterdir()) == [f"repair-cafe-{n}.md" for n in range(3)]
    assert 'A: "title"' in mapping_file(path).read_text()
    assert capsys.readouterr().out.count("repair-cafe-") == 3


def test_a_dry_run_writes_no_document_but_keeps_the_columns(sheet, folder, run, capsys):
    path = sheet(ROW.format(n=1))
    assert run("import", path, "--dry-run") == 0
    assert list(folder.rglob("*")) == []
    assert f"the columns are kept in {mapping_file(path)}" in capsys.readouterr().err
    assert 'A: "title"' in mapping_file(path).read_text()


def test_nothing_is_ever_written_over(sheet, folder, run, capsys):
    path = sheet(ROW.format(n=1), ROW.format(n=1))
    assert run("import", path, "--partial") == 1
    assert "sheet!A3: id:" in capsys.readouterr().err
    there = folder / "at" / "repair-cafe-1.md"
    there.write_bytes(before := there.read_bytes().replace(b"It works.", b"It works well."))
    assert run("import", path, "--partial") == 1
    said = capsys.readouterr().err
    assert 'there is a practice "repair-cafe-1" already' in said
    assert "fix: delete the row and change the practice itself" in said
    assert there.read_bytes() == before


def test_what_a_partial_import_has_written_is_no_fault_when_the_rest_is_imported(sheet, folder, run, capsys):
    good, bad = ROW.format(n=1), ROW.format(n=2)
    assert run("import", sheet(good, bad.replace("Wien", "Mittelerde")), "--partial") == 1
    capsys.readouterr()
    assert run("import", sheet(good, bad)) == 0
    said = capsys.readouterr()
    assert "row 2: at/repair-cafe-1.md is there already, and says the same" in said.err
    assert said.out == f"{folder / 'at' / 'repair-cafe-2.md'}\n"


def test_what_people_changed_in_the_mapping_counts(sheet, folder, run, capsys):
    path = sheet(ROW.format(n=1), head=HEAD.replace("organisation", "Wer macht das hier?"))
    assert run("import", path) == 1
    assert "organisation" in capsys.readouterr().err
    kept = mapping_file(path)
    kept.write_text(kept.read_text().replace('F: ""', 'F: "organisation.name"'))
    assert run("import", path) == 0


def test_a_column_that_was_added_after_the_mapping_was_kept_is_read(sheet, run, capsys):
    head, row = HEAD.replace(";results", ""), ROW.format(n=1).replace(";It works.", "")
    assert run("import", sheet(row, head=head)) == 1
    assert 'fix: add a column named "results"' in capsys.readouterr().err
    assert run("import", sheet(ROW.format(n=1))) == 0


def test_what_is_missing_is_mended_in_the_sheet_and_not_in_a_document(sheet, run, capsys):
    row = ROW.format(n=1).replace("Wien;", ";").replace("It works.", "").replace("https://example.org/1", "see web")
    assert run("import", sheet(row, head=HEAD.replace("organisation", "x"))) == 1
    said = capsys.readouterr().err
    assert 'C2: regions: "regions" is missing [missing-field]\n    fix: write it into its column\n' in said
    assert 'J2: the heading "Results" is missing [missing-heading]\n    fix: write it into its column\n' in said
    assert '"organisation" is missing [missing-field]\n    fix: add a column named "organisation"\n' in said
    assert "G2: sources.1.url: " in said
    assert "sources.1.title" not in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "sheets:"),
        ("sheets: []", "sheets:"),
        ("sheets: {other: {head: 1, columns: {A: title}}}", 'no sheet "other"'),
        ("sheets: {sheet: {head: x, columns: {A: title}}}", "needs"),
        ("sheets: {sheet: {head: 1, columns: {A: titel}}}", "write title"),
        ("sheets: {sheet: {head: 1, columns: {1: title}}}", "letter"),
        ("a: [", "while parsing"),
    ],
)
def test_a_mapping_that_is_not_understood_is_said(tmp_path, text, said):
    path = tmp_path / "m.yaml"
    path.write_text(text)
    with pytest.raises(MappingError, match=said):
        read_mapping(path, [Sheet(name="sheet", cells={})])


def test_a_sheet_without_a_head_is_said(sheet, run, capsys):
    assert run("import", sheet("a;b;c\n", head="x;y;z\n")) == 2
    assert "no row was found that names fields" in capsys.readouterr().err


def test_several_sources_may_stand_in_one_cell_or_in_numbered_columns(sheet, folder, vocabulary, run):
    head = HEAD.replace("source URL", "Source 1 URL;Source 1 title;Source 2 URL")
    row = ROW.format(n=1).replace("https://example.org/1", "https://a.example/1;Report;https://b.example/2")
    assert run("import", sheet(row, head=head)) == 0
    [practice] = read_collection(folder, vocabulary, TODAY).library
    assert [(one.title, one.url) for one in practice.sources] == [
        ("Report", "https://a.example/1"),
        ("b.example/2", "https://b.example/2"),
    ]


def test_numbers_that_may_be_thousands_are_asked_about(sheet, run, capsys):
    path = sheet(ROW.format(n=1).rstrip() + ";12.500\n", head=HEAD.rstrip() + ";cost\n")
    assert run("import", path) == 1
    assert 'sheet!K2: cost.amount: "12.500" may be thousands or decimals' in capsys.readouterr().err


@pytest.mark.parametrize(("text", "date"), [("43831", "2020-01-01"), ("43831.5", "2020-01-01"), ("bald", "bald")])
def test_dates_that_are_numbers_of_days_are_read(text, date, vocabulary):
    assert Reader(vocabulary).one("started", text, Sheet(name="x", cells={})) == date


@pytest.mark.parametrize(
    "word", ["Spolu", "Summe:", "Total", "Total général", "Totale", "Suma 2024", "Skupaj", "Kokku"]
)
def test_a_row_that_is_a_sum_is_left_out(sheet, run, capsys, word):
    head = "No;" + HEAD.rstrip() + ";cost\n"
    path = sheet("1;" + ROW.format(n=1).rstrip() + ";85\n", f"{word};;;;;;;;;;;217 500 €\n", head=head)
    assert run("import", path) == 0
    assert 'row 3 of the sheet "sheet" is a sum, and left out' in capsys.readouterr().err


@pytest.mark.parametrize("texts", [["217500"], ["5", "31.12.2023"], ["Total quality", "85"], []])
def test_what_does_not_only_add_up_is_no_sum(texts):
    assert not is_sum(texts)


def test_labels_of_any_language_become_ids(vocabulary):
    reader = Reader(vocabulary)
    assert reader.several("barriers", "Manque de coordination; Mangelnde Koordination\nskills") == [
        "coordination",
        "skills",
    ]
    assert reader.several("regions", "Bretagne, AT13 Wien; Tirol") == ["FRH0", "AT13", "AT33"]
    assert reader.several("partners", "City, of X; Y") == ["City, of X", "Y"]
    assert reader.language("Französisch") == reader.language("français") == reader.language("FR") == "fr"


@pytest.mark.parametrize(("text", "language"), [
    ("Einmal im Monat kommen die Nachbarn zusammen und lernen voneinander.", "de"),
    ("Une fois par mois, les voisins se réunissent pour apprendre dans la ville.", "fr"),
    ("Repair", "en"),
])  # fmt: skip
def test_the_language_is_seen_from_the_words(text, language):
    assert language_of(text) == language
