"""The whole way of a practice: written in the form, sent to a real remote, merged there, and found."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from search.library import parse
from tests.browser.conftest import watched
from tests.browser.test_submitting import fill, press
from tests.hostile_submissions import GOOD
from tests.remotes import ENVIRONMENT, TOKEN, Remote, open_remote
from tests.serving import Server, eventually, serve

SECRET = "a secret of the site"
WITHIN_S = 60  # that of a busy machine
DONE = "Volunteers mend wheelbarrows together with their owners."
PATH = "practices/at/repair-cafe-neighbours-mend-what-is-broken-in-vienna.md"

# As Gitea and Forgejo tell of a push: docs.gitea.com/usage/webhooks.
WEBHOOK = """
import hashlib, hmac, json, sys, urllib.request
for line in sys.stdin:
    old, new, ref = line.split()
    body = json.dumps({{"ref": ref, "before": old, "after": new}}).encode()
    sign = hmac.new({secret!r}.encode(), body, hashlib.sha256).hexdigest()
    headers = {{"X-Gitea-Signature": sign, "X-Gitea-Event": "push", "Content-Type": "application/json"}}
    request = urllib.request.Request("{address}/hooks/gitea", body, headers)
    urllib.request.build_opener(urllib.request.ProxyHandler({{}})).open(request, timeout=30).close()
"""


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Remote]:
    """A repository as Gitea and Forgejo keep it, with one practice."""
    with open_remote("gitea", tmp_path / "remote.git") as made:
        yield made


@pytest.fixture
def open_site(remote: Remote, tmp_path: Path) -> Iterator[Server]:
    """A site that shows a clone of the remote, may send to it, and hears what happens there."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", remote.path, clone], check=True, env=ENVIRONMENT)
    environment = {
        "PRACTICES_REPOSITORY": remote.repository,
        "PRACTICES_FORGE": "gitea",
        "PRACTICES_REMOTE": str(remote.path),
        "PRACTICES_REMOTE_TOKEN": TOKEN,
        "PRACTICES_WEBHOOK_SECRET": SECRET,
        "PRACTICES_WATCH": "false",
    }
    with serve(clone / "practices", tmp_path / "index", **environment) as server:
        remote.hook("post-receive", WEBHOOK.format(secret=SECRET, address=server.address))
        yield server


@pytest.fixture
def window(open_site: Server, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a window of a visitor of that site."""
    with watched(browser, open_site) as open_page:
        yield open_page


def merge(remote: Remote, ref: str) -> None:
    """What a maintainer does who agrees."""
    work = remote.path.with_suffix(".work")
    for command in (
        ["fetch", "-q", "origin", ref],
        ["merge", "-q", "--no-ff", "-m", "Merge a practice", "FETCH_HEAD"],
        ["push", "-q", "origin", "HEAD:main"],
    ):
        subprocess.run(["git", "-C", work, *command], check=True, env=ENVIRONMENT, capture_output=True)


def test_from_the_empty_form_to_the_search(window, javascript, remote, open_site, vocabulary):
    main = remote.refs()["refs/heads/main"]
    page = window(java_script_enabled=javascript)
    page.goto("/en/search?q=wheelbarrows")
    expect(page.get_by_role("heading", level=1)).to_contain_text("No practice found")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Share a practice").click()

    press(page, "preview")
    expect(page.locator("#report")).to_contain_text("still to be mended")
    fill(page, {**GOOD, "section.what-was-done": DONE, "title": "x", "sources.1.url": "example.org/repair"})
    press(page, "preview")
    mistakes = page.locator("#report")
    expect(mistakes).to_contain_text("2 things are still to be mended")
    mistakes.get_by_role("link").first.click()
    expect(page.locator("#f-title")).to_be_focused()
    fill(page, {"title": GOOD["title"], "sources.1.url": GOOD["sources.1.url"], "about.name": "Ada Lovelace"})
    press(page, "preview")
    expect(page.get_by_role("heading", level=1)).to_have_text(GOOD["title"])

    page.get_by_role("button", name="Send to the reviewers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("It is on its way")
    expect(page.get_by_role("link", name=f"{remote.repository}/pulls/1")).to_be_visible()
    assert remote.refs()["refs/heads/main"] == main
    [request] = remote.requests()
    assert request["base"] == "main"
    assert remote.git("diff", "--name-status", main, request["commit"]).split() == ["A", PATH]
    assert remote.git("log", "-1", "--format=%an", request["commit"]).strip() == "Ada Lovelace"
    written = remote.git("show", f"{request['commit']}:{PATH}").encode()
    assert parse(written, PATH.removeprefix("practices/"), vocabulary)[1] == []
    assert open_site.total("wheelbarrows") == 0

    merge(remote, "refs/pull/1/head")
    assert eventually(lambda: open_site.total("wheelbarrows") == 1, WITHIN_S), open_site.said()
    page.goto("/en/search?q=wheelbarrows")
    page.get_by_role("link", name=GOOD["title"], exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(GOOD["title"])
    assert TOKEN not in open_site.said()
    assert SECRET not in open_site.said()
