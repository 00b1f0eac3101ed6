"""Results to what a template needs. Pure functions: no request, clock or engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit
from weakref import WeakKeyDictionary

from markupsafe import Markup

from search import facets
from search.analysis import fold, words_of
from search.errors import MAX_SHOWN, BadParameter
from search.facets import BARRIER, EVIDENCE, INSTRUMENT, LANGUAGE, REGION, STATUS, TOPIC, Facet, Years
from search.library import Brief, Library
from search.model import EVIDENCE_LEVELS, YEARS, Adoption, Practice, Result, Source, Translation
from search.query import Fragment, Hit, Note, Results, SearchQuery, Similar, Sort, Why
from search.vocabulary import REGION_SCHEME, UNION_MEMBERS, RegionNode, Vocabulary
from web.markdown import render_body
from web.params import SELECTED, Addresses, Choice, Repository, Toggles, query_pairs, toggled, toggles, with_filter

AMBER_AFTER, RED_AFTER = 2, 4  # years since a practice was last confirmed
KEPT_CARDS = 20_000  # cards kept in memory for the next list that they are in, about 2 kB each
MOST_LABELS = 6  # other words that are named of those that were searched too
MANY_VALUES = 8  # a filter with more values than this shows the rest on demand
IN_OTHER_WORDS = "_in_other_words"  # added to a field that names what was asked for, and not as it was asked
SHARED_VALUES, SHARED_WORDS = 4, 3  # what is named of all that two practices share


class Link(NamedTuple):
    """A text that leads somewhere; `lang` where the text is not in the page's language, `code` of a region."""

    label: str
    href: str
    lang: str = ""
    code: str = ""


class FacetValue(NamedTuple):
    """A value of a filter, and how many practices have it."""

    id: str
    label: str
    count: int  # type: ignore[assignment]  # hides the method of tuples, which nobody calls here
    selected: bool


@dataclass(frozen=True, slots=True)
class FacetView:
    """A filter: its heading and its values, the last ones shown on demand, and where each of them leads."""

    title: str
    values: tuple[FacetValue, ...]
    more: tuple[FacetValue, ...]
    toggles: Toggles


@dataclass(frozen=True, slots=True)
class RegionsView:
    """The filter of regions: a tree, of which only what is listed is shown."""

    title: str
    tree: Sequence[RegionNode]
    listed: AbstractSet[str]  # every country of the Union, and elsewhere what counts or is opened
    counts: Mapping[str, int]
    opened: AbstractSet[str]  # what is selected, and what it lies in
    toggles: Toggles


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and the same search without it. A range of years has `years` in place of both texts."""

    facet: str  # heading of the filter
    label: str
    href: str
    years: Years | None = None


@dataclass(frozen=True, slots=True)
class YearsView:
    """The form for a range of years: what is chosen, what may be, and the parameters that it carries along."""

    chosen: Years
    smallest: int
    largest: int
    hidden: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A practice in a list. Its addresses have no selection, so that it is the same for every visitor."""

    id: str
    title: str
    title_lang: str  # language of title and summary
    href: str
    regions: tuple[Link, ...]  # to region pages
    barriers: tuple[Link, ...]  # to barrier pages
    organisation: str
    started: str  # year, or ""
    ended: str  # year, or ""
    status: str  # id
    status_label: str
    evidence: str  # id of the level
    evidence_label: str
    summary: str
    others: tuple[str, ...] = ()  # codes of the other languages in which it can be read


class ListedCard(NamedTuple):
    """A card and what this search found in it."""

    card: Card
    snippet: tuple[Fragment, ...] = ()  # from the text, where words matched; empty: show the summary
    why: tuple[tuple[str, str], ...] = ()  # place and words found there, each word once, where it weighs most
    choice: Choice | None = None  # to select it, where that is offered
    carried: str = ""  # what the selection adds to each address of the card


class SimilarCard(NamedTuple):
    """A practice that is like another, and what is named of what they share."""

    card: ListedCard
    values: tuple[str, ...]  # labels of barriers, instruments and other filters
    words: tuple[str, ...]
    lang: str  # of the words


