"""What the templates of the form get: fields with what is in them and what is said of them. No request or clock."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from search.analysis import ANALYZERS
from search.checks.text import HEADINGS
from search.duplicates import Likeness
from search.fields import Raw
from search.messages import Message, Translations, say
from search.model import Practice
from search.vocabulary import LANGUAGE_SCHEME, REGION_SCHEME, Vocabulary, language_codes
from web.form import (
    ABOUT,
    SECTION,
    Entries,
    Field,
    Group,
    Kind,
    Section,
    Wanted,
    entry_pairs,
    rows_of,
    texts_at,
    wanted,
)
from web.ladder import Ladder
from web.sections import REST, section_ids, texts_of
from web.submission import Finding, Submission, advised
from web.views import PracticePage, Reader

LISTED_LEVELS = range(3)  # of regions that a list offers while one types; smaller ones are known too, and too many
_SMALL = {"cost.amount", "cost.currency", "started", "ended", "confirmed", "evaluation.year", "effort.fte"}
_REST = Field(
    name=SECTION + REST,
    kind=Kind.TEXT,
    label=say("Further text"),
    help=say("What stands before the first heading. Most practices have none."),
)


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose."""

    value: str
    label: str
    is_chosen: bool
    text: str = ""  # what it means


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to a field."""

    href: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """A field as it is shown. `id` is that of its control, or of the group of its controls."""

    id: str
    name: str
    kind: Kind
    label: str
    help: str = ""
    example: str = ""
    wanted: Wanted = Wanted.OPTIONAL
    value: str = ""
    values: tuple[str, ...] = ()  # of regions, with an empty one at the end
    options: tuple[Option, ...] = ()
    several: tuple[tuple[Option, ...], ...] = ()  # for each of the regions, which it may be
    errors: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    original: str = ""  # what the original says, beside a translation
    is_small: bool = False
    rows: int = 4  # lines of a text that are seen
    has_first: bool = False  # whether one of several can be made the first


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One of the rows of a group."""

    number: int
    id: str
    fields: tuple[FieldView, ...]
    is_empty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """A group that repeats."""

    id: str
    name: str
    label: str
    help: str
    rows: tuple[RowView, ...]
    wanted: Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """A section of the form; what is optional stands in `more`, which can be opened."""

    id: str
    title: str
    lead: str
    parts: tuple[FieldView | GroupView, ...]


@dataclass(frozen=True, slots=True)
class Similar:
    """A practice that may be the same."""

    title: str
    href: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """The form with everything that is in it."""

    kind: str  # "new", "edit" or "translate"
    action: str  # the address that it is sent to
    subject: str  # title of the practice that is changed or translated
    subject_href: str
    to: str  # language of a translation
    text_lang: str  # in which is written
    original_lang: str
    hidden: tuple[tuple[str, str], ...]
    sections: tuple[SectionView, ...]
    about: SectionView
    file: str
    errors: tuple[Link, ...]
    advice: tuple[Link, ...]  # fields that are advised and empty
    hints: tuple[Link, ...]  # further advice
    similar: tuple[Similar, ...]
    regions: tuple[str, ...]  # names that are offered while one types
    is_checked: bool
    has_new_numbers: bool  # a source was taken away, and those behind it moved up
    is_changed_meanwhile: bool
    left_out: tuple[str, ...]
    refused: str  # why a file could not be opened
    reopen: str  # the same form as the document is now


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPage:
    """A practice as it will look, and the ways into the collection."""

    kind: str
    action: str
    practice: PracticePage
    hidden: tuple[tuple[str, str], ...]
    ladder: Ladder
    text: str
    text_lang: str
    advice: tuple[Link, ...]
    similar: tuple[Similar, ...]
    failed: str  # why it could not be sent
    about: SectionView
    changes: tuple[tuple[bool, str], ...] = ()  # lines of the file, each with whether it is there now or was before


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    """A practice of which somebody wants to say that it is still true."""

    action: str
    id: str
    title: str
    title_lang: str
    href: str
    confirmed: str
    edit: str


@dataclass(frozen=True, slots=True)
class LanguagesPage:
    """The languages into which a practice can be translated."""

    title: str
    title_lang: str
    href: str
    own: str  # its own language
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class SentPage:
    """A request that was sent."""

    branch: str
    address: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Whoever fills in the form: reader, catalog, and what is said of each field."""

    reader: Reader
    translations: Translations
    entries: Entries
    findings: Mapping[str, Sequence[Finding]]
    several: Mapping[str, tuple[str, ...]]
    original: Practice | None = None  # of a translation

    @property
    def vocabulary(self) -> Vocabulary:
        """Its vocabularies."""
        return self.reader.vocabulary

    def say(self, message: Message) -> str:
        """A message in the reader's language."""
        return message.in_words(self.translations)


