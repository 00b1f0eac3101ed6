"""The JSON Schema of the front matter takes what the model takes, and nothing else."""

from __future__ import annotations

import copy
import json
import random
import re
from typing import ClassVar

import pytest
import yaml
from jsonschema import Draft7Validator

import indexer
from search.errors import Severity
from search.front_matter import decode
from search.library import parse
from search.model import FrontMatter, TranslationFrontMatter
from search.schema import DESCRIPTIONS, DIALECT, make_schema
from search.values import unknown_values
from tests.builders import BODY, FIELDS, TRANSLATION_FIELDS
from tests.conftest import ROOT

ADDRESS = "https://example.org/schema/practice.json"
GENERATED = 300

WHOLE = {
    **FIELDS,
    "title_native": {"de": "Reparaturcafé"},
    "place": "Vienna",
    "factors": ["social", "economic"],
    "instruments": ["training"],
    "topics": ["education"],
    "target_groups": ["citizens"],
    "started": "2019",
    "ended": "2024-02-29",
    "organisation": {"name": "Verein", "url": "https://example.org/", "type": "association"},
    "partners": ["City of Vienna", "1020"],
    "origin": {"programme": "Interreg", "project": "CYBER"},
    "cost": {"amount": "1250.5", "currency": "EUR", "period": "2019", "note": "rooms"},
    "funding": [{"source": "City", "share": "85%"}],
    "effort": {"fte": "2", "note": "two people"},
    "results": [{"indicator": "mended", "value": "-3.5", "unit": "%", "period": "2021", "source": "1"}],
    "evaluation": {"by": "University", "independent": "yes", "url": "https://example.org/e", "year": "2021"},
    "transfer": {"needs": "a room", "adaptable": "hours", "not_suitable_if": "no room"},
    "adoptions": [
        {"regions": ["DE14"], "organisation": "Ulm", "started": "2021-04", "outcome": "worked", "source": "1"}
    ],
    "related": ["other-practice"],
    "keywords": ["repair", "2019"],
    "contact": "info@example.org",
    "confirmed": "2024-05",
    "license": "CC-BY-4.0",
}

# What may stand anywhere by mistake: of each kind of value one that fits somewhere, and some that fit nowhere.
STRANGE = [
    "",
    "x",
    "x" * 4000,
    "true",
    "no",
    "maybe",
    "2019",
    "1800",
    "2019-13",
    "2020-04",
    "0",
    "1",
    "-1",
    "2.5",
    "1e3",
    "12,5",
    "999999999999999999999",
    "AT13",
    "NL31",
    "Brittany",
    "skills",
    "skils",
    "fr",
    "xx",
    "EUR",
    "eur",
    "worked",
    "agency",
    "https://example.org/a b",
    "https://example.org/a",
    "example.org",
    "MIT",
    "not an id",
    "an-id",
    [],
    ["skills", "x"],
    ["AT13"],
    {},
    {"name": "x"},
    [{"title": "x"}],
    ["w"] * 13,
    "~x",
    "a: b # c",
    "# not a comment",
    "[no list]",
    "é " * 60,
]


class Yaml12(yaml.SafeLoader):
    """The core schema of YAML 1.2, as most editors read it."""

    yaml_implicit_resolvers: ClassVar = {}


for kind, form, starts in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    Yaml12.add_implicit_resolver(f"tag:yaml.org,2002:{kind}", re.compile(f"^(?:{form})$"), list(starts))
Yaml12.add_constructor(
    "tag:yaml.org,2002:int", lambda loader, node: int(loader.construct_scalar(node))
)  # not octal: 012 is 12


class Yaml11(yaml.SafeLoader):
    """The types of YAML 1.1, as older editors read it; JSON has no dates, so they come as text."""


Yaml11.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node))


@pytest.fixture(scope="module")
def schemas(vocabulary):
    return {kind: make_schema(kind, vocabulary, ADDRESS) for kind in ("practice", "translation")}


