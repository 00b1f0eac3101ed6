"""What the styleguide shows: every component with made content, long, empty and unusual too. No request or clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from search.composing import compose
from search.errors import BadParameter
from search.facets import BARRIER, EVIDENCE, REGION, STATUS, TOPIC, Facet, Years
from search.library import Library
from search.messages import Translations, say
from search.model import EVIDENCE_LEVELS, Practice, Translation
from search.query import AlsoMatched, Fragment, Hit, Note, NoteKind, Results, SearchQuery, Suggestion, Why
from web.form import FORM, Entries, Section
from web.form_page import Link as FormLink
from web.form_page import SectionView, Similar, Writer, by_field, finding_link, labels_of, section_view
from web.ladder import Ladder
from web.params import Repository, Selection
from web.submission import NEEDED, Finding
from web.views import (
    BadValue,
    CountedLink,
    ErrorPage,
    Gap,
    Link,
    ListedCard,
    Pagination,
    PracticePage,
    Reader,
    ResultsPage,
    bad_parameter_page,
    pagination,
    practice_page,
    results_page,
)

TODAY = date(2026, 1, 1)
TEXT, INTERFACE = 4.5, 3.0  # contrast that WCAG 2.2 asks of text, and of the edges of controls


class Pair(NamedTuple):
    """A colour on a ground, by the names of their tokens, and its contrast in both schemes, cut after two digits."""

    colour: str
    ground: str
    light: float
    dark: float
    least: float = TEXT


PAIRS = (
    Pair("ink", "paper", 13.84, 14.63),
    Pair("ink", "sheet", 14.91, 13.21),
    Pair("ink", "tint", 12.48, 10.85),
    Pair("muted", "paper", 6.25, 8.54),
    Pair("muted", "sheet", 6.74, 7.72),
    Pair("muted", "tint", 5.64, 6.33),
    Pair("petrol", "paper", 8.27, 10.68),
    Pair("petrol", "sheet", 8.91, 9.65),
    Pair("petrol", "tint", 7.46, 7.92),
    Pair("accent", "paper", 5.56, 8.78),
    Pair("accent", "sheet", 5.99, 7.93),
    Pair("on-petrol", "petrol", 9.16, 10.68),
    Pair("on-petrol", "accent", 6.16, 8.78),
    Pair("mark-ink", "mark", 11.89, 6.73),
    Pair("cover-ink", "cover", 10.26, 11.61),
    Pair("green", "paper", 5.86, 9.88),
    Pair("amber", "paper", 5.88, 10.03),
    Pair("red", "paper", 6.34, 8.4),
    Pair("border", "paper", 3.51, 5.05, INTERFACE),
    Pair("border", "sheet", 3.78, 4.56, INTERFACE),
    Pair("height-1", "paper", 3.06, 3.07, INTERFACE),
)
SIZES = ("step-4", "step-3", "step-2", "step-1", "text-m", "text-s", "text-xs")  # tokens of type, the largest first
SPACES = (1, 2, 3, 4, 6, 10)  # multiples of the token of spacing

WITHDRAWN = "The organisation asked for it: the scheme was closed and its pages were taken down."
LONG_TITLE = (
    "A joint security operations centre for municipalities, hospitals "
    "and the small water utilities of the six border regions"
)
LONG_WORDS = (
    ("en", "telecommunications infrastructure interoperability"),
    ("fr", "anticonstitutionnellement"),
    ("it", "precipitevolissimevolmente"),
    ("es", "electroencefalografista"),
    ("sk", "najneobhospodarovávateľnejšieho"),
    ("sl", "najnerazumljivejšimi"),
    ("et", "väikeettevõtluskeskkonnaarendamine"),
    ("de", "Rechtsschutzversicherungsgesellschaften"),
)
# Of the length that German words have where this site writes them: headings, buttons, filters.
GERMAN = (
    "Datenschutz-Grundverordnung",
    "Fachkräfteeinwanderungsgesetz",
    "Innovationsgutschein",
    "Forschungszusammenarbeit",
    "Wirtschaftsförderungsgesellschaft",
)
_LADDER = Ladder(
    forge="GitHub",
    prefilled="https://example.org/new?filename=practices%2Ffr%2Fvouchers.md&value=text",
    by_name="https://example.org/new?filename=practices%2Ffr%2Fvouchers.md",
    mail="mailto:practices@example.org?subject=Add%20practice%20vouchers",
    may_send=True,
    path="practices/fr/vouchers.md",
)
_BARE_LADDER = Ladder(forge="", prefilled="", by_name="", mail="", may_send=False, path=_LADDER.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleguidePage:
    """Every component of the site, with what it shows."""

    pairs: tuple[Pair, ...]
    sizes: tuple[str, ...]
    spaces: tuple[int, ...]
    results: ResultsPage  # with filters in force, some of the words, a range of years and a selected practice
    brief: tuple[ListedCard, ...]
    empty: tuple[ResultsPage, ...]  # nothing found, after the last page, nothing there at all
    paginations: tuple[Pagination, ...]  # the first page, one in the middle, the last
    notices: tuple[PracticePage, ...]  # translated by a machine and outdated, by the authors, by others, not at all
    practice: PracticePage
    levels: tuple[tuple[str, str], ...]  # of evidence: id and label
    confirmations: tuple[tuple[str, str], ...]  # freshness and the day on which it was confirmed
    errors: tuple[ErrorPage, ...]
    labels: tuple[Link, ...]
    trail: tuple[Link, ...]
    countries: tuple[CountedLink, ...]
    barriers: tuple[CountedLink, ...]
    gaps: tuple[Gap, ...]
    suggestions: tuple[tuple[str, str], ...]  # kind and text
    long_words: tuple[tuple[str, str], ...]  # language and word
    german: tuple[str, ...]
    form: SectionView  # every kind of field, with something wrong and something advised
    form_errors: tuple[FormLink, ...]
    similar: tuple[Similar, ...]
    ladders: tuple[Ladder, ...]  # with every way, with those by name, with none
    text: str  # of a file, of which they speak


def _practice(id: str, **fields: object) -> Practice:
    """A valid practice; what is not given is that of a voucher in Brittany."""
    given = {
        "title": "Vouchers for a first security check in small firms",
        "summary": "A regional agency pays half of a first security check. Two hundred firms used it in three years.",
        "language": "en",
        "regions": ["FRH0"],
        "barriers": ["finance", "skills"],
        "status": "running",
        "organisation": {"name": "Regional Development Agency", "url": "https://example.org/", "type": "agency"},
        "sources": [
            {
                "title": "Annual report of the agency",
                "url": "https://example.org/reports/2024/annual-report.pdf",
                "publisher": "Regional Development Agency",
                "language": "fr",
            }
        ],
        "path": f"fr/{id}.md",
        "body": "",
        **fields,
    }
    return Practice.model_validate({"id": id, **given})


_SOURCES = [
    {
        "title": "Annual report of the agency",
        "url": "https://example.org/reports/2024/annual-report.pdf",
        "publisher": "Regional Development Agency",
        "language": "fr",
    },
    {
        "title": "What the vouchers changed: an evaluation after three years, with interviews in forty firms",
        "url": "https://example.org/evaluations/vouchers-for-a-first-security-check-in-small-firms?version=final",
        "publisher": "University of the Coast",
        "language": "en",
    },
]

_BODY = """## Problem

