"""The API of searches."""

from __future__ import annotations

import pytest

from search.analysis import fold
from search.facets import FACETS
from search.moved import Moved
from tests.builders import make_practice
from tests.hostile import HOSTILE_QUERIES

FIELDS = {"query", "total", "every_word", "undated", "hits", "facets", "also", "suggestions", "notes", "links"}
HIT = {"id", "title", "summary", "url", "language", "regions", "barriers", "score", "snippet", "why"}


def test_an_answer_has_the_promised_fields(real_client):
    answer = real_client.get("/api/v1/search?q=skills&barrier=coordination&from=2010").json()
    assert answer.keys() == FIELDS
    assert answer["hits"]
    for hit in answer["hits"]:
        assert hit.keys() == HIT
        assert "coordination" in hit["barriers"]
    assert answer["facets"].keys() == {facet.name for facet in FACETS}
    assert {"id", "label", "count", "selected"} == answer["facets"]["barrier"][0].keys()
    assert "children" in answer["facets"]["region"][0]
    assert [one["selected"] for one in answer["facets"]["barrier"] if one["id"] == "coordination"] == [True]
    assert answer["query"] == {
        "q": "skills", "lang": "en", "barrier": ["coordination"], "from": 2010, "expand": "on",
        "sort": "relevance", "page": 1, "size": 20,
    }  # fmt: skip


def test_links_lead_to_the_pages_before_and_after(site):
    client = site(*(make_practice(id=f"p{n}") for n in range(5)))
    seen, address = [], "/api/v1/search?size=2&sort=title"
    while address:
        answer = client.get(address).json()
        seen += [hit["id"] for hit in answer["hits"]]
        before, address = address, answer["links"].get("next", "").removeprefix("http://testserver")
        if "prev" in answer["links"]:
            assert client.get(answer["links"]["prev"]).json()["hits"]
    assert seen == [f"p{n}" for n in range(5)]
    assert "next" not in client.get(before).json()["links"]


def test_the_url_of_a_hit_answers(real_client):
    for hit in real_client.get("/api/v1/search?q=skills&lang=fr").json()["hits"]:
        assert "/fr/practices/" in hit["url"]
        assert real_client.get(hit["url"]).status_code == 200


@pytest.mark.parametrize("lang", ["sl", "el", "de"])
def test_a_query_may_be_read_in_a_language_without_interface(real_client, lang):
    answer = real_client.get(f"/api/v1/search?q=skills&lang={lang}").json()
    assert answer["query"]["lang"] == lang
    assert real_client.get(answer["links"]["page"]).status_code == 200


def test_an_unknown_value_names_the_nearest(real_client):
    response = real_client.get("/api/v1/search?barrier=finanse")
    assert response.status_code == 422
    assert response.json() == {
        "detail": "barrier: 'finanse' is not known", "parameter": "barrier", "value": "finanse", "nearest": "finance",
    }  # fmt: skip


def test_a_range_that_ends_before_it_begins_is_refused(real_client):
    response = real_client.get("/api/v1/search?from=2020&to=2010")
    assert response.status_code == 422
    assert response.json() == {
        "detail": "from: '2020' is after the end of the range, '2010'",
        "parameter": "from", "value": "2020", "nearest": "2010",
    }  # fmt: skip


def test_a_range_of_years_says_how_many_name_none(real_client):
    always = real_client.get("/api/v1/search").json()
    whole = real_client.get("/api/v1/search?from=1900&to=2100").json()
    assert always["undated"] == 0 < whole["undated"]
    assert whole["total"] + whole["undated"] == always["total"]
    assert "from=1900&to=2100" in whole["links"]["page"]


def test_languages_are_those_of_the_union_and_those_that_are_there(site):
    client = site(make_practice(language="uk"))
    values = client.get("/api/v1/search?language=is").json()["facets"]["language"]
    assert len(values) == 24 + 2
    counts = {one["id"]: (one["label"], one["count"], one["selected"]) for one in values}
    assert counts["uk"] == ("Ukrainian", 1, False)
    assert counts["is"] == ("Icelandic", 0, True)
    assert counts["mt"] == ("Maltese", 0, False)


