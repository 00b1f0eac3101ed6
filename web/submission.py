"""What becomes of a filled form: the file that it makes, its name, and what the checks say of it, field by field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from hashlib import blake2b
from pathlib import Path

from search.checks import check_document, check_draft
from search.composing import compose
from search.errors import Problem, Severity
from search.fields import Raw
from search.front_matter import parse_document, read_bytes
from search.library import Document, Library, document_name, parse, slug
from search.messages import NOTHING, Message, say
from search.model import MAX_ID, Practice, Translation
from search.rules import Rule
from search.vocabulary import REGION_SCHEME, Vocabulary
from search.yaml_errors import Refused
from web.form import (
    CARRIED,
    SECTION,
    Entries,
    Field,
    Group,
    entry_pairs,
    fields_of,
    left_out,
    read_entries,
    rows_of,
    wanted,
)
from web.sections import REST, join_text, split_text, texts_of

LONG_ID = 60  # characters from which a proposed id is cut at a hyphen
REQUIRED_SECTIONS = ("problem", "what-was-done", "results")
NEEDED = say("this is needed")
NEEDED_WITH_OTHERS = say("this is needed, since something beside it is filled in")
UNCHANGED = say("nothing is changed yet")

_CODED = re.compile(r".*\(([A-Za-z]{2}[A-Za-z0-9]{0,3})\)")
_UNSAID = {Rule.ADVISED_FIELDS, Rule.MISSING_HEADING}  # said of each field by itself


@dataclass(frozen=True, slots=True)
class Finding:
    """What the checks say of a field of the form, or of the whole where `field` is ""."""

    field: str
    message: Message
    fix: Message = NOTHING
    is_error: bool = True


@dataclass(frozen=True, slots=True)
class Shelf:
    """What there is already: the folder of the documents, their ids by their names, and what is published."""

    folder: Path
    ids: frozenset[str]
    library: Library

    def has(self, id: str) -> bool:
        """Whether an id is taken, or was: it is never given again."""
        return id in self.ids or id in self.library.moved or self.library.get(id) is not None

    def known(self, values: Mapping[str, Raw]) -> frozenset[str]:
        """The ids to which a practice with these values may be related."""
        related = values.get("related")
        named = related if isinstance(related, list) else []
        return self.ids.union(str(id) for id in named if self.library.get(str(id)) is not None)

    def read(self, file: str) -> bytes | None:
        """A document by its path from the folder; None where there is none, or it lies outside."""
        if document_name(Path(file).name) is None:
            return None
        path = (self.folder / file).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            return None
        try:
            return read_bytes(path)
        except OSError:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A form, and the file that it makes; `file` is "" while it is not known where it belongs."""

    entries: Entries  # with codes in place of names of regions
    id: str
    file: str
    content: bytes
    before: bytes  # the file as it is now; empty where there is none
    document: Document | None
    body: str
    findings: tuple[Finding, ...]
    several: Mapping[str, tuple[str, ...]]  # the codes that a name of a region may stand for

    @property
    def errors(self) -> list[Finding]:
        """What keeps it out."""
        return [one for one in self.findings if one.is_error]

    @property
    def is_changed_meanwhile(self) -> bool:
        """Whether the file is not the one any more that was opened in the form."""
        opened = self.entries.carried.get("digest", "")
        return opened != "" and opened != digest(self.before)

    def seen(self) -> Submission:
        """The same, with the file as it is now counted as the one that was opened."""
        carried = {**self.entries.carried, "digest": digest(self.before)}
        return replace(self, entries=replace(self.entries, carried=carried))


def digest(content: bytes) -> str:
    """A short name for the bytes of a file."""
    return blake2b(content, digest_size=12).hexdigest() if content else "none"


def open_document(data: bytes, vocabulary: Vocabulary, carried: Mapping[str, str], id: str = "") -> Entries:
    """The form that a document fills.

    Raises: Refused where it cannot be read.
    """
    raw = parse_document(data)
    return Entries(
        values=raw.fields.values,
        texts=texts_of(raw.body, vocabulary),
        id=id,
        carried={name: value for name, value in carried.items() if name in CARRIED and value},
    )


def unknown_fields(entries: Entries) -> list[str]:
    """Fields of an opened document that the form has no place for."""
    return left_out(entries.values, entries.sections)


