"""Judged collections in three files: documents, queries, and which document answers which query how well.

    docs.jsonl      {"id": "17", "title": "…", "text": "…", "lang": "de"}    a document a line; a title may be empty
    queries.jsonl   {"id": "q1", "text": "…", "lang": "de"}
    qrels.tsv       query_id, doc_id, grade: a header, then a judgement a line, with tabs between

Ids have any form. Empty lines are passed over. What is not judged counts as not relevant.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.metrics import Grades

DOCS, QUERIES, QRELS = "docs.jsonl", "queries.jsonl", "qrels.tsv"
HEADER = ("query_id", "doc_id", "grade")
_LANG = re.compile(r"[a-z]{2}")  # as in the model


class InputError(Exception):
    """A file that cannot be read as what it should be: file, line, what is wrong."""

    def __init__(self, path: Path, message: str, line: int | None = None) -> None:
        super().__init__(f"{path}:{line}: {message}" if line else f"{path}: {message}")


@dataclass(frozen=True, slots=True)
class Document:
    """A document to rank."""

    id: str
    title: str
    text: str
    lang: str  # ISO 639-1


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody asks."""

    id: str
    text: str
    lang: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A collection; of its queries only those with a relevant document can be measured."""

    documents: tuple[Document, ...]
    queries: tuple[Query, ...]
    grades: Mapping[str, Grades]  # id of a query -> id of a document -> grade

    def measured(self) -> list[Query]:
        """The queries that have a relevant document."""
        return [one for one in self.queries if any(grade > 0 for grade in self.grades.get(one.id, {}).values())]


def read_judged(folder: Path) -> Judged:
    """Read a collection. Raises: InputError naming file and line."""
    documents = tuple(Document(**row) for row in _objects(folder / DOCS, ("id", "text", "lang"), ("title",)))
    queries = tuple(Query(**row) for row in _objects(folder / QUERIES, ("id", "text", "lang"), ()))
    known = ({one.id for one in queries}, {one.id for one in documents})
    return Judged(documents, queries, _grades(folder / QRELS, *known))


def write_judged(folder: Path, judged: Judged) -> None:
    """Write a collection in the form that read_judged() takes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in ((DOCS, judged.documents), (QUERIES, judged.queries)):
        lines = [json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows]
        (folder / name).write_text("".join(lines), encoding="utf-8")
    judgements = [(query, id, str(grade)) for query, found in judged.grades.items() for id, grade in found.items()]
    (folder / QRELS).write_text("".join("\t".join(row) + "\n" for row in (HEADER, *judgements)), encoding="utf-8")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file that are not empty, with their numbers counted from 1."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(path, f"cannot be read: {error.strerror}") from error
    # Not splitlines(): a line separator of Unicode may stand inside a text.
    for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        try:
            text = line.decode().rstrip("\r")
        except UnicodeDecodeError as error:
            raise InputError(path, "not UTF-8", number) from error
        if text.strip():
            yield number, text


def _objects(path: Path, required: tuple[str, ...], optional: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """The objects of a file, all their wanted values text; ids once each. Fields that we do not know are left out."""
    seen: dict[str, int] = {}
    for number, line in _lines(path):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputError(path, f"not JSON: {error}", number) from error
        if not isinstance(row, dict):
            raise InputError(path, "not a JSON object", number)
        for field in required:
            if field not in row:
                raise InputError(path, f'the field "{field}" is missing', number)
        found = {field: _text(path, number, field, row.get(field)) for field in (*required, *optional)}
        if not found["id"]:
            raise InputError(path, "the id is empty", number)
        if not _LANG.fullmatch(found["lang"]):
            message = f'lang: "{found["lang"]}" is no code of two small letters (ISO 639-1)'
            raise InputError(path, message, number)
        if found["id"] in seen:
            raise InputError(path, f'the id "{found["id"]}" is in line {seen[found["id"]]} already', number)
        seen[found["id"]] = number
        yield found
    if not seen:
        raise InputError(path, "is empty")


def _text(path: Path, line: int, field: str, value: object) -> str:
    if field == "title" and value is None:
        return ""
    if field == "id" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)  # qrels.tsv cannot tell 17 from "17"
    if not isinstance(value, str):
        raise InputError(path, f'the field "{field}" is not text', line)
    return value


def _grades(path: Path, queries: set[str], documents: set[str]) -> dict[str, dict[str, int]]:
    lines = _lines(path)
    number, header = next(lines, (1, ""))
    if tuple(header.split("\t")) != HEADER:
        raise InputError(path, f"the header is not {', '.join(HEADER)} with tabs between", number)
    grades: dict[str, dict[str, int]] = {}
    for number, line in lines:
        cells = line.split("\t")
        if len(cells) != len(HEADER):
            raise InputError(path, f"{len(cells)} columns, not {len(HEADER)} with tabs between", number)
        query, document, grade = cells
        for known, id, file in ((queries, query, QUERIES), (documents, document, DOCS)):
            if id not in known:
                raise InputError(path, f'the id "{id}" is not in {file}', number)
        if not re.fullmatch(r"-?[0-9]+", grade.strip()):
            raise InputError(path, f'the grade "{grade}" is not a whole number', number)
        if document in grades.setdefault(query, {}):
            raise InputError(path, f'"{document}" is judged for "{query}" already', number)
        grades[query][document] = max(int(grade), 0)  # TREC writes -1 and -2 for what is useless
    return grades
