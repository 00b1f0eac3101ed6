"""URL to SearchQuery and back: the edge. What passes here is trusted afterwards."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, quote_plus, unquote_plus

from search import facets
from search.analysis import ANALYZERS
from search.errors import BadParameter
from search.facets import REGION, Facet, Years
from search.model import ID_PATTERN, MAX_ID, YEARS
from search.query import COMPLETIONS, MAX_COMPLETIONS, MAX_PAGE_SIZE, PAGE_SIZE, SIMILAR, SearchQuery, Sort
from search.vocabulary import Vocabulary, nearest
from web.forges import View, known_forge
from web.proposals import path_in_repository

MAX_PAGE = 1_000_000  # nobody reads on from there, and numbers without bound are a way to ask for trouble
EXPAND = ("on", "off")  # whether other words for the same are searched too
MAX_SIMILAR = 20  # practices like one that may be asked for
MAX_TEXT = 2_000  # characters kept of a query; the grammar reads fewer and says so
SELECTED = "selected"  # the parameter of each practice that a visitor has selected
MAX_SELECTED = 20  # practices in a selection

_BOUNDS = ("from", "to")  # the parameters of a range of years
# Where in an address the parameters stand that come after the words and how these are read.
_PLACES = {
    name: place
    for place, name in enumerate((*(one.name for one in facets.FACETS), *_BOUNDS, "sort", "page", "size", SELECTED))
}


def parse_query(pairs: Iterable[tuple[str, str]], vocabulary: Vocabulary, lang: str = "en") -> SearchQuery:
    """Read URL parameters for a page in language `lang`; a name may repeat, an empty value counts as none.

    Raises: BadParameter when a filter value is not in its vocabulary, a number is none, or years end before they
        begin. We say so, because dropping it silently would show something else than the visitor asked for.
    """
    by_name = {facet.name: facet for facet in facets.FACETS}
    given: dict[str, str] = {}
    filters: dict[Facet, set[str]] = {}
    for name, raw in pairs:
        value = clean_text(raw) if name == "q" else raw.strip()
        if value and name in by_name:
            filters.setdefault(by_name[name], set()).add(_facet_value(by_name[name], value, vocabulary))
        elif value or name == "q":
            given[name] = value
    orders = [str(one) for one in Sort]
    return SearchQuery(
        text=given.get("q", ""),
        lang=_known("lang", given.get("lang", lang), {lang, *ANALYZERS}),
        reader=lang,
        filters={facet: frozenset(filters[facet]) for facet in facets.FACETS if facet in filters},
        expand=_known("expand", given.get("expand", EXPAND[0]), EXPAND, choices=EXPAND) == EXPAND[0],
        years=_years({name: _year(name, given[name]) for name in _BOUNDS if name in given}),
        sort=Sort(_known("sort", given.get("sort", Sort.RELEVANCE), orders, choices=orders)),
        page=_number("page", given.get("page", "1"), MAX_PAGE, nearest="1"),
        size=_number("size", given.get("size", str(PAGE_SIZE)), MAX_PAGE_SIZE, nearest=str(MAX_PAGE_SIZE)),
    )


def parse_similar(pairs: Iterable[tuple[str, str]]) -> tuple[str, int]:
    """The language and the number of the practices that are asked for, like one of them.

    Raises: BadParameter when the language is not known, or the number is none.
    """
    given = {name: value.strip() for name, value in pairs if value.strip()}
    lang, size = given.get("lang", "en"), given.get("size", str(SIMILAR))
    return _known("lang", lang, ANALYZERS), _number("size", size, MAX_SIMILAR, nearest=str(MAX_SIMILAR))


def parse_typed(pairs: Iterable[tuple[str, str]], lang: str = "en") -> tuple[str, str, int]:
    """Read what somebody has typed so far, its language and how many suggestions are wanted.

    Raises: BadParameter when the language is not known, or a number is none.
    """
    text, spoken, size = "", lang, COMPLETIONS
    for name, raw in pairs:
        value = raw.strip()
        if name == "q":
            text = clean_text(raw)
        elif name == "lang" and value:
            spoken = _known(name, value, ANALYZERS)
        elif name == "size" and value:
            size = _number(name, value, MAX_COMPLETIONS, nearest=str(MAX_COMPLETIONS))
    return text, spoken, size


@dataclass(frozen=True, slots=True)
class Selection:
    """The practices that a visitor has selected, in the order of choosing; each once."""

    ids: tuple[str, ...] = ()
    left_out: int = 0  # how many more were named than a selection holds

    def toggled(self, id: str) -> Selection:
        """With this practice at the end, or without it where it was selected."""
        return Selection(tuple(one for one in self.ids if one != id) if id in self.ids else (*self.ids, id))

    def moved(self, id: str, by: int) -> Selection:
        """With a selected practice so many places further down; what would lie outside is the end."""
        rest = [one for one in self.ids if one != id]
        rest.insert(max(0, self.ids.index(id) + by), id)
        return Selection(tuple(rest))


NOTHING = Selection()


def parse_selection(pairs: Iterable[tuple[str, str]]) -> Selection:
    """Read the selected practices. What is no id is dropped: nobody who follows a link chose it."""
    named = dict.fromkeys(value.strip() for name, value in pairs if name == SELECTED)
    ids = [id for id in named if len(id) <= MAX_ID and re.fullmatch(ID_PATTERN, id)]
    return Selection(tuple(ids[:MAX_SELECTED]), max(0, len(ids) - MAX_SELECTED))


def without_selection(query: str) -> str:
    """The parameters of an address as they were written, but for the selection."""
    parts = query.split("&")
    return "&".join(part for part in parts if unquote_plus(part.partition("=")[0]) != SELECTED)


def query_pairs(query: SearchQuery) -> list[tuple[str, str]]:
    """The parameters that give this query again, in one order: what is left to its default is left out."""
    pairs = [("q", query.text)] if query.text else []
    if query.lang != query.reader:
        pairs.append(("lang", query.lang))
    if not query.expand:
        pairs.append(("expand", EXPAND[1]))
    if query.filters:
        for facet in facets.FACETS:
            pairs += [(facet.name, value) for value in sorted(query.filters.get(facet, ()))]
    if query.years:
        pairs += [(name, str(year)) for name, year in year_bounds(query.years).items()]
    if query.sort is not Sort.RELEVANCE:
        pairs.append(("sort", query.sort))
    if query.page > 1:
        pairs.append(("page", str(query.page)))
    if query.size != PAGE_SIZE:
        pairs.append(("size", str(query.size)))
    return pairs


def year_bounds(years: Years | None) -> dict[str, int]:
    """The ends of a range of years by their parameters; an open one has none."""
    ends = (years.first, years.last) if years else (None, None)
    return {name: year for name, year in zip(_BOUNDS, ends, strict=True) if year is not None}


def with_filter(query: SearchQuery, facet: Facet, values: Iterable[str]) -> SearchQuery:
    """The same search with another selection in this facet, from its first page."""
    filters: dict[Facet, frozenset[str]] = {**query.filters, facet: frozenset(values)}
    return replace(query, filters={one: chosen for one, chosen in filters.items() if chosen}, page=1)


def toggled(query: SearchQuery, facet: Facet, value: str) -> SearchQuery:
    """The same search with this value added, or taken away where it was selected."""
    return with_filter(query, facet, query.filters.get(facet, frozenset()) ^ {value})


@dataclass(frozen=True, slots=True)
class Toggles:
    """For each value of a facet the address of the same search with it added or taken away.

    What comes before and after a value to be added is the same for all of them, so that it is written once. Ids and
    codes of vocabularies have no character that an address could not.
    """

    start: str
    end: str
    chosen: Mapping[str, str]  # values that are selected -> the search without them

    def __call__(self, value: str) -> str:
        """The address for this value."""
        return self.chosen.get(value) or f"{self.start}{value}{self.end}"


def toggles(pairs: Sequence[tuple[str, str]], facet: Facet, path: str) -> Toggles:
    """The addresses of the values of a facet. `pairs` give the search from its first page: see query_pairs()."""
    place = _PLACES[facet.name]
    before: list[str] = []
    own: list[str] = []
    after: list[str] = []
    for pair in pairs:
        at = _PLACES.get(pair[0], -1)
        (before if at < place else after if at > place else own).append(_written(*pair))
    start = "&".join([*before, *own, f"{facet.name}="])
    chosen = {}
    if own:
        values = [value for name, value in pairs if name == facet.name]
        for value, parameter in zip(values, own, strict=True):
            rest = "&".join([*before, *(one for one in own if one != parameter), *after])
            chosen[value] = f"{path}?{rest}" if rest else path
    return Toggles(f"{path}?{start}", "".join([f"&{one}" for one in after]), chosen)


def _query(pairs: Sequence[tuple[str, str]]) -> str:
    """Parameters as they stand in an address, with the question mark before them; "" where there are none."""
    return "?" + "&".join([_written(name, value) for name, value in pairs]) if pairs else ""


@lru_cache(maxsize=4_000)
def _written(name: str, value: str) -> str:
    """A parameter as it stands in an address; a page writes the same ones some hundred times."""
    return f"{name}={quote_plus(value)}"


def clean_text(text: str) -> str:
    """A visitor's words without what cannot be typed: control characters, and those that turn text around."""
    kinds = {"Cc": " ", "Cs": " ", "Cn": " ", "Co": "", "Cf": ""}
    cleaned = "".join(kinds.get(unicodedata.category(char), char) for char in text[:MAX_TEXT])
    return " ".join(cleaned.split())


