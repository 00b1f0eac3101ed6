"""The API: the same searches as JSON. Documented by /openapi.json."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from search import facets
from search.analysis import ANALYZERS
from search.errors import BadParameter
from search.library import Brief, Library
from search.model import YEARS
from search.query import (
    COMPLETIONS,
    MAX_COMPLETIONS,
    MAX_PAGE_SIZE,
    PAGE_SIZE,
    SIMILAR,
    Completion,
    CompletionKind,
    Hit,
    Results,
    SearchQuery,
    Similar,
    Sort,
)
from search.vocabulary import REGION_SCHEME, Vocabulary
from web.params import EXPAND, MAX_SIMILAR, Addresses, parse_query, parse_similar, parse_typed, year_bounds
from web.services import Services, ServicesDep, moved_to

router = APIRouter(prefix="/api/v1", tags=["search"])
SUGGEST_PATH = "/api/v1/suggest"
SUGGESTIONS_KEPT_S = 60  # how long a browser may go on with suggestions that it has


class FragmentOut(BaseModel):
    """A piece of a snippet, and whether it matched."""

    text: str
    match: bool


class WhyOut(BaseModel):
    """Where a word of the query was found: the field, the form of the word, the word."""

    field: str
    form: str
    term: str


class ListedOut(BaseModel):
    """A practice in a list; scores compare within one list only."""

    id: str
    title: str
    summary: str
    url: str
    language: str
    regions: list[str]
    barriers: list[str]
    score: float


class HitOut(ListedOut):
    """A practice that matched."""

    snippet: list[FragmentOut]
    why: list[WhyOut]


class FacetValueOut(BaseModel):
    """A value of a facet, with the total of the same search if it alone were selected in this facet."""

    id: str
    label: str
    count: int
    selected: bool
    children: list[FacetValueOut] | None = None


class SuggestionOut(BaseModel):
    """A nearer spelling of a word that occurs nowhere, and the query with it."""

    word: str
    nearest: str
    text: str
    url: str


class AlsoOut(BaseModel):
    """A concept that words of the query name, by which more was found: its label, and those of its labels found."""

    text: str
    label: str
    labels: list[str]


class NoteOut(BaseModel):
    """What was ignored in the query."""

    kind: str
    text: str


class SearchOut(BaseModel):
    """One page of an answer."""

    query: dict[str, Any]
    total: int
    every_word: int  # how many have every word of the query; the rest, after them, has most
    undated: int  # how many a range of years keeps out because they name no year
    hits: list[HitOut]
    facets: dict[str, list[FacetValueOut]]
    also: list[AlsoOut]
    suggestions: list[SuggestionOut]
    searched: str | None = None  # the nearest spelling, searched since nothing has the words as they were written
    notes: list[NoteOut]
    links: dict[str, str]


class SharedOut(BaseModel):
    """What two practices share: ids of facet values by the name of the facet, and words as the text writes them."""

    values: dict[str, list[str]]
    words: list[str]
    language: str | None  # of the words


class SimilarOut(ListedOut):
    """A practice that is like another."""

    shared: SharedOut


class SimilarListOut(BaseModel):
    """The practices that are most like one, best first."""

    id: str
    similar: list[SimilarOut]
    links: dict[str, str]


class CompletionOut(BaseModel):
    """Something that begins like what was typed, and where it leads; `id` is that of its page, if it has one."""

    kind: CompletionKind
    text: str
    url: str
    id: str | None = None
    lang: str | None = None  # of the text, where it is known


class SuggestOut(BaseModel):
    """What somebody may mean who has typed so far, best first."""

    query: dict[str, Any]
    suggestions: list[CompletionOut]


class ErrorOut(BaseModel):
    """Why there is no answer; of a parameter also which one, and the nearest known value."""

    detail: str
    parameter: str | None = None
    value: str | None = None
    nearest: str | None = None


def search_parameters() -> list[dict[str, Any]]:
    """The parameters of a search in OpenAPI's words; filters are those of FACETS."""
    text = {"type": "string"}
    year = {"type": "integer", "minimum": YEARS.start, "maximum": YEARS.stop - 1}
    rows: list[tuple[str, str, dict[str, Any]]] = [
        ("q", 'words, "phrases", -without, OR, prefix*', text),
        ("lang", "the language the query is read in and labels are given in", {**text, "enum": sorted(ANALYZERS)}),
        *(
            (facet.name, f"ids of {facet.scheme}; repeatable, any of them may match", {"type": "array", "items": text})
            for facet in facets.FACETS
        ),
        ("expand", "off: only the words of the query, not others for the same", {**text, "enum": list(EXPAND)}),
        ("from", "active in this year or later; practices that name no year are kept out, and counted", year),
        ("to", "active in this year or earlier; see `from`, which must not be later", year),
        ("sort", "order of the hits", {**text, "enum": [str(sort) for sort in Sort], "default": str(Sort.RELEVANCE)}),
        ("page", "counted from 1", {"type": "integer", "minimum": 1, "default": 1}),
        ("size", "hits on a page", {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE}),
    ]
    return [{"name": name, "in": "query", "description": what, "schema": schema} for name, what, schema in rows]


