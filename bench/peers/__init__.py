"""The peers, one file each; each is imported only when it is asked for, since not every machine has them all."""

from __future__ import annotations

from importlib import import_module

from bench.peers.peer import Answer, Peer
from search.vocabulary import Vocabulary

OURS, FTS5, TANTIVY, BM25S, WHOOSH = "ours", "fts5", "tantivy", "bm25s", "whoosh"
_CLASSES = {
    OURS: "ours:Ours",
    FTS5: "sqlite_fts5:SqliteFts5",
    TANTIVY: "tantivy_peer:Tantivy",
    BM25S: "bm25s_peer:Bm25s",
    WHOOSH: "whoosh_plain:WhooshPlain",
}
NAMES = tuple(_CLASSES)

__all__ = ["BM25S", "FTS5", "NAMES", "OURS", "TANTIVY", "WHOOSH", "Answer", "Peer", "open_peer"]


def open_peer(name: str, vocabulary: Vocabulary) -> Peer:
    """A peer by its name. Raises: ImportError when it is not installed."""
    module, _, kind = _CLASSES[name].partition(":")
    peer: Peer = getattr(import_module(f"bench.peers.{module}"), kind)(vocabulary)
    return peer
