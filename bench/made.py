"""Made practices: seeded, with the distributions of a real collection. Document n is the same in a set of any size.

Words follow Zipf's law in six languages, and come back within a document as the words of real texts do: each
document has a subject, whose words it repeats. Regions and subjects are skewed like words.
"""

from __future__ import annotations

import itertools
import marshal
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.words import PROFILES, SEED, Lexicon, lexicon
from search import facets
from search.model import (
    Adoption,
    Cost,
    Evaluation,
    History,
    Organisation,
    Practice,
    Region,
    Result,
    Source,
)
from search.vocabulary import REGION_SCHEME, Vocabulary

REGIONS = 250
MARKS = 400  # names of projects, letters and digits: words with one form only, in every language
SUBJECT_WORDS, OWN_WORDS = 200, 12  # of a subject, of a document
REPEATED = 0.22  # share of a text's words that are its subject's
CHANGED = "zzchanged7"  # a word that stands only in a changed document

Record = dict[str, Any]  # a document as marshal keeps it: text, numbers, lists


@dataclass(frozen=True, slots=True)
class Document:
    """A practice as the peers are given it: the same four fields and the same filters as our engine has."""

    number: int  # counted from 1
    id: str
    title: str
    labels: str  # keywords, the organisation, and the labels of all filters in all languages
    summary: str
    body: str  # plain text
    facets: dict[str, tuple[str, ...]]  # facet name -> values


