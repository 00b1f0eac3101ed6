"""The front matter as JSON Schema, for editors that complete and check while somebody types.

Made of the model and the vocabularies. An editor has its own YAML, which turns `2019` into a number, `yes` into a
truth value and nothing into null, where a document is read as text; so a schema takes all that the model would take.
What it leaves to `practices check` is in docs/editors.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from search import model
from search.model import YEARS, FrontMatter, TranslationFrontMatter
from search.values import TERMS
from search.vocabulary import LANGUAGE_SCHEME, REGION_SCHEME, Vocabulary

MEDIA_TYPE = "application/schema+json"
DIALECT = "http://json-schema.org/draft-07/schema#"  # the newest that all editors know
Kind = Literal["practice", "translation"]
MODELS: Mapping[Kind, type[FrontMatter | TranslationFrontMatter]] = {
    "practice": FrontMatter,
    "translation": TranslationFrontMatter,
}

_TITLES: Mapping[Kind, str] = {"practice": "A practice", "translation": "A translation of a practice"}
_EN = "en"  # language of what a schema says
_YEAR = r"^(?:19[0-9]{2}|20[0-9]{2}|2100)$"
_DATE = r"^(?:19[0-9]{2}|20[0-9]{2}|2100)(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?$"
_NUMBER = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$"
_YES_OR_NO = r"^(?:[Yy](?:[Ee][Ss])?|[Nn][Oo]?|[Tt](?:[Rr][Uu][Ee])?|[Ff](?:[Aa][Ll][Ss][Ee])?|[Oo](?:[Nn]|[Ff]{2}))$"
_DIGITS = 18  # of a number
_SHARED = "scheme"
_SCHEMES = {term.place: term.scheme for term in TERMS}

# What is said of each field while it is written: the rows of docs/fields.md, as plain text.
DESCRIPTIONS: Mapping[str, str] = {
    "title": "3 to 120 characters: what, and where",
    "title_native": "the name that it has at home: the code of a language, then the name",
    "summary": "40 to 400 characters, one paragraph in plain words",
    "language": "the language of this file, two letters of ISO 639-1: en, fr, sl",
    "regions": "list of NUTS codes, the main one first; EU for the whole Union",
    "place": "the town",
    "barriers": "list of ids of vocabulary/barriers.yaml, the main one first",
    "factors": "list of ids of vocabulary/pestel.yaml: political, economic, social, technological, environmental, "
    "legal",
    "instruments": "list of ids of vocabulary/instruments.yaml",
    "topics": "list of ids of vocabulary/topics.yaml",
    "target_groups": "list of ids of vocabulary/target-groups.yaml",
    "status": "planned, running, finished, stopped or unknown",
    "started": "year, month or day: 2019, 2019-04, 2019-04-30",
    "ended": "year, month or day",
    "organisation": "who runs it, a group",
    "organisation.name": "its name",
    "organisation.url": "the address of its page",
    "organisation.type": "id of vocabulary/organisation-types.yaml: public-body, agency, cluster, university, "
    "company, association",
    "partners": "list of other organisations, by name",
    "origin": "where it arose, a group",
    "origin.programme": "the programme",
    "origin.project": "the project",
    "cost": "what it costs, a group",
    "cost.amount": "a number: digits, and a point before decimals",
    "cost.currency": "three letters of ISO 4217: EUR",
    "cost.period": "for what time: 2019-2022, a year",
    "cost.note": "what the amount includes",
    "funding": "list of groups, one for each source of money",
    "funding.source": "who pays",
    "funding.share": "what part: 85%",
    "effort": "people at work, a group",
    "effort.fte": "full-time equivalents, a number",
    "effort.note": "who they are",
    "results": "list of groups, one for each figure",
    "results.indicator": "what was counted",
    "results.value": "the figure: digits, and a point before decimals",
    "results.unit": "of what: %, companies",
    "results.period": "when",
    "results.source": "the number of the source in sources, from 1; with it and a value the practice counts as "
    "measured",
    "evaluation": "who judged it, a group",
    "evaluation.by": "who",
    "evaluation.independent": "yes when they were independent of those who run it; no otherwise",
    "evaluation.url": "the address of the report",
    "evaluation.year": "the year",
    "transfer": "what another region must know, a group",
    "transfer.needs": "what it needs first",
    "transfer.adaptable": "what it may change",
    "transfer.not_suitable_if": "when it should not try",
    "adoptions": "list of groups, one for each region that took it over",
    "adoptions.regions": "list of NUTS codes",
    "adoptions.organisation": "who",
    "adoptions.started": "year, month or day",
    "adoptions.outcome": "id of vocabulary/outcomes.yaml: worked, partly, did-not-work, too-early",
    "adoptions.changes": "what was changed",
    "adoptions.source": "the number of the source, from 1",
    "related": "list of ids of other practices",
    "keywords": "list of up to 12 words that people may search for",
    "contact": "the address of a page or the mailbox of a role, as info@example.org; a person's is refused",
    "confirmed": "when somebody last said that all this is still true: year, month or day",
    "license": "id of SPDX; CC-BY-4.0 where nothing is said",
    "sources": "list of groups, at least one; [1] in the text points to the first",
    "sources.title": "the title of the page or document",
    "sources.url": "its address",
    "sources.publisher": "who published it",
    "sources.language": "its language, two letters",
    "translated_by": "author, human or machine",
}


def make_schema(kind: Kind, vocabulary: Vocabulary, address: str) -> dict[str, Any]:
    """The schema of the front matter of a practice or of a translation; `address` is where it is published."""
    made = MODELS[kind].model_json_schema(schema_generator=_Lenient)
    groups = made.pop("$defs", {})
    made = _finished(made, (), groups, vocabulary)
    shared = {scheme: _terms(scheme, vocabulary) for scheme in (REGION_SCHEME, LANGUAGE_SCHEME)}
    definitions = {"$defs": shared} if kind == "practice" else {}
    return {"$schema": DIALECT, "$id": address, "title": _TITLES[kind]} | made | definitions


def _finished(
    schema: JsonSchemaValue, place: tuple[str, ...], groups: Mapping[str, JsonSchemaValue], vocabulary: Vocabulary
) -> JsonSchemaValue:
    """What pydantic made, with the groups put where they belong, and with descriptions and vocabularies."""
    schema = _with_group(schema, groups)
    if _SHARED in schema:
        schema = {"$ref": f"#/$defs/{schema[_SHARED]}"}
    term = _SCHEMES.get(place)
    if term is not None and term != REGION_SCHEME:
        schema = _terms(term, vocabulary) | ({"type": ["string", "null"]} if "null" in schema["type"] else {})
    inner = {name: _finished(part, (*place, name), groups, vocabulary) for name, part in _parts(schema)}
    for name in ("items", "propertyNames"):
        if name in schema:
            schema = schema | {name: _finished(schema[name], (*place, "*"), groups, vocabulary)}
    said = DESCRIPTIONS.get(".".join(part for part in place if part != "*")) if place and place[-1] != "*" else None
    unwanted = {"title"} if said or not place else {"title", "description"}
    schema = {name: part for name, part in schema.items() if name not in unwanted}
    return schema | ({"description": said} if said else {}) | ({"properties": inner} if inner else {})


def _parts(schema: JsonSchemaValue) -> Iterable[tuple[str, JsonSchemaValue]]:
    properties: Mapping[str, JsonSchemaValue] = schema.get("properties", {})
    return properties.items()


def _with_group(schema: JsonSchemaValue, groups: Mapping[str, JsonSchemaValue]) -> JsonSchemaValue:
    """The group that a schema points to; each belongs to one field, so it is written out there."""
    first, *nothing = schema.get("anyOf", [schema])
    group = groups.get(str(first.get("$ref", "")).removeprefix("#/$defs/"))
    if group is None:
        return schema
    return group | ({"type": ["object", "null"]} if nothing else {})


def _terms(scheme: str, vocabulary: Vocabulary) -> JsonSchemaValue:
    """The ids of a scheme, and what each means. The descriptions are an extension that editors know."""
    ids = [one for one in vocabulary.ids(scheme) if vocabulary.knows(scheme, one)]
    return {"type": "string", "enum": ids, "enumDescriptions": [_meaning(scheme, one, vocabulary) for one in ids]}


def _meaning(scheme: str, value: str, vocabulary: Vocabulary) -> str:
    label = vocabulary.label(scheme, value, _EN)
    definition = "" if scheme == REGION_SCHEME else vocabulary.concept(scheme, value).definition.get(_EN, "")
    return f"{label}: {definition}" if definition else label


def _or_nothing(schema: JsonSchemaValue) -> JsonSchemaValue:
    """The same, or nothing after the colon."""
    if "anyOf" in schema:
        return schema
    if "type" not in schema:  # a group, until it is written out
        return {"anyOf": [schema, {"type": "null"}]}
    kinds = schema["type"]
    return schema | {"type": list(dict.fromkeys([*([kinds] if isinstance(kinds, str) else kinds), "null"]))}


def _shared(scheme: str) -> JsonSchemaValue:
    """Stands for a scheme that several fields use, until the schema is finished."""
    return {"type": "string", _SHARED: scheme}


class _Lenient(GenerateJsonSchema):
    """Takes whatever an editor's YAML makes of a text that the model takes."""

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        """A text, or what YAML takes for something else; one that must be long is surely a text."""
        pattern, least = str(schema.get("pattern") or ""), schema.get("min_length", 0)
        if pattern == r"^[a-z]{2}$":
            return _shared(LANGUAGE_SCHEME)
        made: JsonSchemaValue = {"type": ["string"]}
        if pattern == model.ID_PATTERN:
            made = {"type": ["string", "integer"], "minimum": 0}
        elif not pattern and least <= len("2019"):
            made = {"type": ["string", "number"], **({"minimum": 10 ** (least - 1)} if least > 1 else {})}
            made["type"] += ["boolean"] if least <= 1 else []
        limits = {"minLength": least, "maxLength": schema.get("max_length")}
        made |= {name: limit for name, limit in limits.items() if limit}
        return made | {"pattern": pattern or r"\S"}

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        """A number, in quotes or without."""
        if schema.get("ge") is None:
            limits = {"exclusiveMinimum": -(10**_DIGITS), "pattern": f"^[+-]?{_NUMBER}"}
        else:
            limits = {"minimum": int(str(schema["ge"])), "pattern": rf"^\+?{_NUMBER}"}
        return {"type": ["number", "string"], "exclusiveMaximum": 10**_DIGITS, **limits}

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        """A whole number, in quotes or without."""
        made: JsonSchemaValue = {"type": ["integer", "string"], "minimum": schema["ge"], "pattern": r"^0*[1-9][0-9]*$"}
        if "lt" in schema:
            made |= {"maximum": schema["lt"] - 1, "pattern": _YEAR}
        return made

    def bool_schema(self, _schema: core_schema.BoolSchema) -> JsonSchemaValue:
        """A truth value, or what people write for one."""
        return {"type": ["boolean", "string", "integer"], "pattern": _YES_OR_NO, "minimum": 0, "maximum": 1}

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """A date of which the day may be unknown; a region by its bare code."""
        if schema["function"]["function"] is model._region:  # noqa: SLF001 - how the model reads a region
            return _shared(REGION_SCHEME)
        limits = {"minimum": YEARS.start, "maximum": YEARS.stop - 1}
        return {"type": ["string", "integer"], "pattern": _DATE, **limits}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """What need not be there; a field with nothing after its colon is not there."""
        return _or_nothing(self.generate_inner(schema["schema"]))

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """What is filled in where nothing is said."""
        made = _or_nothing(self.generate_inner(schema["schema"]))
        default = schema.get("default")
        return made if default is None or default in ((), {}) else made | {"default": default}
