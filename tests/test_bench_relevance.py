"""Rankings are measured as they should be, and collections of others are read as they are."""

from __future__ import annotations

import math

import pytest

from bench import forms, rankers, relevance
from bench.judged import Document, InputError, Judged, Query, read_judged, write_judged
from bench.known_items import EACH, FEWEST, MOST, known_items
from bench.metrics import Quality, mean, ndcg, quality, recall, reciprocal_rank
from search.analysis import ANALYZERS, words_of
from search.model import Practice
from search.text import plain_text
from search.variants import title_key
from tests.builders import make_practice

GRADES = {"a": 3, "b": 2, "c": 0, "d": 1}

DOCUMENTS = (
    Document("http://x/1 ü", "Reparaturcafé", "Nachbarn reparieren Lampen und Fahrräder.", "de"),
    Document("2", "", "Eine Werkstatt verleiht Werkzeuge; die Häuser der Nachbarn stehen offen.", "de"),
    Document("A.3", "Bibliothek", "Bücher für alle.", "de"),
)
QUERIES = (Query("q1", "Lampen", "de"), Query("q2", "Werkzeuge", "de"), Query("q 3", "Bücher", "de"))
JUDGED = Judged(DOCUMENTS, QUERIES, {"q1": {"http://x/1 ü": 1}, "q2": {"2": 2, "A.3": 0}, "q 3": {"A.3": 1}})


@pytest.fixture
def folder(tmp_path):
    """A collection that can be read, to be spoilt."""
    write_judged(tmp_path, JUDGED)
    return tmp_path


def test_ndcg_is_that_of_a_calculation_by_hand():
    gained = 2 / math.log2(2) + 0 + 3 / math.log2(4)  # b, something that is not judged, a
    best = 3 / math.log2(2) + 2 / math.log2(3) + 1 / math.log2(4)
    assert ndcg(["b", "x", "a"], GRADES) == pytest.approx(gained / best)
    assert ndcg(["a", "b", "d", "c"], GRADES) == pytest.approx(1.0)
    assert ndcg([*"0123456789", "a"], GRADES) == 0.0  # the eleventh does not count


def test_the_best_that_could_be_has_no_more_than_ten_documents():
    grades = {str(number): 1 for number in range(15)}
    assert ndcg([str(number) for number in range(10)], grades) == pytest.approx(1.0)


def test_recall_is_the_part_of_the_relevant_documents_among_twenty():
    filler = [f"x{number}" for number in range(18)]
    assert recall(["a", *filler, "b", "d"], GRADES) == pytest.approx(2 / 3)
    assert recall(["c"], GRADES) == 0.0


def test_mrr_looks_at_the_first_relevant_of_ten():
    assert reciprocal_rank(["c", "x", "d", "a"], GRADES) == pytest.approx(1 / 3)
    assert reciprocal_rank([*"0123456789", "a"], GRADES) == 0.0


def test_means_are_taken_figure_by_figure():
    assert mean([Quality(1, 0.5, 0), Quality(0, 0.5, 1)]) == Quality(0.5, 0.5, 0.5)
    assert quality(["a", "b", "d"], GRADES) == Quality(pytest.approx(1), 1, 1)
    with pytest.raises(ValueError, match="no query"):
        mean([])


def test_a_collection_comes_back_from_its_files_as_it_was(folder):
    assert read_judged(folder) == JUDGED


