"""Reads vocabulary/: is this id known, what is its label in French, which region does this name mean.

Concept schemes are YAML files whose properties are named as in SKOS; regions are the two CSV files of NUTS.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml
from babel import Locale
from pydantic import ValidationError
from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.analysis import ANALYZERS, fold
from search.errors import VocabularyError
from search.garbage import uncollected
from search.model import Id, Lang, Region, Value

LANGUAGES = ("en", "fr", "it", "es", "sk", "sl", "et", "de")  # every label exists in these
REGION_SCHEME = "nuts"
LANGUAGE_SCHEME = "languages"  # its concepts are the codes of ISO 639-1, named by Unicode's CLDR
UNION = "EU"  # the code of practices for the whole Union
UNION_MEMBERS = frozenset(  # by NUTS code
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE", "IT", "LT", "LU",
        "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    }
)  # fmt: skip
UNNAMED = frozenset({"XK"})  # keep the name of the source, which carries a footnote: see NOTICE
_LOADER: type[yaml.CSafeLoader | yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's, if built
LEVELS = (0, 2, 1, 3)  # of regions that share a name: a country first, then the level of regional policy
ISO_OF_NUTS = {"EL": "GR", "UK": "GB"}  # where NUTS and ISO 3166-1 name a country differently


class Concept(Value):
    """A concept of a scheme; its properties are named as in SKOS."""

    id: Id
    pestel: Id | None = None  # of a barrier: its dimension, an id of pestel.yaml
    broader: Id | None = None  # data for those who reuse the vocabulary as SKOS; nothing is searched by it
    pref_label: Mapping[Lang, str]  # what readers see
    alt_labels: Mapping[Lang, tuple[str, ...]] = {}  # synonyms: indexed for recall, never shown
    definition: Mapping[Lang, str] = {}


class Scheme(Value):
    """A concept scheme: one file of vocabulary/."""

    scheme: Id
    title: Mapping[Lang, str]
    concepts: tuple[Concept, ...]


@dataclass(frozen=True, slots=True)
class RegionName:
    """A region of NUTS with its names. `successors` are the codes that took its place, where it is retired."""

    region: Region
    parent: str
    name: str  # in its own language and script
    names: Mapping[str, str] = field(default_factory=dict)  # by language, where that differs
    aliases: tuple[str, ...] = ()  # searched, never shown
    successors: tuple[str, ...] = ()

    @property
    def level(self) -> int:
        """0 for a country, to 3."""
        return len(self.region.code) - 2

    def label(self, lang: str) -> str:
        """The name for a reader of this language."""
        return self.names.get(lang, self.name)

    def all_names(self) -> tuple[str, ...]:
        """Every name under which a visitor may look for it, each once."""
        return tuple(dict.fromkeys((self.name, *self.names.values(), *self.aliases)))


class RegionNode(NamedTuple):
    """A region in the tree that readers of a language see, and those shown inside it."""

    code: str
    label: str
    inside: tuple[RegionNode, ...]


class Vocabulary:
    """Everything in vocabulary/, read once and unchanged afterwards."""

    def __init__(self, schemes: Iterable[Scheme], regions: Iterable[RegionName], codes: Mapping[str, str]) -> None:
        self.schemes = {scheme.scheme: scheme for scheme in schemes}
        self.regions = {region.region.code: region for region in regions}
        self.region_codes = dict(codes)  # other codes of a region: {"GR": "EL"}
        self._concepts = {
            name: {concept.id: concept for concept in scheme.concepts} for name, scheme in self.schemes.items()
        }
        self._labelled: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self._region_trees: dict[str, tuple[RegionNode, ...]] = {}
        self._children: dict[str, list[str]] = {}
        self._by_name: dict[str, tuple[str, ...]] = {}
        for region in self.regions.values():
            if not region.successors:
                self._children.setdefault(region.parent, []).append(region.region.code)
            for name in region.all_names():
                found = self._by_name.get(fold(name), ())
                if region.region.code not in found:  # two of its names may differ in accents only
                    self._by_name[fold(name)] = (*found, region.region.code)

    def ids(self, scheme: str) -> Sequence[str]:
        """The ids of a scheme in its own order; for regions the codes."""
        return tuple(self.regions if scheme == REGION_SCHEME else self._concepts[scheme])

    def knows(self, scheme: str, value: str) -> bool:
        """Whether this id is in the scheme; a retired region code is not."""
        if scheme == REGION_SCHEME:
            return value in self.regions and not self.regions[value].successors
        return value in self._concepts[scheme]

    def is_expected(self, scheme: str, value: str) -> bool:
        """Whether lists show a value that no practice has: of languages those of the Union, else every one."""
        return scheme != LANGUAGE_SCHEME or value in ANALYZERS

    def concept(self, scheme: str, value: str) -> Concept:
        """The concept with this id. Raises: KeyError when there is none."""
        return self._concepts[scheme][value]

    def label(self, scheme: str, value: str, lang: str) -> str:
        """What readers of this language see for an id; the id itself where nothing is known of it."""
        if scheme == REGION_SCHEME:
            region = self.regions.get(value)
            return region.label(lang) if region else value
        concept = self._concepts[scheme].get(value)
        if concept is None:
            return value
        return concept.pref_label.get(lang) or concept.pref_label["en"]

    def labelled(self, scheme: str, lang: str) -> Sequence[tuple[str, str]]:
        """Every id of a concept scheme in its own order, with what readers of this language see for it.

        Languages stand in the order of their names.
        """
        known = self._labelled.get((scheme, lang))
        if known is None:
            known = [(value, self.label(scheme, value, lang)) for value in self.ids(scheme)]
            if scheme == LANGUAGE_SCHEME:  # an order of codes is one to nobody
                known.sort(key=lambda pair: fold(pair[1]))
            self._labelled[scheme, lang] = known
        return known

    def region_tree(self, lang: str, apart: Iterable[str] = ()) -> tuple[RegionNode, ...]:
        """The countries and the regions inside them, by name, as readers of this language see them.

        A region that is the whole of the one above it under another code is left out, and what is in it moves up;
        those `apart` stay where they are.
        """
        stay = {code for code in apart if self._is_double(code, lang)}
        if stay:
            return self._make_region_tree(lang, stay)
        if lang not in self._region_trees:
            self._region_trees[lang] = self._make_region_tree(lang, stay)
        return self._region_trees[lang]

    def _make_region_tree(self, lang: str, stay: AbstractSet[str]) -> tuple[RegionNode, ...]:
        labels = {code: region.label(lang) for code, region in self.regions.items()}
        left_out = {code for code in labels if code not in stay and self._is_double(code, lang)}
        inside: dict[str, list[str]] = {}
        for code in sorted(labels, key=lambda code: (fold(labels[code]), code)):
            if code not in left_out:
                inside.setdefault(_parent(code, left_out), []).append(code)

        def below(parent: str) -> tuple[RegionNode, ...]:
            return tuple(RegionNode(code, labels[code], below(code)) for code in inside.get(parent, ()))

        return below("")

    def _is_double(self, code: str, lang: str) -> bool:
        """Whether a region has the name of the one above it."""
        return len(code) > 2 and self.label(REGION_SCHEME, code, lang) == self.label(REGION_SCHEME, code[:-1], lang)

    def labels(self, scheme: str, value: str) -> Iterable[tuple[str, str]]:
        """Every label of an id, synonyms too, as (language, label); a region's native name has language ""."""
        if scheme == REGION_SCHEME:
            region = self.regions.get(value)
            if region is not None:
                yield "", region.name
                yield from region.names.items()
                yield from (("", alias) for alias in region.aliases)
            return
        concept = self._concepts[scheme].get(value)
        if concept is not None:
            yield from concept.pref_label.items()
            for lang, labels in concept.alt_labels.items():
                yield from ((lang, label) for label in labels)

    def title(self, scheme: str, lang: str) -> str:
        """The name of a scheme, the heading of its filter."""
        titles = self.schemes[scheme].title
        return titles.get(lang) or titles["en"]

    def children(self, code: str) -> tuple[str, ...]:
        """The regions one level below, by code; of "" the countries."""
        return tuple(self._children.get(code, ()))

    def regions_named(self, name: str) -> tuple[str, ...]:
        """Codes of the regions that carry exactly this name in some language, whatever its accents and case."""
        return self._by_name.get(fold(name.strip()), ())

    def resolve_region(self, text: str) -> tuple[str, ...]:
        """The codes that somebody may have meant: another code, a name, a retired code's successors; or none."""
        code = text.strip().upper()
        code = self.region_codes.get(code[:2], code[:2]) + code[2:]
        region = self.regions.get(code)
        if region is not None:
            return region.successors or (code,)
        return self.regions_named(text)

    def preferred(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Of regions with the same name, as Brittany FRH and FRH0, those that people mean: see LEVELS."""
        known = [code for code in codes if self.knows(REGION_SCHEME, code)]
        by_level = (tuple(code for code in known if self.regions[code].level == level) for level in LEVELS)
        return next(filter(None, by_level), ())

    def region_meant(self, text: str) -> str:
        """The code of the one region that a name or another code stands for; "" where there is none, or several.

        Codes of the same area lie in each other, and the preferred one stands for all; a country's name is its own.
        """
        codes = [code for code in self.resolve_region(text) if self.knows(REGION_SCHEME, code)]
        meant = self.preferred(codes)
        if len(meant) != 1:
            return ""
        [one] = meant
        is_same_area = all(code.startswith(one) or one.startswith(code) for code in codes)
        return one if is_same_area or self.regions[one].level == 0 else ""

    def nearest(self, scheme: str, value: str) -> str:
        """The known id nearest to a mistyped one, or "" where none is near."""
        return nearest(value, (one for one in self.ids(scheme) if self.knows(scheme, one)))


def _parent(code: str, left_out: AbstractSet[str]) -> str:
    """The region that this one is shown inside; "" of a country."""
    parent = code[:-1] if len(code) > 2 else ""
    return _parent(parent, left_out) if parent in left_out else parent


def nearest(value: str, known: Iterable[str]) -> str:
    """The known word nearest to a mistyped one, or "" where none is near (a third of its letters may differ)."""
    found = process.extractOne(
        value.lower(), list(known), scorer=OSA.distance, processor=str.lower, score_cutoff=max(1, len(value) // 3)
    )
    return str(found[0]) if found else ""


@uncollected()
def read_vocabulary(folder: Path) -> Vocabulary:
    """Read every file of vocabulary/.

    Raises: VocabularyError naming the file and what is wrong in it.
    """
    schemes = [_read_scheme(path) for path in sorted(folder.glob("*.yaml"))]
    if not schemes:
        raise VocabularyError(f"{folder}: no vocabulary files here")
    return Vocabulary(schemes, *_read_regions(folder))


def fingerprint(folder: Path) -> str:
    """A digest of every file of vocabulary/, which changes when one does."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.iterdir() if path.suffix in {".yaml", ".csv"}):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _read_scheme(path: Path) -> Scheme:
    try:
        scheme = Scheme.model_validate(_LOADER(path.read_text(encoding="utf-8")).get_single_data())
    except (yaml.YAMLError, UnicodeDecodeError, ValidationError) as error:
        raise VocabularyError(f"{path}: {error}") from error
    if scheme.scheme == LANGUAGE_SCHEME and not scheme.concepts:
        return scheme.model_copy(update={"concepts": _languages()})
    return scheme


def _read_regions(folder: Path) -> tuple[list[RegionName], dict[str, str]]:
    names: dict[str, dict[str, str]] = {}
    aliases: dict[str, list[str]] = {}
    codes: dict[str, str] = {}
    for row in _rows(folder / "nuts_names.csv"):
        if row["kind"] == "code":
            codes[row["name"]] = row["code"]
        elif row["kind"] == "alias":
            aliases.setdefault(row["code"], []).append(row["name"])
        else:
            names.setdefault(row["code"], {})[row["language"]] = row["name"]
    regions = []
    for row in _rows(folder / "nuts.csv"):
        code = row["code"]
        latin = [row["name_latin"]] if row["name_latin"] else []
        country = _country_names(code) if len(code) == 2 and code not in {UNION, *UNNAMED} else {}
        regions.append(
            RegionName(
                region=Region(code=code),
                parent=row["parent"],
                name=row["name"],
                names=country | names.get(code, {}),
                aliases=(*latin, *aliases.get(code, ())),
                successors=tuple(row["successors"].split()),
            )
        )
    return regions, codes


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise VocabularyError(f"{path}: {error}") from error


@cache
def language_codes() -> frozenset[str]:
    """The codes of ISO 639-1."""
    return frozenset(code for code in map(str, Locale("en").languages) if len(code) == 2)


@cache
def _languages() -> tuple[Concept, ...]:
    """The languages, those of the Union first: where several are near to a mistyped code, one of them is meant."""
    names = {lang: Locale(lang).languages for lang in LANGUAGES}
    codes = sorted(language_codes(), key=lambda code: (code not in ANALYZERS, code))
    return tuple(
        Concept(id=code, pref_label={lang: known[code][:1].upper() + known[code][1:] for lang, known in names.items()})
        for code in codes
    )


@cache
def _territories(lang: str) -> Mapping[str, str]:
    return Locale(lang).territories


def _country_names(code: str) -> dict[str, str]:
    """A country's name in the languages of the interface, from Unicode's CLDR."""
    iso = ISO_OF_NUTS.get(code, code)
    return {lang: name for lang in LANGUAGES if (name := _territories(lang).get(iso))}
