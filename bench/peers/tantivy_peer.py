"""tantivy through its Python binding: query objects instead of its parser, fast fields, terms aggregations."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import tantivy
from tantivy import Filter, Occur, Query, SnippetGenerator, TextAnalyzerBuilder, Tokenizer

from bench.made import Document
from bench.peers.peer import FIELDS, PAGE, SNIPPET_LENGTH, Answer, Peer, Shown
from bench.queries import Asked
from search import facets
from search.analysis import fold
from search.vocabulary import Vocabulary

ANALYZER = "folded"
HEAP = 512_000_000  # bytes for both threads of the writer
MOST_VALUES = 2000  # of a facet
EXPANDED = 50  # words that a prefix is spelt out into for its snippets
ONE_EACH = ("status", "evidence")  # facets of which each document has one value: their counts add up to the total


class Tantivy(Peer):
    """A library in Rust; Lucene's design."""

    name: ClassVar[str] = "tantivy"
    version: ClassVar[str] = importlib.metadata.version("tantivy")

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__(vocabulary)
        self._names = [facet.name for facet in facets.FACETS]

    def build(self, documents: Iterable[Document], folder: Path) -> None:
        """See Peer."""
        index = tantivy.Index(_schema(self._names), path=str(folder))
        index.register_tokenizer(ANALYZER, _analyzer())
        writer = index.writer(heap_size=HEAP, num_threads=2)
        for document in documents:
            writer.add_document(_as_document(document))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> None:
        """See Peer."""
        self._index = tantivy.Index.open(str(folder))
        self._index.register_tokenizer(ANALYZER, _analyzer())
        self._schema = self._index.schema
        self._searcher = self._index.searcher()

    def search(self, asked: Asked, *, snippets: bool) -> Answer:
        """See Peer: one search for the hits, one aggregation for the counts, one more for each filter in force."""
        text = self._text(asked) if asked.words else None
        query = self._filtered(text, asked.filters)
        counts: dict[str, dict[str, int]] = self._count(query, [n for n in self._names if n not in asked.filters])
        for name in asked.filters:
            others = {other: values for other, values in asked.filters.items() if other != name}
            counts |= self._count(self._filtered(text, others), [name])
        whole = next((name for name in ONE_EACH if name not in asked.filters), None)
        # Counting hits is left out where a facet tells their number: the best are then found without visiting all.
        found = self._searcher.search(query, PAGE, count=whole is None)
        total = sum(counts[whole].values()) if whole else found.count
        cutter = self._cutter(asked) if snippets and asked.words else None
        return Answer(total, [self._shown(address, cutter) for _, address in found.hits], counts)

    def change(self, document: Document) -> None:
        """See Peer."""
        writer = self._index.writer(heap_size=50_000_000, num_threads=1)
        writer.delete_documents_by_term("id", document.id)
        writer.add_document(_as_document(document))
        writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def _text(self, asked: Asked) -> Query:
        words = [fold(word) for word in asked.words]
        match asked.mode:
            case "phrase":
                return self._anywhere(lambda field: Query.phrase_query(self._schema, field, words))
            case "prefix":
                return self._anywhere(lambda field: Query.regex_query(self._schema, field, f"{words[0]}.*"))
            case mode:
                occur = Occur.Should if mode == "any" else Occur.Must
                return Query.boolean_query([(occur, self._word(word)) for word in words])

    def _word(self, word: str) -> Query:
        return self._anywhere(lambda field: Query.term_query(self._schema, field, word, "freq"))

    def _anywhere(self, in_field: Any) -> Query:
        return Query.boolean_query(
            [(Occur.Should, Query.boost_query(in_field(field), boost)) for field, boost in FIELDS.items()]
        )

    def _filtered(self, text: Query | None, filters: Mapping[str, tuple[str, ...]]) -> Query:
        must = [(Occur.Must, text)] if text is not None else []
        for name, values in filters.items():
            terms = [Query.term_query(self._schema, name, value, "basic") for value in values]
            one = terms[0] if len(terms) == 1 else Query.boolean_query([(Occur.Should, term) for term in terms])
            must.append((Occur.Must, Query.const_score_query(one, 0.0)))
        if not must:
            return Query.all_query()
        return must[0][1] if len(must) == 1 else Query.boolean_query(must)

    def _count(self, query: Query, names: Iterable[str]) -> dict[str, dict[str, int]]:
        wanted = {name: {"terms": {"field": name, "size": MOST_VALUES}} for name in names}
        found = self._searcher.aggregate(query, wanted) if wanted else {}
        return {
            name: {bucket["key"]: int(bucket["doc_count"]) for bucket in answer["buckets"]}
            for name, answer in found.items()
        }

    def _cutter(self, asked: Asked) -> SnippetGenerator:
        words = [fold(word) for word in asked.words]
        if asked.mode == "prefix":  # a pattern has no words to mark
            words = [word for word, _ in self._searcher.terms_with_prefix("body", words[0], limit=EXPANDED)]
        terms = [(Occur.Should, Query.term_query(self._schema, "body", word)) for word in words]
        cutter = SnippetGenerator.create(self._searcher, Query.boolean_query(terms), self._schema, "body")
        cutter.set_max_num_chars(SNIPPET_LENGTH)
        return cutter

    def _shown(self, address: tantivy.DocAddress, cutter: SnippetGenerator | None) -> Shown:
        document = self._searcher.doc(address)
        snippet = ""
        if cutter is not None:
            cut = cutter.snippet_from_doc(document)
            snippet = cut.fragment()
            cut.highlighted()
        return Shown(
            document.get_first("id"), document.get_first("title"), document.get_first("summary"), snippet
        )  # fmt: skip


def _schema(names: Iterable[str]) -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for field in FIELDS:
        builder.add_text_field(field, stored=field != "labels", tokenizer_name=ANALYZER)
    for name in names:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _analyzer() -> tantivy.TextAnalyzer:
    builder = TextAnalyzerBuilder(Tokenizer.simple())
    return builder.filter(Filter.remove_long(64)).filter(Filter.lowercase()).filter(Filter.ascii_fold()).build()


def _as_document(document: Document) -> tantivy.Document:
    texts = {field: [getattr(document, field)] for field in FIELDS}
    carried = {name: list(values) for name, values in document.facets.items() if values}
    return tantivy.Document(id=[document.id], **texts, **carried)