def submit(
    entries: Entries, shelf: Shelf, vocabulary: Vocabulary, today: date, original: Practice | None = None
) -> Submission:
    """Make the file and check it. `original` is the practice that is changed or translated."""
    entries = read_entries_again(entries)
    values, several = _with_codes(entries.values, vocabulary)
    entries = replace(entries, values=values)
    to = entries.carried.get("to", "") if entries.carried.get("translate") else ""
    id, id_findings = _choose_id(entries, shelf, vocabulary, original)
    file = _file(id, to, values, vocabulary, original)
    before = (shelf.read(file) if file and original else None) or b""
    lang = to or str(values.get("language", "")) or "en"
    body = join_text(entries.texts, vocabulary, lang, _body(before))
    content = compose(values, body, before)
    shown = f"{id or 'practice'}{f'.{to}' if to else ''}.md"
    document, problems = parse(content, shown, vocabulary, partial(check_draft, vocabulary=vocabulary, today=today))
    if document is not None:
        known = shelf.known(values)
        problems = check_document(document, vocabulary, known, today=today, moved=shelf.library.moved)
    findings = [
        *_of_problems(problems, content, entries, several, vocabulary),
        *(_missing_sections(entries) if not to else ()),
        *id_findings,
        *([Finding("", UNCHANGED)] if before and content == before else ()),
    ]
    return Submission(
        entries=entries,
        id=id,
        file=file,
        content=content,
        before=before,
        document=document,
        body=body,
        findings=tuple(dict.fromkeys(findings)),
        several=several,
    )


def read_entries_again(entries: Entries) -> Entries:
    """The same as if it had been sent by the form: in its shape, without what the form has no place for."""
    return read_entries(entry_pairs(entries))


def advised(entries: Entries) -> list[str]:
    """The names of the fields that are advised and empty, by the first of those that belong together."""
    names = []
    for group, one in fields_of(entries.sections):
        first = group.name if group else one.name.partition(".")[0]
        is_empty = not entries.values.get(first) if first != "organisation" else not _at(entries.values, one.name)
        if wanted(one, group) == "advised" and is_empty:
            names.append(group.name if group else one.name)
    firsts = {name.partition(".")[0]: name for name in reversed(names) if not name.startswith("organisation.")}
    kept = [name for name in dict.fromkeys(names) if name.startswith("organisation.") or name in firsts.values()]
    return kept + [SECTION + id for id in ("what-was-hard", "how-to-reuse") if not entries.texts.get(id)]


def proposed_id(values: Mapping[str, Raw], vocabulary: Vocabulary, is_taken: Callable[[str], bool]) -> str:
    """An id of the first region and the title; "" where there is no title."""
    title = slug(str(values.get("title", "")))
    if not title:
        return ""
    codes = values.get("regions")
    code = codes[0] if isinstance(codes, list) and codes else ""
    region = vocabulary.regions.get(str(code))
    place = slug(region.label("en")) if region else ""
    text = title if not place or place in title else f"{place}-{title}"
    if len(text) > LONG_ID:
        text = text[: LONG_ID + 1].rpartition("-")[0] or text[:LONG_ID]
    number, found = 1, text
    while is_taken(found):
        number += 1
        found = f"{text}-{number}"
    return found


def practice_of(submission: Submission, original: Practice | None) -> tuple[Practice, Translation | None]:
    """The practice that a valid file makes, and the translation where it is one."""
    document = submission.document
    assert document is not None
    if document.language is not None:
        assert original is not None
        translation = Translation.model_validate(
            {**dict(document.content), "language": document.language, "body": document.body, "path": submission.file}
        )
        return original, translation
    made = {**dict(document.content), "id": submission.id, "body": document.body, "path": submission.file}
    return Practice.model_validate(made), None


def _at(values: Mapping[str, Raw], name: str) -> Raw:
    first, _, rest = name.partition(".")
    value = values.get(first, "")
    return value.get(rest, "") if isinstance(value, dict) else ""


def _body(before: bytes) -> str:
    try:
        return parse_document(before).body if before else ""
    except Refused:
        return ""


def _choose_id(
    entries: Entries, shelf: Shelf, vocabulary: Vocabulary, original: Practice | None
) -> tuple[str, list[Finding]]:
    """The id of the file, and what is wrong with the one that was given."""
    if original is not None:
        return original.id, []
    proposed = proposed_id(entries.values, vocabulary, shelf.has)
    given = entries.id
    if not given:
        return proposed, []
    if document_name(f"{given}.md") is None or len(given) > MAX_ID or "." in given:
        message = say("this cannot be the name of a file")
        fix = say("write small letters and digits with hyphens between them: repair-cafe")
        return "", [Finding("id", message, fix)]
    if shelf.has(given):
        message = say("another practice has this name already")
        fix = say('write "{value}"', value=proposed) if proposed else NOTHING
        return "", [Finding("id", message, fix)]
    return given, []


