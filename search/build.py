"""From a folder of documents to an index: read, check, keep what was good, index. The program and the site run this."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from zlib import crc32

from search.checks import check_draft, run_checks
from search.engine import Progress, SearchEngine
from search.errors import EngineError, Problem, Severity
from search.history import Histories, head, read_histories
from search.library import Library, assemble, document_ids, document_name, read_documents
from search.model import History, Practice, Translation
from search.moved import read_moved
from search.vocabulary import Vocabulary, fingerprint

FORMAT = "4"  # of the index: raised when the same documents would be indexed otherwise
FEW = 10  # changed practices, for which others are never read again
MANY = 0.2  # part of the practices that may have changed for the others not to be read again


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A folder of practices that was read: what can be shown, and everything that is wrong with the rest."""

    library: Library
    problems: tuple[Problem, ...]
    kept: frozenset[str]  # files that are broken and answered by their last good version
    left_out: frozenset[str]  # files that are broken and have none


def read_collection(
    folder: Path,
    vocabulary: Vocabulary,
    today: date,
    last: Library | None = None,
    histories: Histories | None = None,
    only: Container[str] | None = None,
) -> Collection:
    """Read and check the documents below a folder; in place of a broken one stands what `last` has of it.

    Where `only` is given, the practices with other ids are not read.
    """
    check = partial(check_draft, vocabulary=vocabulary, today=today)
    documents, problems = read_documents(folder, vocabulary, check, only)
    moved, more = read_moved(folder, document_ids(folder))
    problems += more
    problems += run_checks(documents, vocabulary, moved, today=today)
    broken = {problem.path for problem in problems if problem.severity is Severity.ERROR}
    practices = {one.id: one for one in assemble(one for one in documents if one.path not in broken)}
    files = {Path(path).relative_to(folder).as_posix() for path in broken if path.endswith(".md")}
    kept = _keep_last_good(practices, files, last) if last is not None else frozenset()
    histories = histories or read_histories(folder)
    return Collection(
        library=Library((_with_history(one, histories) for one in practices.values()), moved),
        problems=tuple(sorted(problems)),
        kept=kept,
        left_out=frozenset(files - kept),
    )


def index_folder(
    folder: Path,
    vocabulary_dir: Path,
    vocabulary: Vocabulary,
    engine: SearchEngine,
    today: date,
    *,
    whole: bool = False,
    progress: Progress | None = None,
    begin: Callable[[int], None] | None = None,
) -> tuple[Collection, int]:
    """Bring an index up to date with a folder: documents that did not change are not read again, unless `whole`.

    `begin` is told how many practices will be indexed, `progress` of each.
    Returns: what was read, and how many practices there are. Raises: as SearchEngine.rebuild.
    """
    fingerprint = collection_fingerprint(folder, vocabulary_dir)
    histories = read_histories(folder)
    state = _State.of(folder, vocabulary_dir, histories)

    def about(collection: Collection) -> dict[str, str]:
        return state.about(fingerprint, collection) | {"commit": histories.commit, "committed": histories.committed}

    last = last_good(engine)
    before = None if whole or last is None else _State.read(engine.snapshot().about)
    changed = None if before is None else state.changed_since(before)
    if last is None or changed is None or len(changed) > max(FEW, MANY * len(last)):
        collection = read_collection(folder, vocabulary, today, last, histories)
        if begin is not None:
            begin(len(collection.library))
        return collection, engine.rebuild(collection.library, progress, about(collection))
    collection = read_collection(folder, vocabulary, today, last, histories, changed)
    try:
        return collection, engine.update(collection.library, (), collection.library.moved, about(collection))
    except EngineError:  # what is to be updated is not whole; its practices may be read all the same
        return index_folder(
            folder, vocabulary_dir, vocabulary, engine, today, whole=True, progress=progress, begin=begin
        )


@dataclass(frozen=True, slots=True)
class _State:
    """What an index was made from: the ground it stands on, each document, and those that were broken."""

    ground: str  # the form of the index and the vocabularies
    files: dict[str, list[int]]  # size, time of change (ns) and a check sum of the history, by file
    broken: list[str]

    @classmethod
    def of(cls, folder: Path, vocabulary_dir: Path, histories: Histories) -> _State:
        files = {}
        for path in sorted(folder.rglob("*.md")):
            if document_name(path.name) and path.is_file():
                stat, file = path.stat(), path.relative_to(folder).as_posix()
                files[file] = [stat.st_size, stat.st_mtime_ns, crc32(repr(histories.of.get(file)).encode())]
        return cls(f"{FORMAT} {fingerprint(vocabulary_dir)}", files, [])

    @classmethod
    def read(cls, about: Mapping[str, str]) -> _State | None:
        """What a generation says of itself, or None where it says nothing that is understood."""
        try:
            return cls(about["ground"], json.loads(about["files"]), json.loads(about["broken"]))
        except (KeyError, ValueError):
            return None

    def ids(self) -> set[str]:
        """The ids of originals."""
        found = (document_name(Path(file).name) for file in self.files)
        return {name[0] for name in found if name is not None and name[1] is None}

    def about(self, fingerprint: str, collection: Collection) -> dict[str, str]:
        """What to keep with a generation."""
        broken = sorted(collection.kept | collection.left_out)
        return {
            "fingerprint": fingerprint,
            "ground": self.ground,
            "files": json.dumps(self.files),
            "broken": json.dumps(broken),
        }

    def changed_since(self, before: _State) -> set[str] | None:
        """The ids of practices that must be read again; None for all of them.

        All are when one is gone, since others may be related to it.
        """
        if self.ground != before.ground or before.ids() - self.ids():
            return None
        names = self.files.keys() | before.files.keys()
        files = {file for file in names if self.files.get(file) != before.files.get(file)} | set(before.broken)
        found = (document_name(Path(file).name) for file in files)
        return {name[0] for name in found if name is not None}


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


def _keep_last_good(practices: dict[str, Practice], broken: Iterable[str], last: Library) -> frozenset[str]:
    """Put what was good before in the place of broken files. Returns: the files for which there was something."""
    kept = set()
    for file in sorted(broken):
        name = document_name(Path(file).name)
        before = last.get(name[0]) if name else None
        if before is None:
            continue
        if before.path == file:
            practices.setdefault(before.id, before)
            kept.add(file)
        translation = next((one for one in before.translations if one.path == file), None)
        now = practices.get(before.id)
        if translation is not None and now is not None:
            others = (one for one in now.translations if one.language != translation.language)
            practices[before.id] = now.model_copy(update={"translations": (*others, translation)})
            kept.add(file)
    return frozenset(kept)


def _with_history(practice: Practice, histories: Histories) -> Practice:
    translations: Sequence[Translation] = [
        one.model_copy(update={"history": histories.of.get(one.path, History())}) for one in practice.translations
    ]
    return practice.model_copy(
        update={"history": histories.of.get(practice.path, History()), "translations": tuple(translations)}
    )
