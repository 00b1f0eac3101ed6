"""Answers remembered: the same bytes, until what they are made of changes."""

from __future__ import annotations

import gzip

import pytest

from search.engines.whoosh_engine import WhooshEngine
from tests.builders import make_practice
from tests.conftest import make_client
from web import cache


@pytest.fixture
def client(site):
    return site(make_practice(title="Repair for all"))


def get(client, path, **headers):
    return client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize("path", ["/en", "/fr/search?q=repair", "/en/practices/repair-cafe", "/api/v1/search?q=repair"])
def test_the_second_answer_is_the_first(client, path):
    first, second = client.get(path), client.get(path)
    assert first.content == second.content
    assert first.headers == second.headers
    assert first.headers["etag"].startswith('"')


def test_the_second_answer_is_made_without_a_search(client, monkeypatch):
    client.get("/en/search?q=repair")
    monkeypatch.setattr("search.engines.whoosh_engine.WhooshSnapshot.search", lambda *_: pytest.fail("searched"))
    assert client.get("/en/search?q=repair").status_code == 200


def test_who_has_the_answer_is_told_that_it_is_right_before_any_work(client, monkeypatch):
    tag = client.get("/en/search?q=repair").headers["etag"]
    monkeypatch.setattr("search.engines.whoosh_engine.WhooshSnapshot.search", lambda *_: pytest.fail("searched"))
    response = get(client, "/en/search?q=repair", If_None_Match=tag)
    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["etag"] == tag
    assert response.headers["content-security-policy"]


def test_a_new_index_is_another_answer(site, tmp_path, vocabulary):
    client = site(make_practice(title="Repair for all"))
    tag = client.get("/en/search?q=repair").headers["etag"]
    WhooshEngine(tmp_path / "index", vocabulary).rebuild([make_practice(title="Repair for none")])
    response = get(client, "/en/search?q=repair", If_None_Match=tag)
    assert response.status_code == 200
    assert "Repair for none" in response.text


def test_languages_addresses_and_settings_have_answers_of_their_own(real_engine):
    client, other = make_client(real_engine), make_client(real_engine, site_name="Another name")
    responses = [
        client.get("/en/about"), client.get("/fr/about"), client.get("/en/help"), get(client, "/about"),
        get(client, "/about", Accept_Language="fr"), get(client, "/en/about", Host="testserver:8000"),
        other.get("/en/about"),
    ]  # fmt: skip
    assert len({response.headers["etag"] for response in responses}) == len(responses)


def test_what_the_address_says_comes_before_what_the_browser_says(client):
    tags = {get(client, "/fr/about", Accept_Language=lang).headers["etag"] for lang in ("fr", "en", "de")}
    assert len(tags) == 1


def test_bytes_are_compressed_for_who_takes_them(client):
    plain = get(client, "/en/help", Accept_Encoding="identity")
    packed = get(client, "/en/help", Accept_Encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in packed.headers["vary"].lower()
    assert "content-encoding" not in plain.headers
    assert plain.content == packed.content  # the client unpacks it
    assert plain.headers["etag"] != packed.headers["etag"]
    assert int(packed.headers["content-length"]) < len(plain.content)
    assert gzip.compress(plain.content, cache.LEVEL, mtime=0)[:3] == b"\x1f\x8b\x08"


@pytest.mark.parametrize("path", ["/en/nope", "/en/search?barrier=finanse", "/healthz", "/static/site.css"])
def test_only_what_was_found_is_remembered(client, path):
    first = client.get(path)
    assert first.headers.get("cache-control") != "no-cache"
    assert client.get(path).status_code == first.status_code


def test_memory_is_bounded(client, monkeypatch):
    monkeypatch.setattr(cache, "KEPT_BYTES", 200_000)
    for number in range(30):
        assert client.get(f"/en/search?q=repair{number}").status_code == 200
    stack = client.app.middleware_stack
    while not isinstance(stack, cache.AnswerCache):
        stack = getattr(stack, "app", None) or stack._app
    assert 0 < stack._bytes <= 200_000
    assert stack._bytes == sum(len(one.plain) + len(one.packed) for one in stack._answers.values())


def test_head_has_the_head_of_get(client):
    assert client.head("/en/help").headers["etag"] == client.get("/en/help").headers["etag"]
