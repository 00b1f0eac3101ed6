"""What a practice is. Imports pydantic and the standard library, nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
MAX_ID = 100  # characters
DATE_PATTERN = r"^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?$"

# Years outside this span are typing errors; the earliest programme in Europe's regions is far later.
YEARS = range(1900, 2101)

Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=MAX_ID)]  # "repair-cafe": permanent, part of URLs
Lang = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]  # ISO 639-1
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
WebAddress = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#@]+(?:[/?#]\S*)?$", max_length=2000)]

Number = Annotated[Decimal, Field(max_digits=18)]  # 1e999999999 is a number too, until somebody writes it out


def _check_date(value: object) -> object:
    """A calendar date of which the day, or the month and the day, may be unknown."""
    if isinstance(value, str):
        found = re.fullmatch(DATE_PATTERN, value)
        if not found:
            raise ValueError("not a date")
        year, month, day = (int(part) if part else 1 for part in found.groups())
        if year not in YEARS:
            raise ValueError("not a date")
        date(year, month, day)
    return value


PartialDate = Annotated[str, BeforeValidator(_check_date)]  # "2019", "2019-04" or "2019-04-30"


class Value(BaseModel):
    """Base of all values: they do not change, and a misspelt field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Region(Value):
    """A unit of NUTS, Eurostat's nomenclature of regions (Regulation (EC) No 1059/2003).

    Codes are Eurostat's, not ISO 3166: Greece is EL. Each level adds one character.
    `EU` stands for the whole Union.
    """

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[A-Z0-9]{0,3}$")]

    def ancestry(self) -> tuple[str, ...]:
        """Codes from the country to this region: AT13 gives ("AT", "AT1", "AT13")."""
        return tuple(self.code[:end] for end in range(2, len(self.code) + 1))


def _region(value: object) -> object:
    """A region is written as its bare code."""
    return {"code": value} if isinstance(value, str) else value


RegionCode = Annotated[Region, BeforeValidator(_region)]


class Source(Value):
    """Where a statement can be read."""

    title: Line
    url: WebAddress
    publisher: Line
    language: Lang


class Organisation(Value):
    """Who runs the practice; `type` is an id of vocabulary/organisation-types.yaml."""

    name: Line
    url: WebAddress | None = None
    type: Id | None = None


class Cost(Value):
    """What it costs: an amount in a currency (ISO 4217) for a period."""

    amount: Annotated[Number, Field(ge=0)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    period: Line | None = None
    note: Paragraph | None = None


class Funding(Value):
    """A source of money and its share of the cost, in words."""

    source: Line
    share: Line | None = None


class Effort(Value):
    """People at work, in full-time equivalents."""

    fte: Annotated[Number, Field(ge=0)] | None = None
    note: Paragraph | None = None


class Result(Value):
    """A figure of what came of it; `source` is the number of a source, counted from 1."""

    indicator: Line
    value: Number | None = None
    unit: Line | None = None
    period: Line | None = None
    source: Annotated[int, Field(ge=1)] | None = None


class Evaluation(Value):
    """Who judged the practice, and whether from outside."""

    by: Line
    independent: bool = False
    url: WebAddress | None = None
    year: Annotated[int, Field(ge=YEARS.start, lt=YEARS.stop)] | None = None


class Transfer(Value):
    """What another region must know before it takes this over."""

    needs: Paragraph | None = None
    adaptable: Paragraph | None = None
    not_suitable_if: Paragraph | None = None


class Adoption(Value):
    """Who took it over and what came of that; `outcome` is an id of vocabulary/outcomes.yaml."""

    regions: Annotated[tuple[RegionCode, ...], Field(min_length=1)]
    organisation: Line | None = None
    started: PartialDate | None = None
    outcome: Id
    changes: Paragraph | None = None
    source: Annotated[int, Field(ge=1)] | None = None


class Origin(Value):
    """The programme and project in which it arose."""

    programme: Line | None = None
    project: Line | None = None


class FrontMatter(Value):
    """The front matter of an original: one field a line of docs/fields.md, in the order people write them."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=120)]  # characters
    title_native: Mapping[Lang, Line] = {}
    summary: Annotated[str, StringConstraints(strip_whitespace=True, min_length=40, max_length=400)]  # characters
    language: Lang
    regions: Annotated[tuple[RegionCode, ...], Field(min_length=1)]
    place: Line | None = None
    barriers: Annotated[tuple[Id, ...], Field(min_length=1)]
    factors: tuple[Id, ...] = ()
    instruments: tuple[Id, ...] = ()
    topics: tuple[Id, ...] = ()
    target_groups: tuple[Id, ...] = ()
    status: Id
    started: PartialDate | None = None
    ended: PartialDate | None = None
    organisation: Organisation
    partners: tuple[Line, ...] = ()
    origin: Origin | None = None
    cost: Cost | None = None
    funding: tuple[Funding, ...] = ()
    effort: Effort | None = None
    results: tuple[Result, ...] = ()
    evaluation: Evaluation | None = None
    transfer: Transfer | None = None
    adoptions: tuple[Adoption, ...] = ()
    related: tuple[Id, ...] = ()
    keywords: Annotated[tuple[Line, ...], Field(max_length=12)] = ()
    contact: Line | None = None
    confirmed: PartialDate | None = None
    license: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.+-]+$")] = "CC-BY-4.0"  # SPDX id
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]


class TranslationFrontMatter(Value):
    """The front matter of a translation: everything else is the original's."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=120)]
    summary: Annotated[str, StringConstraints(strip_whitespace=True, min_length=40, max_length=400)]
    translated_by: Literal["author", "human", "machine"]


class History(Value):
    """What git knows of a document; what it does not know is None, never today."""

    created: date | None = None
    updated: date | None = None
    contributors: tuple[str, ...] = ()


class Translation(TranslationFrontMatter):
    """A practice in another language."""

    language: Lang
    body: str  # markdown after the front matter
    path: str = ""  # from the root of the collection
    history: History = History()


class Practice(FrontMatter):
    """A practice as the library holds it: its front matter, its text, its translations and its history."""

    id: Id
    body: str  # markdown after the front matter
    path: str = ""  # from the root of the collection: "fr/brittany-cyberbreakfast.md"
    translations: tuple[Translation, ...] = ()
    history: History = History()

    @property
    def evidence(self) -> str:
        """The evidence level: an id of vocabulary/evidence.yaml, the highest that the document carries."""
        if any(adoption.outcome in {"worked", "partly"} for adoption in self.adoptions):
            return "replicated"
        if self.evaluation is not None and self.evaluation.independent:
            return "evaluated"
        if any(result.value is not None and result.source is not None for result in self.results):
            return "measured"
        return "described"

    @property
    def active(self) -> tuple[int, int] | None:
        """The first and the last year in which it is known to have been active; None where nothing says when it began.

        Without an end, one that is running goes on; of any other only the year of its beginning is known.
        """
        if self.started is None:
            return None
        first = int(self.started[:4])
        if self.ended is not None:
            return first, int(self.ended[:4])
        return first, YEARS.stop - 1 if self.status == "running" else first

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which it can be read, the original's first."""
        return (self.language, *(translation.language for translation in self.translations))

    def variant(self, lang: str) -> Practice | Translation:
        """The text in this language where it exists, the original otherwise."""
        return next((one for one in self.translations if one.language == lang), self)


EVIDENCE_LEVELS = ("described", "measured", "evaluated", "replicated")  # lowest first