@router.get(
    "/search",
    response_model_exclude_none=True,
    responses={422: {"model": ErrorOut, "description": "A parameter that is not understood"}},
    openapi_extra={"parameters": search_parameters()},
)
async def search(request: Request, services: ServicesDep) -> SearchOut:
    """Search the practices. The address of the page with the same hits has the same parameters."""
    query = parse_query(request.query_params.multi_items(), services.vocabulary)
    query = replace(query, reader=query.lang)
    snapshot = services.snapshot()
    results = snapshot.search(query)
    return search_out(query, results, snapshot.library, services, _base(request, services))


def suggest_parameters() -> list[dict[str, Any]]:
    """The parameters of suggestions in OpenAPI's words."""
    text = {"type": "string"}
    size = {"type": "integer", "minimum": 1, "maximum": MAX_COMPLETIONS, "default": COMPLETIONS}
    rows: list[tuple[str, str, dict[str, Any]]] = [
        ("q", "what was typed so far; every word must fit, the last as a beginning", text),
        ("lang", "the language of the reader", {**text, "enum": sorted(ANALYZERS)}),
        ("size", "suggestions at most", size),
    ]
    return [{"name": name, "in": "query", "description": what, "schema": schema} for name, what, schema in rows]


@router.get(
    SUGGEST_PATH.removeprefix(router.prefix),
    response_model_exclude_none=True,
    responses={422: {"model": ErrorOut, "description": "A parameter that is not understood"}},
    openapi_extra={"parameters": suggest_parameters()},
)
async def suggest(request: Request, response: Response, services: ServicesDep) -> SuggestOut:
    """Practices, regions, barriers and terms that begin like what was typed."""
    text, lang, size = parse_typed(request.query_params.multi_items())
    pages = Addresses(_page_language(lang, services))
    base = _base(request, services)
    response.headers["Cache-Control"] = f"max-age={SUGGESTIONS_KEPT_S}"
    return SuggestOut(
        query={"q": text, "lang": lang, "size": size},
        suggestions=[_completion_out(one, base, pages) for one in services.snapshot().suggest(text, lang, size)],
    )


def _completion_out(one: Completion, base: str, pages: Addresses) -> CompletionOut:
    match one.kind:
        case CompletionKind.PRACTICE:
            path = pages.practice(one.id)
        case CompletionKind.REGION:
            path = pages.region(one.id)
        case CompletionKind.BARRIER:
            path = pages.barrier(one.id)
        case CompletionKind.TERM:
            path = pages.words(one.text)
    has_page = one.kind is not CompletionKind.TERM
    return CompletionOut(
        kind=one.kind, text=one.text, url=base + path, id=one.id if has_page else None, lang=one.lang or None
    )


def _base(request: Request, services: Services) -> str:
    """The address of the site without a slash."""
    return services.settings.base_url.rstrip("/") or str(request.base_url).rstrip("/")


def _page_language(lang: str, services: Services) -> str:
    """The language of the pages that an answer in this one leads to."""
    return lang if lang in services.languages else next(iter(services.languages))


@router.get(
    "/practices/{id}/similar",
    response_model=SimilarListOut,
    responses={
        301: {"description": "The practice has another id now"},
        404: {"model": ErrorOut, "description": "There is no such practice"},
        410: {"model": ErrorOut, "description": "The practice was withdrawn; why"},
        422: {"model": ErrorOut, "description": "A parameter that is not understood"},
    },
    openapi_extra={
        "parameters": [
            {
                "name": "lang",
                "in": "query",
                "description": "the language that titles and summaries are given in, where they exist in it",
                "schema": {"type": "string", "enum": sorted(ANALYZERS), "default": "en"},
            },
            {
                "name": "size",
                "in": "query",
                "description": "practices at most; those that share nothing are not among them",
                "schema": {"type": "integer", "minimum": 1, "maximum": MAX_SIMILAR, "default": SIMILAR},
            },
        ]
    },
)
def similar(id: str, request: Request, services: ServicesDep) -> SimilarListOut | Response:
    """The practices that are most like one, with what they share."""
    lang, size = parse_similar(request.query_params.multi_items())
    snapshot = services.snapshot()
    pages = Addresses(lang if lang in services.languages else next(iter(services.languages)))
    if snapshot.library.get(id) is None:
        address = pages.api_similar(moved_to(id, snapshot.library))
        return RedirectResponse(address + (f"?{request.url.query}" if request.url.query else ""), 301)
    base = services.settings.base_url.rstrip("/") or str(request.base_url).rstrip("/")
    return SimilarListOut(
        id=id,
        similar=[_similar_out(one, lang, snapshot.library, base, pages) for one in snapshot.similar(id, size)],
        links={"self": base + pages.api_similar(id), "page": base + pages.practice(id)},
    )