@dataclass(frozen=True, slots=True)
class SortLink:
    """An order of the list."""

    sort: Sort
    href: str
    selected: bool


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page of the list; number 0 stands for pages left out."""

    number: int
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Pagination:
    """The pages of a list."""

    pages: tuple[PageLink, ...]
    prev: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class SuggestionLink:
    """A nearer spelling to search instead."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class AlsoView:
    """Words of the visitor, and other words for the same that were searched too."""

    text: str
    words: str


@dataclass(frozen=True, slots=True)
class Lift:
    """A filter that, lifted, would give results."""

    facet: str  # heading of the filter, "" for the range of years
    href: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsPage:
    """The list of results."""

    text: str
    total: int
    with_every: int | None  # how many of these have every word; None where all have
    first: int  # number of the first hit on this page, counted from 1
    last: int
    cards: tuple[ListedCard, ...]
    every_word: int | None  # how many of these have every word; the rest has most. None where all have
    facets: tuple[FacetView | RegionsView, ...]
    years: YearsView
    undated: int  # how many a range of years keeps out because they name no year
    chips: tuple[Chip, ...]
    clear: str  # the same words without any filter; "" where none is in force
    sorts: tuple[SortLink, ...]
    pagination: Pagination
    also: tuple[AlsoView, ...]
    expanding: str  # the same search in the visitor's words only; or, where it is that already, in others too
    is_expanded: bool
    own_language: str  # the same search in what can be read in the reader's language; or in all, where it is that
    is_own_language: bool
    searched: str  # the nearest spelling, which was searched instead
    suggestions: tuple[SuggestionLink, ...]
    lifts: tuple[Lift, ...]  # where nothing was found: filters whose removal finds something
    notes: tuple[Note, ...]
    hidden: tuple[tuple[str, str], ...]  # parameters that the search form carries along (filters, sort)
    json: str  # the same search as JSON
    is_past_end: bool  # a page after the last
    browse: tuple[Link, ...]  # where nothing was found: barriers to go on with
    today: date  # the list is one of this day: paper does not change any more


@dataclass(frozen=True, slots=True)
class CountedLink:
    """A link with the number of practices behind it."""

    id: str
    label: str
    href: str
    count: int
    text: str = ""  # a definition


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """The first page."""

    practices: int
    regions: int  # regions named by practices
    countries: tuple[CountedLink, ...]  # to region pages, most practices first
    barriers: tuple[CountedLink, ...]  # to barrier pages, in the order of the vocabulary; text: definition
    newest: tuple[ListedCard, ...]
    examples: tuple[Link, ...]  # searches to try


@dataclass(frozen=True, slots=True, kw_only=True)
class BarrierPage:
    """A barrier and the practices that answer it."""

    id: str
    label: str
    definition: str
    factor: str  # label of its PESTEL dimension
    synonyms: tuple[str, ...]
    cards: tuple[ListedCard, ...]
    total: int
    search: str  # the same as a search that can be narrowed
    others: tuple[CountedLink, ...]  # the other barriers
    share: str  # the form, with the barrier filled in


@dataclass(frozen=True, slots=True)
class Gap:
    """A barrier that a region has nothing on, and practices of others that answer it, the best proven first."""

    barrier: CountedLink
    practices: tuple[Link, ...]
    share: str  # the form, with the region and the barrier filled in


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionPage:
    """A region: what it shares, what it could learn."""

    code: str
    label: str
    native: str  # its own name, where that differs
    footnote: str  # id of a footnote that its name carries: "kosovo" or ""
    ancestors: tuple[Link, ...]  # from the country down
    children: tuple[CountedLink, ...]  # regions inside it with practices
    cards: tuple[ListedCard, ...]
    total: int
    search: str
    barriers: tuple[CountedLink, ...]  # that its practices answer
    gaps: tuple[Gap, ...]
    share: str  # the form, with the region filled in


@dataclass(frozen=True, slots=True)
class NearLink:
    """The same address with another value."""

    value: str
    label: str  # of the value, "" where it has none
    href: str


