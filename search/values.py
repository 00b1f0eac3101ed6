"""Which ids of a document are not in vocabulary/, and what was probably meant.

Works on what is written, so that a misspelt id is reported together with whatever else is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

from babel import Locale

from search.analysis import ANALYZERS, fold, words_of
from search.errors import Problem, Severity
from search.fields import Fields, Location, Raw
from search.messages import Message, say
from search.rules import Rule
from search.vocabulary import REGION_SCHEME, Vocabulary, language_codes, nearest

Finding = tuple[Message, Message]  # message, fix

_CODE = re.compile(r"[A-Za-z]{2}[A-Za-z0-9]{0,3}")
_MAX_LISTED = 12  # allowed values that a fix lists
_MOST_WORDS = 12  # of a text in which a region is looked for
_SHORTEST_NAME = 4  # letters of a word that may be all that is known of a region


@dataclass(frozen=True, slots=True)
class Term:
    """A field that holds ids of a scheme; `*` stands for each item of a list."""

    place: tuple[str, ...]
    scheme: str
    rule: Rule


TERMS = (
    Term(("regions", "*"), REGION_SCHEME, Rule.UNKNOWN_REGION),
    Term(("barriers", "*"), "barriers", Rule.UNKNOWN_BARRIER),
    Term(("factors", "*"), "pestel", Rule.UNKNOWN_FACTOR),
    Term(("instruments", "*"), "instruments", Rule.UNKNOWN_INSTRUMENT),
    Term(("topics", "*"), "topics", Rule.UNKNOWN_TOPIC),
    Term(("target_groups", "*"), "target-groups", Rule.UNKNOWN_TARGET_GROUP),
    Term(("status",), "statuses", Rule.UNKNOWN_STATUS),
    Term(("organisation", "type"), "organisation-types", Rule.UNKNOWN_ORGANISATION_TYPE),
    Term(("adoptions", "*", "regions", "*"), REGION_SCHEME, Rule.UNKNOWN_REGION),
    Term(("adoptions", "*", "outcome"), "outcomes", Rule.UNKNOWN_OUTCOME),
)


def values_at(raw: Raw, place: tuple[str, ...], location: Location = ()) -> Iterator[tuple[Location, str]]:
    """The texts at a place, with their locations."""
    if not place:
        if isinstance(raw, str):
            yield location, raw
    elif place[0] == "*":
        if isinstance(raw, list):
            for number, item in enumerate(raw):
                yield from values_at(item, place[1:], (*location, number))
    elif isinstance(raw, dict) and place[0] in raw:
        yield from values_at(raw[place[0]], place[1:], (*location, place[0]))


def unknown_values(fields: Fields, path: str, vocabulary: Vocabulary) -> list[Problem]:
    """A Problem for every id that is in no vocabulary, and for every language that there is not."""
    problems = []
    for term in TERMS:
        if term.scheme != REGION_SCHEME and term.scheme not in vocabulary.schemes:
            continue
        for location, value in values_at(fields.values, term.place):
            if not vocabulary.knows(term.scheme, value):
                find = _region if term.scheme == REGION_SCHEME else partial(_id, term.scheme)
                message, fix = find(value, vocabulary)
                problems.append(fields.problem(path, term.rule, message, location, fix=fix))
    return [*problems, *unknown_languages(fields, path)]


def unknown_languages(fields: Fields, path: str) -> list[Problem]:
    """Codes that are no language of ISO 639-1; of the document itself, one whose words we cannot inflect is advice."""
    problems = []
    written = [*values_at(fields.values, ("language",)), *values_at(fields.values, ("sources", "*", "language"))]
    names = fields.values.get("title_native")
    if isinstance(names, dict):
        written += [(("title_native", code), code) for code in names]
    for location, code in written:
        if code not in language_codes():
            message = say('"{value}" is not the code of a language', value=code)
            fix = _language(code)
            problems.append(fields.problem(path, Rule.UNKNOWN_LANGUAGE, message, location, fix=fix))
        elif location == ("language",) and code not in ANALYZERS:
            message = searched_as_written(code)
            advice = Severity.ADVICE
            problems.append(fields.problem(path, Rule.OTHER_LANGUAGE, message, location, severity=advice))
    return problems


def searched_as_written(code: str) -> Message:
    """What is said of a language whose words cannot be inflected."""
    return say(
        '"{value}" is none of the 24 official languages of the Union: its words are searched as written', value=code
    )


@lru_cache(maxsize=1)
def _codes_by_name() -> dict[str, str]:
    """Languages by their names, in English and in the 24 languages themselves, folded."""
    english = {fold(str(name)): code for code, name in Locale("en").languages.items() if code in language_codes()}
    own = {fold(str(Locale(code).languages.get(code, code))): code for code in ANALYZERS}
    return english | own


def _language(value: str) -> Message:
    text = value.strip()
    names = _codes_by_name()
    short = re.split(r"[-_]", text.lower())[0]
    code = names.get(fold(text)) or (short if short in language_codes() else "")
    if not code and len(text) > 3:
        code = names.get(nearest(fold(text), names), "")
    if code:
        return say('write "{value}"', value=code)
    return say("write the two letters of ISO 639-1: en, fr, it, es, sk, sl, et, …")


def meant_id(scheme: str, value: str, vocabulary: Vocabulary) -> str:
    """The id of a scheme that a text is, or that it was probably meant for; "" where that is not clear."""
    if vocabulary.knows(scheme, value):
        return value
    if scheme != REGION_SCHEME:
        return _meant(scheme, value, vocabulary)
    codes = _regions_meant(value, vocabulary)
    return codes[0] if len(codes) == 1 else ""


def _regions_meant(value: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    meant = vocabulary.preferred(vocabulary.resolve_region(value))
    if meant:
        return meant
    if _CODE.fullmatch(value):
        return tuple(filter(None, [vocabulary.nearest(REGION_SCHEME, value)]))
    named = _named_within(value, vocabulary) or _named_longer(value, vocabulary)
    if not named:
        names = {name for region in vocabulary.regions.values() for name in region.all_names()}
        named = vocabulary.regions_named(nearest(value, names))
    return vocabulary.preferred(named)


def _named_within(value: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The regions that the most words in a row of a text name: Alentejo in "Região do Alentejo"."""
    words = words_of(value)[:_MOST_WORDS]
    for length in range(len(words) - 1, 0, -1):
        for start in range(len(words) - length + 1):
            name = " ".join(words[start : start + length])
            if len(name) >= _SHORTEST_NAME and (found := vocabulary.regions_named(name)):
                return found
    return ()


