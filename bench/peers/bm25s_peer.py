"""bm25s: the arithmetic of the ranking alone, as NumPy arrays. No phrases, no facets, no snippets."""

from __future__ import annotations

import bisect
import json
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

import bm25s
import numpy as np

from bench.made import Document
from bench.peers.peer import PAGE, Answer, Peer, Shown
from bench.queries import Asked
from search.analysis import fold

_WORD = re.compile(r"[^\W_]+")
REPEATS = {"title": 4, "labels": 1, "summary": 2, "body": 1}  # it has one field: what weighs more stands there again


class Bm25s(Peer):
    """Scores worked out when the index is built; a search adds up columns."""

    name: ClassVar[str] = "bm25s"
    version: ClassVar[str] = bm25s.__version__
    has_facets: ClassVar[bool] = False
    has_snippets: ClassVar[bool] = False
    has_changes: ClassVar[bool] = False

    def build(self, documents: Iterable[Document], folder: Path) -> None:
        """See Peer."""
        texts: list[list[str]] = []
        carriers: dict[str, list[int]] = {}
        with (folder / "stored.jsonl").open("w", encoding="utf-8") as stored:
            for number, document in enumerate(documents):
                texts.append(
                    [
                        fold(word)
                        for field, times in REPEATS.items()
                        for word in _WORD.findall(getattr(document, field)) * times
                    ]
                )
                for name, values in document.facets.items():
                    for value in values:
                        carriers.setdefault(f"{name}={value}", []).append(number)
                stored.write(json.dumps([document.id, document.title, document.summary], ensure_ascii=False) + "\n")
        index = bm25s.BM25()
        index.index(texts, show_progress=False)
        index.save(str(folder / "bm25s"), show_progress=False)
        np.savez(folder / "filters.npz", **{name: np.asarray(numbers, np.uint32) for name, numbers in carriers.items()})

    def open(self, folder: Path) -> None:
        """See Peer."""
        self._index = bm25s.BM25.load(str(folder / "bm25s"), mmap=False)
        with (folder / "stored.jsonl").open(encoding="utf-8") as stored:
            self._stored = [json.loads(line) for line in stored]
        with np.load(folder / "filters.npz") as filters:
            self._filters = {name: filters[name] for name in filters.files}
        self._words = sorted(word for word in self._index.vocab_dict if word)
        with suppress(ImportError):
            self._index.activate_numba_scorer()  # its fast way, where numba is installed
            self._column(self._words[:1])  # compiles it; its own warm-up reads out of bounds (bm25s 0.3.16)

    def search(self, asked: Asked, *, snippets: bool) -> Answer:  # noqa: ARG002 - it has none
        """See Peer: total and hits only. A phrase is searched as its words."""
        scores = self._scores(asked) if asked.words else np.ones(len(self._stored), np.float32)
        mask = self._mask(asked)
        if mask is not None:
            scores = scores * mask
        total = int(np.count_nonzero(scores > 0))
        count = min(PAGE, total)
        best = np.argpartition(scores, -count)[-count:] if count else np.zeros(0, int)
        best = best[np.argsort(-scores[best])]
        return Answer(total, [Shown(*self._stored[number]) for number in best])

    def _scores(self, asked: Asked) -> np.ndarray:
        words = [fold(word) for word in asked.words]
        if asked.mode == "prefix":
            words = self._beginning(words[0])
        if not words:
            return np.zeros(len(self._stored), np.float32)
        if asked.mode in {"any", "prefix"} or len(words) == 1:
            return self._column(words)
        columns = [self._column([word]) for word in words]
        everywhere = np.logical_and.reduce([column > 0 for column in columns])
        return np.where(everywhere, np.add.reduce(columns), 0)

    def _column(self, words: list[str]) -> np.ndarray:
        known = [word for word in words if word in self._index.vocab_dict]
        return self._index.get_scores(known) if known else np.zeros(len(self._stored), np.float32)

    def _beginning(self, stump: str) -> list[str]:
        first = bisect.bisect_left(self._words, stump)
        last = bisect.bisect_left(self._words, stump + "\U0010ffff")
        return self._words[first:last]

    def _mask(self, asked: Asked) -> np.ndarray | None:
        mask = None
        for name, values in asked.filters.items():
            one = np.zeros(len(self._stored), bool)
            for value in values:
                one[self._filters.get(f"{name}={value}", np.zeros(0, int))] = True
            mask = one if mask is None else mask & one
        return mask
