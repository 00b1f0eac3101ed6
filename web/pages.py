"""The pages: thin routes. Each answers with and without a language in front of its path.

The search is async: it is work on arrays in memory, and handing it to a thread would take longer. Other pages read
practices from disk, so FastAPI runs them on its thread pool.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from search.facets import BARRIER, REGION, Facet
from search.query import PAGE_SIZE, SearchQuery, Sort
from web.help import contributing_page, rules_page
from web.params import parse_query
from web.selection import resolve, selection_page
from web.services import Visit, VisitDep, get_visit, moved_to
from web.styleguide import styleguide_page
from web.views import barrier_page, gaps, home_page, practice_page, region_page, results_page

NEWEST = 6  # practices on the first page
SHOWN_SIMILAR = 6  # practices like one shown on its page, in rows of two or three
SHOWN_ANSWERS = 3  # practices of others shown for a barrier that a region has nothing on

router = APIRouter(include_in_schema=False)


@router.get("/")
def home(visit: VisitDep) -> Response:
    """What there is, and ways in."""
    snapshot = visit.services.snapshot()
    everything = snapshot.search(SearchQuery(lang=visit.lang, reader=visit.lang, size=1))
    newest = snapshot.search(SearchQuery(lang=visit.lang, reader=visit.lang, sort=Sort.NEWEST, size=NEWEST))
    return visit.render("home.html", home_page(snapshot.library, everything, newest, visit.reader))


async def search(request: Request) -> Response:
    """Results with filters."""
    visit = get_visit(request)
    query = parse_query(visit.request.query_params.multi_items(), visit.services.vocabulary, visit.lang)
    snapshot = visit.services.snapshot()
    results = snapshot.search(query)
    page = results_page(query, results, snapshot.library, visit.reader, _today())
    return visit.render("search.html", page, query=query.text)


# Of Starlette, without what FastAPI does for parameters that it reads itself: this is the page that is asked for most.
router.add_route("/search", search, include_in_schema=False)


@router.get("/practices")
def practices(visit: VisitDep) -> Response:
    """The list of practices is a search without words."""
    return visit.redirect(visit.reader.addresses.search())


@router.get("/practices/{id}")
def practice(id: str, visit: VisitDep) -> Response:
    """One practice; what was renamed leads to its new address, what was withdrawn says so."""
    snapshot = visit.services.snapshot()
    library = snapshot.library
    found = library.get(id)
    if found is None:
        return visit.redirect(visit.reader.addresses.practice(moved_to(id, library)), status=301)
    related = {one for one in found.related if library.get(one) is not None}
    similar = [one for one in snapshot.similar(id, SHOWN_SIMILAR + len(related)) if one.id not in related]
    page = practice_page(
        found,
        library,
        visit.reader,
        _today(),
        visit.services.languages,
        visit.services.repository,
        similar[:SHOWN_SIMILAR],
    )
    return visit.render("practice.html", page)


@router.get("/barriers")
def barriers(visit: VisitDep) -> Response:
    """The barriers stand on the first page."""
    return visit.redirect(visit.reader.addresses.page("/") + "#barriers")


@router.get("/barriers/{id}")
def barrier(id: str, visit: VisitDep) -> Response:
    """A barrier and the practices that answer it."""
    if not visit.services.vocabulary.knows(BARRIER.scheme, id):
        raise HTTPException(404)
    snapshot = visit.services.snapshot()
    results = snapshot.search(_listing(visit, BARRIER, id, PAGE_SIZE))
    everything = snapshot.search(SearchQuery(lang=visit.lang, size=1))
    page = barrier_page(id, results, everything, snapshot.library, visit.reader)
    return visit.render("barrier.html", page)


@router.get("/regions")
def regions(visit: VisitDep) -> Response:
    """The countries stand on the first page."""
    return visit.redirect(visit.reader.addresses.page("/") + "#countries")


@router.get("/regions/{code:path}")  # some names have a slash
def region(code: str, visit: VisitDep) -> Response:
    """A region: what it shares, and what it could learn from others. A name or another code leads to its own."""
    vocabulary = visit.services.vocabulary
    if not vocabulary.knows(REGION.scheme, code):
        meant = vocabulary.region_meant(code)
        if meant:
            return visit.redirect(visit.reader.addresses.region(meant), status=301)
        raise HTTPException(404)
    snapshot = visit.services.snapshot()
    results = snapshot.search(_listing(visit, REGION, code, PAGE_SIZE))
    everywhere = snapshot.search(SearchQuery(lang=visit.lang, size=1))
    answers = {id: snapshot.search(_listing(visit, BARRIER, id, SHOWN_ANSWERS)) for id in gaps(results, everywhere)}
    page = region_page(code, results, everywhere, answers, snapshot.library, visit.reader)
    return visit.render("region.html", page)


def _listing(visit: Visit, facet: Facet, value: str, size: int) -> SearchQuery:
    """The first practices with a value, the best proven first."""
    return SearchQuery(
        lang=visit.lang, reader=visit.lang, filters={facet: frozenset({value})}, size=size, sort=Sort.EVIDENCE
    )


@router.get("/selection")
def selection(visit: VisitDep) -> Response:
    """What was selected. From here on links carry only what is there."""
    snapshot = visit.services.snapshot()
    found, gone = resolve(visit.selection, snapshot.library)
    visit = replace(visit, selection=found)
    page = selection_page(found, gone, snapshot.library, visit.reader, visit.base, snapshot.about, _today())
    return visit.render("selection.html", page)


@router.get("/about")
def about(visit: VisitDep) -> Response:
    """What this is."""
    return visit.render("about.html")


def _today() -> date:
    return datetime.now(UTC).date()


@router.get("/accessibility")
def accessibility(visit: VisitDep) -> Response:
    """The accessibility statement, by the model of Decision (EU) 2018/1523."""
    return visit.render("accessibility.html")


@router.get("/privacy")
def privacy(visit: VisitDep) -> Response:
    """What the site learns of its visitors, and what it keeps of that."""
    return visit.render("privacy.html")


@router.get("/imprint")
def imprint(visit: VisitDep) -> Response:
    """Who runs the site."""
    return visit.render("imprint.html")


@router.get("/help")
def help(visit: VisitDep) -> Response:
    """How to search."""
    return visit.render("help.html")


@router.get("/help/evidence")
def help_evidence(visit: VisitDep) -> Response:
    """How to read evidence and freshness."""
    return visit.render("help_evidence.html")


@router.get("/help/contributing")
def help_contributing(visit: VisitDep) -> Response:
    """How to add a practice, a translation, or a better sentence of the interface."""
    page = contributing_page(visit.lang, visit.language.catalog, visit.services.repository)
    return visit.render("help_contributing.html", page)


@router.get("/help/rules")
def help_rules(visit: VisitDep) -> Response:
    """What the checks look at."""
    return visit.render("help_rules.html", rules_page(visit.language.catalog, visit.reader.addresses))


@router.get("/styleguide")
def styleguide(visit: VisitDep) -> Response:
    """Every component of the site."""
    return visit.render("styleguide.html", styleguide_page(visit.reader, visit.language.catalog))
