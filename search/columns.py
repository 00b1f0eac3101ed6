"""Which column of a sheet is which field: guessed from its head, shown, kept in a file beside the sheet, read again."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml
from openpyxl.utils import get_column_letter
from rapidfuzz import fuzz, process

from search.analysis import fold
from search.column_names import DESCRIPTIONS, REPEATED, TARGETS, names
from search.errors import AtlasError
from search.spreadsheet import Sheet
from search.vocabulary import Vocabulary, nearest

SURE = 86  # of 100: how near a head must come to a name
HEADS_BELOW = 40  # rows in which the head is looked for: titles, logos and notes stand above it
LEAST = 3  # columns that must be known for a row to be the head
MAX_LABEL = 120  # characters; what is longer is no name of a field
MAX_MAPPING = 1024 * 1024  # bytes

_NUMBER = re.compile(r"(?:\bn[ro°º]\.? ?)?\b(\d{1,2})\b")
_NOISE = re.compile(r"[*:?()\[\]_\"„“”«»/.,-]+|\b(?:required|optional|pflichtfeld|obligatoire)\b", re.IGNORECASE)


_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]")
_EUROS = re.compile(r"[(\[](?:\w{1,2} )?(?:€|EUR|euros?)[)\]]", re.IGNORECASE)  # what else may be thousands, or crowns
_ADDRESS = re.compile(r"https?://|www\.")


class MappingError(AtlasError):
    """The file that says which column is which field is not understood, or there is no column to be understood."""


@dataclass(frozen=True, slots=True)
class Target:
    """A field that a column fills: `sources.url` of the second source has the number 2; of a list 0 means any."""

    field: str
    number: int = 0

    @property
    def group(self) -> str:
        """The field of the model that it is, or is a part of."""
        return self.field.partition(".")[0]

    def __str__(self) -> str:
        if not self.number:
            return self.field
        group, _, part = self.field.partition(".")
        return f"{group}.{self.number}.{part}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a sheet: its row, and what each column says at its top and is taken for (None: left out).

    Of a head of two rows it is the lower one.
    """

    sheet: str
    row: int
    labels: Mapping[int, str]
    targets: Mapping[int, Target | None]


