"""Plain Whoosh, as its documentation shows it: four text fields with stemming, keywords for the filters."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from bench.made import Document
from bench.peers.peer import FIELDS, PAGE, SNIPPET_LENGTH, Answer, Peer, Shown
from bench.queries import Asked
from search import facets
from search.vocabulary import Vocabulary

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # 2.7.4 has escapes that Python 3.12 warns of
    from whoosh import fields, highlight, index, query, versionstring
    from whoosh.analysis import StemmingAnalyzer
    from whoosh.scoring import BM25F

BETWEEN = "\x1f"  # two values of a facet
MEMORY_MB = 256


class WhooshPlain(Peer):
    """What the first version of the site was built on, without what the site added."""

    name: ClassVar[str] = "plain Whoosh"
    version: ClassVar[str] = versionstring()

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__(vocabulary)
        self._names = [facet.name for facet in facets.FACETS]
        self._analyzer = StemmingAnalyzer()

    def build(self, documents: Iterable[Document], folder: Path) -> None:
        """See Peer."""
        made = index.create_in(str(folder), self._schema())
        with made.writer(limitmb=MEMORY_MB, procs=1) as writer:
            for document in documents:
                writer.add_document(**_as_fields(document))
        made.close()

    def open(self, folder: Path) -> None:
        """See Peer; the values of each document are read once, as a site would."""
        self._index = index.open_dir(str(folder))
        self._read()

    def close(self) -> None:
        """See Peer."""
        self._searcher.close()
        self._index.close()

    def search(self, asked: Asked, *, snippets: bool) -> Answer:
        """See Peer."""
        text = self._text(asked) if asked.words else query.Every()
        narrowed = self._filter(asked.filters)
        results = self._searcher.search(text, limit=PAGE, filter=narrowed)
        hits = [Shown(hit["id"], hit["title"], hit["summary"], self._snippet(hit, asked, snippets)) for hit in results]
        everything = set(self._searcher.docs_for_query(text))
        left = everything & self._documents(asked.filters)
        counts = self._count(left, [name for name in self._names if name not in asked.filters])
        for name in asked.filters:
            others = {other: values for other, values in asked.filters.items() if other != name}
            counts |= self._count(everything & self._documents(others), [name])
        return Answer(len(left), hits, counts)

    def change(self, document: Document) -> None:
        """See Peer."""
        with self._index.writer(limitmb=MEMORY_MB, procs=1) as writer:
            writer.update_document(**_as_fields(document))
        self._read()

    def _read(self) -> None:
        self._searcher = self._index.searcher(weighting=BM25F())
        self._carried: dict[str, dict[int, list[str]]] = {name: {} for name in self._names}
        reader = self._searcher.reader()
        for number, stored in reader.iter_docs():
            for name in self._names:
                self._carried[name][number] = stored[name].split(BETWEEN) if stored.get(name) else []
        self._all = set(self._carried[self._names[0]])

    def _schema(self) -> Any:
        texts = {
            name: fields.TEXT(analyzer=self._analyzer, phrase=True, stored=name != "labels", field_boost=boost)
            for name, boost in FIELDS.items()
        }
        carried = {name: fields.KEYWORD(stored=True, scorable=False, commas=False) for name in self._names}
        for field in carried.values():
            field.analyzer = _between()
        return fields.Schema(id=fields.ID(stored=True, unique=True), **texts, **carried)

    def _text(self, asked: Asked) -> Any:
        words = [self._term(word) for word in asked.words]
        match asked.mode:
            case "phrase":
                return self._anywhere(lambda field: query.Phrase(field, words))
            case "prefix":
                return self._anywhere(lambda field: query.Prefix(field, asked.words[0]))
            case mode:
                kind = query.Or if mode == "any" else query.And
                return kind([self._anywhere(lambda field, word=word: query.Term(field, word)) for word in words])

    def _term(self, word: str) -> str:
        # Words that Whoosh takes for stop words are searched as they are, and not found.
        return next((str(token.text) for token in self._analyzer(word)), word)

    def _anywhere(self, in_field: Callable[..., Any]) -> Any:
        return query.Or([in_field(field) for field in FIELDS])

    def _filter(self, filters: Mapping[str, tuple[str, ...]]) -> Any:
        parts = [query.Or([query.Term(name, value) for value in values]) for name, values in filters.items()]
        return query.And(parts) if parts else None

    def _documents(self, filters: Mapping[str, tuple[str, ...]]) -> set[int]:
        narrowed = self._filter(filters)
        return set(self._searcher.docs_for_query(narrowed)) if narrowed is not None else self._all

    def _count(self, documents: Iterable[int], names: Iterable[str]) -> dict[str, dict[str, int]]:
        counts: dict[str, dict[str, int]] = {}
        for name in names:
            carried, tally = self._carried[name], Counter[str]()
            for number in documents:
                tally.update(carried[number])
            counts[name] = tally
        return counts

    def _snippet(self, hit: Any, asked: Asked, snippets: bool) -> str:  # noqa: FBT001
        if not snippets or not asked.words:
            return ""
        hit.results.fragmenter = highlight.ContextFragmenter(maxchars=SNIPPET_LENGTH, surround=60)
        return str(hit.highlights("body", top=1))


def _between() -> Any:
    from whoosh.analysis import RegexTokenizer  # noqa: PLC0415 - beside the only place that needs it

    return RegexTokenizer(BETWEEN, gaps=True)


def _as_fields(document: Document) -> dict[str, str]:
    carried = {name: BETWEEN.join(values) for name, values in document.facets.items()}
    return {"id": document.id, **{name: getattr(document, name) for name in FIELDS}, **carried}
