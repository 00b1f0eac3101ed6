"""Whether front matter has the shape of the model: what pydantic finds, in our own words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from search.errors import MAX_SHOWN, Problem
from search.fields import Fields, Location, field_name, position_of
from search.messages import NOTHING, Message, Value, say, say_number
from search.model import FrontMatter, TranslationFrontMatter
from search.rules import Rule
from search.values import TERMS, Term, meant_id
from search.vocabulary import REGION_SCHEME, Vocabulary, nearest
from search.written import is_unclear, read_date, read_number

MIN_BEGINNING = 3  # letters by which the beginning of a field's name is recognised

Finding = tuple[Rule, Message, Message]  # rule, message, fix


@dataclass(frozen=True, slots=True)
class _Fault:
    """An error of pydantic's: its kind, where it is, what is written there, and the limits that it breaks."""

    kind: str
    location: Location
    value: Any
    limits: Mapping[str, Any]
    vocabulary: Vocabulary | None

    @property
    def name(self) -> str:
        """The name of the field."""
        return str(self.location[-1])


# What to write where a required field is missing.
_EXAMPLES: Mapping[str, Value] = {
    "title": 'title: "Cyberbreakfast: a monthly meeting of companies in Brittany"',
    "summary": say('summary: "Once a month …" (40 to 400 characters)'),
    "language": "language: en",
    "regions": "regions: [FRH0]",
    "barriers": "barriers: [coordination]",
    "status": "status: running",
    "organisation": 'organisation: {name: "…"}',
    "sources": 'sources: [{title: "…", url: "https://…", publisher: "…", language: en}]',
    "translated_by": "translated_by: human",
}
_TERMS = {term.place: term for term in TERMS}
_CURRENCIES = {"€": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "$": "USD", "kč": "CZK", "zł": "PLN"}


def check_shape(
    fields: Fields,
    path: str,
    model: type[FrontMatter | TranslationFrontMatter],
    vocabulary: Vocabulary | None = None,
) -> tuple[FrontMatter | TranslationFrontMatter | None, list[Problem]]:
    """The front matter as the model has it, or what is wrong with it, all of it at once.

    With a vocabulary, what is to be written in place of a text is an id where it is clear which one was meant.
    """
    try:
        return model.model_validate(fields.values), []
    except ValidationError as error:
        found = [one for one in error.errors(include_url=False) if not _is_consequence(one)]
        return None, [_problem(one, fields, path, model, vocabulary) for one in found]


def _is_consequence(error: Mapping[str, Any]) -> bool:
    """A list whose every item is wrong counts as empty to pydantic; its items have their own errors."""
    return error["type"] == "too_short" and bool(error["input"])


def _problem(
    error: Mapping[str, Any], fields: Fields, path: str, model: type[BaseModel], vocabulary: Vocabulary | None
) -> Problem:
    fault = _Fault(error["type"], _location(error["loc"]), error["input"], error.get("ctx", {}), vocabulary)
    rule, message, fix = _explain(fault, model)
    places = fields.names if fault.kind == "extra_forbidden" else fields.marks
    line, column = position_of(fault.location, places)
    field = field_name(fault.location)
    return Problem(path=path, line=line, column=column, field=field, message=message, rule=rule, fix=fix)


def _location(loc: Location) -> Location:
    """Where it is written: a region is written as its bare code, and pydantic marks keys of its own."""
    if loc[-1] == "[key]":
        return loc[:-1]
    return loc[:-1] if loc[-1] == "code" and len(loc) > 1 and isinstance(loc[-2], int) else loc


def _explain(fault: _Fault, model: type[BaseModel]) -> Finding:
    if fault.kind == "extra_forbidden":
        return _unknown_field(fault.location, model)
    if fault.kind == "missing":
        return _missing(fault.location)
    explain = _BY_KIND.get(fault.kind)
    if explain is None:
        return (
            Rule.INVALID_VALUE,
            say('"{value}" does not fit here', value=_shown(fault.value)),
            say("see docs/fields.md"),
        )
    return explain(fault)


