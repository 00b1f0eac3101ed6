"""Proposals become requests: one contract for every forge, over real repositories."""

from __future__ import annotations

import logging
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from search.settings import Settings
from tests.builders import make_practice, practice_text, translation_text
from tests.remotes import TOKEN, Remote, open_remote, over_http
from web import clone, sending
from web.forges import GITLAB, known_forge, requests_address
from web.git import GitError, open_bare
from web.proposals import Proposal
from web.sending import NotSent, Outbox, SendingError, TooManyRequests

KINDS = ("plain", "github", "gitlab", "gitea")
TEXT = practice_text(title="Tool library: neighbours lend each other tools in Vienna").encode()
ADDRESSES = {
    "plain": "",
    "github": "{repository}/pull/{number}",
    "gitlab": "{repository}/-/merge_requests/{number}",
    "gitea": "{repository}/pulls/{number}",
}


def proposal(id="tool-library", content=TEXT, **changes):
    made = {"file": f"at/{id}.md", "content": content, "title": f"Add practice {id}", "is_new": True}
    return Proposal(**{**made, **changes})


@pytest.fixture(params=KINDS)
def remote(request, tmp_path) -> Iterator[Remote]:
    with open_remote(request.param, tmp_path / "remote.git") as made:
        yield made


@pytest.fixture
def plain(tmp_path) -> Iterator[Remote]:
    with open_remote("plain", tmp_path / "remote.git") as made:
        yield made


@pytest.fixture
def index(tmp_path) -> Path:
    return tmp_path / "index"


def outbox(at, index, *, timeout_s=60.0, now=lambda: datetime(2026, 3, 4, tzinfo=UTC), **settings):
    return Outbox(at.settings(index, **settings), "practices", timeout_s=timeout_s, now=now)


def commit_of(remote, sent):
    """The commit of a request, where its forge keeps it."""
    if remote.kind == "gitea":
        [commit] = [one["commit"] for one in remote.requests() if one["head"] == sent.branch]
        return commit
    return remote.refs()[f"refs/heads/{sent.branch}"]


def changed(remote, commit):
    return remote.git("diff-tree", "-r", "--no-commit-id", "--name-status", f"{commit}~", commit).split("\n")[:-1]


# What every forge gets


def test_a_new_practice_becomes_a_request(remote, index):
    before = remote.refs()
    sent = outbox(remote, index).send(proposal(author="Žofia Kováčová", mailbox="info@agency.eu"), "192.0.2.1")
    commit = commit_of(remote, sent)
    assert changed(remote, commit) == ["A\tpractices/at/tool-library.md"]
    assert remote.git("show", f"{commit}:practices/at/tool-library.md").encode() == TEXT
    assert remote.git("log", "-1", "--format=%an|%ae|%cn|%ce|%s|%b", commit).strip() == (
        "Žofia Kováčová|info@agency.eu|Practice Atlas|noreply@atlas.example.org|Add practice tool-library|"
    )
    assert sent.branch == "submit/tool-library" + (f"-{commit[:8]}" if remote.kind == "gitea" else "")
    assert sent.address == ADDRESSES[remote.kind].format(repository=remote.repository, number=1)
    assert {name: remote.refs()[name] for name in before} == before
    assert len(remote.refs()) == len(before) + 1


def test_the_request_names_title_base_and_words_for_the_reviewer(remote, index):
    note = "We run it.\n/approve\n@all fixes #1 `x`\n```\n/merge"
    sent = outbox(remote, index).send(proposal(note=note), "192.0.2.1")
    if remote.kind == "plain":
        assert remote.requests() == []
        return
    [request] = remote.requests()
    assert request == {
        "title": "Add practice tool-library",
        "base": "main",
        "head": sent.branch,
        "commit": commit_of(remote, sent),
        "text": "Sent with the form of Practice Atlas. Words of the contributor: "
        "`We run it. /approve @all fixes #1 'x' ''' /merge`",
    }