@dataclass(frozen=True, slots=True)
class BadValue:
    """A value in the address that is not understood."""

    parameter: str  # its name in the address
    title: str  # heading of the filter, "" where it is none
    value: str
    near: tuple[NearLink, ...]  # the same address with a value that is known
    smallest: int = 1
    largest: int = 0  # where a number is wanted
    after: str = ""  # the end of the range that it should begin


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """A page that could not be shown: why, and where to go on."""

    status: int  # of HTTP
    message: str = ""  # the note of a withdrawn practice
    bad: BadValue | None = None


@dataclass(frozen=True, slots=True)
class EvidenceStep:
    """A step of the evidence scale."""

    id: str
    label: str
    definition: str
    reached: bool  # the practice stands at this step or above
    current: bool  # this is its level


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source, numbered from 1: its anchor is `source-{number}`."""

    number: int
    source: Source
    host: str


@dataclass(frozen=True, slots=True)
class ResultView:
    """A row of the figures table."""

    result: Result
    value: str  # its figure as the reader's language writes it, "" where there is none


@dataclass(frozen=True, slots=True)
class AdoptionView:
    """Who took it over."""

    adoption: Adoption
    regions: tuple[Link, ...]
    outcome: str  # label


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of the facts column: a vocabulary field and its values. `name` is the field: topics, factors."""

    name: str
    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Mending:
    """What readers can do for a practice: the addresses of the form, and of a report in public, or ""."""

    confirm: str
    edit: str
    translate: str
    issue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticePage:
    """A practice with all its fields."""

    practice: Practice
    title: str
    summary: str
    text_lang: str  # language of title, summary and body
    body: Markup  # sanitised; headings from h2; citations link to #source-{n}
    native_titles: tuple[tuple[str, str], ...]  # (language, title)
    regions: tuple[Link, ...]
    barriers: tuple[Link, ...]
    status: str  # label
    organisation_type: str  # label or ""
    facts: tuple[Fact, ...]
    amount: str  # cost, formatted for the reader's language, or ""
    results: tuple[ResultView, ...]
    adoptions: tuple[AdoptionView, ...]
    evidence: tuple[EvidenceStep, ...]  # lowest first
    freshness: str  # green, amber, red, or "" where nobody has confirmed it
    translation: Translation | None  # the translation shown
    is_outdated: bool  # the translation is older than its original
    languages: tuple[Link, ...]  # the other languages in which it can be read
    sources: tuple[SourceView, ...]
    keywords: tuple[Link, ...]  # to searches for them
    choice: Choice  # to select it
    related: tuple[ListedCard, ...]  # that the authors name
    similar: tuple[SimilarCard, ...]  # that the index finds
    path: str  # the document, from the root of the collection
    history: str  # address of its history in the repository, or ""
    mending: Mending


def gaps(results: Results, everywhere: Results) -> list[str]:
    """The barriers that these results have nothing on, and others have."""
    here = results.facets.get(BARRIER.name, {})
    return [id for id in everywhere.facets.get(BARRIER.name, {}) if id not in here]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads: a language, and with it labels, addresses and numbers. `kept` are cards made before, by library."""

    lang: str
    vocabulary: Vocabulary
    addresses: Addresses
    decimal: Callable[[Decimal], str]
    money: Callable[[Decimal, str], str]
    kept: MutableMapping[Library, dict[tuple[str, str], Card]] = field(default_factory=WeakKeyDictionary)

    def label(self, scheme: str, value: str) -> str:
        """The label of an id in the reader's language."""
        return self.vocabulary.label(scheme, value, self.lang)

    def region(self, code: str) -> Link:
        """A region and its page."""
        return Link(self.label(REGION_SCHEME, code), self.addresses.region(code), code=code)

    def barrier(self, id: str) -> Link:
        """A barrier and its page."""
        return Link(self.label(BARRIER.scheme, id), self.addresses.barrier(id))

    def listed(
        self,
        id: str,
        library: Library,
        choose: Callable[[str], Choice] | None,
        snippet: tuple[Fragment, ...] = (),
        why: tuple[tuple[str, str], ...] = (),
    ) -> ListedCard:
        """A practice as a card in a list; `choose` is what choosing it leads to, where that is offered."""
        cards = self.kept.setdefault(library, {})
        card = cards.get((id, self.lang))
        if card is None:
            if len(cards) >= KEPT_CARDS:
                cards.clear()
            bare = replace(self, addresses=self.addresses.bare)
            card = cards[id, self.lang] = practice_card(id, library.brief(id, self.lang), bare)
        carried = self.addresses.suffix if self.addresses.selection.ids else ""
        return ListedCard(card, snippet, why, choose(id) if choose else None, carried)


