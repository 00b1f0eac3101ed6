"""The engines: open_engine(settings) is the only door."""

from __future__ import annotations

from search import dictionaries
from search.engine import SearchEngine
from search.engines.whoosh_engine import WhooshEngine
from search.settings import Settings
from search.vocabulary import Vocabulary


def open_engine(settings: Settings, vocabulary: Vocabulary) -> SearchEngine:
    """The engine that the settings name."""
    dictionaries.keep_in(settings.dictionaries_dir or settings.index_dir / "dictionaries")
    return WhooshEngine(settings.index_dir, vocabulary)