def as_an_editor(content: bytes, loader=Yaml12):
    front = re.split(r"^---+[ \t]*$", decode(content), maxsplit=2, flags=re.MULTILINE)[1]
    return yaml.load(front, Loader=loader)


def complaints(schema, content: bytes, loader=Yaml12) -> list[str]:
    errors = Draft7Validator(schema).iter_errors(as_an_editor(content, loader))
    return [f"{one.json_path}: {one.message[:100]}" for one in errors]


def refusals(content: bytes, vocabulary, name="repair-cafe.md") -> list[str]:
    document, problems = parse(content, name, vocabulary)
    if document is not None:
        problems = unknown_values(document.fields, name, vocabulary)
    return [str(one) for one in problems if one.severity is Severity.ERROR]


def places(value, place=()):
    """The places of everything in a document."""
    if place:
        yield place
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in inner:
        yield from places(part, (*place, name))


def leaves(fields):
    """Everything in a document, with its place."""
    for place in places(fields):
        value = fields
        for name in place:
            value = value[name]
        yield place, value


def changed(fields, place, value):
    """A document with another value at a place; None takes it away."""
    fields = copy.deepcopy(fields)
    *way, last = place
    group = fields
    for name in way:
        group = group[name]
    if value is None:
        del group[last]
    else:
        group[last] = value
    return fields


def written(fields) -> bytes:
    """A document with exactly these fields; what needs no quotes has none."""
    lines = [f"{name}: {in_flow(value)}\n" for name, value in fields.items()]
    return f"---\n{''.join(lines)}---\n\n{BODY}".encode()


