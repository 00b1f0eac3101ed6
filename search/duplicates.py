"""Practices that may be the same as one that is being written: how alike they are, and why that is thought."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from rapidfuzz import fuzz

from search.analysis import bases_all, fold, words_of
from search.fields import Raw
from search.messages import Message, say, say_number
from search.model import Practice, Region, Translation
from search.stop_words import is_stop_word
from search.vocabulary import Vocabulary

LIKELY = 0.55  # the least score of what is called a likely duplicate; `tests/test_duplicates.py` says what it rests on
SAME_NAME = 90  # of 100: from here on two names of organisations differ only in the way of writing them
SHOWN_WORDS = 5

# How much each likeness says by itself, from 0 to 1. They add up as chances do: two of 0.5 make 0.75.
_ADDRESS, _ORGANISATION, _TITLE, _SUMMARY, _BODY = 0.45, 0.3, 0.4, 0.8, 0.9
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id", re.IGNORECASE)  # say where a reader came from
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Likeness:
    """A practice that may be the same, with a score from 0 to 1 and what speaks for it."""

    id: str
    title: str
    score: float
    reasons: tuple[Message, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The text of a practice in one language, complete or not."""

    language: str
    title: str = ""
    summary: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """What a practice is known by, valid or not."""

    id: str
    wordings: tuple[Wording, ...]
    organisation: str = ""
    site: str = ""  # of the organisation
    regions: tuple[str, ...] = ()
    addresses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a wording that say something, without their inflections."""

    title: frozenset[str]
    summary: frozenset[str]
    body: frozenset[str]
    shown: Mapping[str, str] = field(default_factory=dict)  # of the title: as they are written


def portrait(practice: Practice) -> Portrait:
    """What a practice is known by, in all its languages."""
    wordings = [_wording(practice, practice.language), *(_wording(one, one.language) for one in practice.translations)]
    return Portrait(
        id=practice.id,
        wordings=tuple(wordings),
        organisation=practice.organisation.name,
        site=practice.organisation.url or "",
        regions=tuple(region.code for region in practice.regions),
        addresses=frozenset(normal_address(source.url) for source in practice.sources),
    )


def portrait_of_values(practice_id: str, values: Mapping[str, Raw], body: str, language: str = "") -> Portrait:
    """What a practice is known by whose fields are as they were written, whatever is missing or wrong in them.

    `language` is that of the text where the field does not say it.
    """
    organisation = values.get("organisation")
    group = organisation if isinstance(organisation, dict) else {}
    sources = [one for one in _items(values.get("sources")) if isinstance(one, dict)]
    regions = [one.upper() for one in _items(values.get("regions")) if isinstance(one, str)]
    wording = Wording(
        language=_text(values.get("language")) or language,
        title=_text(values.get("title")),
        summary=_text(values.get("summary")),
        body=body,
    )
    return Portrait(
        id=practice_id,
        wordings=(wording,),
        organisation=_text(group.get("name")) or _text(organisation),
        site=_text(group.get("url")),
        regions=tuple(one for one in regions if re.fullmatch("[A-Z]{2}[A-Z0-9]{0,3}", one)),
        addresses=frozenset(filter(None, (normal_address(_text(source.get("url"))) for source in sources))),
    )


def likely_duplicates(
    document: Practice | Portrait, others: Iterable[Practice], vocabulary: Vocabulary, most: int = 5
) -> list[Likeness]:
    """The practices that may be the same as this one, the likeliest first; itself, by its id, is left out.

    The more practices are given, the better it is known which words are rare and which address is one of many.
    """
    given = document if isinstance(document, Portrait) else portrait(document)
    known = [(one, portrait(one)) for one in others if one.id != given.id]
    comparison = _Comparison.among([given, *(theirs for _, theirs in known)])
    found = [
        Likeness(practice.id, practice.title, round(score, 2), reasons)
        for practice, theirs in known
        for score, reasons in [comparison.of(given, theirs, vocabulary)]
        if score >= LIKELY
    ]
    return sorted(found, key=lambda one: (-one.score, one.id))[:most]


def normal_address(url: str) -> str:
    """An address of the web without what does not change where it leads: its scheme, `www.`, tracking, the anchor."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    except ValueError:
        return ""
    if not host:
        return ""
    query = sorted((name, value) for name, value in parse_qsl(parts.query) if not _TRACKING.fullmatch(name))
    path = _INDEX.sub("", unquote(parts.path)).rstrip("/")
    return f"{host}{path}?{urlencode(query)}" if query else f"{host}{path}"