def anchor(name: str) -> str:
    """The id of a field's control."""
    return "f-" + name.replace(".", "-")


def sentence(text: str) -> str:
    """A finding as a sentence by itself."""
    return text if not text else text[:1].upper() + text[1:] + ("" if text[-1:] in ".:!?…" else ".")


def region_text(code: str, reader: Reader) -> str:
    """A region as the form shows it: name and code; what is none as it was typed."""
    return f"{reader.label(REGION_SCHEME, code)} ({code})" if reader.vocabulary.knows(REGION_SCHEME, code) else code


def form_page(
    submission: Submission,
    writer: Writer,
    *,
    action: str,
    original: Practice | None,
    add: str = "",
    is_checked: bool = False,
    has_new_numbers: bool = False,
    similar: Iterable[Likeness] = (),
    left_out: Iterable[str] = (),
    refused: Message | None = None,
    reopen: str = "",
) -> FormPage:
    """The form. `add` names the group that gets one more row; only when it is checked something is said of it."""
    entries = submission.entries
    carried = entries.carried
    kind = "translate" if carried.get("translate") else "edit" if carried.get("edit") else "new"
    sections = tuple(section_view(section, writer, add) for section in entries.sections)
    if original is None:
        last = sections[-1]
        sections = (*sections[:-1], replace(last, parts=(*last.parts, _id_field(submission, writer))))
    labels = labels_of(sections)
    findings = submission.findings if is_checked else ()
    shown = original.variant(writer.reader.lang) if original else None
    return FormPage(
        kind=kind,
        action=action,
        subject=shown.title if shown else "",
        subject_href=writer.reader.addresses.practice(original.id) if original else "",
        to=carried.get("to", ""),
        text_lang=carried.get("to", "") or str(entries.values.get("language", "")) or writer.reader.lang,
        original_lang=original.language if original else "",
        hidden=tuple(carried.items()),
        sections=sections,
        about=section_view(ABOUT, writer, ""),
        file=submission.file,
        errors=tuple(finding_link(one, labels, writer) for one in findings if one.is_error),
        advice=advice_links(entries, labels) if is_checked and kind != "translate" else (),
        hints=tuple(finding_link(one, labels, writer) for one in findings if not one.is_error),
        similar=similar_links(similar, writer),
        regions=_regions(writer.reader),
        is_checked=is_checked,
        has_new_numbers=has_new_numbers,
        is_changed_meanwhile=submission.is_changed_meanwhile,
        left_out=tuple(left_out),
        refused=sentence(writer.say(refused)) if refused else "",
        reopen=reopen,
    )


def preview_page(
    submission: Submission,
    writer: Writer,
    *,
    action: str,
    practice: PracticePage,
    ladder: Ladder,
    similar: Iterable[Likeness] = (),
    failed: Message | None = None,
) -> PreviewPage:
    """The finished practice and the ways out."""
    carried = submission.entries.carried
    kind = "translate" if carried.get("translate") else "edit" if carried.get("edit") else "new"
    labels = labels_of(section_view(section, writer, "") for section in submission.entries.sections)
    findings = [one for one in submission.findings if not one.is_error]
    return PreviewPage(
        kind=kind,
        action=action,
        practice=practice,
        hidden=tuple(entry_pairs(replace(submission.entries, id=submission.id))),
        ladder=ladder,
        text=submission.content.decode(),
        text_lang=practice.text_lang,
        advice=(
            *(advice_links(submission.entries, labels) if kind == "new" else ()),
            *(finding_link(one, labels, writer) for one in findings),
        ),
        similar=similar_links(similar, writer),
        failed=sentence(writer.say(failed)) if failed else "",
        about=section_view(ABOUT, writer, ""),
        changes=tuple(_changes(submission.before, submission.content)) if submission.before else (),
    )


def _changes(before: bytes, now: bytes) -> Iterator[tuple[bool, str]]:
    lines = difflib.unified_diff(
        before.decode(errors="replace").split("\n"), now.decode().split("\n"), n=0, lineterm=""
    )
    for line in islice(lines, 2, None):  # without the names of the files
        if not line.startswith("@@") and line[1:].strip():
            yield line[0] == "+", line[1:]