def _unknown_field(location: Location, model: type[BaseModel]) -> Finding:
    name = str(location[-1])
    if model is TranslationFrontMatter and name in FrontMatter.model_fields:
        message = say('"{name}" is a field of the original, not of its translation', name=name)
        return Rule.UNKNOWN_FIELD, message, say("delete it here: a translation has title, summary and translated_by")
    known = list(_model_at(location[:-1], model).model_fields)
    meant = _meant_field(name, known)
    if len(location) > 1:
        message = say('"{name}" is not a known field in "{group}"', name=name, group=field_name(location[:-1]))
        fix = say("known are: {names}", names=", ".join(known))
    else:
        message = say('"{name}" is not a known field', name=name)
        fix = say("delete it; docs/fields.md lists all fields")
    return Rule.UNKNOWN_FIELD, message, say('write "{value}"', value=meant) if meant else fix


def _meant_field(name: str, known: list[str]) -> str:
    """The field that was probably meant: the only one that begins so, or else the nearest; or ""."""
    begun = [one for one in known if len(name) >= MIN_BEGINNING and one.startswith(name.lower())]
    return begun[0] if len(begun) == 1 else nearest(name, known)


def _model_at(location: Location, model: type[BaseModel]) -> type[BaseModel]:
    for name in location:
        if isinstance(name, str) and name in model.model_fields:
            model = _inner(model.model_fields[name].annotation) or model
    return model


def _inner(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_inner, get_args(annotation))), None)


def _missing(location: Location) -> Finding:
    name = str(location[-1])
    fix = say("add {example}", example=f"{name}: …")
    if len(location) > 1:
        message = say('"{name}" is missing in "{group}"', name=name, group=field_name(location[:-1]))
        return Rule.MISSING_FIELD, message, fix
    if name in _EXAMPLES:
        fix = say("add {example}", example=_EXAMPLES[name])
    return Rule.MISSING_FIELD, say('"{name}" is missing', name=name), fix


def _shown(value: object) -> Value:
    if not isinstance(value, str):
        return say("this")
    return value if len(value) <= MAX_SHOWN else f"{value[: MAX_SHOWN - 3]}…"


def _too_short(fault: _Fault) -> Finding:
    length, least = len(str(fault.value).strip()), fault.limits["min_length"]
    if length == 0:
        return Rule.TOO_SHORT, say("the text is empty"), say("write something, or delete the field")
    message = say_number(
        "{number} character, at least {least} are needed",
        "{number} characters, at least {least} are needed",
        length,
        least=least,
    )
    return Rule.TOO_SHORT, message, say("say more")


def _too_long(fault: _Fault) -> Finding:
    length, most = len(str(fault.value).strip()), fault.limits["max_length"]
    message = say_number(
        "{number} character, at most {most} are allowed",
        "{number} characters, at most {most} are allowed",
        length,
        most=most,
    )
    return Rule.TOO_LONG, message, say("shorten it by {surplus}", surplus=length - most)


def _too_few(fault: _Fault) -> Finding:
    example = _EXAMPLES.get(fault.name)
    fix = say("add {example}", example=example) if example else say("add at least one item")
    return Rule.TOO_FEW, say("the list is empty"), fix


def _too_many(fault: _Fault) -> Finding:
    most = fault.limits["max_length"]
    message = say_number(
        "{number} item, at most {most} are allowed",
        "{number} items, at most {most} are allowed",
        len(fault.value),
        most=most,
    )
    return Rule.TOO_MANY, message, say("keep the most important ones")


