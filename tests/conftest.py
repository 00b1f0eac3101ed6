"""What tests of several rooms share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from search import dictionaries
from search.build import read_collection
from search.engine import SearchEngine
from search.engines.whoosh_engine import WhooshEngine
from search.library import Library
from search.model import Practice
from search.moved import Moved
from search.settings import Settings
from search.vocabulary import Vocabulary, read_vocabulary
from tests.catalogs import languages
from web.app import create_app
from web.i18n import SOURCE_LANGUAGE

ROOT = Path(__file__).resolve().parent.parent

# Made once for all tests, of this process and of programs that they start.
DICTIONARIES = ROOT / ".cache" / "dictionaries"
dictionaries.keep_in(DICTIONARIES)


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """The real vocabularies."""
    return read_vocabulary(ROOT / "vocabulary")


@pytest.fixture(scope="session")
def real_engine(vocabulary: Vocabulary, tmp_path_factory: pytest.TempPathFactory) -> WhooshEngine:
    """The real collection, indexed."""
    engine = WhooshEngine(tmp_path_factory.mktemp("real") / "index", vocabulary)
    collection = read_collection(ROOT / "practices", vocabulary, date(2026, 1, 1))
    engine.rebuild(collection.library)
    return engine


@pytest.fixture(scope="session")
def real_client(real_engine: WhooshEngine) -> TestClient:
    """The site over the real collection."""
    return make_client(real_engine)


@pytest.fixture(scope="session")
def speaking_client(real_engine: WhooshEngine) -> TestClient:
    """The same in every language that there is a catalog of."""
    return make_client(real_engine, languages=",".join((SOURCE_LANGUAGE, *languages())))


@pytest.fixture
def site(tmp_path: Path, vocabulary: Vocabulary) -> Callable[..., TestClient]:
    """A site over the practices that a test makes."""

    def make(*practices: Practice, moved: Mapping[str, Moved] | None = None, **settings: object) -> TestClient:
        engine = WhooshEngine(tmp_path / "index", vocabulary)
        engine.rebuild(Library(practices, moved))
        return make_client(engine, **settings)

    return make


def make_client(engine: SearchEngine, **settings: object) -> TestClient:
    """A client that asks the site itself, without a network; a fault of ours is answered, not raised."""
    chosen = {"watch": False, "trusted_hosts": "testserver", **settings}
    app = create_app(Settings.model_validate(chosen), engine)
    return TestClient(app, raise_server_exceptions=False, follow_redirects=False)
