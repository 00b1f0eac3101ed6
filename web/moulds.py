"""Pieces of a page that differ in few places: rendered once by their template with blanks, filled for every page.

A list has some three hundred values of filters and twenty cards, and most of what is written for each is the same on
every page. What stands in a blank is escaped here, since no template sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from jinja2 import Environment
from markupsafe import Markup, escape

from search.query import Fragment
from web.params import Choice
from web.views import Card, FacetLink, ListedCard

BLANK = Markup("\0")  # no document and no vocabulary can have this character
CARRIED = Markup("\1")  # nor this one: where addresses of a card carry the selection on
KEPT = 10_000  # moulds of each kind that are kept, about 2 kB each

Mould = tuple[str, ...]  # what stands before, between and after the blanks


class Moulds:
    """The pieces in one language."""

    def __init__(self, environment: Environment, number: Callable[[int], str]) -> None:
        self._environment = environment
        self._number = lru_cache(KEPT)(number)
        self._mould = lru_cache(KEPT)(self._make)
        self._value = lru_cache(KEPT)(self._make_value)
        self._card = lru_cache(KEPT)(self._make_card)

    def facet_values(self, links: Iterable[FacetLink]) -> Markup:
        """The values of a filter."""
        rows: list[str] = []
        for link in links:
            rows += self._row("facet_value", link)
        return _safe(self._written("_filters.html", "facet_list", "".join(rows)))

    def region_tree(self, links: Iterable[FacetLink]) -> Markup:
        """Regions inside regions. Those without a practice come last."""
        return _safe("".join(self._tree(links)))

    def _tree(self, links: Iterable[FacetLink]) -> Sequence[str]:
        """The pieces of a tree: they are joined once, not anew for every region around them."""
        before, after = self._mould("_filters.html", "region_list", BLANK)
        rows = [before]
        last: list[str] = []
        for link in links:
            if not (link.count or link.opened):
                last += self._row("region_none", link)
            elif not link.children:
                rows += self._row("region_leaf", link)
            else:
                rows += self._row("open_region" if link.opened else "closed_region", link, self._tree(link.children))
        return [*rows, *last, after]

    def card(self, listed: ListedCard, lang: str, level: int) -> Markup:
        """A practice in a list, under a heading of this level."""
        text = self._snippet(listed.snippet) if listed.snippet else escape(listed.card.summary)
        why = self._reasons(listed.why) if listed.why else ""
        state = _choice_state(listed.choice) if listed.choice else ""
        mould = self._card(listed.card, lang, level, state, CARRIED if listed.carried else "")
        values = (text, _escaped(listed.choice.href), why) if listed.choice and listed.choice.href else (text, why)
        written = _filled(mould, values)
        return _safe(written.replace(CARRIED, _escaped(listed.carried)) if listed.carried else written)

    def choice(self, choice: Choice, title: str, title_lang: str, lang: str) -> Markup:
        """What selects a practice, or takes it out of the selection, on a page in a language."""
        return self._control(_choice_state(choice), escape(choice.href), title, title_lang, lang)

    def _control(self, state: str, href: Markup, title: str, title_lang: str, lang: str) -> Markup:
        name = escape(title)
        if title_lang != lang:
            name = Markup('<span lang="{}">{}</span>').format(title_lang, title)
        macro = getattr(self._environment.get_template("_cards.html").module, state)
        return _safe(macro(href, name))

    def _row(self, macro: str, link: FacetLink, inside: Sequence[str] = ()) -> Sequence[str]:
        """The pieces of a value in one of its states."""
        _, label, href, count, selected, children, _ = link
        if not (selected or count):
            before, *rest = self._value(macro, label, "", bool(children))
            return [before, *inside, *rest]
        state = "selected" if selected else "leads"
        before, between, after, *rest = self._value(macro, label, state, bool(children))
        return [before, _escaped(href), between, self._number(count), after, *inside, *rest]

    def _snippet(self, fragments: Iterable[Fragment]) -> str:
        return "".join([f"<mark>{escape(one.text)}</mark>" if one.match else escape(one.text) for one in fragments])

    def _reasons(self, why: Iterable[tuple[str, str]]) -> str:
        rows = [self._written("_cards.html", f"reason_in_{field}", escape(terms)) for field, terms in why]
        return self._written("_cards.html", "reasons", "".join(rows))

    def _written(self, template: str, macro: str, *values: str) -> str:
        return _filled(self._mould(template, macro, *(BLANK for _ in values)), values)

    def _make(self, template: str, macro: str, *arguments: object) -> Mould:
        """A macro of a template, rendered with blanks."""
        rendered = getattr(self._environment.get_template(template).module, macro)(*arguments)
        return tuple(str(rendered).split(BLANK))

    def _make_value(self, macro: str, label: str, state: str, is_branch: bool) -> Mould:  # noqa: FBT001 - kept by all
        """A value of a filter; one that leads somewhere has blanks for address and count."""
        address_and_count = (BLANK, BLANK) if state else ("", self._number(0))
        return self._make("_filters.html", macro, label, state, *address_and_count, *([BLANK] if is_branch else []))

    def _make_card(self, card: Card, lang: str, level: int, state: str, carried: str) -> Mould:
        control = self._control(state, BLANK, card.title, card.title_lang, lang) if state else ""
        return self._make("_cards.html", "card", card, lang, level, carried, BLANK, control, BLANK)


def _escaped(address: str) -> str:
    return address.replace("&", "&amp;")  # nothing else in it: parameters are written percent-encoded


def _choice_state(choice: Choice) -> str:
    return "chosen" if choice.selected else "not_chosen" if choice.href else "no_choice"


def _filled(mould: Mould, values: Sequence[str]) -> str:
    written = [mould[0]]
    for value, after in zip(values, mould[1:], strict=True):
        written += (value, after)
    return "".join(written)


def _safe(written: str) -> Markup:
    return Markup(written)  # noqa: S704 - moulds were rendered by templates, and what fills them is escaped
