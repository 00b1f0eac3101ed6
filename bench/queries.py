"""The questions: seeded, drawn from the made documents, a fixed share of each class."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from urllib.parse import urlencode

from bench.made import MARKS, Document, Record, World, plain
from bench.words import SEED
from search import facets
from search.query import SearchQuery

CLASSES = {"rare": 30, "common": 25, "and2": 35, "and3": 25, "or": 25, "phrase": 20, "prefix": 20, "filter": 20}
FILTERED = 0.5  # share of the questions with words that have one or two filters as well
RARE = 5  # documents at most in which a rare word stands
RAREST = 0.0005  # part of the documents: in a large set no word is in as few as RARE
COMMON = (0.05, 0.6)  # share of the documents in which a common word stands
USUAL = (0.001, 0.2)  # share of the documents in which the words of AND, OR and prefixes stand
FULL_PAGE = 20  # hits that every question for a page has at least

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in a form that every peer compiles for itself."""

    kind: str  # a key of CLASSES
    mode: str  # all, any, phrase, prefix; none where there are only filters
    words: tuple[str, ...]
    filters: dict[str, tuple[str, ...]]  # facet name -> values
    lang: str = "en"

    @property
    def text(self) -> str:
        """As a visitor types it."""
        match self.mode:
            case "any":
                return " OR ".join(self.words)
            case "phrase":
                return f'"{" ".join(self.words)}"'
            case "prefix":
                return f"{self.words[0]}*"
            case _:
                return " ".join(self.words)

    def search_query(self, **more: bool) -> SearchQuery:
        """As our engine is asked."""
        by_name = {facet.name: facet for facet in facets.FACETS}
        known = {field.name for field in fields(SearchQuery)}
        return SearchQuery(
            text=self.text,
            lang=self.lang,
            filters={by_name[name]: frozenset(values) for name, values in self.filters.items()},
            **{name: value for name, value in more.items() if name in known},  # type: ignore[arg-type]
        )

    def address(self) -> str:
        """The results page of our site."""
        pairs = [("q", self.text)] if self.words else []
        pairs += [("lang", self.lang)] if self.lang != "en" else []
        return "/en/search?" + urlencode(
            pairs + [(name, one) for name, values in self.filters.items() for one in values]
        )


def words_of(record: Record) -> list[str]:
    """The words of title, summary and body, in order."""
    return _WORD.findall(f"{record['title']} {record['summary']} {plain(record['body'])}".casefold())


def draw(world: World, records: Callable[[], Iterable[Record]], size: int, salt: str = "") -> list[Asked]:
    """200 questions about the first `size` documents; another salt gives others."""
    counts: Counter[str] = Counter()
    for record in records():
        counts.update(set(words_of(record)))
    drawing = _Drawing(world, counts, size, random.Random(f"{SEED}:queries:{size}:{salt}"))
    return [drawing.one(kind) for kind, number in CLASSES.items() for _ in range(number)]


class _Drawing:
    """Draws questions that the documents can answer."""

    def __init__(self, world: World, counts: Mapping[str, int], size: int, rng: random.Random) -> None:
        self._world = world
        self._counts = counts
        self._size = size
        self._rng = rng

    def one(self, kind: str) -> Asked:
        """A question of this class, from a document that has what it asks for."""
        while True:
            record = self._world.record(self._rng.randrange(1, self._size + 1))
            words = self._words(kind, record)
            if words is None:
                continue
            count = self._rng.randint(1, 2) if kind == "filter" or self._rng.random() < FILTERED else 0
            chosen = draw_filters(self._world.document(record), self._rng, count)
            return Asked(kind, _MODES.get(kind, "all"), words, chosen, record["language"])

    def _words(self, kind: str, record: Record) -> tuple[str, ...] | None:
        words = words_of(record)
        match kind:
            case "filter":
                return ()
            case "rare":
                return self._some(words, 1, (0, max(RARE / self._size, RAREST)))
            case "common":
                return self._some(words, 1, COMMON)
            case "phrase":
                return self._phrase(record)
            case "prefix":
                word = self._some(words, 1, USUAL)
                return (word[0][: max(4, len(word[0]) - 3)],) if word and len(word[0]) > 4 else None
            case _:
                return self._some(words, 3 if kind == "and3" else 2, USUAL)

    def _some(self, words: list[str], number: int, shares: tuple[float, float]) -> tuple[str, ...] | None:
        least, most = (share * self._size for share in shares)
        fitting = sorted({word for word in words if least <= self._counts[word] <= max(most, 1)})
        return tuple(self._rng.sample(fitting, number)) if len(fitting) >= number else None

    def _phrase(self, record: Record) -> tuple[str, ...] | None:
        sentence = self._rng.choice(re.split(r"[.,]", plain(record["body"])))
        words = _WORD.findall(sentence.casefold())
        if len(words) < 2:
            return None
        start = self._rng.randrange(len(words) - 1)
        return (words[start], words[start + 1])