class Choice(NamedTuple):
    """Whether a practice is selected, and the same page with that changed; "" where no more can be selected."""

    href: str
    selected: bool


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of the site's pages, in a language; the only place that writes them.

    Every page carries the selection on; other forms of a page, and what a program asks for, do not.
    """

    lang: str
    selection: Selection = NOTHING

    @property
    def bare(self) -> Addresses:
        """The same without a selection."""
        return Addresses(self.lang)

    @property
    def carried(self) -> list[tuple[str, str]]:
        """The parameters of the selection, which a form has to carry along."""
        return [(SELECTED, id) for id in self.selection.ids]

    @property
    def suffix(self) -> str:
        """What the selection adds to an address without parameters."""
        return _query(self.carried)

    def page(self, path: str) -> str:
        """A page by its path without language: "/about"."""
        return self._path(path) + self.suffix if self.selection.ids else self._path(path)

    def _path(self, path: str) -> str:
        return f"/{self.lang}{path}" if path != "/" else f"/{self.lang}"

    def search(self, query: SearchQuery | None = None, form: str = "") -> str:
        """A search; `form` is "" for the page or the ending of another form of it."""
        pairs = query_pairs(query) if query else []
        return self._path(f"/search{form}") + _query(pairs if form else [*pairs, *self.carried])

    def selected(self, selection: Selection) -> str:
        """The page of a selection."""
        return Addresses(self.lang, selection).page("/selection")

    def chooser(self, here: str) -> Callable[[str], Choice]:
        """What choosing a practice leads to, by its id: to its card on the same page, `here` without a selection."""
        joint = "&" if "?" in here else "?"
        chosen = self.selection.ids
        # Ids have no character that an address could not.
        start = "".join([f"{here}{joint}", *(f"{SELECTED}={one}&" for one in chosen), f"{SELECTED}="])
        is_full = len(chosen) >= MAX_SELECTED

        def choose(id: str) -> Choice:
            if id in chosen:
                rest = Addresses(self.lang, self.selection.toggled(id)).suffix
                return Choice(f"{here}{rest.replace('?', joint, 1)}#{card_anchor(id)}", selected=True)
            return Choice("" if is_full else f"{start}{id}#{card_anchor(id)}", selected=False)

        return choose

    def api_search(self, query: SearchQuery) -> str:
        """The same search of the API, which has no language in its path."""
        pairs = query_pairs(replace(query, reader="en"))
        return "/api/v1/search" + _query(pairs)

    def api_similar(self, id: str) -> str:
        """What the API has like a practice."""
        return f"/api/v1/practices/{quote(id, safe='')}/similar"

    def api_suggest(self) -> str:
        """Suggestions in this language; what was typed is still to be added as `q`."""
        return f"/api/v1/suggest?lang={self.lang}"

    def practice(self, id: str) -> str:
        """A practice's page."""
        return self.page(f"/practices/{quote(id, safe='')}")

    def submit(self, **given: str) -> str:
        """The form in which a practice is written, with what it is to begin with."""
        pairs = list(given.items())
        return self._path("/submit") + _query([*pairs, *self.carried])

    def barrier(self, id: str) -> str:
        """A barrier's page."""
        return self.page(f"/barriers/{quote(id, safe='')}")

    def region(self, code: str) -> str:
        """A region's page."""
        return self.page(f"/regions/{quote(code, safe='')}")

    def words(self, text: str) -> str:
        """A search for these words in the language of the page."""
        return self.search(SearchQuery(text=text, lang=self.lang, reader=self.lang))

    def filter(self, filters: Mapping[Facet, Iterable[str]]) -> str:
        """The list of everything with these values."""
        chosen = {facet: frozenset(values) for facet, values in filters.items()}
        return self.search(SearchQuery(lang=self.lang, reader=self.lang, filters=chosen))


