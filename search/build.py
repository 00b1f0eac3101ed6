"""From a folder of documents to an index: read, check, keep what was good, index. The program and the site run this."""

from __future__ import annotations

import hashlib
from collections.abc import Collection as Container
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from search.checks import check_document, check_draft, run_checks
from search.engine import Progress, SearchEngine
from search.errors import EngineError, Problem, Severity
from search.history import Histories, head, read_histories
from search.library import Library, assemble, document_ids, read_document, read_documents
from search.model import History, Practice, Translation
from search.moved import read_moved
from search.vocabulary import Vocabulary, fingerprint

FORMAT = "1"  # of the index: raised when the same documents would be indexed otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A folder of practices that was read: what can be shown, and everything that is wrong with the rest."""

    library: Library
    problems: tuple[Problem, ...]
    kept: frozenset[str]  # files that are broken and answered by their last good version
    left_out: frozenset[str]  # files that are broken and have none


def read_collection(folder: Path, vocabulary: Vocabulary, today: date, last: Library | None = None) -> Collection:
    """Read and check the documents below a folder; in place of a broken one stands what `last` has of it."""
    check = partial(check_draft, vocabulary=vocabulary, today=today)
    documents, problems = read_documents(folder, vocabulary, check)
    moved, more = read_moved(folder, document_ids(folder))
    problems += more
    problems += run_checks(documents, vocabulary, moved, today=today)
    broken = {problem.path for problem in problems if problem.severity is Severity.ERROR}
    practices = {one.id: one for one in assemble(one for one in documents if one.path not in broken)}
    files = {Path(path).relative_to(folder).as_posix() for path in broken if path.endswith(".md")}
    kept = _keep_last_good(practices, files, last) if last is not None else frozenset()
    histories = read_histories(folder)
    return Collection(
        library=Library((_with_history(one, histories) for one in practices.values()), moved),
        problems=tuple(sorted(problems)),
        kept=kept,
        left_out=frozenset(files - kept),
    )


def check_paths(paths: Sequence[Path], folder: Path, vocabulary: Vocabulary, today: date) -> list[Problem]:
    """Check files, or the documents below folders; those of the collection in `folder` among the others there.

    A finding names its file as the caller did.
    """
    found = documents_below(paths)
    ids = document_ids(folder) if folder.is_dir() else frozenset()
    here = folder.resolve()
    inside = {path.resolve(): path for path in found if path.is_file() and path.resolve().is_relative_to(here)}
    check = partial(check_draft, vocabulary=vocabulary, today=today)
    problems: list[Problem] = []
    if inside:
        for problem in read_collection(folder, vocabulary, today).problems:
            path = inside.get(Path(problem.path).resolve())
            if path is not None:
                problems.append(replace(problem, path=str(path)))
    for path in found:
        if path.resolve() not in inside:
            document, alone = read_document(path, str(path), vocabulary, check)
            problems += alone
            if document is not None:
                problems += check_document(document, vocabulary, {*ids, document.id}, today=today)
    return sorted(problems)


def documents_below(paths: Sequence[Path]) -> list[Path]:
    """The files named, and the documents of the folders named; a path that is neither stays, to be reported."""
    found: dict[Path, None] = {}
    for path in paths:
        inside = sorted(path.rglob("*.md")) if path.is_dir() else [path]
        found |= dict.fromkeys(one for one in inside if one == path or not one.name.lower().startswith("readme"))
    return list(found)


def build(
    collection: Collection, engine: SearchEngine, *, fingerprint: str = "", progress: Progress | None = None
) -> int:
    """Index a collection. Returns: how many practices. Raises: as SearchEngine.rebuild."""
    return engine.rebuild(collection.library, progress, about={"fingerprint": fingerprint})


def is_current(engine: SearchEngine, fingerprint: str) -> bool:
    """Whether the index was made from documents with this fingerprint, and can be read."""
    try:
        return engine.snapshot().about.get("fingerprint") == fingerprint
    except EngineError:
        return False


def last_good(engine: SearchEngine) -> Library | None:
    """The practices of the index, if there is one that can be read."""
    try:
        return engine.snapshot().library
    except EngineError:
        return None


def collection_fingerprint(folder: Path, vocabulary_dir: Path) -> str:
    """A digest that changes when a document, a vocabulary, their history or the form of the index does.

    Documents are told apart by path, size and time of change, not read.
    """
    digest = hashlib.sha256(f"{FORMAT} {fingerprint(vocabulary_dir)} {head(folder)}".encode())
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".md", ".yaml"} and path.is_file():
            stat = path.stat()
            digest.update(f"\n{path.relative_to(folder).as_posix()} {stat.st_size} {stat.st_mtime_ns}".encode())
    return digest.hexdigest()


def _keep_last_good(practices: dict[str, Practice], broken: Container[str], last: Library) -> frozenset[str]:
    """Put what was good before in the place of broken files. Returns: the files for which there was something."""
    kept = set()
    for before in last:
        if before.path in broken:
            practices.setdefault(before.id, before)
            kept.add(before.path)
        for translation in before.translations:
            now = practices.get(before.id)
            if now is not None and translation.path in broken:
                others = (one for one in now.translations if one.language != translation.language)
                practices[before.id] = now.model_copy(update={"translations": (*others, translation)})
                kept.add(translation.path)
    return frozenset(kept)


def _with_history(practice: Practice, histories: Histories) -> Practice:
    translations: Sequence[Translation] = [
        one.model_copy(update={"history": histories.of.get(one.path, History())}) for one in practice.translations
    ]
    return practice.model_copy(
        update={"history": histories.of.get(practice.path, History()), "translations": tuple(translations)}
    )
