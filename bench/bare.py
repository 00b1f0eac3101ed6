"""The bare site: Starlette, one Jinja template, our middleware. `python -m bench.bare PORT FOLDER` serves it.

`/page?q=…` renders a template with the links and hits of one of our results pages (FOLDER/page.json), and looks
nothing up; `/bytes` answers with the ready bytes of that page (FOLDER/page.html).
"""

from __future__ import annotations

import json
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import uvicorn
from jinja2 import Environment
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from search.settings import Settings

TEMPLATE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{{ query }}</title><link rel="stylesheet" href="/static/site.css"></head>
<body>
<h1>Practices for “{{ query }}”</h1>
<ul>
{% for link in page.links %}
  <li><a class="facet__value" href="{{ link.href }}">{{ link.text }}</a></li>
{% endfor %}
</ul>
<ol>
{% for hit in page.hits %}
  <li class="cards__item"><article class="card">
  {% for part in hit %}
    {% if part.kind == "a" %}<a href="{{ part.href }}">{{ part.text }}</a>
    {% elif part.kind == "mark" %}<mark>{{ part.text }}</mark>
    {% else %}{{ part.text }}{% endif %}
  {% endfor %}
  </article></li>
{% endfor %}
</ol>
</body>
</html>
"""

Part = dict[str, str]  # kind: a, mark or text; href; text


class Reader(HTMLParser):
    """Reads the links and the hits out of one of our results pages."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[Part] = []
        self.hits: list[list[Part]] = []
        self._in_hit = False
        self._open: Part | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See HTMLParser."""
        values = dict(attrs)
        if tag == "article":
            self._in_hit = True
            self.hits.append([])
        elif tag in {"a", "mark"}:
            self._open = {"kind": tag, "href": values.get("href") or "", "text": ""}
            (self.hits[-1] if self._in_hit else self.links).append(self._open)

    def handle_endtag(self, tag: str) -> None:
        """See HTMLParser."""
        if tag == "article":
            self._in_hit = False
        elif tag in {"a", "mark"}:
            self._open = None

    def handle_data(self, data: str) -> None:
        """See HTMLParser."""
        text = " ".join(data.split())
        if not text:
            return
        if self._open is not None:
            self._open["text"] = f"{self._open['text']} {text}".strip()
        elif self._in_hit:
            self.hits[-1].append({"kind": "text", "href": "", "text": text})


def read_page(html: bytes) -> dict[str, Any]:
    """The links and the hits of one of our results pages."""
    reader = Reader()
    reader.feed(html.decode())
    return {"links": reader.links, "hits": reader.hits}


def links_of(page: dict[str, Any]) -> int:
    """How many links a page has in all."""
    return len(page["links"]) + sum(part["kind"] == "a" for hit in page["hits"] for part in hit)


def make(folder: Path) -> Starlette:
    """The bare site, behind whatever middleware our own has."""
    from web.app import create_app  # noqa: PLC0415 - only the process that serves needs the site

    page = json.loads((folder / "page.json").read_text(encoding="utf-8"))
    ready = (folder / "page.html").read_bytes()
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(TEMPLATE)

    async def rendered(request: Request) -> Response:
        return HTMLResponse(template.render(page=page, query=request.query_params.get("q", "")))

    async def stored(_request: Request) -> Response:
        return HTMLResponse(ready)

    ours = create_app(Settings(index_dir=folder / "none", watch=False))
    site = Starlette(routes=[Route("/page", rendered), Route("/bytes", stored)], middleware=list(ours.user_middleware))
    for name, value in ours.state._state.items():  # noqa: SLF001 - middleware may look there, and Starlette has no list
        setattr(site.state, name, value)
    return site


def main(port: str, folder: str) -> None:
    """Serve as `practices serve` does."""
    from web.observability import configure_logging  # noqa: PLC0415 - as above

    configure_logging("info")
    site = make(Path(folder))
    uvicorn.Server(
        uvicorn.Config(site, port=int(port), log_config=None, access_log=False, server_header=False)
    ).run()  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