def card_anchor(id: str) -> str:
    """The anchor of a practice's card, and of the head of its page."""
    return f"card-{id}"


@dataclass(frozen=True, slots=True)
class Repository:
    """Where everybody can read the documents; `url` is "" where nothing is known of that."""

    url: str = ""
    folder: str = ""  # in it, that of the documents
    has_program: bool = False  # whether this program, with its docs/ and its translations, is kept beside them
    kind: str = ""  # of its forge, as the setting names it; else seen from the address
    branch: str = "main"  # that is published

    def history(self, path: str) -> str:
        """Where the history of a document is; of a forge whose addresses are not known here, the repository."""
        return self._at("history", path_in_repository(path, self.folder))

    def documents(self) -> str:
        """Where the folder of the documents is."""
        return self._at("folder", self.folder.strip("/"))

    def of_program(self, path: str) -> str:
        """Where a file of this program is, or "" where the documents are kept without it."""
        return self._at("file", path) if self.has_program else ""

    def issue(self, title: str, text: str) -> str:
        """Where something is reported in public, or "" where the forge is not known."""
        forge = known_forge(self.url, self.kind)
        return forge.new_issue(self.url, title, text) if forge else ""

    def _at(self, view: View, path: str) -> str:
        forge = known_forge(self.url, self.kind)
        return forge.view(view, self.url, self.branch, path) if forge else self.url


