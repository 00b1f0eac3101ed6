"""SQLite with FTS5: external content, a side table of facet values, prepared statements."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from bench.made import Document
from bench.peers.peer import FIELDS, PAGE, Answer, Peer, Shown
from bench.queries import Asked
from search import facets
from search.vocabulary import Vocabulary

FILE = "practices.sqlite"
SPAN = 10_000  # value ids of a facet: facet number * SPAN and up, so that a facet is a range
MOST = 0.4  # share of the documents above which counting goes by value, not by document

SCHEMA = f"""
    CREATE TABLE docs (id INTEGER PRIMARY KEY, key TEXT, title TEXT, labels TEXT, summary TEXT, body TEXT);
    CREATE UNIQUE INDEX docs_key ON docs (key);
    CREATE TABLE facet_values (id INTEGER PRIMARY KEY, facet TEXT, value TEXT);
    CREATE TABLE doc_values (doc INTEGER, value INTEGER, PRIMARY KEY (doc, value)) WITHOUT ROWID;
    CREATE VIRTUAL TABLE words USING fts5 ({", ".join(FIELDS)}, content=docs, content_rowid=id,
        tokenize='unicode61 remove_diacritics 2', prefix='4 5 6');
    INSERT INTO words (words, rank) VALUES ('rank', 'bm25({", ".join(map(str, FIELDS.values()))})');
"""
TEMPORARY = """
    CREATE TEMP TABLE matched (doc INTEGER PRIMARY KEY);
    CREATE TEMP TABLE narrowed (doc INTEGER PRIMARY KEY);
    CREATE TEMP TABLE lifted (doc INTEGER PRIMARY KEY);
    CREATE TEMP TABLE everything (doc INTEGER PRIMARY KEY);
    INSERT INTO everything SELECT id FROM docs;