def test_an_unknown_address_is_answered_in_json(real_client):
    response = real_client.get("/api/v1/nothing")
    assert response.status_code == 404
    assert response.json() == {"detail": "Not Found"}


def test_a_suggestion_can_be_followed(site):
    client = site(make_practice(title="Voucher for audits"))
    (suggestion,) = client.get("/api/v1/search?q=vouhcer").json()["suggestions"]
    assert (suggestion["word"], suggestion["nearest"]) == ("vouhcer", "voucher")
    assert client.get(suggestion["url"]).json()["total"] == 1


def test_the_counts_of_the_region_tree_are_those_of_its_searches(real_client):
    def walk(regions):
        for region in regions:
            yield region
            yield from walk(region["children"])

    for region in walk(real_client.get("/api/v1/search?q=cyber").json()["facets"]["region"]):
        total = real_client.get("/api/v1/search", params={"q": "cyber", "region": region["id"]}).json()["total"]
        assert total == region["count"], region["id"]


def suggestions(client, **params):
    response = client.get("/api/v1/suggest", params=params)
    assert response.status_code == 200, params
    return response.json()["suggestions"]


def test_suggestions_have_the_promised_fields_and_lead_to_pages(real_client):
    answer = real_client.get("/api/v1/suggest?q=cyb&lang=fr&size=20").json()
    assert answer.keys() == {"query", "suggestions"}
    assert answer["query"] == {"q": "cyb", "lang": "fr", "size": 20}
    for text in ("cyb", "bret", "compét", "formation"):
        for one in suggestions(real_client, q=text, lang="fr", size=20):
            assert {"kind", "text", "url"} <= one.keys() <= {"kind", "text", "url", "id", "lang"}
            assert ("id" in one) == (one["kind"] != "term")
            page = real_client.get(one["url"])
            assert page.status_code == 200, one
            assert "/fr/" in one["url"]


def test_every_kind_of_suggestion_leads_where_it_says(real_client):
    found = {one["kind"]: one for text in ("bretagne", "lack of skills", "training", "cyberbreakfast")
             for one in suggestions(real_client, q=text)[:1]}  # fmt: skip
    assert {kind: one["url"].removeprefix("http://testserver") for kind, one in found.items()} == {
        "region": "/en/regions/FRH0",
        "barrier": "/en/barriers/skills",
        "term": "/en/search?q=Training",
        "practice": "/en/practices/brittany-cyberbreakfast",
    }


def test_no_title_of_the_collection_is_missed(real_client, real_engine):
    for practice in real_engine.snapshot().library:
        for lang, title in ((one.language, one.title) for one in (practice, *practice.translations)):
            for text in (title, fold(title), title[:-3]):
                found = [one for one in suggestions(real_client, q=text, lang=lang) if one.get("id") == practice.id]
                assert [(one["text"], one["lang"]) for one in found] == [(title, lang)], text


def test_eight_suggestions_are_given_and_never_more_than_twenty(real_client):
    assert len(suggestions(real_client, q="c")) == 8
    assert len(suggestions(real_client, q="c", size=20)) == 20
    assert suggestions(real_client) == []
    for name, value, nearest in (("size", "21", "20"), ("size", "x", "1"), ("lang", "eng", "en")):
        refused = real_client.get("/api/v1/suggest", params={"q": "c", name: value})
        assert refused.status_code == 422
        assert (refused.json()["parameter"], refused.json()["nearest"]) == (name, nearest)


@pytest.mark.parametrize("lang", ["en", "fr", "el"])
def test_suggestions_bear_whatever_is_typed(real_client, lang):
    for text in HOSTILE_QUERIES:
        assert len(suggestions(real_client, q=text, lang=lang, size=20)) <= 20


