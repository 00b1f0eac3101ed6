"""The arrays: right by Whoosh's own scores, made again from the index, and the same however they came about."""

from __future__ import annotations

import os
import random
import shutil

import numpy as np
import pytest
from whoosh import index as whoosh_index
from whoosh import query as wq
from whoosh import scoring

from search.engines.blobs import ArrayWriter
from search.engines.labels import Labels
from search.engines.matching import Matcher
from search.engines.ranking import BM25F, WHOOSH, Occurrences
from search.engines.whoosh_engine import WhooshEngine
from search.errors import EngineError
from search.facets import Years
from search.library import Library
from search.query import AnyOf, ParsedText, SearchQuery, Word
from search.variants import BOOSTS, FIELDS
from tests.builders import make_practice

WORDS = [
    f"{first}{second}" for first in ("ka", "lo", "mi", "te", "sa", "vo") for second in ("kum", "lat", "mor", "net")
]


def made(number, seed=1):
    """A practice of a few made words, some of them often, some in several fields."""
    chance = random.Random(f"{seed}:{number}")
    weights = [1 / (rank + 1) for rank in range(len(WORDS))]

    def text(least, most):
        return " ".join(chance.choices(WORDS, weights, k=chance.randint(least, most)))

    return make_practice(
        id=f"p{number:03}",
        title=text(3, 8),
        summary=text(12, 40)[:390].ljust(40, "x"),
        body=f"## Problem\n\n{text(5, 300)}\n\n## Results\n\n{text(5, 60)}\n",
        keywords=[text(1, 2) for _ in range(chance.randint(0, 4))],
        regions=[chance.choice(["AT13", "FRH0", "ES41"])],
        barriers=[chance.choice(["skills", "trust"])],
        organisation={"name": text(1, 3)},
        started=chance.choice([None, "2010", "2015-06"]),
    )


@pytest.fixture(scope="module")
def scored_by_whoosh(tmp_path_factory, vocabulary):
    engine = WhooshEngine(tmp_path_factory.mktemp("whoosh") / "index", vocabulary, WHOOSH)
    engine.rebuild([made(number) for number in range(120)])
    return engine.snapshot()


def whoosh_scores(snapshot, query):
    """What Whoosh itself gives, by the id of the practice: its documents are in the order of ids."""
    with whoosh_index.open_dir(str(snapshot.folder / "whoosh")).searcher(weighting=scoring.BM25F()) as searcher:
        return {f"p{number:03}": score for score, number in searcher.search(query, limit=None).top_n}


def our_scores(snapshot, parsed):
    """What the arrays give with Whoosh's formula, each word in the form in which it is written."""
    matcher = Matcher(snapshot.catalogue, Labels([], snapshot._vocabulary), snapshot._namings, WHOOSH, ("",), str)
    matched = matcher.match(parsed, expand=False)
    pairs = zip(matched.found, matched.scores, strict=True)
    return {snapshot.catalogue.id(int(number)): float(score) for number, score in pairs}


def anywhere(word):
    return wq.Or([wq.Term(field, word, boost=BOOSTS[field]) for field in FIELDS])


def queries():
    chance = random.Random(2)
    for word in WORDS:
        yield f"{word}", ParsedText((Word(word),)), anywhere(word)
    for _ in range(40):
        some = chance.sample(WORDS, chance.randint(2, 4))
        words = tuple(Word(word) for word in some)
        yield " ".join(some), ParsedText(words), wq.And([anywhere(word) for word in some])
        yield " OR ".join(some), ParsedText((AnyOf(words),)), wq.Or([anywhere(word) for word in some])
        parsed = ParsedText((words[0],), (words[1],))
        yield f"{some[0]} -{some[1]}", parsed, wq.AndNot(anywhere(some[0]), anywhere(some[1]))


