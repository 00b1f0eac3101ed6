"""Datasette over the same collection: a table, its full-text index, the same facets."""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path
from urllib.parse import urlencode

from bench import sets
from bench.queries import Asked
from search import facets
from search.facets import EVIDENCE, STATUS

ONE_VALUE = {STATUS.name, EVIDENCE.name}  # the other facets are lists: columns of JSON
SHOWN = ("id", "title", "summary")
SETTINGS = {
    "suggest_facets": "off",
    "facet_time_limit_ms": "60000",
    "sql_time_limit_ms": "60000",
    "default_facet_size": "40",
    "default_page_size": "20",
    "allow_download": "off",
    "num_sql_threads": "2",  # the machine has two cores
    "cache_size_kb": "65536",
}


def database(size: int) -> Path:
    """The database, made once."""
    key = sets.digest([Path(__file__)], sets.documents_key())
    path = sets.CACHE / f"datasette-{size}-{key}.db"
    if not path.exists():
        for old in sets.CACHE.glob(f"datasette-{size}-*"):
            old.unlink()
        sets.say(f"making Datasette's database of {size} documents")
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        _fill(fresh, size)
        fresh.rename(path)
    return path


def _fill(path: Path, size: int) -> None:
    names = [facet.name for facet in facets.FACETS]
    columns = ", ".join(f"{name} TEXT" for name in ("title", "labels", "summary", "body", *names))
    base = sqlite3.connect(path)
    base.executescript(f"""
        PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
        CREATE TABLE practices (id TEXT PRIMARY KEY, {columns});
        -- Datasette finds the full-text table by this very spelling of content="…", and searches nothing without it.
        CREATE VIRTUAL TABLE practices_fts USING fts5 (title, labels, summary, body, content="practices",
            tokenize='unicode61 remove_diacritics 2', prefix='4 5 6');
    """)
    marks = ", ".join("?" * (5 + len(names)))
    for record in sets.records(size):
        one = sets.world().document(record)
        carried = [
            one.facets[name][0] if name in ONE_VALUE else json.dumps(list(one.facets[name])) for name in names
        ]  # fmt: skip
        texts = (one.id, one.title, one.labels, one.summary, one.body)
        base.execute(f"INSERT INTO practices VALUES ({marks})", (*texts, *carried))
    base.execute("INSERT INTO practices_fts (practices_fts) VALUES ('rebuild')")
    base.execute("INSERT INTO practices_fts (practices_fts) VALUES ('optimize')")
    for name in ONE_VALUE:
        base.execute(f"CREATE INDEX practices_{name} ON practices ({name})")
    base.commit()
    base.close()


def command(path: Path, port: int) -> list[str]:
    """How it is served: read only, told that the file does not change."""
    chosen = [part for name, value in SETTINGS.items() for part in ("--setting", name, value)]
    return [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "datasette",
        "serve",
        "--immutable",
        str(path),
        "--port",
        str(port),
        *chosen,
    ]


def address(path: Path, asked: Asked, form: str = "") -> str:
    """The page of the table for a question: searched, filtered, with every facet; `form` may be ".json"."""
    pairs = [("_search", searched(asked)), ("_searchmode", "raw")] if asked.words else []
    for name, values in asked.filters.items():
        test = "exact" if name in ONE_VALUE else "arraycontains"
        pairs += [(f"{name}__{test}", value) for value in values]
    for facet in facets.FACETS:
        pairs.append(("_facet" if facet.name in ONE_VALUE else "_facet_array", facet.name))
    pairs += [("_size", "20"), *(("_col", name) for name in SHOWN)]
    return f"/{path.stem}/practices{form}?" + urlencode(pairs)


def searched(asked: Asked) -> str:
    """A question of one or two words in the language of FTS5."""
    joint = " OR " if asked.mode == "any" else " "
    return joint.join(f'"{word}"' for word in asked.words)
