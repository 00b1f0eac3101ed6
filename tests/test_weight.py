"""Pages are light: without fonts, compressed as a proxy compresses them."""

from __future__ import annotations

import gzip
import re

import pytest

from tests.browser.pages import LANGUAGES, REAL_PAGES, real_address
from tests.scale import SCALE
from web.rendering import STATIC_DIR

PAGE, STYLE, SCRIPT = 150_000, 60_000, 60_000  # bytes, compressed


def weight(data: bytes) -> int:
    return len(gzip.compress(data, 6))


@pytest.mark.parametrize("lang", LANGUAGES if SCALE >= 1 else LANGUAGES[:2])
@pytest.mark.parametrize("name", REAL_PAGES)
def test_a_page_with_its_styles_and_scripts_is_light(speaking_client, lang, name):
    answer = speaking_client.get(real_address(name, lang))
    linked = set(re.findall(r'<(?:link rel="(?:stylesheet|icon)"|script)[^>]+(?:href|src)="([^"]+)"', answer.text))
    assert linked
    parts = [answer.content, *(speaking_client.get(address).content for address in linked)]
    assert sum(weight(part) for part in parts) < PAGE


@pytest.mark.parametrize(("ending", "limit"), [(".css", STYLE), (".js", SCRIPT)])
def test_styles_and_scripts_are_light_together(ending, limit):
    files = sorted(STATIC_DIR.glob(f"*{ending}"))
    assert files
    assert sum(weight(file.read_bytes()) for file in files) < limit
