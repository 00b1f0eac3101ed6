"""The benchmarks ask what they say they ask. Nothing here looks at a clock."""

from __future__ import annotations

from itertools import islice

import pytest

from bench import queries
from bench.acceptance import Line, lines
from bench.bare import links_of, read_page
from bench.figures import exponent, percentile
from bench.made import CHANGED, World, changed, plain, practice_of, read_records, write_records
from bench.peers import FTS5, OURS, open_peer
from bench.peers.peer import agree
from bench.queries import CLASSES, FULL_PAGE
from bench.report import markdown
from search import facets
from search.model import Practice
from search.text import plain_text

SIZE = 200


@pytest.fixture(scope="module")
def world(vocabulary) -> World:
    return World(vocabulary)


@pytest.fixture(scope="module")
def records(world):
    return list(world.records(SIZE))


@pytest.fixture(scope="module")
def peers(world, records, vocabulary, tmp_path_factory):
    """Ours and SQLite, which is always there, over the same documents."""
    opened = {}
    for name in (OURS, FTS5):
        folder = tmp_path_factory.mktemp(name)
        peer = opened[name] = open_peer(name, vocabulary)
        peer.build([peer.convert(world, record) for record in records], folder)
        peer.open(folder)
    yield opened
    for peer in opened.values():
        peer.close()


def test_the_same_documents_are_made_every_time_and_in_a_set_of_any_size(vocabulary, records):
    assert list(World(vocabulary).records(20)) == records[:20]


def test_made_practices_are_valid_and_their_values_known(records, vocabulary):
    for practice in map(practice_of, records):
        assert Practice.model_validate(practice.model_dump()) == practice
        for facet in facets.FACETS:
            assert [one for one in facet.values(practice) if not vocabulary.knows(facet.scheme, one)] == []


def test_made_documents_have_the_lengths_that_are_promised(records):
    for record in records:
        assert len(record["title"].split()) <= 12
        assert 40 <= len(record["summary"]) <= 400
        assert 115 <= len(plain(record["body"]).split()) <= 255
        assert plain(record["body"]) == plain_text(record["body"])


def test_documents_come_back_from_a_file_as_they_were(records, tmp_path):
    write_records(tmp_path / "documents", records)
    assert list(read_records(tmp_path / "documents")) == records


def test_peers_are_given_the_filters_that_we_have(world, records):
    practice, document = practice_of(records[0]), world.document(records[0])
    assert document.facets == {one.name: tuple(sorted(one.values(practice))) for one in facets.FACETS}


def test_questions_are_the_same_every_time_and_of_every_class(world, records):
    asked = queries.draw(world, lambda: records, SIZE)
    assert asked == queries.draw(world, lambda: records, SIZE)
    assert asked != queries.draw(world, lambda: records, SIZE, salt="-warm")
    assert {kind: sum(one.kind == kind for one in asked) for kind in CLASSES} == CLASSES
    assert sum(CLASSES.values()) == 200


def test_questions_come_back_from_a_file_as_they_were(world, records, tmp_path):
    asked = queries.draw(world, lambda: records, SIZE)
    queries.save(tmp_path / "questions", asked)
    assert queries.load(tmp_path / "questions") == asked


def test_every_question_finds_a_document(world, records, peers):
    for asked in queries.draw(world, lambda: records, SIZE):
        assert peers[OURS].search(asked, snippets=True).total > 0, asked
        assert peers[FTS5].search(asked, snippets=True).total > 0, asked


def test_questions_for_pages_differ_and_find_a_page_of_hits(world, records, peers):
    asked = list(islice(queries.pages(world, records, 40), 40))
    assert len({one.address() for one in asked}) == 40
    for one in asked:
        assert len(peers[FTS5].search(one, snippets=False).hits) == FULL_PAGE


def test_words_with_one_form_are_counted_alike(world, peers):
    asked = queries.marks(world, SIZE)
    assert len(asked) > 100
    answers = [(peers[OURS].search(one, snippets=False), peers[FTS5].search(one, snippets=False)) for one in asked]
    assert [one for one, pair in zip(asked, answers, strict=True) if not agree(*pair)] == []


def test_filters_alone_are_counted_alike(world, records, peers):
    for asked in queries.draw(world, lambda: records, SIZE):
        if asked.kind == "filter":
            one, other = (peers[name].search(asked, snippets=False) for name in (OURS, FTS5))
            assert agree(one, other), asked
            assert [hit.title for hit in other.hits] == [
                records[int(hit.id.rpartition("-")[2]) - 1]["title"] for hit in other.hits
            ]


def test_a_changed_document_is_found_by_its_new_word(world, records, vocabulary, tmp_path):
    asked = queries.Asked("rare", "all", (CHANGED,), {})
    for name in (OURS, FTS5):
        folder = tmp_path / name
        folder.mkdir()
        peer = open_peer(name, vocabulary)
        peer.build([peer.convert(world, record) for record in records[:20]], folder)
        peer.open(folder)
        assert peer.search(asked, snippets=False).total == 0
        peer.change(peer.convert(world, changed(records[7])))
        assert [hit.id for hit in peer.search(asked, snippets=False).hits] == [records[7]["id"]]
        peer.close()


def test_the_bare_page_has_the_links_and_hits_of_ours():
    html = b'<a href="/x">One</a><article><h3><a href="/y">T</a></h3><p>a <mark>b</mark> c</p></article>'
    page = read_page(html)
    assert links_of(page) == 2
    assert [part["text"] for part in page["hits"][0]] == ["T", "a", "b", "c"]


def test_percentiles_are_those_of_the_nearest_rank():
    assert percentile(range(1, 101), 0.95) == 95
    assert percentile([3.0], 0.99) == 3.0


def test_a_quantity_that_doubles_with_the_collection_grows_with_exponent_one():
    assert exponent({1_000: 2.0, 10_000: 20.0, 100_000: 200.0}) == pytest.approx(1.0)
    assert exponent({1_000: 2.0}) is None


def test_what_was_not_measured_is_neither_reached_nor_missed():
    assert {one.reached for one in lines({})} == {None}
    assert "not measured" in markdown({})


@pytest.mark.parametrize(("at_least", "reached"), [(False, False), (True, True)])
def test_a_promise_is_kept_on_its_own_side_of_the_limit(at_least, reached):
    assert Line(1, "pages", 3.0, 2.0, at_least=at_least).reached is reached