def _named_longer(value: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The regions whose name has these words and others: Grande Lisboa for Lisboa; none where too many have."""
    words = {fold(word) for word in words_of(value)}
    if not words or max(map(len, words)) < _SHORTEST_NAME:
        return ()
    found = [
        code
        for code, region in vocabulary.regions.items()
        if vocabulary.knows(REGION_SCHEME, code)
        and any(words <= {fold(word) for word in words_of(name)} for name in region.all_names())
    ]
    return tuple(found) if len(vocabulary.preferred(found)) <= _MAX_LISTED else ()


def _region(value: str, vocabulary: Vocabulary) -> Finding:
    """What is wrong with a code of a region, and how to mend it."""
    meant = _regions_meant(value, vocabulary)
    if value in vocabulary.regions:
        message = say('"{value}" is a code of NUTS that is no longer used', value=value)
    else:
        message = say('"{value}" is not a code of NUTS', value=value)
    match meant:
        case ():
            fix = say("write the code of the region, for example FRH0 for Brittany, or EU for the whole Union")
        case (code,):
            fix = say('write "{value}"', value=code)
        case (first, second):
            fix = say('write "{first}" or "{second}"', first=first, second=second)
        case _:
            fix = say("choose from: {values}", values=", ".join(meant))
    return message, fix


def _meant(scheme: str, value: str, vocabulary: Vocabulary) -> str:
    ids = vocabulary.ids(scheme)
    labelled = [one for one in ids if fold(value) in {fold(label) for _, label in vocabulary.labels(scheme, one)}]
    return labelled[0] if labelled else nearest(value.strip().replace(" ", "-").replace("_", "-"), ids)


def _id(scheme: str, value: str, vocabulary: Vocabulary) -> Finding:
    """What is wrong with an id of a scheme, and how to mend it."""
    file, ids = f"vocabulary/{scheme}.yaml", vocabulary.ids(scheme)
    message = say('"{value}" is not in {file}', value=value, file=file)
    meant = _meant(scheme, value, vocabulary)
    if meant:
        return message, say('write "{value}"', value=meant)
    if len(ids) <= _MAX_LISTED:
        return message, say("choose from: {values}", values=", ".join(ids))
    return message, say("choose an id of {file}", file=file)