def test_a_change_and_a_translation_are_one_file_each(remote, index):
    box = outbox(remote, index)
    content = practice_text(status="finished").encode()
    change = box.send(proposal("repair-cafe", content, is_new=False, title="Change repair-cafe"), "192.0.2.1")
    french = proposal(file="at/repair-cafe.fr.md", content=translation_text().encode(), title="Translate repair-cafe")
    translation = box.send(french, "192.0.2.1")
    assert changed(remote, commit_of(remote, change)) == ["M\tpractices/at/repair-cafe.md"]
    assert changed(remote, commit_of(remote, translation)) == ["A\tpractices/at/repair-cafe.fr.md"]
    assert translation.branch.startswith("submit/repair-cafe.fr")


def test_two_of_the_same_practice_do_not_collide(remote, index):
    box = outbox(remote, index)
    one = box.send(proposal(), "192.0.2.1")
    other = box.send(proposal(content=TEXT + b"\nMore.\n"), "192.0.2.1")
    third = outbox(remote, index.with_name("another-site")).send(proposal(author="Ada"), "192.0.2.1")
    assert len({one.branch, other.branch, third.branch}) == 3
    assert len({commit_of(remote, sent) for sent in (one, other, third)}) == 3
    if remote.kind != "gitea":
        assert [one.branch, other.branch, third.branch] == [f"submit/tool-library{end}" for end in ("", "-2", "-3")]


def test_eight_at_once_become_eight_requests(remote, index):
    box = outbox(remote, index, timeout_s=120)
    before = len(remote.refs())
    proposals = [proposal(content=TEXT + f"\n{number}\n".encode()) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda one: box.send(one, "192.0.2.1"), proposals))
    assert len({one.branch for one in sent}) == 8
    assert len(remote.refs()) == before + 8
    assert {remote.git("show", f"{commit_of(remote, one)}:practices/at/tool-library.md").encode() for one in sent} == {
        one.content for one in proposals
    }


def test_the_same_sent_twice_at_once_is_one_request(remote, index):
    box = outbox(remote, index, timeout_s=120)
    before = len(remote.refs())
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda _: box.send(proposal(), "192.0.2.1"), range(4)))
    assert len(set(sent)) == 1
    assert len(remote.refs()) == before + 1


def test_a_request_stands_on_what_the_remote_has_just_now(remote, index):
    box = outbox(remote, index)
    box.send(proposal("first-one"), "192.0.2.1")
    head = remote.commit("practices/at/another.md", TEXT)
    commit = commit_of(remote, box.send(proposal(), "192.0.2.1"))
    assert remote.git("rev-parse", f"{commit}~").strip() == head


def test_a_rejected_push_leaves_nothing_and_says_so(remote, index, caplog):
    remote.hook("pre-receive", "import sys\nprint('GL-HOOK-ERR: not today')\nsys.exit(1)\n")
    before = remote.refs()
    box = outbox(remote, index)
    with pytest.raises(SendingError, match="has not taken it"):
        box.send(proposal(), "192.0.2.1")
    assert remote.refs() == before
    assert "not today" in caplog.records[-1].data["said"]
    (remote.path / "hooks" / "pre-receive").unlink()
    assert box.send(proposal(), "192.0.2.1").branch.startswith("submit/tool-library")


def test_nothing_of_a_proposal_can_forge_a_commit_or_an_option(remote, index):
    evil = "Eve <eve@x.eu> 0 +0000\ncommitter Mallory <m@x.eu> 0 +0000\n\nparent 0\x00"
    title = "Add\n\nCo-authored-by: x <x@x.eu>\r\nmerge_request.merge_when_pipeline_succeeds\x00{topic}"
    sent = outbox(remote, index).send(
        proposal(author=evil, mailbox="a@b.eu>\nx", title=title, note="x\n-o\nmerge_request.merge\x00"), "192.0.2.1"
    )
    raw = remote.git("cat-file", "commit", commit_of(remote, sent))
    head, _, message = raw.partition("\n\n")
    assert [line.split()[0] for line in head.splitlines()] == ["tree", "parent", "author", "committer"]
    assert "committer Practice Atlas <noreply@atlas.example.org>" in head
    assert "<noreply@atlas.example.org>" in head.splitlines()[2]
    assert message.count("\n") == 1
    for request in remote.requests():
        assert "\n" not in request["title"]
        assert "{topic}" in request["title"]


