"""The engines: open_engine(settings) is the only door."""

from __future__ import annotations

from search.engine import SearchEngine
from search.engines.whoosh_engine import WhooshEngine
from search.settings import Settings
from search.vocabulary import Vocabulary


def open_engine(settings: Settings, vocabulary: Vocabulary) -> SearchEngine:
    """The engine that the settings name."""
    return WhooshEngine(settings.index_dir, vocabulary)