def _not_text(fault: _Fault) -> Finding:
    value = fault.value
    if isinstance(value, dict):
        [name, rest], *more = [*value.items()] or [("", "")]
        fix = say("put quotes around text that contains a colon")
        if isinstance(rest, str) and not more and '"' not in name + rest:
            fix = say("put quotes around text that contains a colon: {example}", example=f'"{name}: {rest}"')
        return Rule.NOT_TEXT, say("a text is expected here, and this is read as a group"), fix
    fix = say("write one text, without [ ] and without dashes")
    return Rule.NOT_TEXT, say("a text is expected here, not a list"), fix


def _not_a_list(fault: _Fault) -> Finding:
    value, message = fault.value, say("a list is expected here")
    if isinstance(value, dict):
        return Rule.NOT_A_LIST, message, say("put a dash and a space before the first line below it")
    items = [item.strip() for item in re.split(r"[,;]", str(value)) if item.strip()]
    term = _TERMS.get((*_place(fault.location), "*"))
    if term and fault.vocabulary and items:
        return Rule.NOT_A_LIST, message, _list_of_ids(items, term, fault.vocabulary)
    if _inner(FrontMatter.model_fields[str(fault.location[0])].annotation) and fault.name != "regions":
        fix = say("write each below it, beginning with a dash")
        return Rule.NOT_A_LIST, say("a list of groups is expected here"), fix
    if any(re.search(r"[:#\[\]{}\"']", item) for item in items):
        items = ['"…"', '"…"']
    return Rule.NOT_A_LIST, message, _written_as_list(items or ["a", "b"])


def _list_of_ids(items: list[str], term: Term, vocabulary: Vocabulary) -> Message:
    ids = [meant_id(term.scheme, item, vocabulary) for item in items]
    if all(ids):
        return _written_as_list(dict.fromkeys(ids))
    if term.scheme == REGION_SCHEME:
        return say("write a list of codes of NUTS, for example [FRH0] for Brittany, or [EU] for the whole Union")
    file, first = f"vocabulary/{term.scheme}.yaml", vocabulary.ids(term.scheme)[0]
    return say("write a list of ids of {file}: {example}", file=file, example=f"[{first}]")


def _written_as_list(items: Iterable[str]) -> Message:
    return say("write a list: {example}", example=f"[{', '.join(items)}]")


def _place(location: Location) -> tuple[str, ...]:
    """A location as TERMS writes it."""
    return tuple("*" if isinstance(part, int) else part for part in location)


def _not_a_group(fault: _Fault) -> Finding:
    if fault.name == "title_native":
        fix = say(
            "write the language before it, below the field and set in by two spaces: {example}", example='fr: "…"'
        )
    else:
        parts = ", ".join(f"{name}: …" for name in _model_at(fault.location, FrontMatter).model_fields)
        fix = say("write its parts below it, each in a line, set in by two spaces: {parts}", parts=parts)
    message = say('"{value}" stands where a group of fields is expected', value=_shown(fault.value))
    return Rule.NOT_A_GROUP, message, fix


def _not_a_number(fault: _Fault) -> Finding:
    value = fault.value
    if not isinstance(value, str):
        return Rule.NOT_A_NUMBER, say("a number is expected here, not a list or a group"), say("write a number")
    if is_unclear(value):
        return Rule.NOT_A_NUMBER, *thousands_or_decimals(_shown(value))
    plain = read_number(value)
    fix = say("write {value}", value=plain) if plain else say("write digits only, with a point before decimals: 1250.5")
    return Rule.NOT_A_NUMBER, say('"{value}" is not a number', value=_shown(value)), fix


def thousands_or_decimals(value: Value) -> tuple[Message, Message]:
    """What is said of a number that is one in one country and another in the next: 12.500."""
    return say('"{value}" may be thousands or decimals', value=value), say("write it without a sign for thousands")