class World:
    """What documents are made of: the words of each language, the regions and the concepts."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._lexicons = [lexicon(profile) for profile in PROFILES]
        self._shares = [profile.share for profile in PROFILES]
        rng = random.Random(f"{SEED}:world")
        codes = [code for code in vocabulary.ids(REGION_SCHEME) if len(code) == 4]
        codes = sorted(code for code in codes if vocabulary.knows(REGION_SCHEME, code))
        self._regions = _Skewed(rng.sample(codes, REGIONS), 0.8)
        schemes = ("barriers", "pestel", "instruments", "topics", "target-groups", "statuses", "organisation-types")
        self._concepts = {name: _Skewed(vocabulary.ids(name), 0.7) for name in schemes}
        self._marks = _Skewed([f"pilot{number}" for number in rng.sample(range(100, 9999), MARKS)], 0.9)
        self._subjects = {
            (one.code, topic): [one.words[rng.randrange(one.stops, len(one.words) // 4)] for _ in range(SUBJECT_WORDS)]
            for one in self._lexicons
            for topic in vocabulary.ids("topics")
        }
        self._labels: dict[tuple[str, str], str] = {}
        self._headings = {one.code: self._headings_in(one.code) for one in self._lexicons}

    def records(self, count: int) -> Iterator[Record]:
        """The first documents of the set."""
        return (self.record(number) for number in range(1, count + 1))

    def record(self, number: int) -> Record:
        """Document `number`, counted from 1."""
        rng = random.Random(f"{SEED}:{number}")
        words = rng.choices(self._lexicons, weights=self._shares)[0]
        topics = self._concepts["topics"].draw(rng, 1, 3)
        text = _Writer(rng, words, self._subjects[words.code, topics[0]])
        mark = self._marks.draw(rng, 1, 1)[0] if rng.random() < 0.5 else ""
        started = rng.randrange(2005, 2026)
        finished = rng.random() < 0.3
        results = rng.choices((0, 1, 2, 3), weights=(4, 3, 2, 1))[0]
        return {
            "number": number,
            "id": f"made-{number:06}",
            "language": words.code,
            "title": text.title(),
            "summary": text.paragraph(25, 45, limit=390),
            "body": self._body(text, words.code, mark),
            "regions": self._regions.draw(rng, 1, 3),
            "barriers": self._concepts["barriers"].draw(rng, 1, 3),
            "factors": self._concepts["pestel"].draw(rng, 0, 4),
            "instruments": self._concepts["instruments"].draw(rng, 1, 2),
            "topics": topics,
            "target_groups": self._concepts["target-groups"].draw(rng, 1, 4),
            "status": "finished" if finished else self._concepts["statuses"].draw(rng, 1, 1)[0],
            "started": f"{started}" if rng.random() < 0.5 else f"{started}-{rng.randrange(1, 13):02}",
            "ended": f"{rng.randrange(started, 2026) + 1}" if finished else None,
            "confirmed": f"{rng.randrange(2019, 2026)}-{rng.randrange(1, 13):02}" if rng.random() < 0.6 else None,
            "created": (date(2020, 1, 1) + timedelta(days=rng.randrange(2000))).isoformat(),
            "organisation": [text.name(), rng.choice(self._concepts["organisation-types"].values)],
            "keywords": list(dict.fromkeys(text.theme[: rng.randrange(7)])),
            "results": [[text.name(), str(rng.randrange(1, 5000)), rng.random() < 0.7] for _ in range(results)],
            "evaluated": rng.random() < 0.12,
            "adopted": self._regions.draw(rng, 1, 1)[0] if rng.random() < 0.08 else "",
            "cost": str(rng.randrange(5, 2000) * 1000) if rng.random() < 0.5 else "",
        }

    def document(self, record: Record) -> Document:
        """A document as the peers are given it."""
        practice = practice_of(record)
        carried = {facet.name: tuple(sorted(facet.values(practice))) for facet in facets.FACETS}
        return Document(
            number=record["number"],
            id=record["id"],
            title=record["title"],
            labels=self._label_text(record, carried),
            summary=record["summary"],
            body=plain(record["body"]),
            facets=carried,
        )

    def _body(self, text: _Writer, lang: str, mark: str) -> str:
        parts = [text.paragraph(40, 83) for _ in range(3)]
        if mark:
            parts[1] += f" {mark}."
        return "".join(f"## {head}\n\n{part}\n\n" for head, part in zip(self._headings[lang], parts, strict=True))

    def _headings_in(self, lang: str) -> list[str]:
        return [self.vocabulary.label("headings", id, lang) for id in ("problem", "what-was-done", "results")]

    def _label_text(self, record: Record, carried: dict[str, tuple[str, ...]]) -> str:
        searched = [one for one in facets.FACETS if one.is_searched]
        parts = [self._labels_of(one.scheme, value) for one in searched for value in carried[one.name]]
        return " . ".join([*parts, *record["keywords"], record["organisation"][0]])

    def _labels_of(self, scheme: str, value: str) -> str:
        known = self._labels.get((scheme, value))
        if known is None:
            labels = [label for _, label in self.vocabulary.labels(scheme, value)]
            known = " . ".join([value, *labels] if scheme == REGION_SCHEME else labels)
            self._labels[scheme, value] = known
        return known


class _Skewed:
    """Values of which the first are drawn more often."""

    def __init__(self, values: Sequence[str], s: float) -> None:
        self.values = list(values)
        self._sums = list(itertools.accumulate((rank + 1.0) ** -s for rank in range(len(values))))

    def draw(self, rng: random.Random, least: int, most: int) -> list[str]:
        """Different values, between `least` and `most` of them (fewer where a draw repeats one)."""
        count = rng.randint(least, most)
        return list(dict.fromkeys(rng.choices(self.values, cum_weights=self._sums, k=count)))


class _Writer:
    """Writes texts of one document."""

    def __init__(self, rng: random.Random, lexicon: Lexicon, subject: Sequence[str]) -> None:
        self._rng = rng
        self._lexicon = lexicon
        self.theme = [*rng.choices(subject, k=OWN_WORDS // 2), *self._content(OWN_WORDS // 2)]

    def title(self) -> str:
        """6 to 12 words, at most 120 characters."""
        words = self._words(self._rng.randint(6, 12), repeated=0.5)
        return _cut(" ".join(words), 118).capitalize()

    def name(self) -> str:
        """Of an organisation or an indicator."""
        return " ".join(word.capitalize() for word in self._content(2))

    def paragraph(self, least: int, most: int, limit: int = 0) -> str:
        """Sentences, so many words in all; at most `limit` characters where that is given."""
        words = self._words(self._rng.randint(least, most), REPEATED)
        sentences = []
        while words:
            length = self._rng.randint(8, 18)
            sentence, words = words[:length], words[length:]
            if length > 13 and len(sentence) > 6:
                sentence[5] += ","
            sentences.append(" ".join(sentence).capitalize() + ".")
        text = " ".join(sentences)
        return _cut(text, limit) + "." if limit and len(text) > limit else text

    def _words(self, count: int, repeated: float) -> list[str]:
        words = self._lexicon.draw(self._rng, count)
        chance, theme = self._rng.random, self.theme
        return [theme[int(chance() * len(theme))] if chance() < repeated else word for word in words]

    def _content(self, count: int) -> list[str]:
        found = [word for word in self._lexicon.draw(self._rng, count * 8) if len(word) > 4]
        return (found or [self._lexicon.words[-1]])[:count]


def practice_of(record: Record) -> Practice:
    """A record as a practice. Nothing is checked, a hundred times faster; tests/test_bench.py checks that all holds."""
    url = f"https://example.org/{record['id']}"
    number = record["number"]
    source = Source.model_construct(
        title=record["title"], url=url, publisher=record["organisation"][0], language=record["language"]
    )
    return Practice.model_construct(
        **{name: tuple(record[name]) for name in _LISTS},
        **{name: record[name] for name in _TEXTS},
        regions=tuple(Region.model_construct(code=code) for code in record["regions"]),
        organisation=Organisation.model_construct(name=record["organisation"][0], type=record["organisation"][1]),
        sources=(source,),
        cost=Cost.model_construct(amount=Decimal(record["cost"]), currency="EUR") if record["cost"] else None,
        results=tuple(
            Result.model_construct(indicator=name, value=Decimal(value), source=1 if sourced else None)
            for name, value, sourced in record["results"]
        ),
        evaluation=_evaluation(number) if record["evaluated"] else None,
        adoptions=(_adoption(record["adopted"], number),) if record["adopted"] else (),
        path=f"{record['regions'][0][:2].lower()}/{record['id']}.md",
        history=History.model_construct(
            created=date.fromisoformat(record["created"]), updated=date.fromisoformat(record["created"])
        ),
    )


_LISTS = ("barriers", "factors", "instruments", "topics", "target_groups", "keywords")
_TEXTS = ("id", "language", "title", "summary", "body", "status", "started", "ended", "confirmed")


def _evaluation(number: int) -> Evaluation:
    return Evaluation.model_construct(by="An institute", independent=bool(number % 3), year=2024)


def _adoption(code: str, number: int) -> Adoption:
    outcomes = ("worked", "partly", "did-not-work", "too-early")
    region = Region.model_construct(code=code)
    return Adoption.model_construct(regions=(region,), outcome=outcomes[number % len(outcomes)])


def changed(record: Record) -> Record:
    """The same document after an edit: its title has a word that stands nowhere else."""
    return {**record, "title": f"{_cut(record['title'], 100)} {CHANGED}"}


def plain(body: str) -> str:
    """The words of a made body; what search.text makes of it, without parsing markdown."""
    return " ".join(line for line in body.splitlines() if line and not line.startswith("## "))


def write_records(path: Path, records: Iterable[Record]) -> None:
    """Keep records in a file."""
    with path.open("wb") as file:
        for record in records:
            marshal.dump(record, file)


def read_records(path: Path) -> Iterator[Record]:
    """Records from a file, one at a time."""
    with path.open("rb") as file:
        while file.peek(1):
            yield marshal.load(file)


def _cut(text: str, limit: int) -> str:
    """At most so many characters, cut between words."""
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0].rstrip(" ,.")