FILES = ["../x.md", "at/../../x.md", "/etc/passwd", "at/x.md/y.md", "moved.yaml", "at/.git/config.md", "-x.md",
         "at/-x.md", "at/x\n.md", "at/x.md\x00", "AT/x.md", "at/é.md", "at\\x.md", "at/x.txt", "at//x.md", "",
         "at/README.md",
         "at/x,y.md", ":(top)at/x.md", "at/" + "x" * 101 + ".md"]  # fmt: skip


@pytest.mark.parametrize("file", FILES)
def test_nothing_but_a_practice_can_be_sent(plain, index, file):
    before = plain.refs()
    with pytest.raises(SendingError, match="only a practice"):
        outbox(plain, index).send(proposal(file=file), "192.0.2.1")
    assert plain.refs() == before


@pytest.mark.parametrize("changes", [{"content": b"x" * 300_000}, {"title": "\n\u202e "}])
def test_what_is_too_large_or_has_no_title_is_not_sent(plain, index, changes):
    with pytest.raises(SendingError, match="only a practice"):
        outbox(plain, index).send(proposal(**changes), "192.0.2.1")


def test_what_came_or_went_meanwhile_is_not_overwritten(plain, index):
    box = outbox(plain, index)
    with pytest.raises(SendingError, match="has come into the collection"):
        box.send(proposal("repair-cafe"), "192.0.2.1")
    with pytest.raises(SendingError, match="no longer in the collection"):
        box.send(proposal(is_new=False), "192.0.2.1")
    with pytest.raises(SendingError, match="nothing in it differs"):
        box.send(proposal("repair-cafe", practice_text().encode(), is_new=False), "192.0.2.1")
    assert list(plain.refs()) == ["refs/heads/main"]


def test_a_link_in_the_repository_leads_nowhere(plain, index):
    work = plain.path.with_suffix(".work")
    (work / "practices" / "se").symlink_to("../.github")
    plain.commit("x", b"")
    box = outbox(plain, index)
    with pytest.raises(SendingError):
        box.send(proposal(file="se/x.md"), "192.0.2.1")
    assert list(plain.refs()) == ["refs/heads/main"]


def test_what_is_not_one_file_is_not_pushed(plain, index, monkeypatch):
    real = open_bare

    def tampering(folder, settings):
        git = real(folder, settings)

        def call(*arguments, **options):
            if arguments[0] == "update-index":
                git("update-index", "--add", "--cacheinfo", f"100644,{arguments[-1].split(',')[1]},evil", **options)
            return git(*arguments, **options)

        return call

    monkeypatch.setattr(clone, "open_bare", tampering)
    with pytest.raises(SendingError, match="only a practice"):
        outbox(plain, index).send(proposal(), "192.0.2.1")
    assert list(plain.refs()) == ["refs/heads/main"]


# Remotes that fail


def test_a_remote_that_is_not_there_is_said(plain, index):
    shutil.move(plain.path, plain.path.with_name("gone"))
    box = outbox(plain, index)
    with pytest.raises(SendingError, match="cannot be reached"):
        box.send(proposal(), "192.0.2.1")
    shutil.move(plain.path.with_name("gone"), plain.path)
    assert box.send(proposal(), "192.0.2.1").branch == "submit/tool-library"


def test_a_remote_that_hangs_is_given_up(plain, index):
    with socket.create_server(("127.0.0.1", 0)) as server:
        remote = f"http://127.0.0.1:{server.getsockname()[1]}/x.git"
        box = outbox(plain, index, timeout_s=2, remote=remote)
        with pytest.raises(SendingError, match="cannot be reached"):
            box.send(proposal(), "192.0.2.1")
    left = subprocess.run(["ps", "-eo", "args"], capture_output=True, check=True, text=True).stdout
    assert remote not in left