def results_page(query: SearchQuery, results: Results, library: Library, reader: Reader, today: date) -> ResultsPage:
    """What the results template shows."""
    addresses = reader.addresses
    choose = addresses.chooser(addresses.bare.search(query))
    first = (query.page - 1) * query.size + 1
    is_own = query.filters.get(LANGUAGE) == frozenset({reader.lang})
    lifts = [
        Lift(reader.vocabulary.title(facet.scheme, reader.lang), addresses.search(with_filter(query, facet, ())), count)
        for facet in query.filters
        if (count := results.without.get(facet.name, 0))
    ]
    pairs = query_pairs(replace(query, page=1))
    whenever = replace(query, years=None, page=1)
    if results.without.get(Years.name):
        lifts.append(Lift("", addresses.search(whenever), results.without[Years.name]))
    return ResultsPage(
        text=query.text,
        total=results.total,
        with_every=results.every_word,
        first=first if results.hits else 0,
        last=first + len(results.hits) - 1 if results.hits else 0,
        cards=tuple(hit_card(hit, library, reader, choose) for hit in results.hits),
        facets=tuple(facet_view(facet, query, pairs, results, reader) for facet in facets.FACETS),
        years=YearsView(
            query.years or Years(), YEARS.start, YEARS.stop - 1, (*query_pairs(whenever), *addresses.carried)
        ),
        undated=results.undated,
        every_word=_on_page(results.every_word, query),
        chips=tuple(_chips(query, reader)),
        clear=addresses.search(replace(whenever, filters={})) if query.filters or query.years else "",
        sorts=tuple(
            SortLink(sort, addresses.search(replace(query, sort=sort, page=1)), sort is query.sort) for sort in Sort
        ),
        pagination=pagination(query, results.total, addresses),
        also=tuple(AlsoView(one.text, ", ".join(one.labels[:MOST_LABELS])) for one in results.also),
        expanding=addresses.search(replace(query, expand=not query.expand, page=1)),
        is_expanded=query.expand,
        own_language=addresses.search(with_filter(query, LANGUAGE, () if is_own else (reader.lang,))),
        is_own_language=is_own,
        searched=results.searched,
        suggestions=tuple(
            SuggestionLink(one.text, addresses.search(replace(query, text=one.text, page=1)))
            for one in results.suggestions
        ),
        lifts=tuple(lifts) if not results.total else (),
        notes=results.notes,
        hidden=(*((name, value) for name, value in pairs if name != "q"), *addresses.carried),
        json=addresses.api_search(query),
        is_past_end=bool(results.total and not results.hits),
        browse=tuple(reader.barrier(id) for id in reader.vocabulary.ids(BARRIER.scheme)) if not results.total else (),
        today=today,
    )


def _on_page(every_word: int | None, query: SearchQuery) -> int | None:
    return None if every_word is None else min(max(0, every_word - (query.page - 1) * query.size), query.size)


def bad_parameter_page(error: BadParameter, path: str, query: str, reader: Reader) -> ErrorPage:
    """What is not known of an address, and the same address with a value that is known in its place."""
    facet = next((one for one in facets.FACETS if one.name == error.name), None)
    given = [(key, value) for key, value in parse_qsl(query) if key != SELECTED]

    def near(known: str) -> NearLink:
        pairs = [(key, known if (key, value.strip()) == (error.name, error.value) else value) for key, value in given]
        label = reader.label(facet.scheme, known) if facet else ""
        if facet is REGION:
            label = f"{label} ({known})"
        return NearLink(known, label, f"{path}?{urlencode(pairs + reader.addresses.carried)}")

    return ErrorPage(
        422,
        bad=BadValue(
            parameter=error.name,
            title=reader.vocabulary.title(facet.scheme, reader.lang) if facet else "",
            value=error.value if len(error.value) <= MAX_SHOWN else f"{error.value[:MAX_SHOWN]}…",
            near=tuple(near(one) for one in error.choices or [error.nearest] if one),
            smallest=error.smallest,
            largest=error.largest,
            after=error.after,
        ),
    )


