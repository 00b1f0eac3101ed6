"""Templates to pages, one Jinja environment per language."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, PackageLoader, StrictUndefined

from search.facets import FACETS
from search.query import SearchQuery
from web.i18n import SOURCE_LANGUAGE, Language
from web.moulds import Moulds
from web.params import NOTHING, Addresses, Selection, card_anchor
from web.publisher import Publisher
from web.translating import TranslatedEnvironment

STATIC_DIR = Path(__file__).parent / "static"
X_DEFAULT = "x-default"  # the address that answers in the language of whoever asks


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """This page in another language."""

    code: str
    label: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Alternate:
    """This page in a language, by its full address, for search engines."""

    code: str  # or X_DEFAULT
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the frame of every page needs."""

    lang: str
    name: str
    languages: tuple[LanguageLink, ...]
    home: str  # its full address, without language
    canonical: str
    repository: str  # where everybody can read the documents, or ""
    alternates: tuple[Alternate, ...]
    publisher: Publisher
    theme: str = ""  # address of the stylesheet with the operator's colours, where there is one
    logo: str = ""  # address of the operator's logo, where there is one
    query: str = ""  # what was searched
    path: str = ""  # of the page, without language
    selection: Selection = NOTHING  # of practices
    selected: int = 0  # how many of these there are
    cleared: str = ""  # this page without a selection

    @property
    def addresses(self) -> Addresses:
        """The addresses of the site in the language of this page, with its selection."""
        return Addresses(self.lang, self.selection)

    @property
    def is_translated(self) -> bool:
        """Whether the interface speaks another language than the one it was written in."""
        return self.lang != SOURCE_LANGUAGE

    @property
    def report(self) -> str:
        """Where a problem with this page is reported; the imprint where nobody is named who would read it."""
        return self.publisher.report(self.canonical) or self.url("/imprint")

    def url(self, path: str) -> str:
        """A page of the site in the language of this one."""
        return self.addresses.page(path)

    @property
    def search_action(self) -> str:
        """Where the search form leads; it carries the selection itself."""
        return self.addresses.bare.search()

    def search(self, text: str, filters: Mapping[str, Sequence[str]] = MappingProxyType({})) -> str:
        """A search for these words, with the values of filters by their parameters."""
        chosen = {facet: frozenset(filters[facet.name]) for facet in FACETS if facet.name in filters}
        return self.addresses.search(SearchQuery(text=text, lang=self.lang, reader=self.lang, filters=chosen))

    def static(self, name: str) -> str:
        """The address of a static file, which changes with its content, so that browsers may keep it."""
        return f"/static/{name}?v={_digest(name)}"


class Renderer:
    """The templates in every language of the interface."""

    def __init__(self, languages: Mapping[str, Language]) -> None:
        self._environments = {code: _environment(language) for code, language in languages.items()}
        self._moulds = {
            code: _with_moulds(environment, languages[code]) for code, environment in self._environments.items()
        }

    def moulds(self, lang: str) -> Moulds:
        """The pieces of pages in a language."""
        return self._moulds[lang]

    def render(self, template: str, lang: str, site: Site, page: object) -> str:
        """A whole page."""
        return self._environments[lang].get_template(template).render(site=site, page=page)

    def templates(self) -> list[str]:
        """The names of all templates."""
        return next(iter(self._environments.values())).list_templates()


def _environment(language: Language) -> Environment:
    environment = TranslatedEnvironment(
        language.catalog,
        loader=PackageLoader("web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # what a page is made of is read once: see web/cache.py
    )
    environment.filters |= {
        "number": language.number,
        "day": language.day,
        "partial_date": language.partial_date,
        "language_name": language.language_name,
    }
    return environment


def _with_moulds(environment: Environment, language: Language) -> Moulds:
    """Let the templates of a language write pieces that are rendered once."""
    moulds = Moulds(environment, language.number)
    environment.globals |= {
        "facets": moulds.facets,
        "listed_cards": moulds.cards,
        "listed_card": moulds.card,
        "select_control": moulds.choice,
        "card_anchor": card_anchor,
        "suggest_address": Addresses(language.code).api_suggest(),
        # Not its default module, which would keep a view of the globals as they are before this.
        "suggestion_texts": environment.get_template("_search.html").make_module().suggestion_labels(),  # type: ignore[attr-defined]
    }
    return moulds


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC_DIR / name).read_bytes()).hexdigest()[:12]