def _out_of_range(fault: _Fault) -> Finding:
    value = _shown(fault.value)
    if "ge" in fault.limits:
        message = say('"{value}" is out of range: at least {least}', value=value, least=str(fault.limits["ge"]))
    elif "lt" in fault.limits:
        message = say('"{value}" is out of range: less than {limit}', value=value, limit=str(fault.limits["lt"]))
    else:
        message = say('"{value}" is out of range: at most 18 digits', value=value)
    return Rule.OUT_OF_RANGE, message, say("write another number")


def _not_yes_or_no(fault: _Fault) -> Finding:
    message = say('"{value}" is neither yes nor no', value=_shown(fault.value))
    return Rule.NOT_YES_OR_NO, message, say("write yes or no")


def _not_a_date(fault: _Fault) -> Finding:
    value = str(fault.value)
    fix = say("write a year, a month or a day: 2021, 2021-04 or 2021-04-30")
    if meant := read_date(value):
        fix = say("write {value}", value=meant)
    return Rule.NOT_A_DATE, say('"{value}" is not a date', value=_shown(value)), fix


def _not_one_of(fault: _Fault) -> Finding:
    allowed = ("author", "human", "machine")
    meant = nearest(str(fault.value), allowed)
    known = ", ".join(allowed)
    fix = say('write "{value}"', value=meant) if meant else say("choose from: {values}", values=known)
    return Rule.NOT_ALLOWED, say('"{value}" is not one of {values}', value=_shown(fault.value), values=known), fix


def _no_match(fault: _Fault) -> Finding:
    value, shown = str(fault.value), _shown(fault.value)
    not_an_id = say('"{value}" is not an id', value=shown)
    term = _TERMS.get(_place(fault.location))
    if term:
        is_region = term.scheme == REGION_SCHEME
        return term.rule, say('"{value}" is not a code of NUTS', value=shown) if is_region else not_an_id, NOTHING
    if fault.name == "language" or fault.location[0] == "title_native":
        message = say('"{value}" is not the code of a language', value=shown)
        return Rule.UNKNOWN_LANGUAGE, message, say("write its two letters: fr")
    if fault.name == "url":
        is_short = re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", value)
        fix = say('write "{value}"', value=f"https://{value}") if is_short else say("write it whole: https://…")
        return Rule.NOT_AN_ADDRESS, say('"{value}" is not the address of a page', value=shown), fix
    if fault.name == "currency":
        code = _CURRENCIES.get(value.lower(), value.upper() if re.fullmatch("[A-Za-z]{3}", value) else "")
        message = say('"{value}" is not the code of a currency', value=shown)
        return Rule.UNKNOWN_CURRENCY, message, say("write {value}", value=code or "EUR")
    if fault.name == "license":
        message = say('"{value}" is not an id of SPDX', value=shown)
        return Rule.UNKNOWN_LICENSE, message, say("write {value}", value="CC-BY-4.0")
    fix = say("write small letters and digits with hyphens between them: repair-cafe")
    return Rule.NOT_AN_ID, not_an_id, fix


_BY_KIND: Mapping[str, Callable[[_Fault], Finding]] = {
    "string_too_short": _too_short,
    "string_too_long": _too_long,
    "string_type": _not_text,
    "string_pattern_mismatch": _no_match,
    "too_short": _too_few,
    "too_long": _too_many,
    "tuple_type": _not_a_list,
    "model_type": _not_a_group,
    "mapping_type": _not_a_group,
    "dict_type": _not_a_group,
    "decimal_parsing": _not_a_number,
    "decimal_type": _not_a_number,
    "finite_number": _not_a_number,
    "int_parsing": _not_a_number,
    "int_from_float": _not_a_number,
    "int_type": _not_a_number,
    "decimal_max_digits": _out_of_range,
    "decimal_whole_digits": _out_of_range,
    "int_parsing_size": _out_of_range,
    "greater_than_equal": _out_of_range,
    "less_than": _out_of_range,
    "bool_parsing": _not_yes_or_no,
    "bool_type": _not_yes_or_no,
    "value_error": _not_a_date,
    "literal_error": _not_one_of,
}