def test_a_title_may_be_missing_ids_may_be_numbers_and_lines_may_be_empty(folder):
    (folder / "docs.jsonl").write_text(
        '\ufeff{"id": 7, "text": "a\u2028b", "lang": "en", "n": 1}\r\n\n', encoding="utf-8"
    )
    (folder / "queries.jsonl").write_text('{"id": "q", "text": "b", "lang": "en"}', encoding="utf-8")
    (folder / "qrels.tsv").write_text("query_id\tdoc_id\tgrade\r\nq\t7\t-2\r\n", encoding="utf-8")
    assert read_judged(folder) == Judged(
        (Document("7", "", "a\u2028b", "en"),), (Query("q", "b", "en"),), {"q": {"7": 0}}
    )


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("docs.jsonl", None, "docs.jsonl: cannot be read: No such file"),
        ("docs.jsonl", "", "docs.jsonl: is empty"),
        ("docs.jsonl", '{"id": "1", "text": "", "lang": "en"}\n{"id": ', "docs.jsonl:2: not JSON: Expecting value"),
        ("docs.jsonl", "[]", "docs.jsonl:1: not a JSON object"),
        ("docs.jsonl", '{"id": "1", "lang": "en"}', 'docs.jsonl:1: the field "text" is missing'),
        ("docs.jsonl", '{"id": "1", "text": 5, "lang": "en"}', 'docs.jsonl:1: the field "text" is not text'),
        ("docs.jsonl", '{"id": "1", "text": "", "lang": "eng"}', 'docs.jsonl:1: lang: "eng" is no code'),
        (
            "queries.jsonl",
            '{"id": "q", "text": "", "lang": "en"}\n\n{"id": "q", "text": "", "lang": "en"}',
            'queries.jsonl:3: the id "q" is in line 1 already',
        ),
        ("qrels.tsv", "q1 0 2 1\n", "qrels.tsv:1: the header is not query_id, doc_id, grade"),
        ("qrels.tsv", "", "qrels.tsv:1: the header is not"),
        ("qrels.tsv", "query_id\tdoc_id\tgrade\nq1\t2\n", "qrels.tsv:2: 2 columns, not 3"),
        ("qrels.tsv", "query_id\tdoc_id\tgrade\nq9\t2\t1\n", 'qrels.tsv:2: the id "q9" is not in queries.jsonl'),
        ("qrels.tsv", "query_id\tdoc_id\tgrade\nq1\t9\t1\n", 'qrels.tsv:2: the id "9" is not in docs.jsonl'),
        ("qrels.tsv", "query_id\tdoc_id\tgrade\nq1\t2\thigh\n", 'qrels.tsv:2: the grade "high" is not'),
        ("qrels.tsv", "query_id\tdoc_id\tgrade\nq1\t2\t1\nq1\t2\t0\n", 'qrels.tsv:3: "2" is judged'),
    ],
)
def test_what_cannot_be_read_is_said_with_file_and_line(folder, capsys, file, text, said):
    path = folder / file
    path.unlink()
    if text is not None:
        path.write_text(text, encoding="utf-8")
    assert relevance.main(["--collection", str(folder)]) == 2
    assert said in capsys.readouterr().err


def test_bytes_that_are_no_text_are_said_with_their_line(folder):
    (folder / "docs.jsonl").write_bytes(b'{"id": "1", "text": "", "lang": "en"}\n\xff\xfe\n')
    with pytest.raises(InputError, match=r"docs\.jsonl:2: not UTF-8"):
        read_judged(folder)


@pytest.mark.parametrize(
    "text",
    ["# Not a heading", "a <b> & c", "* *x* _y_ `z`", "[a](http://b) ~~c~~ | d |", "1. one\n\n    two\n---\nthree"],
)
def test_a_text_that_becomes_a_practice_keeps_its_words(text):
    assert plain_text(rankers.as_markdown(text)) == " ".join(text.split())


@pytest.mark.parametrize("which", ["ours", "FTS5 porter", "FTS5 unicode61", "tantivy default", "tantivy stemmed"])
def test_every_engine_finds_what_only_one_document_has(vocabulary, which):
    opened = {one.name: one for one in rankers.open_rankers(DOCUMENTS, vocabulary)}
    assert [opened[which].rank(one) for one in QUERIES] == [["http://x/1 ü"], ["2"], ["A.3"]]
    for one in opened.values():
        one.close()


def test_peers_look_for_any_of_the_words(vocabulary):
    query = Query("q", 'Lampen Werkzeuge NOT near* "x', "de")
    for ranker in rankers.open_rankers(DOCUMENTS, vocabulary):
        if ranker.name != "ours":
            assert sorted(ranker.rank(query)) == ["2", "http://x/1 ü"]
            assert ranker.rank(Query("none", "?!", "de")) == []
        ranker.close()


def test_the_stemmed_peer_meets_inflections_in_the_language_of_each_text():
    mixed = (*DOCUMENTS, Document("en", "Tools", "Neighbours mend their shoes.", "en"))
    peer = rankers.Tantivy(mixed, "stemmed", stemmed=True)
    assert peer.rank(Query("q", "shoe", "en")) == ["en"]
    assert peer.rank(Query("q", "Haus", "de")) == ["2"]
    assert peer.rank(Query("q", "und die", "de")) == []  # stop words


def test_a_document_without_a_title_is_found_by_its_text(vocabulary):
    ours = rankers.Ours((Document("x", "", "Lampen", "de"),), vocabulary)
    assert ours.rank(QUERIES[0]) == ["x"]
    ours.close()


@pytest.mark.parametrize("title", ["", "A", "Tools", "word " * 40, "x" * 200, " \n"])
def test_a_document_with_any_title_is_a_practice_with_the_same_words(title):
    practice = rankers.as_practice(7, Document("x", title, "Lampen.", "de"))
    assert Practice.model_validate_json(practice.model_dump_json()) == practice
    said = "".join(f"{practice.title}{practice.body}".split())
    assert said.replace("-", "").replace("\\", "") == "".join(title.split()) + "Lampen."
    assert words_of(practice.summary) == []


