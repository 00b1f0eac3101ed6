"""What a request may reach: engine, library, vocabulary; and how it speaks with its visitor."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Annotated
from weakref import WeakKeyDictionary

from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from search.engine import SearchEngine, Snapshot
from search.library import Library
from search.settings import Settings
from search.vocabulary import Vocabulary
from web.branding import Branding
from web.i18n import Language, choose_language
from web.params import NOTHING, Addresses, Repository, Selection, parse_selection, without_selection
from web.publisher import Publisher
from web.pulling import Puller
from web.rendering import X_DEFAULT, Alternate, LanguageLink, Renderer, Site
from web.sending import Outbox
from web.views import Card, Reader


@dataclass(frozen=True, slots=True)
class Services:
    """The rooms that a request may enter."""

    settings: Settings
    engine: SearchEngine
    vocabulary: Vocabulary
    languages: Mapping[str, Language]
    renderer: Renderer
    repository: Repository
    publisher: Publisher
    branding: Branding
    outbox: Outbox | None = None  # where the operator has named a remote
    puller: Puller | None = None  # where a webhook is heard
    cards: MutableMapping[Library, dict[tuple[str, str], Card]] = field(default_factory=WeakKeyDictionary)

    def snapshot(self) -> Snapshot:
        """The generation that answers this request. Raises: EngineError when there is none."""
        return self.engine.snapshot()

    def reader(self, lang: str, selection: Selection) -> Reader:
        """A reader of this language of the interface, with what was selected."""
        language = self.languages[lang]
        return Reader(
            lang=lang,
            vocabulary=self.vocabulary,
            addresses=Addresses(lang, selection),
            decimal=language.number,
            money=language.money,
            kept=self.cards,
        )


def get_services(request: Request) -> Services:
    """The services of the application that answers."""
    services: Services = request.app.state.services
    return services


async def _services(request: Request) -> Services:
    return get_services(request)


ServicesDep = Annotated[Services, Depends(_services)]


def moved_to(id: str, library: Library) -> str:
    """What an id is now that no practice has any more.

    Raises: HTTPException with 404 where none ever had it, and with 410 and a note where the practice was withdrawn.
    """
    moved = library.moved.get(id)
    if moved is None:
        raise HTTPException(404)
    if not moved.to:
        raise HTTPException(410, moved.note)
    return moved.to


def page_language(request: Request) -> tuple[str, bool]:
    """The language of a page, and whether its address names it; else it is the visitor's."""
    services = get_services(request)
    # Not a parameter of the route: an address to which no route answers has a language too.
    lang = request.url.path.strip("/").split("/", 1)[0]
    if lang in services.languages:
        return lang, True
    return choose_language(request.headers.get("accept-language", ""), tuple(services.languages)), False


@dataclass(frozen=True, slots=True)
class Visit:
    """A request for a page, and the language it is answered in."""

    request: Request
    services: Services
    lang: str
    is_explicit: bool  # the address names the language
    selection: Selection = NOTHING

    @property
    def language(self) -> Language:
        """Its language."""
        return self.services.languages[self.lang]

    @property
    def reader(self) -> Reader:
        """Its reader."""
        return self.services.reader(self.lang, self.selection)

    @property
    def base(self) -> str:
        """The address of the site, without a slash at its end."""
        return self.services.settings.base_url.rstrip("/") or str(self.request.base_url).rstrip("/")

    def render(self, template: str, page: object = None, *, query: str = "", status: int = 200) -> HTMLResponse:
        """Answer with a page of the site."""
        html = self.services.renderer.render(template, self.lang, self.site(query), page)
        headers = {"Content-Language": self.lang}
        if not self.is_explicit:
            headers["Vary"] = "Accept-Language"
        return HTMLResponse(html, status_code=status, headers=headers)

    def redirect(self, address: str, *, status: int = 302) -> RedirectResponse:
        """Lead on to another page; 301 where it will always be that one."""
        # The address has a language; where that is the visitor's, no cache may lead others to it.
        headers = {} if self.is_explicit else {"Vary": "Accept-Language"}
        return RedirectResponse(address, status_code=status, headers=headers)

    def site(self, query: str = "") -> Site:
        """The frame of the page."""
        path = self._path()
        query_string = without_selection(self.request.url.query)
        ending = f"?{query_string}" if query_string else ""
        links = {code: Addresses(code).page(path) + ending for code in self.services.languages}
        theme, logo = self.services.branding.theme, self.services.branding.logo
        carried = Addresses(self.lang, self.selection).suffix
        if ending:
            carried = carried.replace("?", "&", 1)
        return Site(
            lang=self.lang,
            name=self.services.settings.site_name,
            repository=self.services.repository.url,
            languages=tuple(
                LanguageLink(code, self.services.languages[code].label, href + carried, code == self.lang)
                for code, href in links.items()
            ),
            home=self.base,
            canonical=self.base + links[self.lang],
            alternates=(
                *(Alternate(code, self.base + href) for code, href in links.items()),
                Alternate(X_DEFAULT, self.base + path + ending),
            ),
            publisher=self.services.publisher,
            theme=theme.address if theme else "",
            logo=logo.address if logo else "",
            query=query,
            path=path,
            selection=self.selection,
            cleared=links[self.lang],
        )

    def _path(self) -> str:
        """The path of the page without its language."""
        path = self.request.url.path
        if self.is_explicit:
            path = path.removeprefix(f"/{self.lang}") or "/"
        return path


def get_visit(request: Request) -> Visit:
    """Who asks, and in which language to answer."""
    lang, is_explicit = page_language(request)
    return Visit(request, get_services(request), lang, is_explicit, parse_selection(request.query_params.multi_items()))


async def _visit(request: Request) -> Visit:
    # async, since FastAPI would have a thread do even this little.
    return get_visit(request)


VisitDep = Annotated[Visit, Depends(_visit)]