@pytest.mark.parametrize(
    ("name", "parsed", "query"), list(queries()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_with_whooshs_formula_the_arrays_give_whooshs_scores(scored_by_whoosh, name, parsed, query):
    expected = whoosh_scores(scored_by_whoosh, query)
    given = our_scores(scored_by_whoosh, parsed)
    assert given.keys() == expected.keys()
    for id, score in expected.items():
        assert given[id] == pytest.approx(score, rel=1e-6), id


def test_whoosh_reads_the_positions_that_were_written(scored_by_whoosh):
    words = scored_by_whoosh.library["p000"].title.split()[:2]
    assert "p000" in whoosh_scores(scored_by_whoosh, wq.Phrase("title", words))


def test_bm25f_is_that_of_its_source():
    """The numbers of a small example, worked out by hand from the formula."""
    found = Occurrences(
        count=np.array([2.0, 1.0], np.float32),
        field=np.array([FIELDS.index("title"), FIELDS.index("body")]),
        length=np.array([4.0, 100.0], np.float32),
        average=np.array([8.0, 5.0, 30.0, 200.0], np.float32),
        texts_with=np.ones(2, np.float32),
        texts=10,
    )
    title = 4.0 * 2 / (1 - 0.5 + 0.5 * 4 / 8)
    body = 1.0 * 1 / (1 - 0.75 + 0.75 * 100 / 200)
    assert BM25F.weigh(found) == pytest.approx([title, body], rel=1e-6)
    together = np.array([title + body], np.float32)
    idf = np.log(1 + (10 - 3 + 0.5) / (3 + 0.5))
    assert BM25F.score(together, 3, 10) == pytest.approx([idf * 4 * (title + body) / (3 + title + body)], rel=1e-6)


SEARCHES = [
    SearchQuery(text=text)
    for text in ("kakum", "kalat lomor", '"kakum kalat"', "lo*", "kakum OR vonet -temor", "Vienna", "", "changed")
] + [SearchQuery(years=Years(2012)), SearchQuery(text="kakum", years=Years(None, 2012))]


def answers(engine):
    found = []
    for query in SEARCHES:
        results = engine.search(query)
        found.append((results.total, [(hit.id, hit.snippet, hit.why) for hit in results.hits], results.facets))
    return found


def test_arrays_that_are_gone_are_made_again(tmp_path, vocabulary):
    engine = WhooshEngine(tmp_path / "index", vocabulary)
    engine.rebuild([made(number) for number in range(30)])
    before = answers(engine)
    for folder in engine.snapshot().folder.glob("arrays-*"):
        shutil.rmtree(folder)
    assert answers(WhooshEngine(tmp_path / "index", vocabulary)) == before


@pytest.mark.parametrize("name", ["post_practice.npy", "texts.bin", "segment.json", "slots.npy", "terms_starts.npy"])
def test_arrays_that_are_cut_short_are_made_again(tmp_path, vocabulary, name):
    engine = WhooshEngine(tmp_path / "index", vocabulary)
    engine.rebuild([made(number) for number in range(30)])
    before = answers(engine)
    (path,) = engine.snapshot().folder.glob(f"arrays-*/{name}")
    path.write_bytes(path.read_bytes()[:-10])
    assert answers(WhooshEngine(tmp_path / "index", vocabulary)) == before


@pytest.mark.parametrize("name", ["post_weight.npy", "texts.bin", "practices.bin", "tokens.npy", "facet_values.json"])
def test_arrays_with_a_wrong_byte_are_made_again(tmp_path, vocabulary, name):
    engine = WhooshEngine(tmp_path / "index", vocabulary)
    engine.rebuild([made(number) for number in range(30)])
    before = answers(engine)
    (path,) = engine.snapshot().folder.glob(f"arrays-*/{name}")
    content = bytearray(path.read_bytes())
    content[-7] ^= 1
    path.write_bytes(content)
    assert answers(WhooshEngine(tmp_path / "index", vocabulary)) == before


def test_large_arrays_answer_as_small_ones(tmp_path, vocabulary, monkeypatch):
    """Files that are too large to be read whole are mapped, or read in pieces."""
    engine = WhooshEngine(tmp_path / "index", vocabulary)
    engine.rebuild([made(number) for number in range(30)])
    small, like = answers(engine), engine.snapshot().similar("p003")
    offered = engine.snapshot().suggest("ka", "en", 8)
    monkeypatch.setattr("search.engines.blobs.LARGE", 300)
    large = WhooshEngine(tmp_path / "index", vocabulary)
    assert answers(large) == small
    assert large.snapshot().similar("p003") == like
    assert large.snapshot().suggest("ka", "en", 8) == offered


@pytest.mark.parametrize("name", ["texts.bin", "tokens.npy"])
def test_a_large_file_that_is_cut_short_under_a_site_is_damage(tmp_path, vocabulary, monkeypatch, name):
    monkeypatch.setattr("search.engines.blobs.LARGE", 300)
    engine = WhooshEngine(tmp_path / "index", vocabulary)
    engine.rebuild([made(number) for number in range(30)])
    assert engine.search(SearchQuery(text="kakum")).hits
    (path,) = engine.snapshot().folder.glob(f"arrays-*/{name}")
    os.truncate(path, 300)
    with pytest.raises(EngineError, match="cut short"):
        engine.search(SearchQuery(text="kakum"))
    assert engine.is_damaged()


def test_arrays_of_another_generation_are_not_used(tmp_path, vocabulary):
    one, other = (WhooshEngine(tmp_path / name, vocabulary) for name in ("one", "other"))
    one.rebuild([made(number) for number in range(20)])
    other.rebuild([made(number, seed=2) for number in range(20)])
    expected = answers(other)
    (mine,), (foreign,) = (engine.snapshot().folder.glob("arrays-*") for engine in (other, one))
    shutil.rmtree(mine)
    shutil.copytree(foreign, mine)
    assert answers(WhooshEngine(tmp_path / "other", vocabulary)) == expected


def test_an_updated_index_answers_as_a_new_one(tmp_path, vocabulary):
    """Whatever was changed, added or taken away, a few or many at a time."""
    chance = random.Random(3)
    practices = {f"p{number:03}": made(number) for number in range(40)}
    engine = WhooshEngine(tmp_path / "index", vocabulary)
    engine.rebuild(practices.values())
    for turn in range(12):
        count = 20 if turn == 9 else chance.randint(0, 3)
        changed = [made(number, seed=turn + 10) for number in chance.sample(range(50), count)]
        removed = chance.sample(sorted(practices), chance.randint(0, 1))
        removed = [id for id in removed if id not in {one.id for one in changed}]
        practices |= {one.id: one for one in changed}
        for id in removed:
            del practices[id]
        assert engine.update(changed, removed) == len(practices)
        fresh = WhooshEngine(tmp_path / f"fresh{turn}", vocabulary)
        fresh.rebuild(practices.values())
        assert list(engine.snapshot().library) == list(fresh.snapshot().library)
        for query in SEARCHES:
            updated, new = engine.search(query), fresh.search(query)
            assert (updated.total, updated.facets) == (new.total, new.facets), (turn, query)
            assert (updated.undated, updated.without) == (new.undated, new.without), (turn, query)
            # Mean lengths are those of the time when the arrays were made, so scores may differ in little.
            ours, theirs = ({hit.id: hit for hit in results.hits} for results in (updated, new))
            for id in ours.keys() & theirs.keys():
                assert (ours[id].snippet, ours[id].why) == (theirs[id].snippet, theirs[id].why)
                assert ours[id].score == pytest.approx(theirs[id].score, rel=0.05)
    segments = len(list((engine.snapshot().folder / "whoosh").glob("*.trm")))
    assert segments <= 10  # merges are bounded


def test_two_processes_build_what_one_does(tmp_path, vocabulary, monkeypatch):
    practices = [made(number) for number in range(50)]
    alone, together = (WhooshEngine(tmp_path / name, vocabulary) for name in ("alone", "together"))
    alone.rebuild(practices)
    monkeypatch.setattr("search.engines.writing.SHARED", 10)
    told: list[int] = []
    together.rebuild(practices, told.append)
    assert answers(together) == answers(alone)
    assert sum(told) == len(practices)


def test_what_a_list_says_is_read_without_the_whole_practice(tmp_path, vocabulary):
    french = {
        "title": "Café de réparation", "summary": "Des bénévoles aident leurs voisins à réparer ce qui est cassé.",
        "translated_by": "human", "language": "fr", "body": "",
    }  # fmt: skip
    practices = Library([make_practice(translations=[french])])
    engine = WhooshEngine(tmp_path / "index", vocabulary)
    engine.rebuild(practices)
    for lang in ("en", "fr", "sk"):
        assert engine.snapshot().library.brief("repair-cafe", lang) == practices.brief("repair-cafe", lang)
    with pytest.raises(KeyError):
        engine.snapshot().library.brief("none", "en")


def test_an_original_comes_before_its_translations_wherever_segments_end(tmp_path, vocabulary, monkeypatch):
    monkeypatch.setattr("search.engines.whoosh_index.SEGMENT", 3)
    french = {
        "title": "Café de réparation", "summary": "Des bénévoles aident leurs voisins à réparer ce qui est cassé.",
        "translated_by": "human", "language": "fr", "body": "## Problème\n\nLes voisins réparent.\n",
    }  # fmt: skip
    engine = WhooshEngine(tmp_path / "index", vocabulary)
    engine.rebuild([make_practice(id=f"p{number}", translations=[french]) for number in range(5)])
    for hit in engine.search(SearchQuery(text="neighbours", reader="sk")).hits:
        assert "voisins" not in "".join(piece.text for piece in hit.snippet)
    snippets = {hit.id: hit.snippet for hit in engine.search(SearchQuery(text="owners", reader="sk")).hits}
    assert len(snippets) == 5
    assert all(any(piece.match for piece in snippet) for snippet in snippets.values())


def test_an_index_that_is_written_again_is_in_several_segments(tmp_path, vocabulary, monkeypatch):
    monkeypatch.setattr("search.engines.whoosh_index.SEGMENT", 8)
    engine, fresh = (WhooshEngine(tmp_path / name, vocabulary) for name in ("updated", "fresh"))
    engine.rebuild([made(number) for number in range(20)])
    changed = [made(number, seed=2) for number in range(10)]
    assert engine.update(changed) == 20
    assert len(list((engine.snapshot().folder / "whoosh").glob("*.trm"))) == 3
    fresh.rebuild([*changed, *(made(number) for number in range(10, 20))])
    assert answers(engine) == answers(fresh)


@pytest.mark.parametrize("sizes", [[], [0], [3], [2, 0, 500]])
def test_an_array_written_in_pieces_is_what_numpy_writes(tmp_path, sizes):
    pieces = [np.arange(size) for size in sizes]
    with ArrayWriter(tmp_path, "pieces", np.uint16) as array:
        for piece in pieces:
            array.add(piece)
    np.save(tmp_path / "whole.npy", np.concatenate([*pieces, np.zeros(0)]).astype(np.uint16))
    assert (tmp_path / "pieces.npy").read_bytes() == (tmp_path / "whole.npy").read_bytes()


def test_an_empty_index_can_be_updated(tmp_path, vocabulary):
    engine = WhooshEngine(tmp_path / "index", vocabulary)
    engine.rebuild([])
    assert engine.update([]) == 0
    assert engine.update([make_practice()]) == 1
    assert engine.update([], ["repair-cafe"]) == 0


def test_a_phrase_counts_in_the_language_where_it_weighs_most(tmp_path, vocabulary):
    french = {
        "title": "Café de réparation", "summary": "Des bénévoles aident leurs voisins à réparer ce qui est cassé.",
        "translated_by": "human", "language": "fr", "body": "",
    }  # fmt: skip
    engine = WhooshEngine(tmp_path / "index", vocabulary)
    keywords = ["bicycle kitchen"]
    engine.rebuild(
        [make_practice(id="a", keywords=keywords), make_practice(id="b", keywords=keywords, translations=[french])]
    )
    one, two = engine.search(SearchQuery(text='"bicycle kitchen"')).hits
    assert one.score == pytest.approx(two.score, rel=0.2)
