"""Begins a practice: from a few answers, or from a file with more, to a document with a name of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

from search.analysis import fold
from search.cells import LISTS, Reader
from search.column_names import HEADINGS, SCHEMES, label
from search.composing import compose
from search.errors import AtlasError
from search.fields import Fields, Raw
from search.front_matter import decode, parse_document, read_bytes
from search.library import document_files, document_name, slug
from search.model import ID_PATTERN, MAX_ID, FrontMatter
from search.spreadsheet import Sheet
from search.values import unknown_values
from search.vocabulary import Vocabulary
from search.yaml_errors import Refused

# What is asked for, with a hint; where there is none, the ids of the vocabulary are shown.
ASKED: Mapping[str, str] = {
    "title": "what, and where",
    "id": "small letters, digits and hyphens",
    "summary": "40 to 400 characters",
    "regions": "name or code",
    "barriers": "",
    "status": "",
    "organisation.name": "who runs it",
    "sources.url": "https://…",
}
NEEDED = frozenset({"title", "regions"})
EMPTY_SECTIONS = ("problem", "what-was-done", "results", "what-was-hard", "how-to-reuse")


SHORT_ID = 60  # characters of an id that is made of a title

_LINE = re.compile(r"(.+)\n(?:[-=]{3,}[ \t]*\n)?")  # with what underlines it where it is a heading
ADDRESS = re.compile(r"https?://[^\s;,<>]+[^\s;,<>.)]|www\.[^\s;,<>]+[^\s;,<>.)]")


class BeginningError(AtlasError):
    """A practice cannot be begun like this; the text says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """A document that is not there yet: its path from the root of the collection, and its bytes."""

    file: str
    content: bytes
    filled_in: tuple[str, ...] = ()  # what nobody wrote and was worked out: `source publisher "example.org"`


def read_source(path: Path, vocabulary: Vocabulary) -> tuple[dict[str, Raw], str]:
    """The fields and the text of a file: of a document, of JSON with fields, or of a text alone.

    Raises: BeginningError where it cannot be understood; OSError.
    """
    data = read_bytes(path)
    try:
        text = decode(data)
        if path.suffix.lower() == ".json":
            return _read_json(text, path)
        if not text.lstrip("\n").startswith("---"):
            return {}, with_headings(text, vocabulary)
        raw = parse_document(data)
    except Refused as refused:
        raise BeginningError(f"{path}:{refused.line}:{refused.column}: {refused.message}") from refused
    return dict(raw.fields.values), raw.body