def test_visitors_do_not_wait_for_each_other_without_end(plain, index, monkeypatch):
    monkeypatch.setattr(sending, "MAX_WAITING", 1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        box = outbox(plain, index, timeout_s=3, remote=f"http://127.0.0.1:{server.getsockname()[1]}/x.git")

        def first():
            with pytest.raises(SendingError, match="cannot be reached"):
                box.send(proposal(), "192.0.2.1")

        thread = threading.Thread(target=first)
        thread.start()
        connection, _ = server.accept()  # the first one has begun
        with connection, pytest.raises(SendingError, match="others are sending"):
            box.send(proposal("another"), "192.0.2.2")
        thread.join()


@pytest.mark.parametrize("damage", ["empty", "head", "objects", "lock", "gone", "file"])
def test_a_damaged_clone_is_made_again(plain, index, damage):
    box = outbox(plain, index)
    box.send(proposal("first-one"), "192.0.2.1")
    folder = index / "requests.git"
    if damage in {"empty", "gone", "file"}:
        shutil.rmtree(folder)
    if damage == "empty":
        folder.mkdir()
    if damage == "file":
        folder.write_text("x")
    if damage == "head":
        (folder / "HEAD").write_text("nonsense")
    if damage == "objects":
        for path in (folder / "objects").rglob("*"):
            if path.is_file():
                path.chmod(0o644)
                path.write_bytes(b"x")
    if damage == "lock":
        (folder / "refs" / "heads" / "base.lock").write_text("")
        plain.commit("x", b"x")
    assert box.send(proposal(), "192.0.2.1").branch == "submit/tool-library"


def test_another_branch_can_be_the_published_one(plain, index):
    plain.git("branch", "-m", "main", "published/one")
    sent = outbox(plain, index, branch="published/one").send(proposal(), "192.0.2.1")
    assert plain.git("rev-parse", f"{sent.branch}~").strip() == plain.refs()["refs/heads/published/one"]


def test_without_git_it_is_said(plain, index, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SendingError, match="cannot be reached"):
        outbox(plain, index).send(proposal(), "192.0.2.1")


def test_a_folder_that_cannot_be_written_is_said(plain, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SendingError, match="cannot be reached"):
        outbox(plain, tmp_path / "file" / "index").send(proposal(), "192.0.2.1")


def test_the_forge_is_seen_from_the_remote_where_no_repository_is_named():
    settings = Settings(remote="https://gitlab.agency.eu/a/b.git")
    assert requests_address(settings) == "https://gitlab.agency.eu/a/b"
    assert known_forge(requests_address(settings)) is GITLAB
    assert requests_address(Settings(remote="git@gitlab.agency.eu:a/b.git")) == ""
    assert requests_address(Settings(remote="https://x.eu/a", repository="https://y.eu/b.git")) == "https://y.eu/b"


def test_only_a_site_with_a_remote_sends(site, plain):
    assert site(make_practice()).app.state.services.outbox is None
    assert site(make_practice(), remote=str(plain.path)).app.state.services.outbox is not None


# GitHub's answers


@pytest.fixture
def github(tmp_path) -> Iterator[Remote]:
    with open_remote("github", tmp_path / "remote.git") as made:
        yield made


@pytest.mark.parametrize("status", [301, 401, 403, 404, 422, 500])
def test_a_request_that_github_does_not_open_leaves_no_branch(github, index, status, caplog):
    github.answers.append((status, {"message": f"because of {status}"}))
    box = outbox(github, index)
    with pytest.raises(SendingError, match="has not taken it"):
        box.send(proposal(), "192.0.2.1")
    assert list(github.refs()) == ["refs/heads/main"]
    assert f"because of {status}" in caplog.text or any(f"because of {status}" in str(r.data) for r in caplog.records)
    assert box.send(proposal(), "192.0.2.1").address.endswith("/pull/2")


def test_github_is_asked_as_it_documents(github, index):
    outbox(github, index).send(proposal(), "192.0.2.1")
    [asked] = github.asked
    assert asked["headers"]["Accept"] == "application/vnd.github+json"
    assert asked["headers"]["X-GitHub-Api-Version"] == "2022-11-28"
    assert asked["headers"]["Authorization"] == f"Bearer {TOKEN}"
    assert asked["body"].keys() == {"title", "head", "base", "body"}


def test_an_address_of_another_host_is_not_shown(github, index):
    github.answers.append((201, {"html_url": "https://evil.example/x"}))
    assert outbox(github, index).send(proposal(), "192.0.2.1").address == ""


def test_without_a_token_github_gets_a_branch_only(github, index):
    sent = outbox(github, index, remote_token="").send(proposal(), "192.0.2.1")
    assert (sent.branch, sent.address) == ("submit/tool-library", "")
    assert github.asked == []


# Limits


def test_a_visitor_may_send_so_many_in_a_day(plain, index):
    now = [datetime(2026, 3, 4, 12, tzinfo=UTC)]
    box = outbox(plain, index, now=lambda: now[0], requests_per_visitor=2)
    for number in range(2):
        box.send(proposal(f"x{number}"), "192.0.2.1")
    with pytest.raises(TooManyRequests, match="you have sent"):
        box.send(proposal("x2"), "192.0.2.1")
    assert box.send(proposal("x1"), "192.0.2.1").branch == "submit/x1"
    assert box.send(proposal("x2"), "192.0.2.2").branch == "submit/x2"
    now[0] += timedelta(days=1)
    assert box.send(proposal("x3"), "192.0.2.1").branch == "submit/x3"


def test_all_visitors_may_send_so_many_in_a_day(plain, index):
    box = outbox(plain, index, requests_per_day=2)
    for number in range(2):
        box.send(proposal(f"x{number}"), f"192.0.2.{number}")
    with pytest.raises(TooManyRequests, match="as many practices were sent"):
        box.send(proposal("x2"), "192.0.2.9")


def test_a_household_is_one_visitor(plain, index):
    box = outbox(plain, index, requests_per_visitor=1)
    box.send(proposal("x0"), "2001:db8::1")
    with pytest.raises(TooManyRequests):
        box.send(proposal("x1"), "2001:db8::2:1")
    box.send(proposal("x1"), "2001:db8:1::1")


def test_what_was_not_sent_does_not_count(plain, index):
    box = outbox(plain, index, requests_per_visitor=1)
    for _ in range(3):
        with pytest.raises(SendingError):
            box.send(proposal("repair-cafe"), "192.0.2.1")
    assert box.send(proposal(), "192.0.2.1").branch == "submit/tool-library"


# Secrets


def test_neither_visitor_nor_token_is_written_anywhere(remote, index, caplog):
    caplog.set_level(logging.DEBUG)
    box = outbox(remote, index)
    box.send(proposal(author="Zofia"), "198.51.100.77")
    remote.hook("pre-receive", f"import sys\nprint('{TOKEN}')\nsys.exit(1)\n")
    with pytest.raises(NotSent) as failed:
        box.send(proposal("another"), "198.51.100.77")
    said = " ".join([str(failed.value), caplog.text, *(str(getattr(one, "data", "")) for one in caplog.records)])
    assert TOKEN not in said
    assert "198.51.100.77" not in said
    assert "Zofia" not in said
    kept = [path.read_bytes() for path in index.rglob("*") if path.is_file()]
    assert not [one for one in kept if TOKEN.encode() in one or b"198.51.100.77" in one]


def test_the_token_goes_to_its_host_only_and_never_onto_a_command_line(tmp_path):
    with _Listener() as server:
        settings = Settings(remote=f"{server.address}/x.git", remote_token=TOKEN, index_dir=tmp_path)
        git = open_bare(tmp_path / "x.git", settings)
        git("init", "--quiet", "--bare", until=time.monotonic() + 20)
        with pytest.raises(GitError) as failed:
            git("ls-remote", settings.remote, until=time.monotonic() + 20)
        assert "Authorization: Basic b2F1dGgyOnp6LXNlY3JldC10b2tlbg==" in server.heard[0]
        with _Listener() as other, pytest.raises(GitError):
            git("ls-remote", f"{other.address}/x.git", until=time.monotonic() + 20)
        assert "Authorization" not in other.heard[0]
    assert TOKEN not in repr(git) + str(failed.value)
    assert "b2F1dGgy" not in repr(git) + str(failed.value)


def test_a_remote_that_asks_for_a_name_and_a_password_gets_them(plain, index):
    with over_http(plain, "bot", TOKEN) as address:
        box = outbox(plain, index, remote=address, remote_user="bot")
        assert box.send(proposal(), "192.0.2.1").branch == "submit/tool-library"
        box = outbox(plain, index, remote=address, remote_user="another")
        with pytest.raises(SendingError, match="cannot be reached"):
            box.send(proposal("another"), "192.0.2.1")
    assert list(plain.refs()) == ["refs/heads/main", "refs/heads/submit/tool-library"]


class _Listener:
    """Answers every connection with 401, and keeps what was asked."""

    def __init__(self):
        self.heard: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _listen(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                self.heard.append(connection.recv(65536).decode())
                connection.sendall(
                    b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=x\r\n"
                    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
                )


def test_what_is_configured_on_the_machine_is_left_alone(plain, index, tmp_path, monkeypatch):
    ran = tmp_path / "ran"
    home = tmp_path / "home"
    (home / "hooks").mkdir(parents=True)
    (home / "hooks" / "pre-push").write_text(f"#!/bin/sh\ntouch {ran}\n")
    (home / "hooks" / "pre-push").chmod(0o755)
    (home / ".gitconfig").write_text(
        f'[core]\n\thooksPath = {home}/hooks\n[url "/nowhere"]\n\tinsteadOf = {plain.path}\n'
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_DIR", str(home))
    monkeypatch.setenv("GIT_ASKPASS", str(ran))
    monkeypatch.delenv("GIT_CONFIG_GLOBAL", raising=False)
    assert outbox(plain, index).send(proposal(), "192.0.2.1").branch == "submit/tool-library"
    assert not ran.exists()
    assert os.environ["GIT_DIR"] == str(home)


# Settings


@pytest.mark.parametrize(
    "value",
    ["", "https://github.com/a/b.git", "http://127.0.0.1:8000/a.git", "ssh://git@host.eu:22/a.git",
     "git@host.eu:a/b.git", "file:///srv/a.git", "/srv/a.git", "../a.git", "host:a/b"],
)  # fmt: skip
def test_a_remote_is_an_address_of_git(value):
    assert Settings(remote=value).remote == value


@pytest.mark.parametrize(
    "value",
    ["-x", "--upload-pack=x", "ext::sh -c x", "a b", "ftp://x/y", "https://", "javascript:x y", "repository",
     "https://user:pw@host/a.git", "https://token@host/a.git", "ssh://a:b@host/x", "http://a:b@c@host/x"],
)  # fmt: skip
def test_what_is_no_address_or_holds_a_secret_is_refused(value):
    with pytest.raises(ValueError, match=r"git can push to|has a user name or a password") as refused:
        Settings(remote=value)
    said = str(refused.value.errors()[0]["msg"])
    assert "pw" not in said.replace("pwd", "")


@pytest.mark.parametrize("value", ["-x", "a..b", "a b", "a:b", "x.lock", "/x", "x/", "a\nb", "+x", "@{u}"])
def test_what_is_no_branch_is_refused(value):
    with pytest.raises(ValueError, match="is not the name of a branch"):
        Settings(branch=value)