Small firms know that they should be checked, and **do not know whom to ask** [1].

### What they said

> We would have done it years ago if somebody had named a price.

## What was done

1. The agency keeps a list of providers.
2. A firm chooses one and pays half.

- Forms have one page; see [how to apply](https://example.org/apply).
- The code of a call is `VOUCHER-2024`.

| Year | Vouchers |
| --- | --- |
| 2022 | 41 |
| 2023 | 88 |

## Results

Most firms mended what was found within three months [2].
"""

FULL = _practice(
    "vouchers",
    body=_BODY,
    title_native={"fr": "Des chèques pour un premier diagnostic de sécurité"},
    place="Rennes and Brest",
    factors=["economic", "technological"],
    instruments=["voucher-grant"],
    topics=["cybersecurity", "sme-growth"],
    target_groups=["smes"],
    started="2019-04",
    partners=["Chamber of Commerce", "University of the Coast"],
    origin={"programme": "Interreg Europe", "project": "A project of five regions"},
    cost={"amount": "1100000", "currency": "EUR", "period": "2019 to 2024", "note": "Without the work of the agency."},
    funding=[{"source": "European Regional Development Fund", "share": "60 %"}, {"source": "Region"}],
    effort={"fte": "1.5", "note": "One adviser, and half a post for the list of providers."},
    results=[
        {"indicator": "Firms checked", "value": "1204", "unit": "firms", "period": "2019 to 2024", "source": 1},
        {"indicator": "Found problems mended within three months", "value": "82.5", "unit": "%", "source": 2},
        {"indicator": "Firms that went on without a voucher", "unit": "not counted"},
    ],
    evaluation={"by": "University of the Coast", "independent": True, "url": "https://example.org/e", "year": 2023},
    transfer={
        "needs": "A list of providers that somebody keeps, and one adviser who answers the telephone.",
        "adaptable": "The share that the firm pays; the sectors that may apply.",
        "not_suitable_if": "There are fewer than five providers within reach.",
    },
    adoptions=[
        {
            "regions": ["SI0"],
            "organisation": "Slovene Enterprise Fund",
            "started": "2021",
            "outcome": "worked",
            "changes": "The firm pays 40 %, and chooses among all providers with a certificate.",
            "source": 2,
        },
        {"regions": ["EE0"], "outcome": "too-early"},
    ],
    keywords=["voucher", "first check", "advice for small firms"],
    contact="vouchers@example.org",
    confirmed="2025-06-30",
    sources=_SOURCES,
)
LONG = _practice(
    "shared-centre",
    title=LONG_TITLE,
    regions=["AT11", "AT12", "CZ06", "SK01", "HU22", "SI03"],
    started="2021",
    ended="2024",
    status="finished",
    organisation={"name": "European Grouping of Territorial Cooperation of the Six Border Regions, Secretariat"},
    evaluation={"by": "Court of Auditors", "independent": True},
)
BARRIERS = ("coordination", "skills", "fragmentation", "finance", "market-access", "awareness", "regulation")
MANY = _practice("one-door", title="One door for ten kinds of advice", barriers=[*BARRIERS, "trust"], started="2016")
UNDATED = _practice("school-bus", title="A bus that brings lessons to schools", status="unknown", regions=["EE00"])
TRANSLATED = _practice(
    "translated",
    title="Chytré výzvy pre malé obce",
    summary="Kraj píše výzvy spolu s obcami, ktoré sa o ne budú uchádzať, a skracuje ich na dve strany.",
    language="sk",
    regions=["SK02"],
    ended="2023",
    status="stopped",
    results=[{"indicator": "Obce", "value": "61", "source": 1}],
    translations=[
        Translation(
            language="en",
            title="Shorter calls for small municipalities",
            summary="The region writes its calls together with those who will apply, on two pages instead of twenty.",
            body="",
            translated_by="machine",
        )
    ],
)
BRIEF = tuple(one.model_copy(update={"id": f"{one.id}-brief"}) for one in (LONG, MANY, UNDATED))
LIBRARY = Library([FULL, LONG, MANY, UNDATED, TRANSLATED, *BRIEF])

_FOUND = Hit(
    id="vouchers",
    score=9.1,
    snippet=(
        Fragment("… know that they should be checked. The ", match=False),
        Fragment("voucher", match=True),
        Fragment(" pays half of a first ", match=False),
        Fragment("check", match=True),
        Fragment(" by a provider of their choice …", match=False),
    ),
    why=(Why("title", "exact", "voucher"), Why("labels", "concept", "finance"), Why("body", "stem", "check")),
)
_COUNTS: Mapping[str, Mapping[str, int]] = {
    BARRIER.name: {"skills": 214, "finance": 130, "coordination": 96, "awareness": 41, "trust": 7},
    REGION.name: {"FR": 120, "FRH": 61, "FRH0": 61, "FRH01": 22, "FRH04": 9, "SI": 44, "SI0": 44, "EE": 12, "EE0": 12},
    STATUS.name: {"running": 301, "finished": 1204},
    TOPIC.name: {"cybersecurity": 180, "education": 77, "clusters": 51, "innovation": 12, "talent": 3},
    EVIDENCE.name: {"described": 300, "measured": 120, "evaluated": 40, "replicated": 8},
}


def styleguide_page(reader: Reader, translations: Translations) -> StyleguidePage:
    """What the template of the styleguide shows."""
    filters: dict[Facet, frozenset[str]] = {
        BARRIER: frozenset({"skills", "finance"}),
        REGION: frozenset({"FRH01"}),
    }
    query = SearchQuery(text="vouchers check", lang=reader.lang, reader=reader.lang)
    narrow = replace(query, filters=filters, years=Years(2015, 2024))
    practice = _page(FULL, reader)
    writer = _writer(reader, translations)
    form = section_view(_SAMPLE, writer, "sources")
    findings = [one for found in writer.findings.values() for one in found if one.is_error]
    return StyleguidePage(
        pairs=PAIRS,
        sizes=SIZES,
        spaces=SPACES,
        results=_results(
            narrow, replace(reader, addresses=replace(reader.addresses, selection=Selection(("vouchers",))))
        ),
        brief=tuple(reader.listed(one.id, LIBRARY, None) for one in BRIEF),
        empty=(
            results_page(narrow, Results(total=0, without={BARRIER.name: 12, Years.name: 1}), LIBRARY, reader, TODAY),
            results_page(replace(query, page=99), Results(total=468), LIBRARY, reader, TODAY),
            results_page(replace(query, text=""), Results(total=0), LIBRARY, reader, TODAY),
        ),
        paginations=tuple(pagination(replace(query, page=page), 468, reader.addresses) for page in (1, 12, 24)),
        notices=_notices(reader),
        practice=practice,
        levels=tuple((level, reader.label("evidence", level)) for level in EVIDENCE_LEVELS),
        confirmations=(("green", "2025-06-30"), ("amber", "2023-05"), ("red", "2019"), ("", "")),
        errors=(
            ErrorPage(404),
            ErrorPage(410, WITHDRAWN),
            bad_parameter_page(
                BadParameter("barrier", "finanse", "finance"), reader.addresses.search(), "barrier=finanse", reader
            ),
            ErrorPage(422, bad=BadValue("from", "", "20l9", (), smallest=1900, largest=2100)),
            ErrorPage(500),
            ErrorPage(503),
        ),
        labels=tuple(reader.barrier(id) for id in reader.vocabulary.ids(BARRIER.scheme)),
        trail=tuple(reader.region(code) for code in ("AT", "AT1")),
        countries=tuple(
            CountedLink(code, reader.region(code).label, reader.region(code).href, count)
            for code, count in (("FR", 1204), ("SI", 44), ("XK", 2), ("EE", 1), ("SK", 0))
        ),
        barriers=tuple(_counted(id, count, reader) for id, count in (("skills", 214), ("finance", 1), ("trust", 0))),
        gaps=tuple(
            Gap(
                _counted(id, count, reader),
                (_link(FULL, reader), _link(LONG, reader), _link(TRANSLATED, reader)),
                reader.addresses.submit(barrier=id),
            )
            for id, count in (("awareness", 41), ("regulation", 3))
        ),
        suggestions=(
            ("term", "voucher"),
            ("practice", LONG_TITLE),
            ("region", f"{reader.region('FRH0').label} FRH0"),
            ("barrier", reader.barrier("finance").label),
        ),
        long_words=LONG_WORDS,
        german=GERMAN,
        ladders=(_LADDER, replace(_LADDER, forge="GitLab", prefilled="", may_send=False), _BARE_LADDER),
        text=compose({"title": LONG_TITLE, "language": "en"}, _BODY).decode(),
        form=form,
        form_errors=tuple(finding_link(one, labels_of([form]), writer) for one in findings),
        similar=(Similar(LONG_TITLE, reader.addresses.practice(LONG.id), ()),),
    )


# A field of each kind: a line, a paragraph, regions, one of many, one of a few, several of a few, rows.
_SAMPLE = Section(
    id="sample",
    title=FORM[0].title,
    parts=tuple(
        part
        for part in (one for section in FORM for one in section.parts)
        if part.name in {"title", "summary", "language", "regions", "status", "factors", "sources", "started", "ended"}
    ),
)


def _writer(reader: Reader, translations: Translations) -> Writer:
    """Somebody who has made mistakes."""
    needed = Finding("status", NEEDED)
    date_wrong = Finding("started", say('"{value}" is not a date', value="20l9"))
    several = Finding("regions", say("several regions have this name: choose one"))
    short = Finding("summary", say("the summary is the title again"), is_error=False)
    return Writer(
        reader=reader,
        translations=translations,
        entries=Entries(
            values={
                "title": LONG_TITLE,
                "language": "en",
                "regions": ["FRH0", "Luxembourg"],
                "factors": ["legal"],
                "started": "20l9",
                "sources": [{"title": LONG_TITLE, "language": "fr"}],
            }
        ),
        findings=by_field([several, needed, date_wrong, short]),
        several={"Luxembourg": ("LU", "BE34")},
    )


def _results(query: SearchQuery, reader: Reader) -> ResultsPage:
    """A list with everything that a list can say."""
    hits = (_FOUND, *(Hit(id=practice.id, score=1.0) for practice in (LONG, MANY, UNDATED, TRANSLATED)))
    return results_page(
        query,
        Results(
            total=468,
            hits=hits,
            facets=_COUNTS,
            every_word=3,
            undated=12,
            also=(AlsoMatched("vouchers", "innovation voucher", ("innovation voucher", "chèque innovation", "osak")),),
            suggestions=(Suggestion("chek", "check", "vouchers check"),),
            notes=(Note(NoteKind.TOO_LONG), Note(NoteKind.PREFIX_TOO_SHORT, "c")),
        ),
        LIBRARY,
        reader,
        TODAY,
    )


def _page(practice: Practice, reader: Reader) -> PracticePage:
    return practice_page(practice, LIBRARY, reader, TODAY, (), Repository())


def _notices(reader: Reader) -> tuple[PracticePage, ...]:
    page = _page(TRANSLATED, reader)
    by_machine = TRANSLATED.translations[0]
    return (
        replace(page, translation=by_machine, is_outdated=True),
        replace(page, translation=by_machine.model_copy(update={"translated_by": "author"}), is_outdated=False),
        replace(page, translation=by_machine.model_copy(update={"translated_by": "human"}), is_outdated=False),
        replace(page, translation=None, text_lang="et" if reader.lang == "sk" else "sk"),
    )


def _counted(id: str, count: int, reader: Reader) -> CountedLink:
    link = reader.barrier(id)
    definition = reader.vocabulary.concept(BARRIER.scheme, id).definition
    return CountedLink(id, link.label, link.href, count, definition.get(reader.lang, definition["en"]))


def _link(practice: Practice, reader: Reader) -> Link:
    shown = practice.variant(reader.lang)
    return Link(shown.title, reader.addresses.practice(practice.id), shown.language)