def _file(id: str, to: str, values: Mapping[str, Raw], vocabulary: Vocabulary, original: Practice | None) -> str:
    if original is not None:
        return f"{original.path.removesuffix('.md')}.{to}.md" if to else original.path
    codes = values.get("regions")
    code = str(codes[0]) if isinstance(codes, list) and codes else ""
    return f"{code[:2].lower()}/{id}.md" if id and vocabulary.knows(REGION_SCHEME, code) else ""


def _with_codes(values: Mapping[str, Raw], vocabulary: Vocabulary) -> tuple[dict[str, Raw], dict[str, tuple[str, ...]]]:
    """Codes in place of names of regions where it is clear which is meant; and names that several regions have."""
    several: dict[str, tuple[str, ...]] = {}

    def code(text: Raw) -> Raw:
        if not isinstance(text, str):
            return text
        found = _CODED.fullmatch(text)
        codes = vocabulary.preferred(vocabulary.resolve_region(found[1] if found else text))
        if len(codes) > 1:
            several[text] = codes
        return codes[0] if len(codes) == 1 else text

    def within(group: Mapping[str, Raw]) -> dict[str, Raw]:
        regions = group.get("regions")
        return {**group, "regions": list(map(code, regions))} if isinstance(regions, list) else dict(group)

    made = within(values)
    adoptions = made.get("adoptions")
    if isinstance(adoptions, list):
        made["adoptions"] = [within(one) if isinstance(one, dict) else one for one in adoptions]
    return made, several


def _of_problems(
    problems: Iterable[Problem],
    content: bytes,
    entries: Entries,
    several: Mapping[str, tuple[str, ...]],
    vocabulary: Vocabulary,
) -> Iterator[Finding]:
    for problem in problems:
        if problem.rule in _UNSAID:
            continue
        is_error = problem.severity is Severity.ERROR
        field = _form_field(problem, entries) or _section(problem, content, vocabulary)
        if problem.rule == Rule.UNKNOWN_REGION and any(f'"{name}"' in problem.message for name in several):
            message = say("several regions have this name: choose one")
            yield Finding(field, message)
        elif problem.rule == Rule.MISSING_FIELD:
            yield Finding(field, NEEDED if _is_required(field, entries) else NEEDED_WITH_OTHERS)
        elif problem.rule == Rule.NO_FRONT_MATTER:  # a form has none while nothing is filled in
            yield from (
                Finding(one.name, NEEDED)
                for group, one in _firsts(entries)
                if group is None and wanted(one) == "required"
            )
        else:
            yield Finding(field, problem.message, problem.fix, is_error)


def _is_required(field: str, entries: Entries) -> bool:
    """Whether a field is needed whatever else is filled in."""
    name = re.sub(r"\.[0-9]+\.", ".", field)
    return any(
        (f"{group.name}.{one.name}" if group else one.name) == name and wanted(one, group) == "required"
        for group, one in fields_of(entries.sections)
    )


def _missing_sections(entries: Entries) -> Iterator[Finding]:
    for id in REQUIRED_SECTIONS:
        if not entries.texts.get(id):
            yield Finding(SECTION + id, NEEDED, say("write it; where nothing is known, say that"))


def _form_field(problem: Problem, entries: Entries) -> str:
    """The field of the form that a finding is about; "" where it is about none, or about the text."""
    path = problem.field.split(".")
    parts = {(group.name if group else one.name.partition(".")[0]): (group, one) for group, one in _firsts(entries)}
    if path[0] not in parts:
        return ""
    group, one = parts[path[0]]
    if group is None:
        whole = ".".join(path)
        return whole if one.name == path[0] or len(path) > 1 else one.name
    if path[0] == "title_native":
        names = [str(row.get("language")) for row in rows_of(group, entries.values)]
        number = names.index(path[1].strip("?")) + 1 if len(path) > 1 and path[1].strip("?") in names else 1
        return f"title_native.{number}.language"
    if len(path) == 1:
        return f"{group.name}.1.{group.fields[0].name}"
    return ".".join(path) if len(path) > 2 else f"{problem.field}.{group.fields[0].name}"


def _firsts(entries: Entries) -> Iterator[tuple[Group | None, Field]]:
    """Of each field of the document the first field of the form."""
    seen = set()
    for group, one in fields_of(entries.sections):
        first = group.name if group else one.name.partition(".")[0]
        if first not in seen:
            seen.add(first)
            yield group, one


def _section(problem: Problem, content: bytes, vocabulary: Vocabulary) -> str:
    """The field of the section in which a finding stands."""
    try:
        raw = parse_document(content)
    except Refused:
        return ""
    if problem.line < raw.body_line or problem.field:
        return ""
    id = REST
    for part in split_text(raw.body, vocabulary):
        if part.line + raw.body_line <= problem.line:
            id = part.id
    return SECTION + id
