"""A library on disk, as it was indexed: a line of JSON for each practice.

A site opens it without reading and checking the documents again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from search.library import Library
from search.model import Practice
from search.moved import Moved


def write_library(path: Path, library: Library, about: Mapping[str, str]) -> None:
    """Write a library; `about` is kept with it."""
    moved = {id: {"to": one.to, "note": one.note} for id, one in library.moved.items()}
    head = {"practices": len(library), "moved": moved, "about": dict(about)}
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(head, ensure_ascii=False) + "\n")
        for practice in library:
            file.write(practice.model_dump_json() + "\n")


def read_library(path: Path) -> tuple[Library, dict[str, str]]:
    """Read what write_library wrote. Raises: OSError or ValueError when the file is damaged."""
    with path.open(encoding="utf-8") as file:
        head = json.loads(file.readline())
        library = Library(
            (Practice.model_validate_json(line) for line in file),
            {id: Moved(**one) for id, one in head["moved"].items()},
        )
    if len(library) != head["practices"]:
        raise ValueError(f"{path} has {len(library)} of {head['practices']} practices")
    return library, head["about"]