def test_suggestions_are_kept_by_browsers_and_not_here(real_client):
    response = real_client.get("/api/v1/suggest?q=cyb")
    assert response.headers["cache-control"] == "max-age=60"
    assert "etag" not in response.headers


def test_openapi_documents_the_suggestions(real_client):
    document = real_client.get("/openapi.json").json()
    parameters = document["paths"]["/api/v1/suggest"]["get"]["parameters"]
    assert {parameter["name"] for parameter in parameters} == {"q", "lang", "size"}


def test_openapi_documents_the_search(real_client):
    document = real_client.get("/openapi.json").json()
    names = {parameter["name"] for parameter in document["paths"]["/api/v1/search"]["get"]["parameters"]}
    assert names == {"q", "lang", "from", "to", "expand", "sort", "page", "size", *(facet.name for facet in FACETS)}


SIMILAR = {"id", "title", "summary", "url", "language", "regions", "barriers", "score", "shared"}


def test_similar_practices_have_the_promised_fields(real_client):
    answer = real_client.get("/api/v1/practices/estonia-youth-cyber-competitions/similar?lang=sk").json()
    assert answer.keys() == {"id", "similar", "links"}
    assert answer["id"] == "estonia-youth-cyber-competitions"
    assert len(answer["similar"]) == 5
    for one in answer["similar"]:
        assert one.keys() == SIMILAR
        assert one["shared"].keys() == {"values", "words", "language"}
        assert one["shared"]["values"].keys() <= {"barrier", "instrument", "topic", "target"}
        assert set(one["shared"]["values"].get("barrier", [])) <= set(one["barriers"])
        assert real_client.get(one["url"]).status_code == 200
    first = answer["similar"][0]
    assert (first["id"], first["language"]) == ("slovakia-cybergame-talent-pipeline", "sk")
    assert "skills" in first["shared"]["values"]["barrier"]
    assert "flag" in first["shared"]["words"]
    assert real_client.get(answer["links"]["self"]).status_code == 200


@pytest.mark.parametrize("size", [1, 20])
def test_as_many_similar_practices_as_asked_for(real_client, size):
    answer = real_client.get(f"/api/v1/practices/brittany-cyberbreakfast/similar?size={size}").json()
    assert len(answer["similar"]) == size


@pytest.mark.parametrize(("asked", "nearest"), [("size=0", "1"), ("size=21", "20"), ("size=x", "1"), ("lang=xx", None)])
def test_a_parameter_of_similar_practices_that_is_not_understood_is_said(real_client, asked, nearest):
    response = real_client.get(f"/api/v1/practices/brittany-cyberbreakfast/similar?{asked}")
    assert response.status_code == 422
    assert response.json()["parameter"] == asked.partition("=")[0]
    assert nearest in {None, response.json().get("nearest")}


def test_similar_practices_of_what_is_gone_are_those_of_what_it_became(site):
    moved = {"old": Moved(to="new"), "withdrawn": Moved(note="It never worked.")}
    client = site(make_practice(id="new"), moved=moved)
    response = client.get("/api/v1/practices/old/similar?size=3")
    assert response.status_code == 301
    assert response.headers["location"] == "/api/v1/practices/new/similar?size=3"
    gone = client.get("/api/v1/practices/withdrawn/similar")
    assert (gone.status_code, gone.json()) == (410, {"detail": "It never worked."})
    assert client.get("/api/v1/practices/none/similar").status_code == 404
    assert client.get("/api/v1/practices/new/similar").json()["similar"] == []


def test_openapi_documents_similar_practices(real_client):
    document = real_client.get("/openapi.json").json()["paths"]["/api/v1/practices/{id}/similar"]["get"]
    assert {parameter["name"] for parameter in document["parameters"]} == {"id", "lang", "size"}
    assert {"200", "301", "404", "410", "422"} <= document["responses"].keys()


def test_the_site_says_how_it_is(real_client):
    assert real_client.get("/healthz").json() == {"status": "ok"}
    ready = real_client.get("/readyz").json()
    assert ready["status"] == "ok"
    assert ready["practices"] > 0
