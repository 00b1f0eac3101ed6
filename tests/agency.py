"""A sheet of 200 practices as an agency would keep it, and the cells of the few that have real faults."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font

REGIONS = [
    "Wien",
    "Tirol",
    "Steiermark",
    "Bretagne",
    "AT13 Wien",
    "Zahodna Slovenija; Podravska",
    "Toscana",
    "Estland",
    "FRH0",
    "Salzburg",
]
HEMMNISSE = ["Mangelnde Koordination", "skills", "Fehlende Kooperation", "Lack of skills"]
WHAT = [
    "Reparaturwerkstatt",
    "Energieberatung",
    "Leihladen",
    "Lehrlingsprogramm",
    "Datenraum",
    "Gründerfonds",
    "Lernwerkstatt",
    "Exportberatung",
]
WHAT_FR = ["Atelier de réparation", "Conseil en énergie", "Outilthèque", "Programme d’apprentis", "Espace de données"]
STATUS = ["laufend", "running", "abgeschlossen", "planned"]


def build_agency_sheet(path: Path) -> dict[str, str]:
    """Write the workbook. Returns: for each faulty row, by its id's title, the cell that must be named."""
    book = Workbook()
    notes = book.active
    notes.title = "Hinweise"
    notes["A1"] = "Bitte nur das Blatt „Praktiken“ ausfüllen."
    german = book.create_sheet("Praktiken")
    faults = _fill(german, 120, "de")
    french = book.create_sheet("Pratiques")
    faults |= _fill(french, 80, "fr")
    hidden = book.create_sheet("Listen")
    hidden.sheet_state = "hidden"
    hidden.append(["Titel", "Zusammenfassung", "Region"])
    book.save(path)
    return faults


HEADS = {
    "de": (
        "Sammlung guter Praxis – Stand März 2024",
        [("Praxis", ["Titel", "Kurzbeschreibung"]), ("Ort", ["Bundesland / Region"]), ("", ["Hemmnisse", "Themen", "Status"]),
         ("Laufzeit", ["Beginn", "Ende"]), ("Träger", ["Name", "Website", "Art der Organisation"]), ("Kosten", ["Betrag", "Währung"]),
         ("", [""]), ("Text", ["Ausgangslage", "Was getan wurde", "Ergebnisse"]),
         ("Quellen", ["Titel der Quelle", "Link", "Herausgeber"]), ("", ["Sachbearbeiter intern"])],
    ),
    "fr": (
        "Bonnes pratiques de la région",
        [("Pratique", ["Titre", "Résumé"]), ("", ["Région"]), ("", ["Obstacles", "Thèmes", "Statut"]),
         ("", ["Date de début", "Date de fin"]), ("Organisme", ["Nom", "Site web", "Type d'organisme"]), ("Coût", ["Montant", "Devise"]),
         ("", [""]), ("", ["Problème", "Ce qui a été fait", "Résultats"]),
         ("Source", ["Titre", "Adresse", "Éditeur"]), ("", ["Remarques internes"])],
    ),
}  # fmt: skip


def _fill(sheet, count: int, language: str) -> dict[str, str]:
    title, groups = HEADS[language]
    sheet["A1"] = title
    sheet["A1"].font = Font(size=16, bold=True)
    sheet.merge_cells("A1:H1")
    column = 2  # the first column is empty: people like a margin
    for group, names in groups:
        if group:
            sheet.cell(3, column, group)
            if len(names) > 1:
                sheet.merge_cells(start_row=3, end_row=3, start_column=column, end_column=column + len(names) - 1)
        for name in names:
            if name:
                sheet.cell(4, column, name)
            column += 1
    faults: dict[str, str] = {}
    row = 5
    for number in range(count):
        if number % 25 == 24:
            row += 1  # an empty row
        values = _values(number, language)
        _spoil(values, number, language, row, faults)
        for place, value in values.items():
            if value is not None:
                cell = sheet.cell(row, place, value)
                if isinstance(value, datetime | date):
                    cell.number_format = ["dd.mm.yyyy", "mmm yyyy", "yyyy"][number % 3]
        row += 1
    return faults


TITLE, SUMMARY, REGION, BARRIERS, TOPICS, STATE, START, END, NAME, SITE, KIND, AMOUNT, CURRENCY = range(2, 15)
PROBLEM, DONE, RESULTS, SOURCE, LINK, PUBLISHER, CLERK = range(16, 23)


def _values(number: int, language: str):
    is_german = language == "de"
    what = (WHAT if is_german else WHAT_FR)[number % (8 if is_german else 5)]
    place = REGIONS[number % len(REGIONS)]
    started = [datetime(2015 + number % 8, 1 + number % 12, 3), 43831 + number, 2016, "03.05.2018", "2019", "04/2020"][
        number % 6
    ]
    return {
        TITLE: f"{what} Nr. {number + 1}: gemeinsam für die Region"
        if is_german
        else f"{what} n° {number + 1} : ensemble pour la région",
        SUMMARY: (
            "Einmal im Monat kommen Betriebe und Nachbarn zusammen, um voneinander zu lernen und Kosten zu sparen."
            if is_german
            else "Une fois par mois, des entreprises et des voisins se réunissent pour apprendre et réduire leurs coûts."
        ),
        REGION: place if number % 3 else place.upper() if place != "FRH0" else place,
        BARRIERS: HEMMNISSE[number % 4] if number % 2 else f"{HEMMNISSE[number % 4]}; finance",
        TOPICS: ["Cybersecurity", "clusters, talent", "research\ntalent", None][number % 4],
        STATE: STATUS[0] if is_german and number % 4 == 3 else ["running", "laufend", "unknown"][number % 3],
        START: started,
        END: None,
        NAME: f"Agentur {number + 1} (A{number + 1})",
        SITE: f"https://agentur{number + 1}.example",
        KIND: ["agency", "Verein", "public-body"][number % 3] if number % 5 else None,
        AMOUNT: [125000, "12 500,50", "1.250.000,00 €", 99.5, None][number % 5],
        CURRENCY: ["EUR", "€", "EUR", "eur", None][number % 5],
        PROBLEM: "Vieles wird weggeworfen [1]." if is_german else "On jette beaucoup [1].",
        DONE: "Freiwillige helfen.\n\n- im Frühling\n- im Herbst" if is_german else "Des bénévoles aident.",
        RESULTS: "Das meiste geht wieder." if is_german else "La plupart fonctionne.",
        SOURCE: "Bericht" if number % 2 else None,
        LINK: f"https://agentur{number + 1}.example/bericht?jahr=2023",
        PUBLISHER: "Agentur" if number % 2 else None,
        CLERK: "Maier",
    }


def _spoil(values, number: int, language: str, row: int, faults: dict[str, str]) -> None:
    """Eight rows with real faults, four in each sheet."""
    wrong = {
        "de": {
            7: (REGION, "Mittelerde", "D"),
            30: (SUMMARY, "Zu kurz.", "C"),
            55: (START, "31.02.2019", "H"),
            90: (LINK, "siehe Homepage", "T"),
        },
        "fr": {
            3: (BARRIERS, "le temps qu'il fait", "E"),
            20: (TITLE, None, "B"),
            41: (RESULTS, "TODO", "R"),
            66: (AMOUNT, "beaucoup", "M"),
        },
    }[language]
    if number in wrong:
        column, value, letter = wrong[number]
        values[column] = value
        sheet = "Praktiken" if language == "de" else "Pratiques"
        faults[f"{sheet} {row}"] = f"{sheet}!{letter}{row}"
