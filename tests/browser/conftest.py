"""A real site, a real browser, and a visitor who notices whatever a page must not do."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright

from tests.browser.launching import launch
from tests.browser.pages import LANGUAGES
from tests.builders import translation_text
from tests.conftest import ROOT
from tests.serving import Server, commit, serve, write_made


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real practices in every language, and enough made ones for several pages of results and a translation."""
    folder = tmp_path_factory.mktemp("site")
    practices = folder / "repository" / "practices"
    shutil.copytree(ROOT / "practices", practices)
    write_made(practices, 30)
    (practices / "at" / "made-000.fr.md").write_text(translation_text(), encoding="utf-8")
    commit(folder / "repository")
    with serve(practices, folder / "index", PRACTICES_LANGUAGES=",".join(LANGUAGES)) as server:
        yield server


# Not of the session: while Playwright runs, no other test of the process could start an event loop.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    """Whether pages may run scripts."""
    return bool(request.param)


@pytest.fixture
def visit(site: Server, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a window of a visitor of the site, whom `watched` describes."""
    with watched(browser, site) as open_page:
        yield open_page


@contextmanager
def watched(browser: Browser, site: Server) -> Iterator[Callable[..., Page]]:
    """Opens a window of a visitor; afterwards no page may have asked elsewhere, set a cookie or complained."""
    wrong: list[str] = []
    contexts = []

    def open_page(**options: object) -> Page:
        context = browser.new_context(
            **{"base_url": site.address, "locale": "en-GB", "viewport": {"width": 1440, "height": 900}, **options}
        )
        contexts.append(context)
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.on("request", asked)
        page.on("response", answered)
        page.on("console", logged)
        page.on("pageerror", lambda error: wrong.append(f"script failed: {error}"))
        return page

    def asked(request: Request) -> None:
        if f"http://{urlsplit(request.url).netloc}" != site.address:
            wrong.append(f"asked elsewhere: {request.url}")

    def answered(response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            wrong.append(f"{response.status}: {response.url}")

    def logged(message: ConsoleMessage) -> None:
        # An error page that was asked for is told as an error too; answered() sees the other failures.
        if not message.text.startswith("Failed to load resource"):
            wrong.append(f"console: {message.type}: {message.text}")

    yield open_page
    for context in contexts:
        wrong += [f"cookie: {cookie}" for cookie in context.cookies()]
        context.close()
    assert wrong == []


@pytest.fixture
def page(visit: Callable[..., Page]) -> Page:
    """A window of a visitor with a desktop."""
    return visit()
