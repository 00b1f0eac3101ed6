"""create_app(settings): where the rooms are wired together."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from datetime import UTC, datetime
from hashlib import blake2b
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from search.engine import SearchEngine
from search.engines import open_engine
from search.errors import BadParameter, EngineError
from search.history import place_in_repository
from search.settings import ROOT, Settings
from search.vocabulary import read_vocabulary
from web import api, hooks, observability, pages, schemas, submit
from web.api import SUGGEST_PATH
from web.branding import read_branding
from web.cache import AnswerCache
from web.forges import repository_address
from web.form import BadForm
from web.i18n import choose_language, open_languages
from web.params import Repository
from web.publisher import read_publisher, require_publisher
from web.pulling import Puller
from web.rendering import STATIC_DIR, Renderer
from web.security import HEADERS, HeadAsGet, SecurityHeaders, TrustedHosts
from web.sending import Outbox
from web.services import Services, get_visit
from web.views import ErrorPage, bad_parameter_page
from web.watcher import Watcher

LOG = logging.getLogger("practices")


def create_app(settings: Settings, engine: SearchEngine | None = None) -> FastAPI:
    """The site over the practices that the settings name; `engine` takes the place of the configured one.

    Raises: SettingsError when the site is for the public and does not say who runs it; VocabularyError or
        FileNotFoundError when vocabulary or catalogs cannot be read.
    """
    require_publisher(settings)
    vocabulary = read_vocabulary(settings.vocabulary_dir)
    languages = open_languages(settings.languages)
    engine = engine or open_engine(settings, vocabulary)
    services = Services(
        settings=settings,
        engine=engine,
        vocabulary=vocabulary,
        languages=languages,
        renderer=Renderer(languages),
        repository=_repository(settings),
        publisher=read_publisher(settings),
        branding=read_branding(settings),
        outbox=Outbox(settings, place_in_repository(settings.practices_dir)) if settings.remote else None,
        puller=_puller(settings, engine),
    )
    app = FastAPI(title=settings.site_name, docs_url=None, redoc_url=None, lifespan=_lifespan)
    app.state.services = services
    # The last one added sees a request first.
    app.add_middleware(AnswerCache, version=_version(services), speaks=_speaks(services))
    app.add_middleware(TrustedHosts, names=settings.trusted_hosts)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(HeadAsGet)
    app.add_middleware(observability.RequestLog)
    for lang in languages:  # first, since searches are asked for most, and addresses are tried in this order
        app.include_router(pages.router, prefix=f"/{lang}")
    app.mount("/static", StaticFiles(directory=STATIC_DIR), name="static")
    for file in services.branding.files:
        app.add_api_route(file.path, file.answer, include_in_schema=False)
    app.include_router(api.router)
    app.include_router(schemas.router)
    app.include_router(observability.router)
    app.include_router(hooks.router)
    app.include_router(pages.router)
    app.include_router(submit.router)
    for lang in languages:
        app.add_api_route(f"/{lang}", pages.home, include_in_schema=False)
        app.include_router(submit.router, prefix=f"/{lang}")
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(BadParameter, _bad_parameter)
    app.add_exception_handler(BadForm, _bad_form)
    app.add_exception_handler(EngineError, _no_index)
    app.add_exception_handler(Exception, _server_error)
    return app


def _version(services: Services) -> Callable[[], str | None]:
    """What all answers are made of besides their addresses."""
    made_of = blake2b(repr((services.settings, services.branding)).encode(), digest_size=8)
    for package in ("search", "web"):
        for path in sorted((ROOT / package).rglob("*")):
            if path.suffix in {".py", ".html", ".po", ".css", ".js"}:
                made_of.update(path.read_bytes())
    program = made_of.hexdigest()

    def now() -> str | None:
        try:
            snapshot = services.snapshot()
        except EngineError:
            return None
        return f"{program} {snapshot.generation} {datetime.now(UTC):%Y-%m-%d}"

    return now


def _speaks(services: Services) -> Callable[[str, str], str | None]:
    """The language of an answer; None where it is not made of the index alone."""

    def speaks(path: str, accepted: str) -> str | None:
        if path == SUGGEST_PATH:
            return None  # an answer for every key stroke would drive out those that take longer to make
        first, _, rest = path.strip("/").partition("/")
        if submit.PATH in {f"/{first}", f"/{rest}"}:
            return None  # made of documents, which may be newer than the index
        if first in services.languages or first in {"api", "schema"}:
            return first
        if first in {"static", "theme.css", "logo", "healthz", "readyz", "openapi.json"}:
            return None
        return choose_language(accepted, tuple(services.languages))

    return speaks


def _repository(settings: Settings) -> Repository:
    url = repository_address(settings)
    if not url:
        return Repository()
    folder = place_in_repository(settings.practices_dir)
    has_program = (ROOT / folder).resolve() == settings.practices_dir.resolve()
    return Repository(url, folder, has_program, settings.forge, settings.branch)


def _puller(settings: Settings, engine: SearchEngine) -> Puller | None:
    if not settings.webhook_secret.get_secret_value():
        return None
    return Puller(settings, None if settings.watch else Watcher(settings, engine))


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """While the site runs, changed documents are seen, and a damaged index is made again."""
    services: Services = app.state.services
    with ExitStack() as running:
        if services.settings.watch:
            running.enter_context(Watcher(services.settings, services.engine))
        if services.puller is not None:
            running.callback(services.puller.close)
        yield


def _wants_json(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _error_page(request: Request, page: ErrorPage) -> Response:
    return get_visit(request).render("error.html", page, status=page.status)


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if _wants_json(request):
        return JSONResponse({"detail": error.detail}, status_code=error.status_code, headers=error.headers)
    note = error.detail if error.status_code == HTTPStatus.GONE else ""
    response = _error_page(request, ErrorPage(error.status_code, note))
    response.headers.update(error.headers or {})
    return response


def _invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if _wants_json(request):
        detail = "; ".join(str(one["msg"]) for one in error.errors())
        return JSONResponse({"detail": detail}, status_code=422)
    return _error_page(request, ErrorPage(422))


def _bad_parameter(request: Request, error: Exception) -> Response:
    """A filter that is not known: said, with a link to the same search with the nearest known one."""
    assert isinstance(error, BadParameter)
    if _wants_json(request):
        return JSONResponse(api.error_out(error).model_dump(exclude_none=True), status_code=422)
    visit = get_visit(request)
    return visit.render(
        "error.html", bad_parameter_page(error, request.url.path, request.url.query, visit.reader), status=422
    )


def _bad_form(request: Request, error: Exception) -> Response:
    """A form that is not read: said, and nothing is done."""
    assert isinstance(error, BadForm)
    message = error.message.in_words(get_visit(request).language.catalog)
    response = _error_page(request, ErrorPage(error.status, f"{message[:1].upper()}{message[1:]}."))
    response.headers["Cache-Control"] = "no-store"
    return response


def _no_index(request: Request, error: Exception) -> Response:
    """No generation can be read; the watcher has one made, so a visitor may come back soon."""
    LOG.error("no index to answer from", extra={"data": {"error": str(error)}})
    headers = {"Retry-After": "30"}
    if _wants_json(request):
        return JSONResponse({"detail": "the index is being built"}, status_code=503, headers=headers)
    response = _error_page(request, ErrorPage(503))
    response.headers.update(headers)
    return response


def _server_error(request: Request, error: Exception) -> Response:
    """A fault of ours: logged whole, shown without a word of it."""
    LOG.error("a request failed", exc_info=error, extra={"data": {"path": request.url.path}})
    if _wants_json(request):
        return JSONResponse({"detail": "something went wrong here"}, status_code=500, headers=HEADERS)
    try:
        response = _error_page(request, ErrorPage(500))
    except Exception as second:
        LOG.exception("the error page failed too", exc_info=second)
        response = HTMLResponse("<!doctype html><title>500</title><h1>Something went wrong here</h1>", 500)
    response.headers.update(HEADERS)
    return response
