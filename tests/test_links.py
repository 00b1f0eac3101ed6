"""Addresses are looked at gently, by a real server, and never in private networks unless that is asked for."""

from __future__ import annotations

import json
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

import indexer
from bench.servers import free_port
from search.library import parse
from search.links import (
    Answer,
    Manners,
    State,
    ask_all,
    findings,
    links_of,
    read_cache,
    write_cache,
)
from tests.builders import practice_text

NOW = datetime(2026, 3, 1, tzinfo=UTC)


class Handler(BaseHTTPRequestHandler):
    """Answers by path; what was asked is counted by the server."""

    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        self.answer()

    def answer(self):
        server = self.server
        server.asked[f"{self.command} {self.path}"] += 1
        server.hosts.add(self.headers["Host"])
        match self.path.partition("?")[0].strip("/").split("/"):
            case ["hang"]:
                server.over.wait(5)
            case ["moved", number]:
                target = f"/moved/{int(number) - 1}" if int(number) else "/200"
                self.say(301, Location=target)
            case ["found"]:
                self.say(302, Location="/200")
            case ["circle"]:
                self.say(302, Location="/circle")
            case ["inward"]:
                self.say(302, Location="http://169.254.169.254/latest")
            case ["file"]:
                self.say(302, Location="file:///etc/passwd")
            case ["500-then-200"]:
                self.say(500 if server.asked[f"{self.command} {self.path}"] < 2 else 200)
            case ["no-head"]:
                self.say(405 if self.command == "HEAD" else 200)
            case ["busy"]:
                self.say(429, **{"Retry-After": "7"})
            case [status]:
                self.say(int(status))

    def say(self, status, **headers):
        self.send_response(status)
        for name, value in {"Content-Length": "0", **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.asked, server.hosts, server.over = Counter(), set(), threading.Event()
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        server.url = f"http://127.0.0.1:{server.server_port}"
        yield server
        server.over.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def ask(server):
    slept = []

    def ask(path, **manners):
        given = {"timeout_s": 0.5, "retries": 2, "allow_private": True, "pause_s": 0, "sleep": slept.append, **manners}
        url = path if "://" in path else f"{server.url}{path}"
        return ask_all([url], Manners(**given))[url]

    ask.slept = slept
    return ask


def test_a_page_that_is_there_is_good(ask, server):
    assert ask("/200") == Answer(State.GOOD, "200")
    assert server.asked == {"HEAD /200": 1}


def test_a_server_that_knows_no_head_is_asked_for_the_page(ask, server):
    assert ask("/no-head").state is State.GOOD
    assert server.asked == {"HEAD /no-head": 1, "GET /no-head": 1}


def test_a_chain_of_moves_leads_to_its_end(ask, server):
    assert ask("/moved/3") == Answer(State.MOVED, f"{server.url}/200")
    assert ask("/moved/30") == Answer(State.UNREACHABLE, "it leads in a circle")


def test_a_detour_is_no_move(ask):
    assert ask("/found").state is State.GOOD


@pytest.mark.parametrize("status", ["404", "410"])
def test_what_is_gone_is_asked_once(ask, server, status):
    assert ask(f"/{status}") == Answer(State.GONE, status)
    assert server.asked == {f"HEAD /{status}": 1, f"GET /{status}": 1}


def test_trouble_is_asked_again(ask):
    assert ask("/500-then-200").state is State.GOOD
    assert ask.slept == [0.5]
    assert ask("/503") == Answer(State.UNCLEAR, "503")


def test_a_server_that_asks_to_wait_is_waited_for(ask):
    assert ask("/busy") == Answer(State.UNCLEAR, "429")
    assert ask.slept == [7, 7]


def test_a_server_that_forbids_is_not_called_gone(ask):
    assert ask("/403").state is State.UNCLEAR


def test_a_server_that_hangs_is_given_up(ask, server):
    assert ask("/hang", timeout_s=0.05, retries=1) == Answer(State.UNREACHABLE, "no answer in time")
    assert server.asked["HEAD /hang"] == 2


def test_a_server_that_is_not_there_is_unreachable(ask):
    assert ask(f"http://127.0.0.1:{free_port()}/").state is State.UNREACHABLE


def test_a_circle_ends(ask):
    assert ask("/circle").detail == "it leads in a circle"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://10.0.0.1/", "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data", "http://0.0.0.0/", "http://[::ffff:127.0.0.1]/", "http://2130706433/",
        "http://[fd00::1]/", "ftp://example.org/", "file:///etc/passwd", "http:///", "http://[broken",
    ],
)  # fmt: skip
def test_private_networks_are_not_asked(url):
    assert ask_all([url], Manners(retries=0))[url].state is State.REFUSED