def test_a_document_is_found_by_nothing_but_its_own_words(vocabulary):
    ours = rankers.Ours(DOCUMENTS, vocabulary)
    for word in ("Europe", "unknown", "described", "running"):
        found = ours.rank(Query("q", word, "en"))
        assert found in ([], [one.id for one in DOCUMENTS]), word  # a label that all have puts none before another
    ours.close()


def test_a_collection_is_compared_and_the_verdict_said(folder, capsys):
    assert relevance.main(["--collection", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "de: 3 queries, 3 documents" in said
    assert "ours at least the better peer: nDCG@10 yes; recall@20 yes; MRR@10 yes" in said


def test_languages_are_measured_by_themselves_where_there_are_several():
    english = Document("en", "Tools", "Neighbours lend tools.", "en")
    queries = (*QUERIES, Query("q4", "lend", "en"), Query("q5", "not judged", "en"))
    said = relevance.compared(Judged((*DOCUMENTS, english), queries, {**JUDGED.grades, "q4": {"en": 1}}))
    for line in ("all: 4 queries", "de: 3 queries", "en: 1 queries", "1 queries without a relevant document"):
        assert line in said


def test_the_verdict_names_the_peer_that_is_better():
    peers = {"one": Quality(0.4, 0.9, 0.5), "other": Quality(0.6, 0.8, 0.5)}
    assert relevance.verdict(Quality(0.5, 0.9, 0.5), peers) == (
        "ours at least the better peer: nDCG@10 NO, 0.600 of other; recall@20 yes; MRR@10 yes"
    )


def test_known_items_are_the_same_every_time_and_not_titles():
    french = {"language": "fr", "title": "Café", "summary": "x" * 40, "translated_by": "human", "body": "Vélos réparés"}
    practices = [make_practice(translations=[french]), make_practice(id="other", title="Mending")]
    judged = known_items(practices)
    assert judged == known_items(practices)
    assert judged != known_items(practices, "another seed")
    assert [one.id for one in judged.documents] == ["repair-cafe.en", "repair-cafe.fr", "other.en"]
    documents = {one.id: one for one in judged.documents}
    assert len(judged.queries) == EACH * len(documents)
    for query in judged.queries:
        [(id, grade)] = judged.grades[query.id].items()
        document = documents[id]
        assert grade == 1
        assert query.lang == document.lang
        assert set(query.text.split()) <= set(words_of(f"{document.title} {document.text}", query.lang))
        assert FEWEST <= len(query.text.split()) <= MOST
        assert title_key(query.text) != title_key(document.title)


def test_known_items_are_written_as_a_collection(tmp_path):
    assert relevance.main(["--write-known-items", str(tmp_path / "known")]) == 0
    judged = read_judged(tmp_path / "known")
    assert judged == known_items(relevance.practices())
    assert len(judged.measured()) == len(judged.queries) > 500


def test_every_official_language_has_ten_pairs_of_different_words():
    pairs = forms.read_pairs()
    assert list(pairs) == list(ANALYZERS)
    for lang, rows in pairs.items():
        assert len(set(rows)) == len({base for _, base in rows}) == forms.EACH, lang
        assert [row for row in rows if row[0] == row[1] or len(words_of(" ".join(row), lang)) != 2] == []


def test_the_rows_of_the_languages_are_those_that_the_pairs_want():
    assert {row.lang: row.has for row in forms.table(forms.read_pairs())} == {
        row.lang: row.wants for row in forms.table(forms.read_pairs())
    }


def test_every_language_with_forms_brings_most_of_its_pairs_together():
    pairs = forms.read_pairs()
    few = {lang: forms.missed(lang, rows) for lang, rows in pairs.items() if lang != "mt"}  # Maltese has neither
    assert {lang: rows for lang, rows in few.items() if len(rows) > 0.4 * forms.EACH} == {}


@pytest.mark.parametrize(
    ("row", "wants"),
    [
        (forms.Row("sk", None, 9, 9), (False, True)),
        (forms.Row("cs", 8, 10, 10), (True, False)),
        (forms.Row("et", 3, 10, 10), (True, True)),
        (forms.Row("ga", 3, 3, 3), (True, False)),
        (forms.Row("mt", None, None, 0), (False, False)),
    ],
)
def test_a_dictionary_is_wanted_where_no_stemmer_brings_enough_together(row, wants):
    assert row.wants == wants


def test_the_table_of_forms_says_where_the_code_has_others():
    [_, row] = relevance.forms_table([forms.Row("cs", 2, 10, 10)]).splitlines()
    assert row.split() == ["cs", "2", "10", "10", "stemmer", "+", "dictionary", "stemmer", "<--", "differs"]


def test_pairs_that_are_not_two_words_are_refused(tmp_path):
    (tmp_path / "pairs.yaml").write_text("en:\n  - [schools]\n", encoding="utf-8")
    with pytest.raises(InputError, match="not every entry has two words"):
        forms.read_pairs(tmp_path / "pairs.yaml")
