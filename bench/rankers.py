"""Rankers: engines that put the documents of a judged collection in order."""

from __future__ import annotations

import importlib.util
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, Protocol

from bench.judged import Document, Query
from search.engines import open_engine
from search.model import Practice
from search.query import MAX_PAGE_SIZE, SearchQuery
from search.settings import Settings
from search.vocabulary import Vocabulary

DEPTH = MAX_PAGE_SIZE  # hits asked for

NO_WORD = "-"
SHORTEST_TITLE, LONGEST_TITLE = 3, 120  # characters, as in the model
# What a practice must have and a document has not: nothing of it is a word or has a label, so it finds nothing.
WORDLESS = {
    "summary": NO_WORD * 40,
    "regions": ("ZZ",),
    "barriers": ("none",),
    "status": "none",
    "organisation": {"name": NO_WORD},
    "sources": ({"title": NO_WORD, "url": "https://example.org", "publisher": NO_WORD, "language": "en"},),
}

_WORD = re.compile(r"[^\W_]+")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")  # what markdown may take for a mark


class Ranker(Protocol):
    """An engine over a collection."""

    name: str

    def rank(self, query: Query) -> list[str]:
        """The ids of the best documents, best first; at most DEPTH."""

    def close(self) -> None:
        """Let go of files."""


class Ours:
    """The search of the site with its default settings: a document is a practice with a title and a text.

    Everything else that a practice must have is made so that nothing is found by it.
    """

    name = "ours"

    def __init__(self, documents: Sequence[Document], vocabulary: Vocabulary) -> None:
        self._folder = TemporaryDirectory(prefix="ranked-")
        self._ids = [document.id for document in documents]
        root = Path(self._folder.name)
        self._engine = open_engine(Settings(index_dir=root, practices_dir=root / "none", watch=False), vocabulary)
        self._engine.rebuild(as_practice(number, document) for number, document in enumerate(documents))
        self._snapshot = self._engine.snapshot()

    def rank(self, query: Query) -> list[str]:
        """See Ranker."""
        asked = SearchQuery(text=query.text, lang=query.lang, reader=query.lang, size=DEPTH, snippets=False)
        return [self._ids[int(hit.id)] for hit in self._snapshot.search(asked).hits]

    def close(self) -> None:
        """See Ranker."""
        self._folder.cleanup()


def as_practice(number: int, document: Document) -> Practice:
    """A document as a practice. Its id is its number, in the order of the numbers, since ids of ours have a form.

    A title that is too long for one goes on in the text; one that is missing or too short is filled up with dashes.
    """
    title, rest = _split(" ".join(document.title.split()))
    return Practice.model_validate(
        {
            **WORDLESS,
            "id": f"{number:09}",
            "title": title.ljust(SHORTEST_TITLE, NO_WORD),
            "language": document.lang,
            "body": as_markdown(f"{rest} {document.text}"),
        }
    )


def _split(title: str) -> tuple[str, str]:
    """What fits into a title, in whole words where there are some, and the rest."""
    if len(title) <= LONGEST_TITLE:
        return title, ""
    end = title.rfind(" ", 0, LONGEST_TITLE + 1)
    end = end if end > 0 else LONGEST_TITLE
    return title[:end], title[end:]


def as_markdown(text: str) -> str:
    """Markdown that shows a text as it is, in one paragraph: no line of it is a heading, no word an address."""
    return _PUNCTUATION.sub(r"\\\1", " ".join(text.split()))


class Fts5:
    """SQLite FTS5: any of the words, in the order of its bm25()."""

    def __init__(self, documents: Iterable[Document], name: str, tokenizer: str) -> None:
        self.name = name
        self._base = sqlite3.connect(":memory:")
        self._base.execute(f"CREATE VIRTUAL TABLE words USING fts5 (id UNINDEXED, title, text, tokenize='{tokenizer}')")
        rows = ((document.id, document.title, document.text) for document in documents)
        self._base.executemany("INSERT INTO words VALUES (?, ?, ?)", rows)

    def rank(self, query: Query) -> list[str]:
        """See Ranker."""
        words = " OR ".join(f'"{word}"' for word in _WORD.findall(query.text))
        if not words:
            return []
        statement = "SELECT id FROM words WHERE words MATCH ? ORDER BY rank, rowid LIMIT ?"
        return [id for (id,) in self._base.execute(statement, (words, DEPTH))]

    def close(self) -> None:
        """See Ranker."""
        self._base.close()


