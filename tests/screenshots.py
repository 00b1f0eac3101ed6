"""Takes the pictures of docs/screenshots from the real site: `python -m tests.screenshots`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.launching import launch
from tests.conftest import ROOT
from tests.serving import serve

FOLDER = ROOT / "docs" / "screenshots"
PAGES = {
    "home": "/en",
    "results": "/en/search?q=cybersecurity&barrier=skills",
    "practice": "/en/practices/brittany-cyberbreakfast",
    "region": "/en/regions/FRH0",
}
SIZES = {360: 800, 1440: 900}  # width to height, pixels
PICTURES = [(name, width, "light") for name in PAGES for width in SIZES] + [("results", 1440, "dark")]
LIMIT = 1_500_000  # bytes, all together


def main() -> int:
    """Take them. Returns: the exit code."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    size = 0
    with (
        tempfile.TemporaryDirectory() as index,
        serve(ROOT / "practices", Path(index) / "index") as site,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        for name, width, scheme in PICTURES:
            page = browser.new_page(
                base_url=site.address,
                viewport={"width": width, "height": SIZES[width]},
                color_scheme=scheme,
                locale="en-GB",
                reduced_motion="reduce",
            )
            page.goto(PAGES[name], wait_until="networkidle")
            picture = FOLDER / f"{name}{'-dark' if scheme == 'dark' else ''}-{width}.png"
            page.screenshot(path=picture)
            page.close()
            size += picture.stat().st_size
            print(picture.relative_to(ROOT), picture.stat().st_size)
        browser.close()
    if size > LIMIT:
        print(f"the pictures have {size} bytes together, more than {LIMIT}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