def test_a_public_page_does_not_lead_into_a_private_network(ask, server, monkeypatch):
    real = ask_all.__globals__["_is_public"]
    monkeypatch.setitem(ask_all.__globals__, "_is_public", lambda number: number == "127.0.0.1" or real(number))
    assert ask("/inward", allow_private=False) == Answer(State.REFUSED, "it lies in a private network")
    assert ask("/file", allow_private=False).state is State.REFUSED


def test_a_host_is_asked_one_question_after_the_other_by_its_name(server):
    slept = []
    urls = [f"http://localhost:{server.server_port}/200?{number}" for number in range(3)]
    manners = Manners(allow_private=True, pause_s=0.3, sleep=slept.append)
    ask_all([*urls, urls[0]], manners)
    assert slept == [0.3, 0.3]
    assert server.hosts == {f"localhost:{server.server_port}"}


def test_the_links_of_a_document_have_their_lines(vocabulary):
    body = (
        "## Problem\n\nSee [here](https://a.example/x_(y)), <https://b.example> and https://c.example/z.\n"
        "\n## What was done\n\nx https://a.example/x_(y)\n\n## Results\n\nx\n"
    )
    document, _ = parse(practice_text(body=body).encode(), "at/a.md", vocabulary)
    found = {link.url: link for link in links_of(document)}
    assert set(found) == {
        "https://example.org/repair",
        "https://a.example/x_(y)",
        "https://b.example",
        "https://c.example/z",
    }
    assert found["https://a.example/x_(y)"].line == document.body_line + 2
    assert found["https://example.org/repair"].field == "sources.0.url"


def test_what_worked_is_kept_for_a_while_and_what_did_not_is_asked_again(tmp_path):
    path = tmp_path / "index" / "links.json"
    answers = {
        "good": Answer(State.GOOD, "200"),
        "moved": Answer(State.MOVED, "there"),
        "gone": Answer(State.GONE, "404"),
    }
    write_cache(path, answers, {}, NOW)
    known = read_cache(path, NOW + timedelta(days=6))
    assert set(known) == {"good", "moved"}
    write_cache(path, known, known, NOW + timedelta(days=6))
    assert read_cache(path, NOW + timedelta(days=8)) == {}
    path.write_text("{broken")
    assert read_cache(path, NOW) == {}


def test_findings_are_advice_with_a_place_and_a_mend(vocabulary):
    document, _ = parse(practice_text().encode(), "at/a.md", vocabulary)
    links = links_of(document)
    for state in State:
        found = findings(links, {"https://example.org/repair": Answer(state, "x")})
        assert len(found) == (state is not State.GOOD)
        assert all(one.severity == "advice" and one.line and one.fix for one in found)


def test_the_command_warns_and_keeps_what_it_learnt(server, tmp_path, capsys):
    folder = tmp_path / "practices" / "at"
    folder.mkdir(parents=True)
    source = {"title": "A", "publisher": "B", "language": "en"}
    sources = [{**source, "url": f"{server.url}/{path}"} for path in ("404", "200")]
    (folder / "a.md").write_text(practice_text(sources=sources))
    places = ["--practices", str(tmp_path / "practices"), "--index", str(tmp_path / "index")]
    assert indexer.main(["links", *places, "--allow-private", "--retries", "0"]) == 0
    said = capsys.readouterr().err
    assert f"{server.url}/404 is gone: the server answers 404 [link]" in said
    assert "2 addresses looked at, 1 to look after" in said
    assert list(json.loads((tmp_path / "index" / "links.json").read_text())["good"]) == [f"{server.url}/200"]
    assert indexer.main(["links", *places, "--allow-private"]) == 0
    assert server.asked["HEAD /200"] == 1
    assert indexer.main(["links", *places, str(folder / "none.md")]) == 2
