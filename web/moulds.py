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
from search.vocabulary import RegionNode
from web.params import Choice, Toggles
from web.views import Card, FacetValue, FacetView, ListedCard, RegionsView

BLANK = Markup("\0")  # no document and no vocabulary can have this character
CARRIED = Markup("\1")  # nor this one: where addresses of a card carry the selection on
OPEN, CLOSE = "\2", "\3"  # nor these: where a word that was found begins and ends
BRANCHES = ("open_region", "closed_region")  # what has other values inside it
KEPT = 10_000  # moulds of each kind that are kept, about 2 kB each

Mould = tuple[str, ...]  # what stands before, between and after the blanks


class _Addresses:
    """Those of a filter, as they stand in a page."""

    def __init__(self, toggles: Toggles) -> None:
        self.start = _escaped(toggles.start)
        self.end = _escaped(toggles.end)
        self.chosen = {value: _escaped(address) for value, address in toggles.chosen.items()}


class Moulds:
    """The pieces in one language."""

    def __init__(self, environment: Environment, number: Callable[[int], str]) -> None:
        self._environment = environment
        self._number = lru_cache(KEPT)(number)
        self._mould = lru_cache(KEPT)(self._make)
        self._value = lru_cache(KEPT)(self._make_value)
        self._card = lru_cache(KEPT)(self._make_card)

    def facets(self, views: Iterable[FacetView | RegionsView]) -> Markup:
        """Filters with their values: a tree of regions, where those without a practice come last; else a list."""
        written: list[str] = []
        for view in views:
            addresses = _Addresses(view.toggles)
            if isinstance(view, RegionsView):
                lists = [self._tree(view.tree, view, addresses)]
                before, *after = self._mould("_filters.html", "region_facet", view.title, BLANK)
            else:
                lists = [self._list(view.values, addresses)]
                if view.more:
                    lists.append(self._list(view.more, addresses))
                blanks = [BLANK] * len(lists)
                before, *after = self._mould("_filters.html", "facet", view.title, len(view.more), *blanks)
            written.append(before)
            for pieces, then in zip(lists, after, strict=True):
                written += (*pieces, then)
        return _safe("".join(written))

    def _list(self, values: Iterable[FacetValue], addresses: _Addresses) -> Sequence[str]:
        """The pieces of a list."""
        before, after = self._mould("_filters.html", "facet_list", BLANK)
        rows = [before]
        for value, label, count, _ in values:
            rows += self._row("facet_value", value, label, count, addresses)
        rows.append(after)
        return rows

    def _tree(self, nodes: Iterable[RegionNode], view: RegionsView, addresses: _Addresses) -> Sequence[str]:
        """The pieces of a tree, none where nothing of it is listed: joined once, not anew for every region around."""
        rows: list[str] = []
        last: list[str] = []
        listed, counts, opened = view.listed, view.counts, view.opened
        for code, label, within in nodes:
            if code not in listed:
                continue
            count = counts.get(code, 0)
            if count or code in opened:
                inside = self._tree(within, view, addresses) if within else ()
                macro = "region_leaf" if not inside else "open_region" if code in opened else "closed_region"
                rows += self._row(macro, code, label, count, addresses, inside)
            else:
                last += self._row("region_none", code, label, 0, addresses)
        if not (rows or last):
            return ()
        before, after = self._mould("_filters.html", "region_list", BLANK)
        return [before, *rows, *last, after]

    def cards(self, cards: Iterable[ListedCard], lang: str, level: int) -> Markup:
        """The rows of a list of practices, each under a heading of this level."""
        before, after = self._mould("_cards.html", "card_row", BLANK)
        written: list[str] = []
        for listed in cards:
            written += (before, self._write(listed, lang, level), after)
        return _safe("".join(written))

    def card(self, listed: ListedCard, lang: str, level: int) -> Markup:
        """A practice under a heading of this level."""
        return _safe(self._write(listed, lang, level))

    def _write(self, listed: ListedCard, lang: str, level: int) -> str:
        text = self._snippet(listed.snippet) if listed.snippet else escape(listed.card.summary)
        why = self._reasons(listed.why) if listed.why else ""
        state = _choice_state(listed.choice) if listed.choice else ""
        mould = self._card(listed.card, lang, level, state, CARRIED if listed.carried else "")
        values = (text, _escaped(listed.choice.href), why) if listed.choice and listed.choice.href else (text, why)
        written = _filled(mould, values)
        return written.replace(CARRIED, _escaped(listed.carried)) if listed.carried else written

    def choice(self, choice: Choice, title: str, title_lang: str, lang: str) -> Markup:
        """What selects a practice, or takes it out of the selection, on a page in a language."""
        return self._control(_choice_state(choice), escape(choice.href), title, title_lang, lang)

    def _control(self, state: str, href: Markup, title: str, title_lang: str, lang: str) -> Markup:
        name = escape(title)
        if title_lang != lang:
            name = Markup('<span lang="{}">{}</span>').format(title_lang, title)
        macro = getattr(self._environment.get_template("_cards.html").module, state)
        return _safe(macro(href, name))

    def _row(
        self,
        macro: str,
        value: str,
        label: str,
        count: int,
        addresses: _Addresses,
        inside: Sequence[str] = (),
    ) -> Sequence[str]:
        """The pieces of a value in one of its states."""
        if value in addresses.chosen:
            before, between, after, *rest = self._value(macro, "selected", "", label)
            return (before, addresses.chosen[value], between, self._number(count), after, *inside, *rest)
        if count:
            before, own, between, after, *rest = self._value(macro, "leads", value, label)
            return (before, addresses.start, own, addresses.end, between, self._number(count), after, *inside, *rest)
        before, *rest = self._value(macro, "", "", label)
        return (before, *inside, *rest)

    def _snippet(self, fragments: Iterable[Fragment]) -> str:
        text = "".join([f"{OPEN}{one.text}{CLOSE}" if one.match else one.text for one in fragments])
        return str(escape(text)).replace(OPEN, "<mark>").replace(CLOSE, "</mark>")

    def _reasons(self, why: Iterable[tuple[str, str]]) -> str:
        rows = [self._written("_cards.html", f"reason_in_{field}", escape(terms)) for field, terms in why]
        return self._written("_cards.html", "reasons", "".join(rows))

    def _written(self, template: str, macro: str, *values: str) -> str:
        return _filled(self._mould(template, macro, *(BLANK for _ in values)), values)

    def _make(self, template: str, macro: str, *arguments: object) -> Mould:
        """A macro of a template, rendered with blanks."""
        rendered = getattr(self._environment.get_template(template).module, macro)(*arguments)
        return tuple(str(rendered).split(BLANK))

    def _make_value(self, macro: str, state: str, value: str, label: str) -> Mould:
        """A value of a filter; one that leads somewhere has blanks for its address and its count."""
        address = {"selected": BLANK, "leads": BLANK + value + BLANK, "": ""}[state]
        inside = [BLANK] if macro in BRANCHES else []
        return self._make("_filters.html", macro, label, state, address, BLANK if state else self._number(0), *inside)

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
