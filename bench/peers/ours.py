"""Our engine, through the same door as the site."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

from bench.made import Record, World, practice_of
from bench.peers.peer import PAGE, Answer, Peer, Shown
from bench.queries import Asked
from search.engine import SearchEngine
from search.engines import open_engine
from search.model import Practice
from search.query import SearchQuery
from search.settings import Settings


class Ours(Peer):
    """`search.engines.open_engine`, asked with `SearchQuery`."""

    name: ClassVar[str] = "ours"
    engine: SearchEngine

    def convert(self, world: World, record: Record) -> Practice:  # noqa: ARG002 - a practice needs no labels
        """See Peer."""
        return practice_of(record)

    def build(self, documents: Iterable[Practice], folder: Path) -> None:
        """See Peer."""
        self._open(folder).rebuild(documents)

    def open(self, folder: Path) -> None:
        """See Peer; a first snapshot, since the engine opens nothing before."""
        self.engine = self._open(folder)
        self.engine.snapshot()

    def search(self, asked: Asked, *, snippets: bool) -> Answer:
        """See Peer. Without snippets only where SearchQuery knows how to leave them out."""
        # The peers give what has every word and no more.
        query = asked.search_query(snippets=snippets, loosen=False)
        snapshot = self.engine.snapshot()
        results = snapshot.search(query)
        library = snapshot.library
        hits = []
        for hit in results.hits[:PAGE]:
            shown = library.brief(hit.id, query.reader)
            hits.append(Shown(hit.id, shown.title, shown.summary, "".join(piece.text for piece in hit.snippet)))
        return Answer(results.total, hits, {name: dict(counts) for name, counts in results.facets.items()})

    def change(self, document: Any) -> None:
        """See Peer: as the program does when one document has changed."""
        self.engine.update([document])

    def _open(self, folder: Path) -> SearchEngine:
        settings = Settings(index_dir=folder, practices_dir=folder / "none", watch=False)
        return open_engine(settings, self.vocabulary)


def has_snippet_switch() -> bool:
    """Whether our engine can be asked for hits without snippets."""
    return "snippets" in SearchQuery.__dataclass_fields__