class Tantivy:
    """tantivy: any of the words, in title or text, as its BM25 ranks them.

    Stemmed, each text is analysed in its own language, and the query in its own. They meet in the same two fields:
    with two for each language, lengths would be compared with those of texts that are not there.
    """

    STEMMERS: ClassVar[Mapping[str, str]] = {
        "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish",
        "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "pt": "portuguese", "ro": "romanian",
        "sv": "swedish",
    }  # fmt: skip
    WITHOUT_STOP_WORDS: ClassVar[frozenset[str]] = frozenset({"el", "ro"})  # of those with a stemmer
    LONGEST = 40  # bytes of a word, as in its default tokenizer
    FIELDS: ClassVar[tuple[str, ...]] = ("title", "text")

    def __init__(self, documents: Iterable[Document], name: str, *, stemmed: bool) -> None:
        import tantivy  # noqa: PLC0415 - not every machine has it

        self.name = name
        self._tantivy = tantivy
        self._stemmed = stemmed
        self._analyzers: dict[str, Any] = {}
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        for field in self.FIELDS:
            builder.add_text_field(field, tokenizer_name="whitespace")  # they come analysed
        self._schema = builder.build()
        index = tantivy.Index(self._schema)
        writer = index.writer(heap_size=100_000_000, num_threads=1)
        for document in documents:
            texts = {field: " ".join(self._words(getattr(document, field), document.lang)) for field in self.FIELDS}
            writer.add_document(tantivy.Document(id=[document.id], **texts))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()

    def rank(self, query: Query) -> list[str]:
        """See Ranker."""
        terms = [
            (self._tantivy.Occur.Should, self._tantivy.Query.term_query(self._schema, field, word, "freq"))
            for word in self._words(query.text, query.lang)
            for field in self.FIELDS
        ]
        if not terms:
            return []
        found = self._searcher.search(self._tantivy.Query.boolean_query(terms), DEPTH)
        return [str(self._searcher.doc(address).get_first("id")) for _, address in found.hits]

    def close(self) -> None:
        """See Ranker."""

    def _words(self, text: str, lang: str) -> list[str]:
        """The words of its default tokenizer; or stems, without stop words, where it has those of the language."""
        chosen = lang if self._stemmed and lang in self.STEMMERS else ""
        if chosen not in self._analyzers:
            self._analyzers[chosen] = self._analyzer(chosen)
        words: list[str] = self._analyzers[chosen].analyze(text)
        return words

    def _analyzer(self, lang: str) -> Any:
        kinds = self._tantivy.Filter
        builder = self._tantivy.TextAnalyzerBuilder(self._tantivy.Tokenizer.simple())
        builder = builder.filter(kinds.remove_long(self.LONGEST)).filter(kinds.lowercase())
        if lang and lang not in self.WITHOUT_STOP_WORDS:
            builder = builder.filter(kinds.stopword(self.STEMMERS[lang]))
        if lang:
            builder = builder.filter(kinds.stemmer(self.STEMMERS[lang]))
        return builder.build()


def open_rankers(documents: Sequence[Document], vocabulary: Vocabulary) -> list[Ranker]:
    """Ours first, then the peers that this machine has."""
    rankers: list[Ranker] = [
        Ours(documents, vocabulary),
        Fts5(documents, "FTS5 porter", "porter unicode61 remove_diacritics 2"),
        Fts5(documents, "FTS5 unicode61", "unicode61 remove_diacritics 2"),
    ]
    if has_tantivy():
        rankers.append(Tantivy(documents, "tantivy default", stemmed=False))
        rankers.append(Tantivy(documents, "tantivy stemmed", stemmed=True))
    return rankers


def has_tantivy() -> bool:
    """Whether tantivy is installed."""
    return importlib.util.find_spec("tantivy") is not None