def search_out(query: SearchQuery, results: Results, library: Library, services: Services, base: str) -> SearchOut:
    """An answer of the engine as the API gives it; `base` is the address of the site without a slash."""
    lang = _page_language(query.lang, services)
    pages = Addresses(lang)
    api = Addresses("en")
    links = {"self": base + api.api_search(query), "page": base + pages.search(replace(query, reader=lang))}
    if query.page * query.size < results.total:
        links["next"] = base + api.api_search(replace(query, page=query.page + 1))
    if query.page > 1:
        links["prev"] = base + api.api_search(replace(query, page=query.page - 1))
    return SearchOut(
        query=_query_out(query),
        total=results.total,
        every_word=results.total if results.every_word is None else results.every_word,
        undated=results.undated,
        hits=[_hit_out(hit, query, library, base, pages) for hit in results.hits],
        facets={
            facet.name: _values_out(facet, query, results.facets.get(facet.name, {}), services.vocabulary)
            for facet in facets.FACETS
        },
        also=[AlsoOut(text=one.text, label=one.label, labels=list(one.labels)) for one in results.also],
        searched=results.searched or None,
        suggestions=[
            SuggestionOut(
                word=one.word,
                nearest=one.nearest,
                text=one.text,
                url=base + api.api_search(replace(query, text=one.text, page=1)),
            )
            for one in results.suggestions
        ],
        notes=[NoteOut(kind=note.kind, text=note.text) for note in results.notes],
        links=links,
    )


def error_out(error: BadParameter) -> ErrorOut:
    """A parameter that is not understood."""
    return ErrorOut(detail=str(error), parameter=error.name, value=error.value, nearest=error.nearest or None)


def _query_out(query: SearchQuery) -> dict[str, Any]:
    """The query as it was understood, defaults included; filters as lists."""
    out: dict[str, Any] = {"q": query.text, "lang": query.lang}
    out |= {facet.name: sorted(values) for facet, values in query.filters.items()}
    out |= year_bounds(query.years)
    return out | {"expand": EXPAND[not query.expand], "sort": str(query.sort), "page": query.page, "size": query.size}


def _listed(one: Hit | Similar, brief: Brief, base: str, pages: Addresses) -> dict[str, Any]:
    """The fields of ListedOut."""
    return {
        "id": one.id,
        "title": brief.title,
        "summary": brief.summary,
        "url": base + pages.practice(one.id),
        "language": brief.language,
        "regions": list(brief.regions),
        "barriers": list(brief.barriers),
        "score": one.score,
    }


def _hit_out(hit: Hit, query: SearchQuery, library: Library, base: str, pages: Addresses) -> HitOut:
    return HitOut(
        **_listed(hit, library.brief(hit.id, query.reader), base, pages),
        snippet=[FragmentOut(text=piece.text, match=piece.match) for piece in hit.snippet],
        why=[WhyOut(field=why.field, form=why.form, term=why.term) for why in hit.why],
    )


def _similar_out(one: Similar, lang: str, library: Library, base: str, pages: Addresses) -> SimilarOut:
    values: dict[str, list[str]] = {}
    for name, value in one.values:
        values.setdefault(name, []).append(value)
    return SimilarOut(
        **_listed(one, library.brief(one.id, lang), base, pages),
        shared=SharedOut(values=values, words=list(one.words), language=one.lang or None),
    )


def _values_out(
    facet: facets.Facet, query: SearchQuery, counts: Mapping[str, int], vocabulary: Vocabulary
) -> list[FacetValueOut]:
    if facet.scheme == REGION_SCHEME:
        return _regions_out("", query.filters.get(facet, frozenset()), counts, vocabulary, query.reader)
    return [
        FacetValueOut(
            id=value,
            label=vocabulary.label(facet.scheme, value, query.reader),
            count=counts.get(value, 0),
            selected=value in query.filters.get(facet, ()),
        )
        for value in vocabulary.ids(facet.scheme)
        if value in counts or value in query.filters.get(facet, ()) or vocabulary.is_expected(facet.scheme, value)
    ]


def _regions_out(
    parent: str, selected: frozenset[str], counts: Mapping[str, int], vocabulary: Vocabulary, lang: str
) -> list[FacetValueOut]:
    """The countries, those at zero too, and below them the regions that count or are selected."""
    return [
        FacetValueOut(
            id=code,
            label=vocabulary.label(REGION_SCHEME, code, lang),
            count=counts.get(code, 0),
            selected=code in selected,
            children=_regions_out(code, selected, counts, vocabulary, lang),
        )
        for code in vocabulary.children(parent)
        if not parent or code in counts or any(chosen.startswith(code) for chosen in selected)
    ]
