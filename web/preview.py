"""Pages of documents as the site will show them, in a folder that opens without a server."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import Response
from httpx2 import ASGITransport, AsyncClient

from search.errors import AtlasError, Problem
from search.library import Library
from web.params import Addresses
from web.rendering import STATIC_DIR
from web.services import Services, VisitDep

HOST = "preview"  # under which the site answers; nobody else reaches it

_TAG = re.compile(r"<[a-z][^<>]*>")
_ADDRESS = re.compile(r' (href|src|action)="(/[^"]*)"')
_MAIN = re.compile(r"<main [^<>]*>")
_LEFT_OUT = re.compile(r'<script\b[^<>]*></script>\s*|<link rel="(?:canonical|alternate)"[^<>]*>\s*')


class PreviewError(AtlasError):
    """The site does not show a page that it should."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """A document, what was found in it, and its page, which is empty where the site would show none."""

    file: str  # from the root of the collection
    id: str
    language: str | None  # of a translation
    problems: tuple[Problem, ...] = ()
    said: tuple[str, ...] = ()  # the problems in words
    title: str = ""
    evidence: str = ""  # id of the level
    evidence_label: str = ""
    path: str = ""
    page: str = ""  # file of it


def write_preview(app: FastAPI, documents: Iterable[Previewed], folder: Path) -> tuple[Previewed, ...]:
    """Write a page for each document, and a first page that lists them; `app` answers from an index that has them.

    Returns: the documents with their pages. Raises: OSError where the folder cannot be written; PreviewError.
    """
    services: Services = app.state.services
    lang = next(iter(services.languages))
    shown = tuple(_with_page(one, services, lang) for one in documents)
    first = f"/{lang}/{HOST}"
    _add_routes(app, first, shown)
    pages = {first: "index.html"} | {one.path: one.page for one in shown if one.path}
    notes = {one.path: f"{first}/{number}" for number, one in enumerate(shown) if one.path}
    answers = asyncio.run(_ask(app, [*pages, *notes.values()]))
    own = {file.path: file.path.strip("/") for file in services.branding.files}  # a browser sees what a picture is
    shutil.copytree(STATIC_DIR, folder / "static", dirs_exist_ok=True)
    for file in services.branding.files:
        (folder / own[file.path]).write_bytes(file.content)
    for path, name in pages.items():
        html = _with_note(answers[path], answers[notes[path]]) if path in notes else answers[path]
        alone = _standing_alone(html, pages | own, services.settings.base_url.rstrip("/"))
        (folder / name).write_text(alone, encoding="utf-8")
    return shown


def _with_page(one: Previewed, services: Services, lang: str) -> Previewed:
    library: Library = services.snapshot().library
    words = services.languages[lang].catalog
    one = replace(one, said=tuple(problem.in_words(words) for problem in one.problems))
    practice = library.get(one.id)
    if practice is None:
        return one
    text = practice if one.language is None else practice.variant(one.language)
    if text.path != one.file:
        return one
    page_lang = text.language if text.language in services.languages else lang
    return replace(
        one,
        title=text.title,
        evidence=practice.evidence,
        evidence_label=services.vocabulary.label("evidence", practice.evidence, lang),
        path=Addresses(page_lang).practice(one.id),
        page=f"{one.id}.{one.language}.html" if one.language else f"{one.id}.html",
    )


def _add_routes(app: FastAPI, first: str, shown: Sequence[Previewed]) -> None:
    """Have the site answer with the first page of the preview, and with what stands above each of the others."""

    def preview(visit: VisitDep) -> Response:
        return visit.render("preview.html", shown)

    def note(number: int, visit: VisitDep) -> Response:
        return visit.render("preview_note.html", shown[number])

    app.add_api_route(first, preview)
    app.add_api_route(f"{first}/{{number}}", note)


async def _ask(app: FastAPI, paths: Iterable[str]) -> dict[str, str]:
    """The pages at these paths. Raises: PreviewError when there is one that the site does not show."""
    answers = {}
    async with AsyncClient(transport=ASGITransport(app), base_url=f"http://{HOST}") as client:
        for path in paths:
            answer = await client.get(path)
            if answer.status_code != 200:
                raise PreviewError(f"the site answers {answer.status_code} for {path}")
            answers[path] = answer.text
    return answers


def _with_note(html: str, note: str) -> str:
    return _MAIN.sub(lambda found: found[0] + note, html, count=1)


def _standing_alone(html: str, files: Mapping[str, str], site: str) -> str:
    """A page without scripts whose links lead to the other files, to the public site where there is one, or nowhere."""

    def address(found: re.Match[str]) -> str:
        path, separator, rest = found[2].partition("#")
        file, _, _ = path.partition("?v=")
        if file.startswith("/static/"):
            return f' {found[1]}="{file.removeprefix("/")}"'
        if file in files:
            return f' {found[1]}="{files[file]}{separator}{rest}"'
        return f' {found[1]}="{site}{found[2]}"' if site else ""

    html = _LEFT_OUT.sub("", html).replace("<form ", "<form inert ")
    return _TAG.sub(lambda tag: _ADDRESS.sub(address, tag[0]), html)
