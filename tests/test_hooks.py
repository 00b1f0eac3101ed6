"""The forge's webhook: signed, it pulls the repository and the new practice is found; else it changes nothing."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import subprocess
import threading
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from search.engines.whoosh_engine import WhooshEngine
from search.settings import Settings
from tests.builders import make_practice, practice_text
from tests.conftest import make_client
from tests.remotes import ENVIRONMENT, Remote, open_remote
from tests.serving import eventually, serve
from web import pulling
from web.hooks import MAX_BODY
from web.pulling import Puller

SECRET = "a secret of the site: 🔑"
NEW = practice_text(title="Tool library: neighbours lend each other zwickzange in Vienna").encode()
PUSH = json.dumps({"ref": "refs/heads/main", "after": "x"}).encode()
WITHIN_S = 60  # that of a busy machine


def hmac_of(body, secret=SECRET):
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


SIGNED = {
    "github": lambda body, secret=SECRET: {"X-Hub-Signature-256": f"sha256={hmac_of(body, secret)}"},
    "gitlab": lambda _, secret=SECRET: {"X-Gitlab-Token": secret.encode()},
    "gitea": lambda body, secret=SECRET: {"X-Gitea-Signature": hmac_of(body, secret)},
    "forgejo": lambda body, secret=SECRET: {"X-Forgejo-Signature": hmac_of(body, secret)},
}
FORGES = list(SIGNED)


@pytest.fixture
def remote(tmp_path) -> Iterator[Remote]:
    with open_remote("plain", tmp_path / "remote.git") as made:
        yield made


@pytest.fixture
def clone(remote, tmp_path):
    """The site's own clone of the remote."""
    path = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", remote.path, path], check=True, env=ENVIRONMENT)
    return path


def git(clone, *arguments):
    done = subprocess.run(["git", "-C", clone, *arguments], check=True, env=ENVIRONMENT, capture_output=True, text=True)
    return done.stdout.strip()


def settings(clone, tmp_path, **more):
    chosen = {"practices_dir": clone / "practices", "index_dir": tmp_path / "index", "webhook_secret": SECRET,
              "watch": False, **more}  # fmt: skip
    return Settings.model_validate(chosen)


class Asked:
    """Counts how often it is asked to pull."""

    def __init__(self):
        self.times = 0

    def ask(self):
        self.times += 1

    def close(self):
        pass


@pytest.fixture(scope="module")
def site_that_hears(tmp_path_factory, vocabulary):
    asked = Asked()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("web.app._puller", lambda *_: asked)
        engine = WhooshEngine(tmp_path_factory.mktemp("hooks") / "index", vocabulary)
        yield make_client(engine, webhook_secret=SECRET), asked


@pytest.fixture
def hearing(site_that_hears):
    """A site that hears webhooks, and what counts its pulls."""
    site_that_hears[1].times = 0
    return site_that_hears


# What is heard


@pytest.mark.parametrize("forge", FORGES)
def test_a_signed_push_to_the_published_branch_is_pulled(hearing, forge):
    client, asked = hearing
    assert client.post(f"/hooks/{forge}", content=PUSH, headers=SIGNED[forge](PUSH)).status_code == 202
    assert asked.times == 1


def test_github_may_send_its_message_as_a_form(hearing):
    client, asked = hearing
    body = urlencode({"payload": PUSH.decode()}).encode()
    headers = {**SIGNED["github"](body), "Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/hooks/github", content=body, headers=headers).status_code == 202
    assert asked.times == 1


@pytest.mark.parametrize("forge", FORGES)
@pytest.mark.parametrize(
    "body", [b'{"zen": "Keep it simple", "hook_id": 1}', b'{"ref": "refs/heads/other"}', b'{"ref": "refs/tags/main"}',
             b'{"ref": "main"}', b"[1]", b'{"ref": ["refs/heads/main"]}'],
)  # fmt: skip
def test_what_is_no_push_to_it_is_answered_and_left(hearing, forge, body):
    client, asked = hearing
    assert client.post(f"/hooks/{forge}", content=body, headers=SIGNED[forge](body)).status_code == 200
    assert asked.times == 0


@pytest.mark.parametrize("forge", FORGES)
@pytest.mark.parametrize("kind", ["none", "other secret", "other body", "empty", "not latin", "of another forge"])
def test_what_is_not_signed_is_refused(hearing, forge, kind):
    client, asked = hearing
    other = next(one for one in FORGES if one != forge)
    [name] = SIGNED[forge](PUSH)
    headers = {
        "none": {},
        "other secret": SIGNED[forge](PUSH, "another"),
        "other body": {name: "x"} if forge == "gitlab" else SIGNED[forge](PUSH + b" "),
        "empty": {name: ""},
        "not latin": {name: "é🔑".encode()},
        "of another forge": SIGNED[other](PUSH),
    }[kind]
    answer = client.post(f"/hooks/{forge}", content=PUSH, headers=headers)
    assert answer.status_code == 403
    assert SECRET not in answer.text
    assert asked.times == 0


def test_what_is_too_long_is_refused_unread(hearing):
    client, asked = hearing
    body = b"x" * (MAX_BODY + 1)
    assert client.post("/hooks/github", content=body, headers=SIGNED["github"](body)).status_code == 413
    assert asked.times == 0


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_refused(hearing, body):
    client, asked = hearing
    assert client.post("/hooks/gitea", content=body, headers=SIGNED["gitea"](body)).status_code == 400
    assert asked.times == 0