class _Comparison:
    """How rare words and addresses are among some practices. Does not change."""

    def __init__(self, words: Mapping[str, Sequence[tuple[str, _Words]]], addresses: Mapping[str, int]) -> None:
        self._words = words
        self._addresses = addresses
        self._count = len(words)
        self._holders: Counter[str] = Counter()
        for wordings in words.values():
            self._holders.update(frozenset().union(*(_all_words(one) for _, one in wordings)))

    @classmethod
    def among(cls, portraits: Sequence[Portrait]) -> _Comparison:
        words = {one.id: [(each.language, _read(each)) for each in one.wordings] for one in portraits}
        return cls(words, Counter(address for one in portraits for address in one.addresses))

    def of(self, first: Portrait, second: Portrait, vocabulary: Vocabulary) -> tuple[float, tuple[Message, ...]]:
        """How likely two are the same, and why."""
        clues = [*self._of_addresses(first, second), *_of_organisation(first, second, vocabulary)]
        clues += self._of_words(first, second)
        rest = 1.0
        for chance, _ in clues:
            rest *= 1 - chance
        return 1 - rest, tuple(reason for chance, reason in sorted(clues, key=lambda clue: -clue[0]) if reason)

    def _of_addresses(self, first: Portrait, second: Portrait) -> Iterator[tuple[float, Message]]:
        common = first.addresses & second.addresses
        if common:
            rarest = sorted(common, key=lambda address: (self._addresses[address], address))
            fewer = min((first.addresses, second.addresses), key=self._weight_of_addresses)
            share = self._weight_of_addresses(common) / self._weight_of_addresses(fewer)
            yield _ADDRESS * share, say_number(
                "the same source: {address}", "{number} of the same sources, one is {address}",
                len(common), address=rarest[0],
            )  # fmt: skip

    def _of_words(self, first: Portrait, second: Portrait) -> Iterator[tuple[float, Message]]:
        """Of the wordings in a language that both have, or else of what is the same in all languages: names."""
        ours, theirs = self._words[first.id], self._words[second.id]
        pairs = [(one, other) for lang, one in ours for lang_of_other, other in theirs if lang == lang_of_other]
        pairs = pairs or [(one, other) for _, one in ours for _, other in theirs]
        best: dict[str, tuple[float, Message]] = {}
        for one, other in pairs:
            for name, clue in self._of_pair(one, other):
                best[name] = max(best.get(name, clue), clue, key=lambda each: each[0])
        yield from best.values()

    def _of_pair(self, one: _Words, other: _Words) -> Iterator[tuple[str, tuple[float, Message]]]:
        common = sorted(one.title & other.title, key=lambda word: (self._holders[word], word))
        if common:
            shown = ", ".join(one.shown[word] for word in common[:SHOWN_WORDS])
            reason = say("words of the title in common: {words}", words=shown)
            yield "title", (_TITLE * self._alike(one.title, other.title), reason)
        for name, weight, mine, others in (
            ("summary", _SUMMARY, one.summary, other.summary),
            ("body", _BODY, one.body, other.body),
        ):
            alike = self._alike(mine, others)
            if alike > 0:
                percent = round(alike * 100)
                said = (
                    say("the summary is {percent} % alike", percent=percent)
                    if name == "summary"
                    else say("the text is {percent} % alike", percent=percent)
                )
                yield name, (weight * alike**2, said)

    def _alike(self, one: frozenset[str], other: frozenset[str]) -> float:
        """The part of the words that two sets share, a rare one weighing more: from 0 to 1."""
        both = self._weight(one) + self._weight(other)
        return 2 * self._weight(one & other) / both if both else 0.0

    def _weight_of_addresses(self, addresses: frozenset[str]) -> float:
        """One that a single other practice names says most; one that many name is that of a programme."""
        return sum(1 / self._addresses[address] for address in addresses)

    def _weight(self, words: frozenset[str]) -> float:
        return sum(log(1 + self._count / self._holders[word]) for word in words)


def _of_organisation(first: Portrait, second: Portrait, vocabulary: Vocabulary) -> Iterator[tuple[float, Message]]:
    region = next((mine for mine in first.regions for theirs in second.regions if _lie_in_each_other(mine, theirs)), "")
    if region and _is_same_organisation(first, second):
        known = vocabulary.regions.get(region)
        name = known.name if known else region
        reason = say("the same organisation, {name}, in {region}", name=first.organisation, region=name)
        yield _ORGANISATION, reason


def _is_same_organisation(first: Portrait, second: Portrait) -> bool:
    ours, theirs = _bare_name(first.organisation), _bare_name(second.organisation)
    if ours and theirs and fuzz.token_sort_ratio(ours, theirs) >= SAME_NAME:
        return True
    site = normal_address(first.site)
    return bool(site) and site == normal_address(second.site)


def _bare_name(name: str) -> str:
    """A name to compare, without its abbreviation in brackets."""
    return fold(re.sub(r"\([^)]*\)", " ", name)).strip()


def _lie_in_each_other(first: str, second: str) -> bool:
    return bool(first and second) and (
        first in Region(code=second).ancestry() or second in Region(code=first).ancestry()
    )


def _wording(variant: Practice | Translation, language: str) -> Wording:
    return Wording(language=language, title=variant.title, summary=variant.summary, body=variant.body)


def _read(wording: Wording) -> _Words:
    # Headings are the same in all practices, and addresses of links have a likeness of their own.
    body = re.sub(r"(?m)^#.*$|https?://\S+", " ", wording.body)
    shown = {key: word for word, key in _keys(wording.title, wording.language)}
    return _Words(
        title=frozenset(shown),
        summary=frozenset(key for _, key in _keys(wording.summary, wording.language)),
        body=frozenset(key for _, key in _keys(body, wording.language)),
        shown=shown,
    )


def _keys(text: str, language: str) -> Iterator[tuple[str, str]]:
    """The words of a text that are no stop words, each with what its inflections have in common."""
    words = [word for word in words_of(text, language) if len(word) > 1 and not is_stop_word(word, language)]
    for word, bases in zip(words, bases_all(words, language), strict=True):
        yield word, bases[0] if bases else fold(word)


def _all_words(words: _Words) -> frozenset[str]:
    return words.title | words.summary | words.body


def _items(value: Raw | None) -> list[Raw]:
    return value if isinstance(value, list) else []


def _text(value: Raw | None) -> str:
    return value if isinstance(value, str) else ""
