"""Whether front matter has the shape of the model: what pydantic finds, in our own words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from search.errors import Problem
from search.fields import Fields, Location, field_name, position_of
from search.model import YEARS, FrontMatter, TranslationFrontMatter
from search.rules import Rule
from search.values import TERMS, Term, meant_id
from search.vocabulary import REGION_SCHEME, Vocabulary, nearest

Finding = tuple[Rule, str, str]  # rule, message, fix


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
_EXAMPLES = {
    "title": 'title: "Cyberbreakfast: a monthly meeting of companies in Brittany"',
    "summary": 'summary: "Once a month …" (40 to 400 characters)',
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
        return Rule.INVALID_VALUE, f"{_shown(fault.value)} does not fit here", "see docs/fields.md"
    return explain(fault)


def _unknown_field(location: Location, model: type[BaseModel]) -> Finding:
    name = str(location[-1])
    if model is TranslationFrontMatter and name in FrontMatter.model_fields:
        message = f'"{name}" is a field of the original, not of its translation'
        return Rule.UNKNOWN_FIELD, message, "delete it here: a translation has title, summary and translated_by"
    known = list(_model_at(location[:-1], model).model_fields)
    meant = nearest(name, known)
    inside = f' in "{field_name(location[:-1])}"' if len(location) > 1 else ""
    if meant:
        fix = f'write "{meant}"'
    else:
        fix = f"known are: {', '.join(known)}" if inside else "delete it; docs/fields.md lists all fields"
    return Rule.UNKNOWN_FIELD, f'"{name}" is not a known field{inside}', fix


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
    inside = f' in "{field_name(location[:-1])}"' if len(location) > 1 else ""
    example = _EXAMPLES.get(name) if not inside else None
    return Rule.MISSING_FIELD, f'"{name}" is missing{inside}', f"add {example or f'{name}: …'}"


def _shown(value: object) -> str:
    text = str(value) if isinstance(value, str) else "this"
    return f'"{text}"' if len(text) <= 60 else f'"{text[:57]}…"'


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _too_short(fault: _Fault) -> Finding:
    length, least = len(str(fault.value).strip()), fault.limits["min_length"]
    if length == 0:
        return Rule.TOO_SHORT, "the text is empty", "write something, or delete the field"
    return Rule.TOO_SHORT, f"{_count(length, 'character')}, at least {least} are needed", "say more"


def _too_long(fault: _Fault) -> Finding:
    length, most = len(str(fault.value).strip()), fault.limits["max_length"]
    return Rule.TOO_LONG, f"{length} characters, at most {most} are allowed", f"shorten it by {length - most}"


def _too_few(fault: _Fault) -> Finding:
    return Rule.TOO_FEW, "the list is empty", f"add {_EXAMPLES.get(fault.name, 'at least one item')}"


def _too_many(fault: _Fault) -> Finding:
    most = fault.limits["max_length"]
    return Rule.TOO_MANY, f"{len(fault.value)} items, at most {most} are allowed", "keep the most important ones"


def _not_text(fault: _Fault) -> Finding:
    value = fault.value
    if isinstance(value, dict):
        [name, rest], *more = [*value.items()] or [("", "")]
        fix = "put quotes around text that contains a colon"
        if isinstance(rest, str) and not more and '"' not in name + rest:
            fix += f': "{name}: {rest}"'
        return Rule.NOT_TEXT, "a text is expected here, and this is read as a group", fix
    return Rule.NOT_TEXT, "a text is expected here, not a list", "write one text, without [ ] and without dashes"


def _not_a_list(fault: _Fault) -> Finding:
    value = fault.value
    if isinstance(value, dict):
        return Rule.NOT_A_LIST, "a list is expected here", "put a dash and a space before the first line below it"
    items = [item.strip() for item in re.split(r"[,;]", str(value)) if item.strip()]
    term = _TERMS.get((*_place(fault.location), "*"))
    if term and fault.vocabulary and items:
        return Rule.NOT_A_LIST, "a list is expected here", _list_of_ids(items, term, fault.vocabulary)
    if _inner(FrontMatter.model_fields[str(fault.location[0])].annotation) and fault.name != "regions":
        return Rule.NOT_A_LIST, "a list of groups is expected here", "write each below it, beginning with a dash"
    if any(re.search(r"[:#\[\]{}\"']", item) for item in items):
        return Rule.NOT_A_LIST, "a list is expected here", 'write a list: ["…", "…"]'
    return Rule.NOT_A_LIST, "a list is expected here", f"write a list: [{', '.join(items) or 'a, b'}]"


def _list_of_ids(items: list[str], term: Term, vocabulary: Vocabulary) -> str:
    ids = [meant_id(term.scheme, item, vocabulary) for item in items]
    if all(ids):
        return f"write a list: [{', '.join(dict.fromkeys(ids))}]"
    if term.scheme == REGION_SCHEME:
        return "write a list of codes of NUTS, for example [FRH0] for Brittany, or [EU] for the whole Union"
    return f"write a list of ids of vocabulary/{term.scheme}.yaml: [{vocabulary.ids(term.scheme)[0]}]"


def _place(location: Location) -> tuple[str, ...]:
    """A location as TERMS writes it."""
    return tuple("*" if isinstance(part, int) else part for part in location)


def _not_a_group(fault: _Fault) -> Finding:
    if fault.name == "title_native":
        fix = 'write the language before it, below the field and set in by two spaces: fr: "…"'
    else:
        parts = ", ".join(f"{name}: …" for name in _model_at(fault.location, FrontMatter).model_fields)
        fix = f"write its parts below it, each in a line, set in by two spaces: {parts}"
    return Rule.NOT_A_GROUP, f"{_shown(fault.value)} stands where a group of fields is expected", fix


def _not_a_number(fault: _Fault) -> Finding:
    value = fault.value
    if not isinstance(value, str):
        return Rule.NOT_A_NUMBER, "a number is expected here, not a list or a group", "write a number"
    plain = _plain_number(value)
    fix = f"write {plain}" if plain else "write digits only, with a point before decimals: 1250.5"
    return Rule.NOT_A_NUMBER, f"{_shown(value)} is not a number", fix


def _plain_number(text: str) -> str:
    """A number as people write it, `1 000 000` or `12,5 %`, as it should be; "" where that is not clear."""
    bare = re.sub(r"[\s'%€]|EUR", "", text)
    if re.fullmatch(r"-?\d{1,3}([.,]\d{3})+", bare) and len(re.findall(r"[.,]", bare)) > 1:
        return re.sub(r"[.,]", "", bare)
    if re.fullmatch(r"-?\d{1,3},\d{3}", bare):  # a thousand in one country, one in another
        return ""
    bare = bare.replace(",", ".")
    return bare if re.fullmatch(r"-?\d+(\.\d+)?", bare) else ""


def _out_of_range(fault: _Fault) -> Finding:
    if "ge" in fault.limits:
        bound = f"at least {fault.limits['ge']}"
    elif "lt" in fault.limits:
        bound = f"less than {fault.limits['lt']}"
    else:
        bound = "at most 18 digits"
    return Rule.OUT_OF_RANGE, f"{_shown(fault.value)} is out of range: {bound}", "write another number"


def _not_yes_or_no(fault: _Fault) -> Finding:
    return Rule.NOT_YES_OR_NO, f"{_shown(fault.value)} is neither yes nor no", "write yes or no"


def _not_a_date(fault: _Fault) -> Finding:
    value = str(fault.value)
    fix = "write a year, a month or a day: 2021, 2021-04 or 2021-04-30"
    found = re.fullmatch(r"(\d{1,2})[./ -]+(\d{1,2})[./ -]+(\d{4})", value.strip())
    if found:
        day, month, year = map(int, found.groups())
        with suppress(ValueError):  # the 30th of February is no better when it is written otherwise
            fix = f"write {date(year, month, day).isoformat()}" if year in YEARS else fix
    return Rule.NOT_A_DATE, f"{_shown(value)} is not a date", fix


def _not_one_of(fault: _Fault) -> Finding:
    allowed = ("author", "human", "machine")
    meant = nearest(str(fault.value), allowed)
    fix = f'write "{meant}"' if meant else f"choose from: {', '.join(allowed)}"
    return Rule.NOT_ALLOWED, f"{_shown(fault.value)} is not one of {', '.join(allowed)}", fix


def _no_match(fault: _Fault) -> Finding:
    value = str(fault.value)
    term = _TERMS.get(_place(fault.location))
    if term:
        what = "a code of NUTS" if term.scheme == REGION_SCHEME else "an id"
        return term.rule, f"{_shown(value)} is not {what}", ""
    if fault.name == "language" or fault.location[0] == "title_native":
        return Rule.UNKNOWN_LANGUAGE, f"{_shown(value)} is not the code of a language", "write its two letters: fr"
    if fault.name == "url":
        whole = f'"https://{value}"' if re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", value) else "it whole: https://…"
        return Rule.NOT_AN_ADDRESS, f"{_shown(value)} is not the address of a page", f"write {whole}"
    if fault.name == "currency":
        code = _CURRENCIES.get(value.lower(), value.upper() if re.fullmatch("[A-Za-z]{3}", value) else "")
        return Rule.UNKNOWN_CURRENCY, f"{_shown(value)} is not the code of a currency", f"write {code or 'EUR'}"
    if fault.name == "license":
        return Rule.UNKNOWN_LICENSE, f"{_shown(value)} is not an id of SPDX", "write CC-BY-4.0"
    fix = "write small letters and digits with hyphens between them: repair-cafe"
    return Rule.NOT_AN_ID, f"{_shown(value)} is not an id", fix


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
