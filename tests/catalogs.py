"""Brings web/locale/*.po up to date with the strings of templates and code: `python -m tests.catalogs`."""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "web" / "locale"
METHODS = [
    ("web/templates/**.html", "jinja2"),
    ("web/**.py", "python"),
    ("search/**.py", "python"),
    ("indexer.py", "python"),
]
KEYWORDS = {**DEFAULT_KEYWORDS, "say": None, "say_number": (1, 2)}
OPTIONS = {"web/templates/**.html": {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}}


def extract() -> Catalog:
    """Every string of the interface, with the places where it stands."""
    catalog = Catalog(project="Practice Atlas")
    found = extract_from_dir(
        ROOT,
        METHODS,
        OPTIONS,
        KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
        directory_filter=lambda folder: Path(folder).relative_to(ROOT).parts[0] in {"search", "web"},
    )
    for file, _line, message, comments, context in found:
        # Without line numbers a catalog changes only when a string does.
        catalog.add(message, None, [(file, None)], auto_comments=comments, context=context)
    return catalog


def read(lang: str) -> Catalog:
    """The catalog of a language as it is."""
    with (LOCALE / f"{lang}.po").open("rb") as file:
        return read_po(file, locale=lang)


def languages() -> list[str]:
    """The languages that have a catalog."""
    return sorted(path.stem for path in LOCALE.glob("*.po"))


def main() -> None:
    """Add new strings, drop those that are gone, keep what is translated."""
    template = extract()
    for lang in languages():
        catalog = read(lang)
        catalog.update(template, no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False)
        catalog.obsolete.clear()
        with (LOCALE / f"{lang}.po").open("wb") as file:
            write_po(file, catalog, width=120, sort_output=True, omit_header=False, ignore_obsolete=True)
        missing = [message.id for message in catalog if message.id and not message.string]
        print(f"{lang}: {len(catalog)} strings, {len(missing)} to translate")


if __name__ == "__main__":
    main()
