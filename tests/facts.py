"""The sheet of facts behind our own practices, and what a text is compared with in it: numbers, sources, wording."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import yaml

from search.model import Practice
from tests.conftest import ROOT

SHEET = ROOT / "tests" / "data" / "facts.yaml"
RUN = 8  # words that two texts may not share in a row

# The practice about the project itself is written from the notes on the project, not from an entry of the list.
PROJECT = "seven-regions-common-barriers"

_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_MAGNITUDE = {"thousand": 10**3, "million": 10**6, "m": 10**6, "billion": 10**9}


def _numbered(words: str, first: int, step: int = 1) -> dict[str, int]:
    return {word: first + step * place for place, word in enumerate(words.split())}


_WORDS = {
    **_numbered("two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen", 2),
    **_numbered("seventeen eighteen nineteen", 17),
    **_numbered("twenty thirty forty fifty sixty seventy eighty ninety hundred", 20, 10),
    "dozen": 12,
}
_ORDINALS = _numbered("second third fourth fifth sixth seventh eighth ninth tenth", 2)
_MONTHS = _numbered("january february march april may june july august september october november december", 1)
_CITATION = re.compile(r"\[\d+\]|^\d+\. ", re.MULTILINE)  # and the numbers of a list
_HEADING = re.compile(r"^#+ .*$", re.MULTILINE)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@cache
def sheet() -> dict[str, Any]:
    """The whole sheet."""
    return yaml.safe_load(SHEET.read_text(encoding="utf-8"))


@cache
def entries() -> dict[str, Any]:
    """The facts of each practice by its id."""
    facts = {entry["slug"]: entry for entry in sheet()["practices"]}
    project = {
        name: sheet()[name] for name in ("seed", "project_facts", "project_sources", "official_cyber_good_practices")
    }
    return facts | {PROJECT: project | {"sources": [sheet()["seed"]["source"], *sheet()["project_sources"]]}}


def _strings(facts: Any) -> Iterator[str]:
    """Every text and number of the facts, without addresses and without the numbers of sources."""
    if isinstance(facts, dict):
        for key, value in facts.items():
            if key not in {"url", "src", "n", "lang"}:
                yield from _strings(value)
    elif isinstance(facts, list):
        for value in facts:
            yield from _strings(value)
    else:
        yield str(facts)


def notes(facts: Any) -> Iterator[str]:
    """The sentences of the facts: what a text must not copy."""
    if isinstance(facts, dict):
        for key, value in facts.items():
            if isinstance(value, str) and key in {"note", "status", "budget"}:
                yield value
            elif key != "sources":
                yield from notes(value)
    elif isinstance(facts, list):
        for value in facts:
            yield from notes(value)


def _figures(text: str) -> Iterator[tuple[str, Decimal]]:
    """Numbers in digits, as they are written and as they are meant: "1.1 million" is 1100000."""
    for match in _NUMBER.finditer(text):
        value = Decimal(match[0].replace(",", ""))
        following = re.match(r"[ \u00a0\u202f-]?([a-z]+)", text[match.end() :], re.IGNORECASE)
        scale = _MAGNITUDE.get(following[1].lower(), 1) if following else 1
        yield text[match.start() : match.end() + (len(following[0]) if following and scale > 1 else 0)], value * scale


def _spelt(text: str) -> Iterator[tuple[str, Decimal]]:
    """Numbers written as words: from two, and "one million"."""
    plain = re.findall(r"[a-z]+", text.lower())
    for word, following in zip(plain, [*plain[1:], ""], strict=False):
        scale = _MAGNITUDE.get(following, 1) if len(following) > 1 else 1
        value = 1 if word in {"one", "a"} and scale > 1 else _WORDS.get(word)
        if value is not None:
            yield word, Decimal(value) * scale


def known_numbers(facts: Any) -> set[Decimal]:
    """Every number of the facts: in digits, in words, as a month."""
    known: set[Decimal] = set()
    for text in _strings(facts):
        known.update(value for _, value in _figures(text))
        known.update(value for _, value in _spelt(text))
        for word in re.findall(r"[a-z]+", text.lower()):
            if (value := _ORDINALS.get(word, _MONTHS.get(word))) is not None:
                known.add(Decimal(value))
    return known


def unknown_numbers(practice: Practice) -> list[str]:
    """The numbers of a text in English, and of its fields, that its facts do not have."""
    known = known_numbers(entries()[practice.id])
    prose = [practice.title, practice.summary, _CITATION.sub("", practice.body), *_prose_of_fields(practice)]
    found = [pair for text in prose for pair in (*_figures(text), *_spelt(text))]
    return [written for written, value in found if value not in known]


def _prose_of_fields(practice: Practice) -> Iterator[str]:
    """Fields with figures; a list of sources is compared by itself."""
    for result in practice.results:
        yield f"{result.indicator}: {result.value} {result.unit or ''}; {result.period or ''}"
    if practice.cost is not None:
        yield f"{practice.cost.amount}; {practice.cost.period or ''}; {practice.cost.note or ''}"
    if practice.effort is not None:
        yield f"{practice.effort.fte or ''}; {practice.effort.note or ''}"
    for source in practice.funding:
        yield f"{source.source}; {source.share or ''}"
    for adoption in practice.adoptions:
        yield f"{adoption.started or ''}; {adoption.changes or ''}"
    if practice.transfer is not None:
        yield f"{practice.transfer.needs}; {practice.transfer.adaptable}; {practice.transfer.not_suitable_if}"
    if practice.evaluation is not None:
        yield str(practice.evaluation.year or "")
    yield f"{practice.started or ''}; {practice.ended or ''}"


def _names(practice: Practice) -> Iterator[str]:
    """Proper names: two texts may both have them."""
    yield practice.organisation.name
    yield from practice.partners
    yield from practice.title_native.values()
    for source in practice.sources:
        yield source.title
        yield source.publisher or ""
    for source in practice.funding:
        yield source.source
    if practice.origin is not None:
        yield practice.origin.programme or ""
        yield practice.origin.project or ""


def words(text: str, names: Iterable[str] = ()) -> list[str]:
    """The words of a text, without headings and citations; a proper name of several words is left out."""
    text = _HEADING.sub("", _CITATION.sub("", text))
    for name in sorted(names, key=len, reverse=True):
        if " " in name:
            text = text.replace(name, "")
    return [word.lower() for word in _WORD.findall(text)]


def runs(text: list[str]) -> set[tuple[str, ...]]:
    """Every run of RUN words."""
    return {tuple(text[start : start + RUN]) for start in range(len(text) - RUN + 1)}


def runs_of(practice: Practice) -> set[tuple[str, ...]]:
    """The runs of a practice's own prose: summary, text, and what another region must know."""
    transfer = practice.transfer
    prose = [practice.summary, practice.body]
    if transfer is not None:
        prose += [transfer.needs or "", transfer.adaptable or "", transfer.not_suitable_if or ""]
    names = list(_names(practice))
    return set().union(*(runs(words(text, names)) for text in prose))


def copied_runs(practice: Practice) -> list[str]:
    """The runs of a practice that stand in the notes of its facts too."""
    names = list(_names(practice))
    facts = set().union(*(runs(words(note, names)) for note in notes(entries()[practice.id])), set())
    return sorted(" ".join(run) for run in runs_of(practice) & facts)