def _facet_value(facet: Facet, value: str, vocabulary: Vocabulary) -> str:
    if vocabulary.knows(facet.scheme, value):
        return value
    meant = vocabulary.preferred(vocabulary.resolve_region(value)) if facet is REGION else ()
    raise BadParameter(facet.name, value, meant[0] if meant else vocabulary.nearest(facet.scheme, value))


def _known(name: str, value: str, known: Collection[str], *, choices: Sequence[str] = ()) -> str:
    """The value where it is known. `choices` are said where there are few enough to choose from."""
    if value not in known:
        raise BadParameter(name, value, nearest(value, known), choices=choices)
    return value


def _number(name: str, value: str, largest: int, *, nearest: str) -> int:
    """A number from 1. `nearest` is offered in place of one that is too large; in place of anything else, 1."""
    is_number = value.isascii() and value.isdigit()
    number = int(value) if is_number and len(value) <= len(str(largest)) else 0
    if not 1 <= number <= largest:
        raise BadParameter(name, value, nearest if is_number and value.strip("0") else "1", largest=largest)
    return number


def _year(name: str, value: str) -> int:
    """A year of four digits. The nearest possible one is offered in place of another number, none for anything else."""
    is_number = value.isascii() and value.isdigit()
    year = int(value.lstrip("0")[:5] or 0) if is_number else 0
    first, last = YEARS.start, YEARS.stop - 1
    if len(value) != len(str(last)) or year not in YEARS:
        nearest = str(min(max(year, first), last)) if is_number else ""
        raise BadParameter(name, value, nearest, smallest=first, largest=last)
    return year


def _years(bounds: Mapping[str, int]) -> Years | None:
    first, last = (bounds.get(name) for name in _BOUNDS)
    if first is None and last is None:
        return None
    if first is not None and last is not None and first > last:
        raise BadParameter(_BOUNDS[0], str(first), str(last), after=str(last))
    return Years(first, last)
