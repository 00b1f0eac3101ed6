"""Takes pictures of the real site.

`python -m tests.screenshots` takes those of docs/screenshots. `python -m tests.screenshots --all FOLDER` takes every
type of page, at each width, in light and dark colours and in the languages named with `--languages`, for somebody to
look at.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.launching import launch
from tests.browser.pages import LANGUAGES, REAL_PAGES, real_address
from tests.conftest import ROOT
from tests.serving import Server, serve

FOLDER = ROOT / "docs" / "screenshots"
PAGES = {
    "home": "/en",
    "results": "/en/search?q=cybersecurity&barrier=skills",
    "practice": "/en/practices/brittany-cyberbreakfast",
    "region": "/en/regions/FRH0",
}
SIZES = {360: 800, 768: 1024, 1440: 900}  # width to height, pixels
PICTURES = [(name, width, "light") for name in PAGES for width in (360, 1440)] + [("results", 1440, "dark")]
SCHEMES = ("light", "dark")
LIMIT = 1_500_000  # bytes, all pictures of docs/screenshots together


def main() -> int:
    """Take them. Returns: the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description="take pictures of the real site")
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="take every type of page, into this folder")
    parser.add_argument(
        "--languages", default=",".join(LANGUAGES[:3]), help="with --all: which, with commas between them (%(default)s)"
    )
    parser.add_argument("--pages", default=",".join(REAL_PAGES), help="with --all: which, with commas between them")
    arguments = parser.parse_args()
    if arguments.all:
        return take_all(arguments.all, arguments.pages.split(","), arguments.languages.split(","))
    return take_documented()


def take_documented() -> int:
    """Those of the documentation, what a window shows. Returns: the exit code."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    size = 0
    with site_and_browser() as (site, browser):
        for name, width, scheme in PICTURES:
            picture = FOLDER / f"{name}{'-dark' if scheme == 'dark' else ''}-{width}.png"
            take(browser, site, PAGES[name], picture, width=width, scheme=scheme)
            size += picture.stat().st_size
            print(picture.relative_to(ROOT), picture.stat().st_size)
    if size > LIMIT:
        print(f"the pictures have {size} bytes together, more than {LIMIT}", file=sys.stderr)
        return 1
    return 0


def take_all(folder: Path, names: list[str], languages: list[str]) -> int:
    """Whole pages, as `fr/filters-768-dark.png`. Returns: the exit code."""
    with site_and_browser(PRACTICES_LANGUAGES=",".join(LANGUAGES)) as (site, browser):
        for lang, name, width, scheme in itertools.product(languages, names, SIZES, SCHEMES):
            picture = folder / lang / f"{name}-{width}-{scheme}.png"
            address = real_address(name, lang)
            take(browser, site, address, picture, width=width, scheme=scheme, whole=True)
            print(picture)
    return 0


@contextmanager
def site_and_browser(**settings: str) -> Iterator[tuple[Server, Browser]]:
    """The practices of this repository, served; and a browser."""
    with (
        tempfile.TemporaryDirectory() as index,
        serve(ROOT / "practices", Path(index) / "index", **settings) as site,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        yield site, browser
        browser.close()


def take(
    browser: Browser, site: Server, address: str, picture: Path, *, width: int, scheme: str, whole: bool = False
) -> None:
    """A picture of a page: what a window shows of it, or the whole of it."""
    page = browser.new_page(
        base_url=site.address,
        viewport={"width": width, "height": SIZES[width]},
        color_scheme=scheme,
        locale="en-GB",
        reduced_motion="reduce",
    )
    page.goto(address, wait_until="networkidle")
    page.screenshot(path=picture, full_page=whole)
    page.close()


if __name__ == "__main__":
    sys.exit(main())