def facet_view(
    facet: Facet, query: SearchQuery, pairs: Sequence[tuple[str, str]], results: Results, reader: Reader
) -> FacetView | RegionsView:
    """A filter with the values of its scheme, those without a practice too where one may be expected.

    `pairs` are the parameters of the search from its first page.
    """
    counts = results.facets.get(facet.name, {})
    selected = query.filters.get(facet, frozenset())
    addresses = toggles([*pairs, *reader.addresses.carried], facet, reader.addresses.bare.search())
    title = reader.vocabulary.title(facet.scheme, reader.lang)
    if facet.scheme == REGION_SCHEME:
        tree = reader.vocabulary.region_tree(reader.lang, apart=selected)
        opened = {code[:end] for code in selected for end in range(2, len(code) + 1)}
        return RegionsView(title, tree, UNION_MEMBERS.union(counts, opened), counts, opened, addresses)
    values = [
        FacetValue(value, label, counts.get(value, 0), value in selected)
        for value, label in reader.vocabulary.labelled(facet.scheme, reader.lang)
        if value in counts or value in selected or reader.vocabulary.is_expected(facet.scheme, value)
    ]
    shown = len(values)
    if shown > MANY_VALUES:
        values.sort(key=attrgetter("selected", "count"), reverse=True)  # equals stay as they are
        shown = max(MANY_VALUES, len(selected))
    return FacetView(title, tuple(values[:shown]), tuple(values[shown:]), addresses)


def _chips(query: SearchQuery, reader: Reader) -> Iterable[Chip]:
    for facet, values in query.filters.items():
        title = reader.vocabulary.title(facet.scheme, reader.lang)
        for value in sorted(values):
            yield Chip(title, reader.label(facet.scheme, value), reader.addresses.search(toggled(query, facet, value)))
    if query.years:
        yield Chip("", "", reader.addresses.search(replace(query, years=None, page=1)), query.years)


