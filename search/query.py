"""SearchQuery, Hit, Results: the words spoken with any engine. And the grammar in which visitors ask.

The grammar is small: words, "phrases", -without, OR, prefix*. Reading it never fails: what is not understood
is searched as words, and what was left out is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from search.analysis import read_words, words_of
from search.facets import Facet, Years

MAX_QUERY = 500  # characters read of a query
MAX_WORDS = 32  # words read of a query; each costs a look-up in every field
MIN_PREFIX = 2  # characters before a star
PAGE_SIZE = 20  # hits
ENOUGH = PAGE_SIZE  # hits with every word from which none with only most of them follow
MAX_PAGE_SIZE = 100  # hits
SIMILAR = 5  # practices that are like one, unless more are asked for
COMPLETIONS, MAX_COMPLETIONS = 8, 20  # suggestions while somebody types: as a rule, and at most


@dataclass(frozen=True, slots=True)
class Word:
    """A word, as the visitor wrote it, in lower case."""

    surface: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a word."""

    surface: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand next to each other, in this order."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Alternatives: one of them is enough."""

    terms: tuple[Word | Prefix | Phrase, ...]


Term = Word | Prefix | Phrase | AnyOf


class NoteKind(StrEnum):
    """What was ignored in a query."""

    TOO_LONG = "too-long"
    PREFIX_TOO_SHORT = "prefix-too-short"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the visitor should know about how the query was read."""

    kind: NoteKind
    text: str = ""


@dataclass(frozen=True, slots=True)
class ParsedText:
    """A query as a tree: every one of `terms` must occur, none of `without` may."""

    terms: tuple[Term, ...] = ()
    without: tuple[Word | Prefix | Phrase, ...] = ()
    notes: tuple[Note, ...] = ()


class Sort(StrEnum):
    """The orders of a result list."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    TITLE = "title"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What is asked of an engine."""

    text: str = ""
    lang: str = "en"  # the language the words are read in; filters nothing
    reader: str = "en"  # the language in which titles and snippets are shown, where they exist in it
    filters: Mapping[Facet, frozenset[str]] = field(default_factory=dict)
    years: Years | None = None
    sort: Sort = Sort.RELEVANCE
    page: int = 1  # counted from 1
    size: int = PAGE_SIZE  # hits on a page
    snippets: bool = True  # whether hits say where they matched
    expand: bool = True  # whether words that name a concept find what names it in other words
    loosen: bool = True  # whether practices with most of the words follow where few have every one


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a snippet, and whether it is a word that matched."""

    text: str
    match: bool


@dataclass(frozen=True, slots=True)
class Why:
    """A reason for a hit: the field in which it matched, the form of the word, the visitor's term."""

    field: str  # title, labels, summary, body
    form: str  # exact, folded, stem; concept: the text names in other words what the visitor asked for
    term: str  # the visitor's word, or the label of the concept in the reader's language


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A practice that matched. Scores have no unit and compare within one list only."""

    id: str
    score: float
    snippet: tuple[Fragment, ...] = ()
    why: tuple[Why, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """A practice that is like another, and what they share. Scores compare within one list only."""

    id: str
    score: float
    values: tuple[tuple[str, str], ...] = ()  # (name of a facet, id), what counts most first
    words: tuple[str, ...] = ()  # what counts most first
    lang: str = ""  # of the words, "" where there are none


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A nearer spelling: the visitor's word, the word offered for it, and the whole query with it."""

    word: str
    nearest: str
    text: str


@dataclass(frozen=True, slots=True)
class AlsoMatched:
    """A concept that the visitor's words name: its label for the reader, and those of its labels that were found."""

    text: str  # the words of the visitor
    label: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """One page of an answer, best first, with the counts of every facet."""

    total: int
    hits: tuple[Hit, ...] = ()
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # facet name -> value -> lifted count
    every_word: int | None = None  # how many have every word, and come first; None where all have
    without: Mapping[str, int] = field(default_factory=dict)  # facet name in force -> total if it were lifted
    also: tuple[AlsoMatched, ...] = ()  # concepts by which more was found
    undated: int = 0  # how many a range of years keeps out because they name no year
    suggestions: tuple[Suggestion, ...] = ()
    searched: str = ""  # the nearest spelling, searched since nothing has the words as they were written
    notes: tuple[Note, ...] = ()


class CompletionKind(StrEnum):
    """What a visitor may mean who is still typing."""

    PRACTICE = "practice"
    REGION = "region"
    BARRIER = "barrier"
    TERM = "term"


@dataclass(frozen=True, slots=True)
class Completion:
    """Something that begins like what was typed. A term is searched; `id` names what has a page, "" a mere word."""

    kind: CompletionKind
    id: str
    text: str  # what a reader sees
    lang: str  # of the text; "" where it is not known


# An operator counts only where a person would mean it: a minus or a quote at the start of a word.
_PIECES = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_OPERATORS = ("OR", "NOT", "AND")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "−": "-", "–": "-"})  # noqa: RUF001


def parse_text(text: str, lang: str = "en") -> ParsedText:
    """Read what a visitor typed. Never raises."""
    notes: list[Note] = []
    if len(text) > MAX_QUERY:
        text = text[:MAX_QUERY]
        notes.append(Note(NoteKind.TOO_LONG))
    terms: list[Term] = []
    without: list[Word | Prefix | Phrase] = []
    either = away = False
    count = 0
    for piece in _PIECES.finditer(text.translate(_QUOTES)):
        if piece["word"] in _OPERATORS and not piece["minus"]:
            either = piece["word"] == "OR" and bool(terms)
            away = piece["word"] == "NOT"
            continue
        for term in _read_piece(piece, lang, notes):
            count += len(term.words) if isinstance(term, Phrase) else 1
            if count > MAX_WORDS:
                continue
            if piece["minus"] or away:
                without.append(term)
            elif either:
                terms[-1] = _or(terms[-1], term)
            else:
                terms.append(term)
            either = False
        away = False
    if count > MAX_WORDS and Note(NoteKind.TOO_LONG) not in notes:
        notes.append(Note(NoteKind.TOO_LONG))
    if not terms and not without:  # operators alone are words like any other
        terms = [Word(word) for word in words_of(text, lang)]
    return ParsedText(tuple(dict.fromkeys(terms)), tuple(dict.fromkeys(without)), tuple(notes))


def _or(left: Term, right: Word | Prefix | Phrase) -> AnyOf:
    return AnyOf((*(left.terms if isinstance(left, AnyOf) else (left,)), right))


def _read_piece(piece: re.Match[str], lang: str, notes: list[Note]) -> list[Word | Prefix | Phrase]:
    if piece["phrase"] is not None:
        phrase = tuple(words_of(piece["phrase"], lang))
        return [Phrase(phrase) if len(phrase) > 1 else Word(phrase[0])] if phrase else []
    words = words_of(piece["word"], lang)
    found: list[Word | Prefix | Phrase] = [Word(word) for word in words]
    if words and piece["word"].endswith("*") and not piece["word"].endswith("**"):
        if len(words[-1]) >= MIN_PREFIX:
            found[-1] = Prefix(words[-1])
        else:
            notes.append(Note(NoteKind.PREFIX_TOO_SHORT, words[-1]))
    return found


def replace_word(text: str, word: str, by: str) -> str:
    """A query with one of its words spelt otherwise; everything else stays as it was typed."""
    for found, start, end in zip(*read_words(text), strict=True):
        if found == word:
            return text[:start] + by + text[end:]
    return text
