"""The page of what a visitor has selected. Pure functions: no request, clock or engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from search.library import Library
from search.model import Source
from web.params import MAX_SELECTED, Addresses, Selection, card_anchor
from web.views import ListedCard, Reader

SHOWN_SOURCES = 3  # of each practice, on paper
SHOWN_COMMIT = 12  # characters of the commit's name


@dataclass(frozen=True, slots=True)
class Gone:
    """A selected id that no practice has; `note` says why it was withdrawn, "" where nothing is known of it."""

    id: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A selected practice, and this page with it at another place or without it."""

    listed: ListedCard
    up: str  # "" of the first
    down: str  # "" of the last
    out: str
    sources: tuple[Source, ...]  # the first ones
    address: str  # of its page, whole
    license: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionPage:
    """What was selected, in the order of choosing."""

    items: tuple[Item, ...]
    gone: tuple[Gone, ...]
    left_out: int  # how many more were named than a selection holds
    most: int  # that it holds
    address: str  # of this page, whole
    today: date
    committed: date | None  # the day of the collection, where it is known
    commit: str  # in the repository of the collection, or ""


def resolve(selection: Selection, library: Library) -> tuple[Selection, tuple[Gone, ...]]:
    """The selection with the ids that practices have now, each once, and the ids that are gone."""
    ids: dict[str, None] = {}
    gone = []
    for id in selection.ids:
        moved = library.moved.get(id)
        now = moved.to if moved and moved.to else id
        if now in library:
            ids[now] = None
        else:
            gone.append(Gone(id, moved.note if moved else ""))
    return Selection(tuple(ids), selection.left_out), tuple(gone)


def selection_page(
    selection: Selection,
    gone: tuple[Gone, ...],
    library: Library,
    reader: Reader,
    base: str,
    about: Mapping[str, str],
    today: date,
) -> SelectionPage:
    """What the template shows of a selection whose practices are all there.

    `base` is the address of the site without a slash, `about` what the index says of itself.
    """
    committed = about.get("committed", "")
    return SelectionPage(
        items=tuple(_item(id, selection, library, reader, base) for id in selection.ids),
        gone=gone,
        left_out=selection.left_out,
        most=MAX_SELECTED,
        address=base + reader.addresses.selected(selection),
        today=today,
        committed=date.fromisoformat(committed[:10]) if committed else None,
        commit=about.get("commit", "")[:SHOWN_COMMIT],
    )


def _item(id: str, selection: Selection, library: Library, reader: Reader, base: str) -> Item:
    practice = library[id]
    addresses: Addresses = reader.addresses

    def moved(by: int) -> str:
        return f"{addresses.selected(selection.moved(id, by))}#{card_anchor(id)}"

    return Item(
        listed=reader.listed(id, library, None),
        up=moved(-1) if id != selection.ids[0] else "",
        down=moved(1) if id != selection.ids[-1] else "",
        out=f"{addresses.selected(selection.toggled(id))}#selected",
        sources=practice.sources[:SHOWN_SOURCES],
        address=base + addresses.bare.practice(id),
        license=practice.license,
    )