def pagination(query: SearchQuery, total: int, addresses: Addresses) -> Pagination:
    """The first page, the last, and those around this one."""
    last = max(1, -(-total // query.size))
    if last == 1 and query.page == 1:
        return Pagination(())

    def href(number: int) -> str:
        return addresses.search(replace(query, page=number))

    wanted = sorted({1, last, *range(max(1, query.page - 2), min(last, query.page + 2) + 1)})
    pages: list[PageLink] = []
    for number in wanted:
        if pages and number > pages[-1].number + 1:
            pages.append(PageLink(0, ""))
        pages.append(PageLink(number, href(number), number == query.page))
    return Pagination(
        tuple(pages),
        prev=href(min(query.page - 1, last)) if query.page > 1 else "",
        next=href(query.page + 1) if query.page < last else "",
    )


def hit_card(hit: Hit, library: Library, reader: Reader, choose: Callable[[str], Choice]) -> ListedCard:
    """A hit as a card, with its snippet and the reasons for it."""
    return reader.listed(hit.id, library, choose, hit.snippet, _reasons(hit.why) if hit.why else ())


def _reasons(why: Sequence[Why]) -> tuple[tuple[str, str], ...]:
    told: dict[str, Why] = {}
    for one in why:  # the weightiest field first
        told.setdefault(fold(one.term), one)
    places: dict[str, list[str]] = {}
    for one in told.values():
        places.setdefault(one.field + (IN_OTHER_WORDS if one.form == "concept" else ""), []).append(one.term)
    return tuple((place, ", ".join(terms)) for place, terms in places.items())


def practice_card(id: str, brief: Brief, reader: Reader) -> Card:
    """A practice as a card."""
    return Card(
        id=id,
        title=brief.title,
        title_lang=brief.language,
        href=reader.addresses.practice(id),
        regions=tuple(reader.region(code) for code in brief.regions),
        barriers=tuple(reader.barrier(barrier) for barrier in brief.barriers),
        organisation=brief.organisation,
        started=_year(brief.started),
        ended=_year(brief.ended),
        status=brief.status,
        status_label=reader.label("statuses", brief.status),
        evidence=brief.evidence,
        evidence_label=reader.label("evidence", brief.evidence),
        summary=brief.summary,
        others=tuple(lang for lang in brief.languages if lang != brief.language),
    )


def _year(value: str | None) -> str:
    """The year of a date of which the month or the day may be unknown."""
    return value[:4] if value else ""


def _practice_link(practice: Practice, reader: Reader) -> Link:
    shown = practice.variant(reader.lang)
    return Link(shown.title, reader.addresses.practice(practice.id), shown.language)


def home_page(library: Library, counts: Results, newest: Results, reader: Reader) -> HomePage:
    """What the first page shows: counts of everything, and the newest practices."""
    by_region = counts.facets.get(REGION.name, {})
    choose = reader.addresses.chooser(reader.addresses.bare.page("/"))
    countries = [
        CountedLink(code, reader.label(REGION_SCHEME, code), reader.addresses.region(code), count)
        for code, count in by_region.items()
        if len(code) == 2
    ]
    return HomePage(
        practices=len(library),
        regions=len({region.code for practice in library for region in practice.regions}),
        countries=tuple(sorted(countries, key=lambda link: (-link.count, fold(link.label)))),
        barriers=_counted_barriers(counts.facets.get(BARRIER.name, {}), reader),
        newest=tuple(hit_card(hit, library, reader, choose) for hit in newest.hits),
        examples=tuple(_examples(counts, reader)),
    )


def _examples(counts: Results, reader: Reader) -> Iterable[Link]:
    """Searches that find something, in the reader's words: the most frequent topic, instrument and region."""
    for facet in (TOPIC, INSTRUMENT, REGION):
        found = counts.facets.get(facet.name, {})
        # Of regions none that is a whole country: the index of countries stands on the same page.
        values = [value for value in found if facet is not REGION or len(value) > 2] or list(found)
        if values:
            # Of equals the last: of regions that lie in each other and count the same, the smallest.
            most = max(sorted(values), key=lambda value: (found[value], len(value)))
            label = reader.label(facet.scheme, most)
            yield Link(label, reader.addresses.words(label))


def _counted_barriers(counts: Mapping[str, int], reader: Reader) -> tuple[CountedLink, ...]:
    return tuple(
        CountedLink(
            id,
            reader.label(BARRIER.scheme, id),
            reader.addresses.barrier(id),
            counts.get(id, 0),
            _definition(BARRIER.scheme, id, reader),
        )
        for id in reader.vocabulary.ids(BARRIER.scheme)
    )


def _definition(scheme: str, id: str, reader: Reader) -> str:
    definition = reader.vocabulary.concept(scheme, id).definition
    return definition.get(reader.lang) or definition.get("en", "")


def barrier_page(id: str, results: Results, counts: Results, library: Library, reader: Reader) -> BarrierPage:
    """A barrier with the practices that answer it."""
    concept = reader.vocabulary.concept(BARRIER.scheme, id)
    others = _counted_barriers(counts.facets.get(BARRIER.name, {}), reader)
    choose = reader.addresses.chooser(reader.addresses.bare.barrier(id))
    return BarrierPage(
        id=id,
        label=reader.label(BARRIER.scheme, id),
        definition=_definition(BARRIER.scheme, id, reader),
        factor=reader.label("pestel", concept.pestel) if concept.pestel else "",
        synonyms=tuple(concept.alt_labels.get(reader.lang, ())),
        cards=tuple(hit_card(hit, library, reader, choose) for hit in results.hits),
        total=results.total,
        search=reader.addresses.filter({BARRIER: [id]}),
        others=tuple(other for other in others if other.id != id),
        share=reader.addresses.submit(barrier=id),
    )


def region_page(
    code: str, results: Results, everywhere: Results, answers: Mapping[str, Results], library: Library, reader: Reader
) -> RegionPage:
    """A region: what it shares, and what it could learn from others.

    `results` are its practices, `everywhere` those of all regions: the counts of both give what others have.
    `answers` are the practices shown for each barrier that it has nothing on.
    """
    region = reader.vocabulary.regions[code]
    label = region.label(reader.lang)
    here = results.facets.get(BARRIER.name, {})
    barriers = _counted_barriers(everywhere.facets.get(BARRIER.name, {}), reader)
    inside = results.facets.get(REGION.name, {})
    choose = reader.addresses.chooser(reader.addresses.bare.region(code))
    return RegionPage(
        code=code,
        label=label,
        native=region.name if region.name != label else "",
        footnote="kosovo" if code.startswith("XK") else "",
        ancestors=tuple(link for one in region.region.ancestry()[:-1] if (link := reader.region(one)).label != label),
        children=tuple(
            CountedLink(child, reader.label(REGION_SCHEME, child), reader.addresses.region(child), inside[child])
            for child in _inside(code, label, reader)
            if inside.get(child)
        ),
        cards=tuple(_from_here(hit_card(hit, library, reader, choose), code) for hit in results.hits),
        total=results.total,
        search=reader.addresses.filter({REGION: [code]}),
        barriers=tuple(
            replace(one, count=here[one.id], href=reader.addresses.filter({REGION: [code], BARRIER: [one.id]}))
            for one in sorted(barriers, key=lambda one: (-here.get(one.id, 0), fold(one.label)))
            if here.get(one.id)
        ),
        share=reader.addresses.submit(region=code),
        gaps=tuple(
            Gap(
                one,
                tuple(_practice_link(library[hit.id], reader) for hit in answers[one.id].hits),
                reader.addresses.submit(region=code, barrier=one.id),
            )
            for one in barriers
            if one.id in answers
        ),
    )


def _from_here(listed: ListedCard, code: str) -> ListedCard:
    """A card that names this region, and those inside it, before others: of many regions it shows the first."""
    card = listed.card
    regions = tuple(sorted(card.regions, key=lambda link: not link.code.startswith(code)))
    return listed if regions == card.regions else listed._replace(card=replace(card, regions=regions))


def _inside(code: str, label: str, reader: Reader) -> Iterator[str]:
    """The regions inside one; in place of one with its name, as Ireland's only one of level 1, those inside that."""
    for child in reader.vocabulary.children(code):
        if reader.label(REGION_SCHEME, child) == label:
            yield from _inside(child, label, reader)
        else:
            yield child


def practice_page(
    practice: Practice,
    library: Library,
    reader: Reader,
    today: date,
    also_read: Iterable[str],
    repository: Repository,
    similar: Iterable[Similar] = (),
) -> PracticePage:
    """A practice with all its fields. `also_read` are the languages that the interface has pages in."""
    shown = practice.variant(reader.lang)
    translation = shown if isinstance(shown, Translation) else None
    kind = practice.organisation.type
    related = [id for id in practice.related if library.get(id) is not None]
    choose = reader.addresses.chooser(reader.addresses.bare.practice(practice.id))
    return PracticePage(
        practice=practice,
        title=shown.title,
        summary=shown.summary,
        text_lang=shown.language,
        body=render_body(shown.body),
        native_titles=tuple((lang, title) for lang, title in practice.title_native.items() if title != shown.title),
        regions=tuple(reader.region(region.code) for region in practice.regions),
        barriers=tuple(reader.barrier(barrier) for barrier in practice.barriers),
        status=reader.label("statuses", practice.status),
        organisation_type=reader.label("organisation-types", kind) if kind else "",
        facts=tuple(_facts(practice, reader)),
        amount=reader.money(practice.cost.amount, practice.cost.currency) if practice.cost else "",
        results=tuple(
            ResultView(result, reader.decimal(result.value) if result.value is not None else "")
            for result in practice.results
        ),
        adoptions=tuple(
            AdoptionView(
                adoption,
                tuple(reader.region(region.code) for region in adoption.regions),
                reader.label("outcomes", adoption.outcome),
            )
            for adoption in practice.adoptions
        ),
        evidence=tuple(_evidence_steps(practice, reader)),
        freshness=freshness(practice.confirmed, today),
        translation=translation,
        is_outdated=_is_outdated(practice, translation),
        languages=tuple(
            Link(lang, replace(reader.addresses, lang=lang).practice(practice.id), lang)
            for lang in practice.languages
            if lang != shown.language and lang in also_read
        ),
        sources=tuple(
            SourceView(number, source, urlsplit(source.url).hostname or "")
            for number, source in enumerate(practice.sources, start=1)
        ),
        keywords=tuple(Link(word, reader.addresses.words(word)) for word in practice.keywords),
        choice=choose(practice.id),
        related=tuple(reader.listed(one, library, choose) for one in related),
        similar=tuple(_similar_card(one, library, reader, choose) for one in similar),
        path=shown.path,
        history=repository.history(shown.path),
        mending=_mending(practice, reader, repository),
    )


def _mending(practice: Practice, reader: Reader, repository: Repository) -> Mending:
    to = {} if reader.lang == practice.language else {"to": reader.lang}
    return Mending(
        confirm=reader.addresses.submit(confirm=practice.id),
        edit=reader.addresses.submit(edit=practice.id),
        translate=reader.addresses.submit(translate=practice.id, **to),
        issue=repository.issue(practice.id, practice.path),
    )


def _similar_card(one: Similar, library: Library, reader: Reader, choose: Callable[[str], Choice]) -> SimilarCard:
    """A practice like another. A word that a label says too is not named again, nor a barrier, which its card shows."""
    schemes = {facet.name: facet.scheme for facet in facets.FACETS}
    shared = {(name, reader.label(schemes[name], value)): None for name, value in one.values}
    said = {fold(word) for _, label in shared for word in words_of(label, reader.lang)}
    labels = list(dict.fromkeys(label for name, label in shared if name != BARRIER.name))[:SHARED_VALUES]
    words = [word for word in one.words if fold(word) not in said]
    card = reader.listed(one.id, library, choose)
    return SimilarCard(card, tuple(labels), tuple(words[:SHARED_WORDS]), one.lang)


def _facts(practice: Practice, reader: Reader) -> Iterable[Fact]:
    """The vocabulary fields that are filters, but for those shown elsewhere on the page."""
    for facet in facets.FACETS:
        values = list(facet.values(practice))
        if facet not in {BARRIER, REGION, STATUS, EVIDENCE, LANGUAGE} and values:
            yield Fact(
                facet.name,
                reader.vocabulary.title(facet.scheme, reader.lang),
                tuple(
                    Link(reader.label(facet.scheme, value), reader.addresses.filter({facet: [value]}))
                    for value in values
                ),
            )


def _evidence_steps(practice: Practice, reader: Reader) -> Iterable[EvidenceStep]:
    level = EVIDENCE_LEVELS.index(practice.evidence)
    for number, id in enumerate(EVIDENCE_LEVELS):
        yield EvidenceStep(
            id,
            reader.label("evidence", id),
            _definition("evidence", id, reader),
            reached=number <= level,
            current=number == level,
        )


def freshness(confirmed: str | None, today: date) -> str:
    """Green, amber or red by the time since somebody said that it is still true; "" where nobody did.

    A confirmation that names only a year or a month counts from its first day.
    """
    if confirmed is None:
        return ""
    year, month, day = (*(int(part) for part in confirmed.split("-")), 1, 1)[:3]
    years = today.year - year - ((today.month, today.day) < (month, day))
    return "green" if years < AMBER_AFTER else "amber" if years < RED_AFTER else "red"


def _is_outdated(practice: Practice, translation: Translation | None) -> bool:
    """Whether the original changed after the translation; where git does not know, nothing is said."""
    if translation is None or translation.history.updated is None or practice.history.updated is None:
        return False
    return translation.history.updated < practice.history.updated