def in_flow(value) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {in_flow(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(in_flow, value)) + "]"
    if re.fullmatch(r"-?[A-Za-z0-9]+(?:[.+-][A-Za-z0-9]+)*", value):
        return value
    return yaml.dump(value, default_style='"', width=10**6, allow_unicode=True).strip()


def broken_in_one_place():
    """Documents with something taken away, added or put in the place of something else."""
    everywhere = list(places(WHOLE))
    yield from (changed(WHOLE, place, None) for place in everywhere)
    yield from (changed(WHOLE, (*place, "colour"), "blue") for place in [(), ("cost",), ("sources", 0), ("transfer",)])
    yield from (changed(WHOLE, place, strange) for place in everywhere for strange in STRANGE)


@pytest.mark.parametrize("loader", [Yaml12, Yaml11])
def test_every_document_of_the_collection_is_valid(schemas, loader):
    wrong = {}
    for path in sorted((ROOT / "practices").rglob("*.md")):
        if path.stem.lower() != "readme":
            kind = "practice" if "." not in path.stem else "translation"
            found = complaints(schemas[kind], path.read_bytes(), loader)
            wrong |= {path.name: found} if found else {}
    assert wrong == {}


def test_a_whole_document_is_valid_to_both(schemas, vocabulary):
    content = written(WHOLE)
    assert (complaints(schemas["practice"], content), refusals(content, vocabulary)) == ([], [])


# Where an editor's YAML has lost what was written, or JSON Schema has no word for it. Everything else agrees.
STRICTER = [  # the schema complains and the model does not: put quotes around it
    (("title",), "true"),
    (("title",), "2.5"),
    (("related", 0), "true"),
    (("license",), "2019"),
]
LENIENT = [  # the model complains and the schema does not: `practices check` says it
    (("results", 0, "source"), "1e3"),  # to YAML the number 1000
    (("started",), "2019-02-30"),  # no such day
    (("title",), "a   "),  # too short without its spaces
    (("cost", "amount"), "0.1234567890123456789"),  # 19 digits
]


NO_NUMBERS = {"title", "related", "license"}


def is_known(fields) -> bool:
    """Whether a bare word or number stands where only another text fits, or 1e3 where a whole number does."""
    bare = re.compile(r"true|-?[0-9.]+(e[0-9]+)?")
    return any(
        isinstance(value, str) and (bare.fullmatch(value) if place[0] in NO_NUMBERS else value == "1e3")
        for place, value in leaves(fields)
        if place[0] in NO_NUMBERS or place[-1] == "source"
    )


def test_schema_and_model_agree_on_generated_documents(schemas, vocabulary):
    validator = Draft7Validator(schemas["practice"])
    documents = [one for one in broken_in_one_place() if not is_known(one)]
    found = {True: 0, False: 0}
    for fields in random.Random(7).sample(documents, GENERATED):
        content = written(fields)
        refused = refusals(content, vocabulary)
        found[not refused] += 1
        assert validator.is_valid(as_an_editor(content)) == (not refused), (content.decode(), refused)
    assert min(found.values()) > GENERATED / 10


@pytest.mark.parametrize(("place", "value"), STRICTER)
def test_where_the_schema_is_stricter_quotes_help(schemas, vocabulary, place, value):
    content = written(changed(WHOLE, place, value))
    assert complaints(schemas["practice"], content)
    assert refusals(content, vocabulary) == []
    assert complaints(schemas["practice"], content.replace(value.encode(), f'"{value}"'.encode())) == []


@pytest.mark.parametrize(("place", "value"), LENIENT)
def test_where_the_schema_is_more_lenient_the_check_says_it(schemas, vocabulary, place, value):
    content = written(changed(WHOLE, place, value))
    assert complaints(schemas["practice"], content) == []
    assert refusals(content, vocabulary)


@pytest.mark.parametrize("name", [*TRANSLATION_FIELDS, "language"])
def test_schema_and_model_agree_on_translations(schemas, vocabulary, name):
    wrong = [{**TRANSLATION_FIELDS, name: strange} for strange in STRANGE]
    whole = [TRANSLATION_FIELDS, {key: value for key, value in TRANSLATION_FIELDS.items() if key != name}]
    for fields in [*whole, *(one for one in wrong if one.get("title") not in ("true", "2.5"))]:
        content = written(fields)
        refused = refusals(content, vocabulary, "repair-cafe.fr.md")
        assert bool(complaints(schemas["translation"], content)) == bool(refused), (fields, refused)


def test_every_field_is_described_as_in_the_docs(schemas):
    rows = re.findall(r"^\| `([\w.]+)` \| \w+ \| (.+) \|$", (ROOT / "docs/fields.md").read_text("utf-8"), re.MULTILINE)
    assert {name: text.replace("`", "") for name, text in reversed(rows)} == dict(DESCRIPTIONS)
    described = {}

    def collect(schema, place=()):
        for name, part in (schema.get("properties") or schema.get("items", {}).get("properties") or {}).items():
            described[".".join((*place, name))] = part["description"]
            collect(part, (*place, name))

    for schema in schemas.values():
        collect(schema)
    assert described.keys() == DESCRIPTIONS.keys()


def test_a_schema_is_one_and_knows_its_address(schemas, vocabulary):
    for kind, schema in schemas.items():
        Draft7Validator.check_schema(schema)
        assert (schema["$schema"], schema["$id"]) == (DIALECT, ADDRESS)
        required = {"practice": FrontMatter, "translation": TranslationFrontMatter}[kind]
        assert set(schema["properties"]) == set(required.model_fields)
    regions = schemas["practice"]["$defs"]["nuts"]
    assert regions["enumDescriptions"][regions["enum"].index("FRH0")] == "Brittany"
    assert "NL31" not in regions["enum"]  # retired


def test_the_schemas_are_published(real_client):
    for kind in ("practice", "translation"):
        answer = real_client.get(f"/schema/{kind}.json")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/schema+json"
        assert answer.json()["$id"] == f"http://testserver/schema/{kind}.json"
        assert (
            real_client.get(f"/schema/{kind}.json", headers={"If-None-Match": answer.headers["etag"]}).status_code
            == 304
        )
    assert real_client.get("/schema/other.json").status_code == 404


def test_the_program_prints_the_schemas(capsys, monkeypatch):
    monkeypatch.setenv("PRACTICES_BASE_URL", "https://practices.example.eu/")
    assert indexer.main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["$id"] == "https://practices.example.eu/schema/practice.json"
    assert indexer.main(["schema", "translation"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "A translation of a practice"
