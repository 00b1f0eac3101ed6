"""The form in which a practice is written, as data; and how its fields become values of a document, and back.

Every field has the name that findings call it by, `results.1.value`, so that each finding has its field.
Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from search.checks.fields import ADVISED, OPEN_LICENSES
from search.composing import without_empty
from search.errors import AtlasError
from search.fields import Raw
from search.messages import NOTHING, Message, say
from search.model import FrontMatter, TranslationFrontMatter

MAX_REQUEST = 1536 * 1024  # bytes: a document of the largest size whose every letter takes three times its bytes
MAX_PAIRS = 3000  # fields of a request
MAX_ROWS = 60  # of a group that repeats
FIRST = "barriers.first"  # the control that names the main one
SECTION = "section."  # before the name of a section of the text

_NOT_IN_TEXT = re.compile("[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ROW = re.compile(r"([a-z_]+)\.([1-9][0-9]{0,2})\.([a-z_]+)")


class Kind(StrEnum):
    """How a field is filled in."""

    LINE = "line"
    PARAGRAPH = "paragraph"  # several lines to type in, one paragraph in the document
    TEXT = "text"
    LINES = "lines"  # a list, an item a line
    REGIONS = "regions"
    TICKS = "ticks"  # several of a few
    CHOICE = "choice"  # one of a few
    SELECT = "select"  # one of many


class Wanted(StrEnum):
    """How much a field is wanted."""

    REQUIRED = "required"
    ADVISED = "advised"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of the form. `name` is its place in the document: `organisation.name`, within a group `value`.

    Where a scheme is named, its concepts are what can be chosen, and its title is the label.
    """

    name: str
    kind: Kind = Kind.LINE
    label: Message = NOTHING
    help: Message = NOTHING
    example: str = ""
    scheme: str = ""
    options: tuple[tuple[str, Message], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Fields that repeat together."""

    name: str
    label: Message
    help: Message = NOTHING
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What is asked together."""

    id: str
    title: Message
    lead: Message = NOTHING
    parts: tuple[Field | Group, ...] = ()


_YES_NO = (("yes", say("Yes")), ("no", say("No")))
_LANGUAGE = Field(name="language", kind=Kind.SELECT, label=say("Language"), scheme="languages")
_DATE = say("A year, a month or a day.")
_SOURCE = Field(name="source", label=say("Number of the source"), example="1")

FORM: tuple[Section, ...] = (
    Section(
        id="what",
        title=say("What it is, and where"),
        parts=(
            Field(
                name="title",
                kind=Kind.PARAGRAPH,
                label=say("Title"),
                help=say("What it is, and where: 3 to 120 characters."),
                example="Cyberbreakfast: a monthly meeting of companies in Brittany",
            ),
            Field(
                name="summary",
                kind=Kind.PARAGRAPH,
                label=say("Summary"),
                help=say("Who does what for whom, and what came of it: 40 to 400 characters."),
            ),
            replace(_LANGUAGE, label=say("Language in which you write"), help=say("Your own is welcome.")),
            Field(
                name="regions",
                kind=Kind.REGIONS,
                label=say("Regions"),
                help=say("Names or codes, the main one first. Write EU for the whole Union."),
                example="Bretagne",
            ),
            Field(name="place", label=say("Town"), example="Rennes"),
            Field(name="organisation.name", label=say("Organisation that runs it")),
            Field(name="organisation.url", label=say("Address of its page"), example="https://www.example.org"),
            Field(name="organisation.type", kind=Kind.CHOICE, scheme="organisation-types"),
            Field(name="partners", kind=Kind.LINES, label=say("Partners"), help=say("One a line.")),
            Field(
                name="barriers",
                kind=Kind.TICKS,
                scheme="barriers",
                help=say("What stood in the way, and this helps against."),
            ),
            Group(
                name="title_native",
                label=say("Its name at home"),
                help=say("Where it has another name in the language of the region."),
                fields=(_LANGUAGE, Field(name="title", label=say("Name"))),
            ),
        ),
    ),
    Section(
        id="story",
        title=say("The story"),
        lead=say("Plain text. [1] after a statement names the first of the sources below."),
    ),
    Section(
        id="kind",
        title=say("For whom, by which means, and when"),
        parts=(
            Field(name="target_groups", kind=Kind.TICKS, scheme="target-groups"),
            Field(name="instruments", kind=Kind.TICKS, scheme="instruments"),
            Field(name="topics", kind=Kind.TICKS, scheme="topics"),
            Field(name="factors", kind=Kind.TICKS, scheme="pestel"),
            Field(name="status", kind=Kind.CHOICE, scheme="statuses"),
            Field(name="started", label=say("It began in"), help=_DATE, example="2019-04"),
            Field(name="ended", label=say("It ended in"), help=_DATE, example="2022"),
            Field(
                name="keywords",
                kind=Kind.LINES,
                label=say("Keywords"),
                help=say("Up to 12 words that people may search for, one a line."),
            ),
        ),
    ),
    Section(
        id="proof",
        title=say("Figures, cost and reuse"),
        lead=say("A figure with its source makes a practice count as measured. What you do not know, leave out."),
        parts=(
            Group(
                name="results",
                label=say("Figures"),
                fields=(
                    Field(name="indicator", label=say("What was counted")),
                    Field(name="value", label=say("Value"), example="1250.5"),
                    Field(name="unit", label=say("Unit"), example="%"),
                    Field(name="period", label=say("Period"), example="2019-2022"),
                    _SOURCE,
                ),
            ),
            Field(name="cost.amount", label=say("Cost"), help=say("Digits only."), example="250000"),
            Field(name="cost.currency", label=say("Currency"), help=say("Its three letters."), example="EUR"),
            Field(name="cost.period", label=say("For which time"), example="2019-2022"),
            Field(name="cost.note", kind=Kind.TEXT, label=say("What the amount includes")),
            Group(
                name="funding",
                label=say("Funding"),
                fields=(
                    Field(name="source", label=say("Who pays")),
                    Field(name="share", label=say("Which part"), example="85 %"),
                ),
            ),
            Field(name="effort.fte", label=say("People at work, in full-time equivalents"), example="1.5"),
            Field(name="effort.note", kind=Kind.TEXT, label=say("Who they are")),
            Field(name="evaluation.by", label=say("Who has evaluated it")),
            Field(
                name="evaluation.independent",
                kind=Kind.CHOICE,
                label=say("Were they independent of those who run it?"),
                options=_YES_NO,
            ),
            Field(name="evaluation.url", label=say("Address of the report"), example="https://www.example.org"),
            Field(name="evaluation.year", label=say("Year of the evaluation"), example="2021"),
            Field(name="transfer.needs", kind=Kind.TEXT, label=say("What another region needs first")),
            Field(name="transfer.adaptable", kind=Kind.TEXT, label=say("What can be adapted")),
            Field(name="transfer.not_suitable_if", kind=Kind.TEXT, label=say("When it does not fit")),
            Group(
                name="adoptions",
                label=say("Who has taken it over"),
                fields=(
                    Field(name="regions", kind=Kind.REGIONS, label=say("Regions")),
                    Field(name="organisation", label=say("Organisation")),
                    Field(name="started", label=say("It began in"), help=_DATE, example="2021"),
                    Field(name="outcome", kind=Kind.SELECT, scheme="outcomes"),
                    Field(name="changes", kind=Kind.TEXT, label=say("What was changed")),
                    _SOURCE,
                ),
            ),
        ),
    ),
    Section(
        id="sources",
        title=say("Sources"),
        lead=say("Where everything can be read. At least one is needed."),
        parts=(
            Group(
                name="sources",
                label=say("Sources"),
                fields=(
                    Field(name="title", label=say("Title of the page or document")),
                    Field(name="url", label=say("Address"), example="https://www.example.org"),
                    Field(name="publisher", label=say("Who published it")),
                    _LANGUAGE,
                ),
            ),
        ),
    ),
    Section(
        id="more",
        title=say("Contact, origin and licence"),
        parts=(
            Field(
                name="contact",
                label=say("Contact"),
                help=say("A page, or the mailbox of a role. Never a person's: what is published stays for ever."),
                example="info@example.org",
            ),
            Field(name="origin.programme", label=say("Programme in which it arose"), example="Interreg Europe"),
            Field(name="origin.project", label=say("Project in which it arose"), example="CYBER"),
            Field(
                name="related",
                kind=Kind.LINES,
                label=say("Related practices"),
                help=say("The last part of the address of each, one a line."),
                example="brittany-cyberbreakfast",
            ),
            Field(name="confirmed", label=say("It was still true on"), help=_DATE, example="2026-03-31"),
            Field(
                name="license",
                kind=Kind.SELECT,
                label=say("Licence of the text"),
                help=say("CC-BY-4.0 where nothing is chosen."),
                options=tuple((one, NOTHING) for one in sorted(OPEN_LICENSES)),
            ),
        ),
    ),
)
TRANSLATION: tuple[Section, ...] = (
    Section(
        id="what",
        title=say("Title and summary"),
        parts=(
            *FORM[0].parts[:2],
            Field(
                name="translated_by",
                kind=Kind.CHOICE,
                label=say("Who has translated it?"),
                options=(
                    ("author", say("The authors of the practice")),
                    ("human", say("Another person")),
                    ("machine", say("A machine")),
                ),
            ),
        ),
    ),
    Section(id="story", title=say("The story")),
)
ABOUT = Section(
    id="about",
    title=say("About you"),
    lead=say("All of this is optional. It goes along with the practice, and is not written into it."),
    parts=(
        Field(
            name="about.name",
            label=say("Your name"),
            help=say("As it is to be read in the history of the practice, which is public and stays."),
        ),
        Field(name="about.note", kind=Kind.TEXT, label=say("A note to the reviewers")),
    ),
)
# What the form carries along: which practice it changes or translates, and what its file was like when it was opened.
CARRIED = ("edit", "translate", "to", "digest")


class BadForm(AtlasError):
    """A form that none of our pages sends: too large, with too many fields, or from another site."""

    def __init__(self, message: Message, status: int = 413) -> None:
        super().__init__(str(message))
        self.message = message
        self.status = status  # of HTTP


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """What is filled in: values as a document has them, texts of sections by their ids, and what is not in the file.

    `picked` are the codes that were chosen for names of regions that several have.
    """

    values: Mapping[str, Raw] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    id: str = ""
    about: Mapping[str, str] = field(default_factory=dict)
    carried: Mapping[str, str] = field(default_factory=dict)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The form that they belong to."""
        return TRANSLATION if self.carried.get("translate") else FORM


def fields_of(sections: Iterable[Section]) -> Iterator[tuple[Group | None, Field]]:
    """Every field, with the group that it repeats in."""
    for section in sections:
        for part in section.parts:
            if isinstance(part, Group):
                yield from ((part, one) for one in part.fields)
            else:
                yield None, part


def wanted(field: Field, group: Group | None = None) -> Wanted:
    """How much a field is wanted, as the model and the advice say."""
    path = field.name.split(".") if group is None else [group.name, field.name]
    if path[0] in {"about", "title_native"}:
        return Wanted.OPTIONAL
    model = {**TranslationFrontMatter.model_fields, **FrontMatter.model_fields}
    is_required = model[path[0]].is_required()
    if path[0] == "sources" or (is_required and (len(path) == 1 or path[1] == "name")):
        return Wanted.REQUIRED
    is_advised = path[0] in {*ADVISED, "organisation"} and field.name not in {"cost.period", "cost.note"}
    return Wanted.ADVISED if is_advised else Wanted.OPTIONAL


def clean(text: str) -> str:
    """A text with line ends of one kind and without characters that no document holds."""
    return _NOT_IN_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def read_entries(pairs: Sequence[tuple[str, str]]) -> Entries:
    """What a form says; names that it does not have are passed over.

    Raises: BadForm when there are too many fields or rows.
    """
    if len(pairs) > MAX_PAIRS:
        raise BadForm(say("the form has more fields than it can have"))
    given: dict[str, list[str]] = {}
    rows: dict[str, set[int]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(clean(value))
        found = _ROW.fullmatch(name)
        if found:
            rows.setdefault(found[1], set()).add(int(found[2]))
    if any(len(numbers) > MAX_ROWS for numbers in rows.values()):
        raise BadForm(say("the form has more fields than it can have"))

    def text(name: str) -> str:
        return _one_line(given.get(name, [""])[-1])

    carried = {name: text(name) for name in CARRIED if text(name)}
    sections = TRANSLATION if carried.get("translate") else FORM
    values: dict[str, Raw] = {}
    for section in sections:
        for part in section.parts:
            if isinstance(part, Group):
                numbers = sorted(rows.get(part.name, ()))
                items = [_row(part, given, number) for number in numbers]
                values[part.name] = [*items]
            else:
                _put(values, part.name.split("."), _value(part, given.get(part.name, [])))
    _put_first(values, text(FIRST))
    _renumber(values)
    return Entries(
        values=_named(without_empty(values)),
        texts={
            name.removeprefix(SECTION): texts[-1]
            for name, texts in given.items()
            if name.startswith(SECTION) and texts[-1]
        },
        id=text("id"),
        about={
            one.name: value
            for one in (part for part in ABOUT.parts if isinstance(part, Field))
            if (value := str(_value(one, given.get(one.name, []))))
        },
        carried=carried,
    )


def entry_pairs(entries: Entries) -> list[tuple[str, str]]:
    """The fields of a form that says this."""
    pairs = [*entries.carried.items(), *entries.about.items()]
    pairs += [("id", entries.id)] if entries.id else []
    for section in entries.sections:
        for part in section.parts:
            if isinstance(part, Group):
                for number, row in enumerate(rows_of(part, entries.values), 1):
                    for one in part.fields:
                        pairs += [(f"{part.name}.{number}.{one.name}", text) for text in texts_at(row, one)]
            else:
                pairs += [(part.name, text) for text in texts_at(entries.values, part)]
    return pairs + [(SECTION + id, text) for id, text in entries.texts.items()]


def rows_of(group: Group, values: Mapping[str, Raw]) -> list[Mapping[str, Raw]]:
    """The rows of a group that repeats."""
    found = values.get(group.name, [])
    if group.name == "title_native":
        names = found if isinstance(found, dict) else {}
        return [{"language": lang.strip("?"), "title": title} for lang, title in names.items()]
    first = group.fields[0].name
    items = found if isinstance(found, list) else [found] if found else []
    return [one if isinstance(one, dict) else {first: one} for one in items]


def texts_at(values: Mapping[str, Raw], field: Field) -> list[str]:
    """What a field shows of these values: of a list each item, of lines one text, of nothing nothing."""
    first, _, rest = field.name.partition(".")
    value: Raw = values.get(first, "")
    if rest:
        value = value.get(rest, "") if isinstance(value, dict) else value if rest in {"name", "by", "amount"} else ""
    texts = _flat(value)
    if field.kind is Kind.LINES:
        texts = ["\n".join(_one_line(text) for text in texts)]
    elif field.kind not in {Kind.TICKS, Kind.REGIONS}:
        texts = texts[:1]
    return [text for text in texts if text]


def left_out(values: Mapping[str, Raw], sections: tuple[Section, ...]) -> list[str]:
    """The fields of a document for which the form has no place."""
    known = {(group.name if group else one.name.partition(".")[0]) for group, one in fields_of(sections)}
    return [name for name in values if name not in known]


def _flat(value: Raw) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [item for item in value if isinstance(item, str)]
    return []


def _one_line(text: str) -> str:
    return " ".join(text.replace("\t", "\n").split("\n")).strip()


def _value(field: Field, texts: Sequence[str]) -> Raw:
    if field.kind is Kind.LINES:
        return [line.strip() for text in texts for line in text.split("\n")]
    if field.kind in {Kind.TICKS, Kind.REGIONS}:
        return [_one_line(text) for text in texts]
    last = texts[-1] if texts else ""
    return last if field.kind is Kind.TEXT else _one_line(last)


def _row(group: Group, given: Mapping[str, Sequence[str]], number: int) -> dict[str, Raw]:
    return {one.name: _value(one, given.get(f"{group.name}.{number}.{one.name}", [])) for one in group.fields}


def _put(values: dict[str, Raw], path: Sequence[str], value: Raw) -> None:
    if len(path) == 1:
        values[path[0]] = value
        return
    inner = values.setdefault(path[0], {})
    if isinstance(inner, dict):
        inner[path[1]] = value


def _put_first(values: Mapping[str, Raw], first: str) -> None:
    """The main one of the barriers that are ticked stands first."""
    barriers = values.get("barriers")
    if isinstance(barriers, list) and first in barriers:
        barriers.sort(key=lambda barrier: barrier != first)


def _renumber(values: Mapping[str, Raw]) -> None:
    """Empty sources fall away; what points to those behind them goes on pointing to them."""
    sources = values.get("sources")
    if not isinstance(sources, list):
        return
    numbers: dict[str, str] = {}
    count = 0
    for number, source in enumerate(sources, 1):
        is_there = bool(without_empty(source))
        count += is_there
        numbers[str(number)] = str(count) if is_there else ""
    for name in ("results", "adoptions"):
        rows = values.get(name)
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict) and isinstance(row.get("source"), str):
                row["source"] = numbers.get(str(row["source"]), row["source"])


def _named(values: Raw) -> dict[str, Raw]:
    """The names at home by their languages; one without a language is kept under a name that none has."""
    assert isinstance(values, dict)
    rows = values.get("title_native")
    if not isinstance(rows, list):
        return values
    names: dict[str, Raw] = {}
    for row in rows:
        if isinstance(row, dict):
            lang, title = str(row.get("language", "")), str(row.get("title", ""))
            while not lang or lang in names:
                lang += "?"
            names[lang] = title
    return {**values, "title_native": names}