class Guesser:
    """Knows what fields are called."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._names: dict[str, str] = {}
        for name, target in names(vocabulary):
            self._names.setdefault(_plain(name), target)
        self._known = list(self._names)
        self._descriptions = frozenset(map(_plain, DESCRIPTIONS))
        self._matched: dict[str, tuple[float, Target | None]] = {}

    def head(self, sheet: Sheet) -> Head | None:
        """The row that names most fields; None where none names enough."""
        heads = [self._head(sheet, row) for row in range(1, min(sheet.rows, HEADS_BELOW) + 1)]
        known = [sum(target is not None for target in head.targets.values()) for head in heads]
        best = max(known, default=0)
        if best < LEAST:
            return None
        head = heads[known.index(best)]
        return _told_by_cells(sheet, self._head(sheet, head.row + 1) if self._goes_on(sheet, head.row + 1) else head)

    def completed(self, head: Head, sheet: Sheet) -> Head:
        """A head with what those columns are taken for that it does not name, as people add some after it was kept."""
        targets, guessed = dict(head.targets), self._head(sheet, head.row)
        for column, target in guessed.targets.items():
            if column not in targets:
                is_free = target is not None and (_may_repeat(target) or target not in targets.values())
                targets[column] = target if is_free else None
        return replace(head, labels={**guessed.labels, **head.labels}, targets=targets)

    def _goes_on(self, sheet: Sheet, row: int) -> bool:
        """Whether a row below a head is its second: it divides merged heads, or most of it names fields."""
        own = {column: text for (number, column), text in sheet.cells.items() if number == row}
        groups = Counter(_group(sheet, row - 1, column) for column in own)
        divides = all(group and times > 1 for group, times in groups.items())
        named = sum(self._match(text)[1] is not None for text in own.values())
        return bool(own) and (divides or 2 * named >= len(own))

    def _head(self, sheet: Sheet, row: int) -> Head:
        labels: dict[int, str] = {}
        scored: list[tuple[bool, float, int, Target]] = []
        for column in range(1, sheet.columns + 1):
            above, own = _texts(sheet, row, column)
            if not own:
                continue
            labels[column] = _label(above, own)
            score, target = self._best(above, own)
            if target is not None:
                is_description = _plain(_BRACKETS.sub(" ", own)) in self._descriptions
                scored.append((is_description, -score, column, target))
        targets: dict[int, Target | None] = dict.fromkeys(labels)
        for is_description, _, column, target in sorted(scored, key=lambda one: one[:3]):
            is_taken = target in targets.values() and not _may_repeat(target)
            found = Target("summary") if is_taken and is_description else target
            if _may_repeat(found) or found not in targets.values():
                targets[column] = found
        fields = {target.field for target in targets.values() if target}
        if fields.isdisjoint({"results.indicator", "results.value"}):
            # Where nothing is counted, a period is when it ran, in one text that is no date.
            targets = {column: None if one == Target("results.period") else one for column, one in targets.items()}
        return Head(sheet=sheet.name, row=row, labels=labels, targets=targets)

    def _best(self, above: str, own: str) -> tuple[float, Target | None]:
        """The field that a column is; of what stands above, which may be the name of a group, as much as helps."""
        alone = self._match(own)
        if not above:
            return alone
        together, group = self._match(f"{above} {own}"), self._match(above)[1]
        inside = _part_of(group, alone[1]) if group else None
        if inside is not None:
            return alone[0], inside
        return together if together[0] >= SURE and together[0] >= alone[0] - 5 else alone

    def _match(self, text: str) -> tuple[float, Target | None]:
        if text not in self._matched:
            self._matched[text] = self._search(text) if len(text) <= MAX_LABEL else (0.0, None)
        return self._matched[text]

    def _search(self, text: str) -> tuple[float, Target | None]:
        found: tuple[float, Target | None] = (0.0, None)
        # Two languages stand in one head: "Titel / Titre".
        parts = [text, *re.split(r"\s*[/|\n]\s*", text)]
        for part in dict.fromkeys([*parts, *(_BRACKETS.sub(" ", part) for part in parts)]):
            number = _NUMBER.search(part)
            bare = _plain(_NUMBER.sub(" ", part))
            if len(bare) < 2:
                continue
            best = process.extractOne(bare, self._known, scorer=fuzz.token_sort_ratio, score_cutoff=SURE)
            if best is not None and best[1] > found[0]:
                field = self._names[best[0]]
                if field == "cost.amount" and _BRACKETS.search(_EUROS.sub(" ", text)):
                    continue
                is_counted = number is not None and field.partition(".")[0] in REPEATED
                found = best[1], Target(field, int(number[1]) if number and is_counted else 0)
        return found


def _told_by_cells(sheet: Sheet, head: Head) -> Head:
    """With a column called "source" that holds addresses taken for them, where no other is."""
    if any(target and target.field == "sources.url" for target in head.targets.values()):
        return head
    targets = dict(head.targets)
    for column, target in head.targets.items():
        if target and target.field == "sources.title":
            below = [text for (row, at), text in sheet.cells.items() if at == column and row > head.row]
            if 2 * sum(_ADDRESS.match(text) is not None for text in below) > len(below):
                targets[column] = Target("sources.url", target.number)
    return replace(head, targets=targets)


def write_mapping(heads: Sequence[Head]) -> str:
    """The file in which people change what was guessed wrong."""
    lines = ["# Which column of the sheet is which field. Change what is wrong, and import again."]
    lines += ['# A column with "" is left out. The names of the fields are in docs/commands.md.', "sheets:"]
    for head in heads:
        lines += [f"  {_quoted(head.sheet)}:", f"    head: {head.row}", "    columns:"]
        for column, label in head.labels.items():
            target = head.targets.get(column)
            lines.append(f"      {get_column_letter(column)}: {_quoted(str(target or ''))}  # {one_line(label)}")
    return "\n".join(lines) + "\n"


def read_mapping(path: Path, sheets: Sequence[Sheet]) -> list[Head]:
    """What a file says of the columns. Raises: MappingError with what is wrong in it; OSError."""
    if path.stat().st_size > MAX_MAPPING:
        raise MappingError(f"{path} is too large for a file that names columns")
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise MappingError(f"{path}: {error}") from error
    entries = found.get("sheets") if isinstance(found, dict) else None
    if not isinstance(entries, dict) or not entries:
        raise MappingError(f'{path}: "sheets:" is missing, with the sheets below it')
    known = {sheet.name: sheet for sheet in sheets}
    return [_head_of(path, str(name), entry, known) for name, entry in entries.items()]


def _head_of(path: Path, name: str, entry: object, known: Mapping[str, Sheet]) -> Head:
    if name not in known:
        there = ", ".join(known)
        raise MappingError(f'{path}: there is no sheet "{name}"; there are: {there}')
    row = entry.get("head") if isinstance(entry, dict) else None
    columns = entry.get("columns") if isinstance(entry, dict) else None
    if not isinstance(row, int) or isinstance(row, bool) or not isinstance(columns, dict):
        raise MappingError(f'{path}: the sheet "{name}" needs "head:", the number of its row, and "columns:" below it')
    sheet = known[name]
    targets: dict[int, Target | None] = {}
    for letter, field in columns.items():
        # NO and ON are columns too, and truth values to YAML.
        text = {True: "ON", False: "NO"}.get(letter, str(letter)) if isinstance(letter, bool) else str(letter)
        targets[_column(path, text)] = _target(path, str(field or ""))
    labels = {column: _label(*_texts(sheet, row, column)) for column in targets}
    return Head(sheet=name, row=row, labels=labels, targets=targets)


def _column(path: Path, letter: str) -> int:
    if not re.fullmatch("[A-Za-z]{1,3}", letter):
        raise MappingError(f'{path}: "{letter}" is not the letter of a column')
    number = 0
    for char in letter.upper():
        number = number * 26 + ord(char) - ord("A") + 1
    return number


def _target(path: Path, text: str) -> Target | None:
    if not text.strip():
        return None
    group, *rest = text.strip().split(".")
    numbered = len(rest) == 2 and rest[0].isascii() and rest[0].isdigit() and group in REPEATED
    field = f"{group}.{rest[1]}" if numbered else text.strip()
    if field not in TARGETS:
        meant = nearest(field, TARGETS)
        raise MappingError(f'{path}: there is no field "{field}"' + (f"; write {meant}" if meant else ""))
    return Target(field, int(rest[0]) if numbered else 0)


def _part_of(group: Target, own: Target | None) -> Target | None:
    """What a general name, title or link or year, is below the name of a group."""
    if own is None:
        return None
    part = own.field.rpartition(".")[2]
    for name in ("name", "title", "indicator", "source", "by") if part in {"title", "name"} else (part,):
        field = f"{group.group}.{name}"
        if field in TARGETS:
            return Target(field, group.number if group.group in REPEATED else 0)
    return None


def _may_repeat(target: Target) -> bool:
    """Whether several columns may fill the same: lists, and groups that are not numbered."""
    return target.field in {
        "regions", "barriers", "factors", "instruments", "topics", "target_groups", "partners", "keywords", "related",
    } or (target.group in REPEATED and not target.number)  # fmt: skip


def _texts(sheet: Sheet, row: int, column: int) -> tuple[str, str]:
    """What stands above a head, and the head itself, which of two rows may stand in the upper one alone."""
    own = sheet.cells.get((row, column), "")
    above = _says(sheet, row - 1, column)
    if not own:
        return "", "" if _group(sheet, row - 1, column) else sheet.cells.get((row - 1, column), "")
    return "" if above == own or len(above) > 60 else above, own


def _label(above: str, own: str) -> str:
    return f"{above} / {own}" if above else own


def _says(sheet: Sheet, row: int, column: int) -> str:
    """What a cell says, or the merged one that it is part of."""
    return sheet.cells.get((row, column)) or sheet.spread.get((row, column), "")


def _group(sheet: Sheet, row: int, column: int) -> str:
    """What a cell says that is merged with the one beside it; "" where it is not."""
    text = _says(sheet, row, column)
    is_merged = (row, column) in sheet.spread and _says(sheet, row, column - 1) == text
    return text if is_merged or sheet.spread.get((row, column + 1)) == text else ""


def _plain(text: str) -> str:
    return " ".join(fold(_NOISE.sub(" ", text.replace("’", "'"))).replace("'", " ").split())  # noqa: RUF001


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def one_line(text: str) -> str:
    """A text without line breaks and signs that cannot be printed."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def mapping_file(path: Path) -> Path:
    """Where the mapping of a sheet is kept: beside it."""
    return path.with_name(f"{path.name}.columns.yaml")