_MODES = {"or": "any", "phrase": "phrase", "prefix": "prefix", "filter": "none"}


def draw_filters(document: Document, rng: random.Random, count: int) -> dict[str, tuple[str, ...]]:
    """So many filters that this document passes."""
    names = sorted(name for name, values in document.facets.items() if values)
    return {name: (rng.choice(document.facets[name]),) for name in rng.sample(names, min(count, len(names)))}


def pages(world: World, records: Iterable[Record], count: int) -> Iterator[Asked]:
    """Different questions, each of which finds at least a page of hits: one or two words, half of them filtered."""
    holders: dict[str, set[int]] = {}
    carriers: dict[tuple[str, str], set[int]] = {}
    documents: list[tuple[Document, str, list[str]]] = []
    for record in records:
        document, words = world.document(record), sorted(set(words_of(record)))
        documents.append((document, record["language"], words))
        for word in words:
            holders.setdefault(word, set()).add(document.number)
        for name, values in document.facets.items():
            for value in values:
                carriers.setdefault((name, value), set()).add(document.number)
    rng = random.Random(f"{SEED}:pages:{len(documents)}")
    seen: set[str] = set()
    while len(seen) < count:
        document, lang, words = rng.choice(documents)
        usable = [word for word in words if FULL_PAGE <= len(holders[word]) <= COMMON[1] * len(documents)]
        chosen = tuple(rng.sample(usable, min(len(usable), rng.randint(1, 2))))
        if not chosen:
            continue
        mode = rng.choice(("all", "any")) if len(chosen) > 1 else "all"
        sets = [holders[word] for word in chosen]
        found = set.union(*sets) if mode == "any" else set.intersection(*sets)
        filters = draw_filters(document, rng, 1 if rng.random() < FILTERED else 0)
        for name, (value,) in filters.items():
            found = found & carriers[name, value]
        asked = Asked("or" if mode == "any" else f"and{len(chosen)}", mode, chosen, filters, lang)
        if len(found) >= FULL_PAGE and asked.address() not in seen:
            seen.add(asked.address())
            yield asked


def marks(world: World, size: int) -> list[Asked]:
    """Questions for words with a single form, with and without a filter: every peer must count the same."""
    found: list[Asked] = []
    seen: set[str] = set()
    for number in range(1, size + 1):
        record = world.record(number)
        for word in words_of(record):
            if word.startswith("pilot") and word[-1].isdigit() and word not in seen:
                seen.add(word)
                rng = random.Random(f"{SEED}:marks:{word}")
                document = world.document(record)
                found += [
                    Asked("rare", "all", (word,), draw_filters(document, rng, count), record["language"])
                    for count in range(3)
                ]
    return found[: 3 * MARKS]


def save(path: Path, asked: Iterable[Asked]) -> None:
    """Keep questions in a file."""
    path.write_text(json.dumps([asdict(one) for one in asked], ensure_ascii=False), encoding="utf-8")


def load(path: Path) -> list[Asked]:
    """Questions from a file."""
    return [
        Asked(
            one["kind"],
            one["mode"],
            tuple(one["words"]),
            {name: tuple(values) for name, values in one["filters"].items()},
            one["lang"],
        )
        for one in json.loads(path.read_text(encoding="utf-8"))
    ]