@pytest.mark.parametrize("path", ["/hooks/github", "/hooks/nope", "/hooks/"])
def test_without_a_secret_nothing_is_heard(site, path):
    client = site(make_practice())
    headers = SIGNED["github"](PUSH, "")
    assert client.post(path, content=PUSH, headers=headers).status_code == 404


def test_a_forge_that_is_not_known_is_not_heard(hearing):
    client, asked = hearing
    assert client.post("/hooks/nope", content=PUSH, headers=SIGNED["github"](PUSH)).status_code == 404
    assert client.get("/hooks/github").status_code == 405
    assert asked.times == 0


# From the push to the search


def test_after_a_merge_the_new_practice_is_found(remote, clone, tmp_path):
    with serve(clone / "practices", tmp_path / "index", PRACTICES_WEBHOOK_SECRET=SECRET) as server:
        assert server.total("zwickzange") == 0
        remote.commit("practices/at/tool-library.md", NEW)
        assert server.post("/hooks/github", PUSH, SIGNED["github"](PUSH, "wrong")).status_code == 403
        assert server.post("/hooks/github", PUSH, SIGNED["github"](PUSH)).status_code == 202
        assert eventually(lambda: server.total("zwickzange") == 1, WITHIN_S), server.said()
    assert SECRET not in server.said()


def test_where_nothing_watches_it_is_built_too(remote, clone, tmp_path):
    with serve(
        clone / "practices", tmp_path / "index", PRACTICES_WEBHOOK_SECRET=SECRET, PRACTICES_WATCH="false"
    ) as server:
        remote.commit("practices/at/tool-library.md", NEW)
        assert server.post("/hooks/gitlab", PUSH, SIGNED["gitlab"](PUSH)).status_code == 202
        assert eventually(lambda: server.total("zwickzange") == 1, WITHIN_S), server.said()


# Pulling


def pull(clone, tmp_path, **more):
    puller = Puller(settings(clone, tmp_path, **more), None)
    puller.ask()
    puller._thread.join(30)


def test_a_clone_moves_forward_and_keeps_what_was_changed_elsewhere(remote, clone, tmp_path):
    (clone / "practices" / "at" / "draft.md").write_text("mine")
    head = remote.commit("practices/at/tool-library.md", NEW)
    pull(clone, tmp_path)
    assert git(clone, "rev-parse", "HEAD") == head
    assert (clone / "practices" / "at" / "tool-library.md").read_bytes() == NEW
    assert (clone / "practices" / "at" / "draft.md").read_text() == "mine"


@pytest.mark.parametrize(
    "kind", ["own commit", "changed file", "untracked file", "other branch", "no branch", "no remote"]
)
def test_a_clone_that_cannot_simply_move_is_left_and_logged(remote, clone, tmp_path, caplog, kind):
    file = clone / "practices" / "at" / "repair-cafe.md"
    if kind == "own commit":
        file.write_text("mine")
        git(clone, "commit", "-qam", "mine")
    if kind == "changed file":
        file.write_text("mine")
    if kind == "untracked file":
        file = clone / "practices" / "at" / "tool-library.md"
        file.write_text("mine")
    if kind == "other branch":
        git(clone, "checkout", "-qb", "other")
    if kind == "no branch":
        git(clone, "checkout", "-q", "--detach")
    if kind == "no remote":
        git(clone, "remote", "set-url", "origin", tmp_path / "gone")
    remote.commit("practices/at/repair-cafe.md", NEW)
    remote.commit("practices/at/tool-library.md", NEW)
    before, content = git(clone, "rev-parse", "HEAD"), file.read_bytes()
    pull(clone, tmp_path)
    assert (git(clone, "rev-parse", "HEAD"), file.read_bytes()) == (before, content)
    assert caplog.records[-1].getMessage() == "the collection could not be pulled and is left as it is"


def test_no_hook_of_the_clone_is_run(remote, clone, tmp_path):
    ran = tmp_path / "ran"
    hook = clone / ".git" / "hooks" / "post-merge"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {ran}\n")
    hook.chmod(0o755)
    head = remote.commit("practices/at/tool-library.md", NEW)
    pull(clone, tmp_path)
    assert git(clone, "rev-parse", "HEAD") == head
    assert not ran.exists()


def test_asked_many_times_it_pulls_once_and_once_more(clone, tmp_path, monkeypatch):
    began, go_on, pulls = threading.Event(), threading.Event(), []

    def slowly(self):
        pulls.append(1)
        began.set()
        assert go_on.wait(30)
        return False

    monkeypatch.setattr(pulling.Puller, "_pull", slowly)
    puller = Puller(settings(clone, tmp_path), None)
    puller.ask()
    assert began.wait(30)
    thread = puller._thread
    for _ in range(20):
        puller.ask()
    go_on.set()
    thread.join(30)
    assert len(pulls) == 2
    puller.ask()
    assert eventually(lambda: len(pulls) == 3, 30)


def test_what_was_pulled_is_logged(remote, clone, tmp_path, caplog):
    caplog.set_level(logging.INFO)
    before = git(clone, "rev-parse", "HEAD")
    head = remote.commit("practices/at/tool-library.md", NEW)
    pull(clone, tmp_path)
    assert caplog.records[-1].data == {"before": before, "after": head}
