"""Valid practices for tests: a test names only what matters to it."""

from __future__ import annotations

import json
from typing import Any

from search.model import Practice

BODY = """## Problem

Things that could be mended are thrown away [1].

## What was done

Volunteers mend bicycles, lamps and radios together with their owners, once a month.

## Results

Most of what is brought in leaves the room working.
"""

# In this order `barriers` stands in line 6 of practice_text(), as in the examples of the documentation.
FIELDS: dict[str, Any] = {
    "title": "Repair café: neighbours mend what is broken in Vienna",
    "summary": "Once a month volunteers with tools help their neighbours to mend broken things, and show them how.",
    "language": "en",
    "regions": ["AT13"],
    "barriers": ["skills"],
    "status": "running",
    "organisation": {"name": "Verein Reparatur"},
    "sources": [
        {"title": "Repair café", "url": "https://example.org/repair", "publisher": "Example", "language": "en"}
    ],
}

TRANSLATION_FIELDS: dict[str, Any] = {
    "title": "Repair café : réparer entre voisins à Vienne",
    "summary": "Une fois par mois, des bénévoles aident leurs voisins à réparer les objets cassés, outils en main.",
    "translated_by": "human",
}

TRANSLATION_BODY = """## Problème

On jette des objets réparables [1].

## Ce qui a été fait

Des bénévoles réparent des vélos et des lampes.

## Résultats

La plupart des objets fonctionnent de nouveau.
"""


def make_practice(**changes: Any) -> Practice:
    """A valid practice, `repair-cafe` in Vienna; regions may be given as codes, the rest as the model takes it."""
    fields = {"id": "repair-cafe", "body": BODY, **FIELDS, **changes}
    fields.setdefault("path", f"{_folder(fields['regions'])}/{fields['id']}.md")
    return Practice.model_validate(fields)


def practice_text(*, body: str = BODY, **changes: Any) -> str:
    """The text of a valid document; a field given as None is left out."""
    return document_text({**FIELDS, **changes}, body)


def translation_text(*, body: str = TRANSLATION_BODY, **changes: Any) -> str:
    """The text of a valid translation, into French unless told otherwise; a field given as None is left out."""
    return document_text({**TRANSLATION_FIELDS, **changes}, body)


def document_text(fields: dict[str, Any], body: str) -> str:
    """Front matter with one field a line (what JSON writes, YAML reads), and a body."""
    lines = [
        f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in fields.items() if value is not None
    ]
    return f"---\n{''.join(lines)}---\n\n{body}"


def _folder(regions: Any) -> str:
    first = regions[0]
    code = first if isinstance(first, str) else first.code
    return str(code[:2]).lower()