"""
BY_DOCUMENT = (
    "SELECT value, count(*) FROM {0} CROSS JOIN doc_values USING (doc) WHERE value BETWEEN ? AND ? GROUP BY value"
)
BY_VALUE = (
    "SELECT value, count(*) FROM doc_values INDEXED BY values_docs "
    "WHERE value BETWEEN ? AND ? AND doc IN (SELECT doc FROM {0}) GROUP BY value"
)
FEW = "EXISTS (SELECT 1 FROM doc_values AS one WHERE one.doc = {0}.doc AND one.value IN ({1}))"
MANY = "doc IN (SELECT doc FROM doc_values WHERE value IN ({1}))"
SNIPPET = "snippet(words, 3, '', '', ' … ', 32)"


class SqliteFts5(Peer):
    """What the standard library brings."""

    name: ClassVar[str] = "SQLite FTS5"
    version: ClassVar[str] = sqlite3.sqlite_version

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__(vocabulary)
        self._numbers = {facet.name: number for number, facet in enumerate(facets.FACETS, start=1)}

    def build(self, documents: Iterable[Document], folder: Path) -> None:
        """See Peer."""
        base = sqlite3.connect(folder / FILE, isolation_level=None)
        base.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144;" + SCHEMA)
        base.execute("BEGIN")
        ids: dict[tuple[str, str], int] = {}
        for document in documents:
            _insert(base, document)
            base.executemany("INSERT INTO doc_values VALUES (?, ?)", self._pairs(document, ids))
        rows = ((number, facet, value) for (facet, value), number in ids.items())
        base.executemany("INSERT INTO facet_values VALUES (?, ?, ?)", rows)
        base.execute("INSERT INTO words (words) VALUES ('rebuild')")
        base.execute("INSERT INTO words (words) VALUES ('optimize')")
        base.execute("CREATE UNIQUE INDEX values_docs ON doc_values (value, doc)")
        base.execute("COMMIT")
        # No ANALYZE: with its statistics SQLite 3.40 fills a Bloom filter from all of doc_values for every count.
        base.execute("PRAGMA journal_mode = WAL")
        base.close()

    def open(self, folder: Path) -> None:
        """See Peer."""
        self._base = base = sqlite3.connect(
            folder / FILE, isolation_level=None, cached_statements=512, check_same_thread=False
        )
        base.executescript(
            "PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 4294967296; PRAGMA cache_size = -65536;"
            "PRAGMA synchronous = NORMAL;" + TEMPORARY
        )
        self._count = int(base.execute("SELECT count(*) FROM docs").fetchone()[0])
        self._values = {number: (facet, value) for number, facet, value in base.execute("SELECT * FROM facet_values")}
        self._ids = {pair: number for number, pair in self._values.items()}

    def close(self) -> None:
        """See Peer."""
        self._base.close()

    def search(self, asked: Asked, *, snippets: bool) -> Answer:
        """See Peer: the documents that match go into a table in memory, which every count then joins."""
        source, size = self._match(asked)
        chosen = {
            name: [number for value in values if (number := self._ids.get((name, value))) is not None]
            for name, values in asked.filters.items()
        }
        left = "narrowed" if chosen else source
        total = self._narrow(left, source, size, chosen) if chosen else size
        counts: dict[str, dict[str, int]] = {name: {} for name in self._numbers}
        for span in self._spans(set(self._numbers) - set(chosen)):
            self._tally(left, total, span, counts)
        for name in chosen:
            others = {other: values for other, values in chosen.items() if other != name}
            lifted = "lifted" if others else source
            number = self._narrow(lifted, source, size, others) if others else size
            self._tally(lifted, number, (self._numbers[name], self._numbers[name]), counts)
        return Answer(total, self._hits(asked, left, snippets=snippets), counts)

    def change(self, document: Document) -> None:
        """See Peer."""
        base = self._base
        base.execute("BEGIN IMMEDIATE")
        names = ", ".join(FIELDS)
        row = base.execute(f"SELECT id, {names} FROM docs WHERE key = ?", (document.id,)).fetchone()
        marks = ", ".join("?" * len(row))
        base.execute(f"INSERT INTO words (words, rowid, {names}) VALUES ('delete', {marks})", row)
        base.execute("DELETE FROM docs WHERE id = ?", (row[0],))
        base.execute("DELETE FROM doc_values WHERE doc = ?", (row[0],))
        texts = _insert(base, document)
        base.execute(f"INSERT INTO words (rowid, {names}) VALUES ({marks})", texts)
        base.executemany("INSERT INTO doc_values VALUES (?, ?)", self._pairs(document, dict(self._ids)))
        base.execute("COMMIT")

    def _match(self, asked: Asked) -> tuple[str, int]:
        """The table of the documents that match the words, and how many they are."""
        if not asked.words:
            return "everything", self._count
        self._base.execute("DELETE FROM matched")
        self._base.execute("INSERT INTO matched SELECT rowid FROM words WHERE words MATCH ?", (compiled(asked),))
        return "matched", self._size("matched")

    def _narrow(self, table: str, source: str, size: int, chosen: Mapping[str, Sequence[int]]) -> int:
        """Put into a table what has one value of each facet. Returns: how many."""
        test = FEW if size < MOST * self._count else MANY
        tests = " AND ".join(test.format(source, ", ".join("?" * len(values))) for values in chosen.values())
        self._base.execute(f"DELETE FROM {table}")
        self._base.execute(
            f"INSERT INTO {table} SELECT doc FROM {source} WHERE {tests}",
            [number for values in chosen.values() for number in values],
        )
        return self._size(table)

    def _size(self, table: str) -> int:
        return int(self._base.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def _spans(self, names: set[str]) -> Iterator[tuple[int, int]]:
        """Ranges of neighbouring facets: one statement counts a range."""
        numbers = sorted(self._numbers[name] for name in names)
        start = 0
        for place, number in enumerate(numbers):
            if place + 1 == len(numbers) or numbers[place + 1] != number + 1:
                yield numbers[start], number
                start = place + 1

    def _tally(self, table: str, size: int, span: tuple[int, int], counts: dict[str, dict[str, int]]) -> None:
        statement = BY_VALUE if size > MOST * self._count else BY_DOCUMENT
        limits = (span[0] * SPAN, span[1] * SPAN + SPAN - 1)
        for number, count in self._base.execute(statement.format(table), limits):
            facet, value = self._values[number]
            counts[facet][value] = count

    def _hits(self, asked: Asked, left: str, *, snippets: bool) -> list[Shown]:
        if not asked.words:
            statement = f"SELECT key, title, summary FROM {left} JOIN docs ON id = doc ORDER BY doc LIMIT {PAGE}"
            return [Shown(*row) for row in self._base.execute(statement)]
        shown = SNIPPET if snippets else "''"
        # The plus keeps the filter out of FTS5, which else matches once more for every row that the filter lets pass.
        narrowed = f"AND +words.rowid IN (SELECT doc FROM {left})" if asked.filters else ""
        rows = self._base.execute(
            f"SELECT key, docs.title, docs.summary, {shown} FROM words JOIN docs ON docs.id = words.rowid "
            f"WHERE words MATCH ? {narrowed} ORDER BY rank LIMIT {PAGE}",
            (compiled(asked),),
        )
        return [Shown(*row) for row in rows]

    def _pairs(self, document: Document, ids: dict[tuple[str, str], int]) -> Iterator[tuple[int, int]]:
        for name, values in document.facets.items():
            for value in values:
                number = ids.setdefault((name, value), self._numbers[name] * SPAN + len(ids) % SPAN)
                yield document.number, number


def compiled(asked: Asked) -> str:
    """A question in the language of FTS5."""
    quoted = [f'"{word}"' for word in asked.words]
    match asked.mode:
        case "any":
            return " OR ".join(quoted)
        case "phrase":
            return f'"{" ".join(asked.words)}"'
        case "prefix":
            return f"{quoted[0]} *"
        case _:
            return " AND ".join(quoted)


def _insert(base: sqlite3.Connection, document: Document) -> tuple[Any, ...]:
    texts = (document.title, document.labels, document.summary, document.body)
    base.execute("INSERT INTO docs VALUES (?, ?, ?, ?, ?, ?)", (document.number, document.id, *texts))
    return (document.number, *texts)