def by_field(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """What is said of each field."""
    found: dict[str, list[Finding]] = {}
    for one in findings:
        found.setdefault(one.field, []).append(one)
    return found


def similar_links(similar: Iterable[Likeness], writer: Writer) -> tuple[Similar, ...]:
    """Practices that may be the same, with why that is thought."""
    return tuple(
        Similar(one.title, writer.reader.addresses.practice(one.id), tuple(map(writer.say, one.reasons)))
        for one in similar
    )


def advice_links(entries: Entries, labels: Mapping[str, tuple[str, str]]) -> tuple[Link, ...]:
    """The fields that are advised and empty."""
    return tuple(Link(f"#{labels[name][0]}", labels[name][1]) for name in advised(entries) if name in labels)


def labels_of(sections: Iterable[SectionView]) -> dict[str, tuple[str, str]]:
    """The id and the label of each field, by its name."""
    labels = {}
    for section in sections:
        for part in section.parts:
            labels[part.name] = (part.id, part.label)
            if isinstance(part, GroupView):
                for row in part.rows:
                    labels |= {one.name: (one.id, f"{part.label} {row.number}, {one.label}") for one in row.fields}
    return labels


def finding_link(finding: Finding, labels: Mapping[str, tuple[str, str]], writer: Writer) -> Link:
    """What the checks say, with the way to its field."""
    text = sentence(writer.say(finding.message))
    if finding.field not in labels:
        return Link("", f"{text} {sentence(writer.say(finding.fix))}".strip())
    id, label = labels[finding.field]
    return Link(f"#{id}", writer.say(say("{name}: {value}", name=label, value=text)))


def section_view(section: Section, writer: Writer, add: str = "") -> SectionView:
    """A section with what is in it; `add` names the group that gets one more row."""
    parts: list[FieldView | GroupView] = []
    for part in section.parts:
        if isinstance(part, Group):
            parts.append(_group(part, writer, add))
        else:
            view = _field(part, writer, part.name, writer.entries.values)
            parts.append(_with_original(view, writer))
    if section.id == "story":
        parts += _story(writer)
    return SectionView(
        id=section.id, title=writer.say(section.title), lead=writer.say(section.lead), parts=tuple(parts)
    )


def _with_original(view: FieldView, writer: Writer) -> FieldView:
    if writer.original is None or view.name not in {"title", "summary"}:
        return view
    return replace(view, original=str(getattr(writer.original, view.name)), example="")


def _story(writer: Writer) -> Iterator[FieldView]:
    """A text for each section of the practice; of a translation those that the original has."""
    originals = texts_of(writer.original.body, writer.vocabulary) if writer.original else {}
    for id in section_ids(writer.vocabulary):
        name = SECTION + id
        if writer.original is not None and id not in originals and not writer.entries.texts.get(id):
            continue
        concept = writer.vocabulary.concept(HEADINGS, id)
        lang = writer.reader.lang
        is_required = id in {"problem", "what-was-done", "results"}
        is_advised = id in {"what-was-hard", "how-to-reuse"}
        view = FieldView(
            id=anchor(name),
            name=name,
            kind=Kind.TEXT,
            label=writer.vocabulary.label(HEADINGS, id, lang),
            help=concept.definition.get(lang) or concept.definition.get("en", ""),
            wanted=Wanted.REQUIRED if is_required else Wanted.ADVISED if is_advised else Wanted.OPTIONAL,
            value=writer.entries.texts.get(id, ""),
            original=originals.get(id, ""),
            rows=8 if is_required else 5,
        )
        yield _with_findings(view, writer)
    if REST in originals or writer.entries.texts.get(REST) or writer.findings.get(_REST.name):
        view = _field(_REST, writer, _REST.name, {})
        yield replace(view, value=writer.entries.texts.get(REST, ""), original=originals.get(REST, ""))


def _group(group: Group, writer: Writer, add: str) -> GroupView:
    rows = rows_of(group, writer.entries.values)
    filled = len(rows)
    if not rows and (group.name in {"sources", add}):
        rows = [{}]
    elif group.name == add:
        rows = [*rows, {}]
    return GroupView(
        id=anchor(group.name),
        name=group.name,
        label=writer.say(group.label),
        help=writer.say(group.help),
        rows=tuple(
            RowView(
                number=number,
                id=f"{anchor(group.name)}-{number if number <= filled else 'new'}",
                fields=tuple(
                    replace(
                        _field(one, writer, f"{group.name}.{number}.{one.name}", row, one.name),
                        wanted=wanted(one, group) if group.name == "sources" else Wanted.OPTIONAL,
                    )
                    for one in group.fields
                ),
                is_empty=number > filled,
            )
            for number, row in enumerate(rows, 1)
        ),
        wanted=wanted(group.fields[0], group),
    )


def _field(field: Field, writer: Writer, name: str, values: Mapping[str, Raw], inner: str = "") -> FieldView:
    texts = texts_at(values, replace(field, name=inner or name)) if not name.startswith("about.") else []
    if name.startswith("about."):
        texts = [writer.entries.about[name]] if writer.entries.about.get(name) else []
    label = writer.say(field.label)
    if not label and field.scheme:
        label = writer.vocabulary.title(field.scheme, writer.reader.lang)
    view = FieldView(
        id=anchor(name),
        name=name,
        kind=field.kind,
        label=label,
        help=writer.say(field.help),
        example=field.example,
        wanted=Wanted.OPTIONAL if inner or name.startswith(("about.", SECTION)) else wanted(field),
        value=texts[0] if texts else "",
        options=tuple(_options(field, texts, writer)),
        is_small=name in _SMALL or inner in {"value", "unit", "period", "source", "started", "share", "language"},
        rows=2 if name == "title" else 4 if field.kind is Kind.LINES else 3,
        has_first=name == "barriers",
    )
    view = _with_findings(view, writer)
    if field.kind is not Kind.REGIONS:
        return view
    typed = [*texts, ""]
    return replace(
        view,
        values=tuple(region_text(text, writer.reader) for text in typed),
        several=tuple(_several(text, writer) for text in typed),
    )


def _several(text: str, writer: Writer) -> tuple[Option, ...]:
    """The regions that a name may stand for, with the name itself first."""
    codes = writer.several.get(text, ())
    if not codes:
        return ()
    reader = writer.reader
    named = [Option(code, ", ".join(_places(code, reader)) + f" ({code})", is_chosen=False) for code in codes]
    return (Option(text, text, is_chosen=True), *named)


def _places(code: str, reader: Reader) -> list[str]:
    labels = [reader.label(REGION_SCHEME, code[:end]) for end in range(len(code), 1, -1)]
    return list(dict.fromkeys(labels))


def _options(field: Field, texts: Sequence[str], writer: Writer) -> Iterator[Option]:
    """What can be chosen; and what was written and is none of it, so that it is not lost."""
    known: list[tuple[str, str, str]] = []
    if field.scheme == LANGUAGE_SCHEME:
        labelled = writer.vocabulary.labelled(LANGUAGE_SCHEME, writer.reader.lang)
        known = [(id, label, "") for id, label in labelled if id in ANALYZERS or id in texts]
        known += [(id, label, "") for id, label in labelled if id in language_codes() and id not in ANALYZERS]
        known = list(dict.fromkeys(known))
    elif field.scheme:
        lang = writer.reader.lang
        for id, label in writer.vocabulary.labelled(field.scheme, lang):
            definition = writer.vocabulary.concept(field.scheme, id).definition
            known.append((id, label, definition.get(lang) or definition.get("en", "")))
    elif field.options:
        known = [(value, writer.say(label) or value, "") for value, label in field.options]
    if field.kind is Kind.TICKS:  # the order in which they are written, the main one first, stays
        known.sort(key=lambda option: texts.index(option[0]) if option[0] in texts else len(texts))
    for value, label, text in known:
        yield Option(value, label, value in texts, text)
    if known:
        ids = {value for value, _, _ in known}
        yield from (Option(text, text, is_chosen=True) for text in texts if text not in ids)


def _with_findings(view: FieldView, writer: Writer) -> FieldView:
    """A field with what the checks say of it."""
    errors: list[str] = []
    advice: list[str] = []
    for one in writer.findings.get(view.name, ()):
        said = f"{sentence(writer.say(one.message))} {sentence(writer.say(one.fix))}".strip()
        (errors if one.is_error else advice).append(said)
    return replace(view, errors=tuple(errors), advice=tuple(advice))


def _id_field(submission: Submission, writer: Writer) -> FieldView:
    given = submission.entries.id
    view = FieldView(
        id="f-id",
        name="id",
        kind=Kind.LINE,
        label=writer.say(say("Name of the file")),
        help=writer.say(say("Part of the address of its page, for ever. Made of the title where nothing is written.")),
        example=submission.id or "vienna-repair-cafe",
        value=given,
    )
    return _with_findings(view, writer)


def _regions(reader: Reader) -> tuple[str, ...]:
    known = reader.vocabulary.regions.values()
    codes = [one.region.code for one in known if one.level in LISTED_LEVELS and not one.successors]
    return tuple(region_text(code, reader) for code in codes)