def _read_json(text: str, path: Path) -> tuple[dict[str, Raw], str]:
    try:
        found = json.loads(text, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise BeginningError(f"{path} is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise BeginningError(f"{path} holds no fields: it should begin with {{")
    body = found.pop("body", "")
    values = {name: _raw(value) for name, value in found.items() if name in FrontMatter.model_fields}
    return values, body if isinstance(body, str) else ""


def _raw(value: object) -> Raw:
    if isinstance(value, dict):
        return {str(name): _raw(part) for name, part in value.items() if part is not None}
    if isinstance(value, list):
        return [_raw(part) for part in value]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def answered(values: Mapping[str, Raw], answers: Mapping[str, str], vocabulary: Vocabulary) -> dict[str, Raw]:
    """Fields with answers in place of what they were: regions and ids by any name, several with ; between them."""
    reader, nowhere = Reader(vocabulary), Sheet(name="", cells={}, epoch=datetime(1899, 12, 30))  # noqa: DTZ001
    filled: dict[str, Raw] = dict(values)
    for field, answer in answers.items():
        group, _, part = field.partition(".")
        if not answer.strip():
            continue
        if field in LISTS:
            filled[field] = list(reader.several(field, answer))
        elif group == "sources":
            filled[group] = [{"url": one} for one in answer.split()]
        elif part:
            before = filled.get(group)
            filled[group] = {**(before if isinstance(before, dict) else {}), part: reader.one(field, answer, nowhere)}
        else:
            filled[field] = reader.one(field, answer, nowhere)
    return filled


def question(field: str, language: str, vocabulary: Vocabulary) -> str:
    """How a field is asked for: its name in this language, and what may be written."""
    hint = ASKED[field] or ", ".join(vocabulary.ids(SCHEMES[field]))
    return f"{label(field, language)} ({hint}): "


def wrong_answer(field: str, answer: str, folder: Path, vocabulary: Vocabulary) -> str:
    """What is wrong with an answer, and how to mend it; "" where nothing is."""
    if field == "id":
        return refused_id(answer, folder)
    if not answer.strip():
        return "this is needed" if field in NEEDED else ""
    found = unknown_values(Fields(answered({}, {field: answer}, vocabulary)), "", vocabulary)
    return "; ".join(f"{problem.message}: {problem.fix}" for problem in found)


def refused_id(id: str, folder: Path) -> str:
    """Why no practice can be begun with this id; "" where one can."""
    if not re.fullmatch(ID_PATTERN, id) or len(id) > MAX_ID:
        return f'"{id}" is no id: small letters and digits with hyphens between them'
    for file in document_files(folder) if folder.is_dir() else ():
        if document_name(file.rpartition("/")[2]) == (id, None):
            return f"there is a practice {file} already, which is not written over"
    return ""


def begin(values: Mapping[str, Raw], body: str, folder: Path, vocabulary: Vocabulary) -> Beginning:
    """Make the document, with a name that no other has. The field `id` is the name where it is given.

    Raises: BeginningError where there is no title or region, or the name is taken.
    """
    filled = dict(values)
    wanted = filled.pop("id", "")
    title, regions = filled.get("title"), filled.get("regions")
    first = regions[0] if isinstance(regions, list) and regions else ""
    if not isinstance(title, str) or not title.strip():
        raise BeginningError("a practice needs a title; give one with --title")
    if not isinstance(first, str) or not first or not vocabulary.knows("nuts", first):
        raise BeginningError(f'"{first}" is no region that is known; give one with --region, by its name or code')
    id = str(wanted) if wanted else proposed_id(title)
    if wrong := refused_id(id, folder):
        raise BeginningError(f"{wrong}; give another with --id")
    filled_in = [] if "language" in filled else ['language "en"']
    filled.setdefault("language", "en")
    filled_in += with_what_addresses_tell(filled)
    language = str(filled["language"])
    return Beginning(
        file=f"{first[:2].lower()}/{id}.md",
        content=compose(filled, body if body.strip() else skeleton(vocabulary, language)),
        filled_in=tuple(filled_in),
    )


def write_new(beginnings: Sequence[Beginning], folder: Path) -> list[Path]:
    """Write documents; where one cannot be, those that were written are taken back.

    Raises: FileExistsError where something is there already; OSError.
    """
    written: list[Path] = []
    try:
        for one in beginnings:
            path = folder / one.file
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                written.append(path)
                file.write(one.content)
    except OSError:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return written


def proposed_id(title: str) -> str:
    """An id made of a title, cut between words."""
    whole = slug(title)
    if len(whole) <= SHORT_ID:
        return whole
    return whole[: SHORT_ID + 1].rpartition("-")[0] or whole[:SHORT_ID]


def headed(sections: Mapping[str, str], vocabulary: Vocabulary, language: str) -> str:
    """A text with these sections, by the ids of their headings, in the order of the vocabulary."""
    parts = []
    for concept in vocabulary.schemes[HEADINGS].concepts:
        text = sections.get(concept.id, "").strip()
        if text:
            title = concept.pref_label.get(language) or concept.pref_label["en"]
            parts.append(f"## {title}\n\n{text}\n")
    return "\n".join(parts)


def with_headings(text: str, vocabulary: Vocabulary) -> str:
    """A text in which each line that is no more than a heading of the vocabulary is one of the second level."""
    titles = {
        fold(title)
        for concept in vocabulary.schemes[HEADINGS].concepts
        for title in chain(concept.pref_label.values(), *concept.alt_labels.values())
    }

    def headed_line(line: re.Match[str]) -> str:
        title = line[1].strip("# \t").removesuffix(":").rstrip()
        return f"## {title}\n" if fold(title) in titles else line[0]

    return _LINE.sub(headed_line, text)


def with_what_addresses_tell(values: dict[str, Raw]) -> list[str]:
    """Fill in what is not said: of a source what its address tells, of an amount that it is in euros.

    Returns: what was filled in, in words.
    """
    filled_in: list[str] = []

    def fill(target: str, group: dict[str, Raw], value: Raw) -> None:
        part = target.partition(".")[2]
        if part not in group:
            group[part] = value
            filled_in.append(f'{label(target, "en")} "{value}"')

    cost, sources = values.get("cost"), values.get("sources")
    if isinstance(cost, dict) and "amount" in cost:
        fill("cost.currency", cost, "EUR")
    for source in sources if isinstance(sources, list) else ():
        url = source.get("url") if isinstance(source, dict) else None
        if isinstance(source, dict) and isinstance(url, str) and ADDRESS.match(url):
            parts = urlsplit(url)
            host = (parts.netloc.rpartition("@")[2]).removeprefix("www.")
            fill("sources.title", source, f"{host}{parts.path.rstrip('/')}"[:300])
            fill("sources.publisher", source, host)
            fill("sources.language", source, values.get("language", "en"))
    return filled_in


def skeleton(vocabulary: Vocabulary, language: str) -> str:
    """The headings of a text, with a place to write under each."""
    return headed(dict.fromkeys(EMPTY_SECTIONS, "…"), vocabulary, language)


def markdown_template(vocabulary: Vocabulary, language: str) -> str:
    """A document with every field, empty, and beside each what may stand there."""
    lines = ["---"]
    scheme_of = {"barriers": "barriers", "factors": "pestel", "instruments": "instruments", "topics": "topics",
        "target_groups": "target-groups", "status": "statuses"}  # fmt: skip
    for name in FrontMatter.model_fields:
        if name in scheme_of:
            known = "; ".join(f"{id} = {text}" for id, text in vocabulary.labelled(scheme_of[name], language))
            lines.append(f"# {known}")
        lines += _EMPTY.get(name, f"{name}:").format(language=language).split("\n")
    return "\n".join([*lines, "---", "", skeleton(vocabulary, language)])


_EMPTY = {
    "language": "language: {language}",
    "regions": "regions:  # [FRH0]",
    "started": "started:  # 2019, 2019-04, 2019-04-30",
    "ended": "ended:  # 2019, 2019-04, 2019-04-30",
    "organisation": "organisation:\n  name:\n  url:\n  type:",
    "partners": 'partners:  # ["…", "…"]',
    "license": "license: CC-BY-4.0",
    "sources": "sources:\n  - title:\n    url:\n    publisher:\n    language:",
}
