"""Which documents are read for a check, and what is found in them: all, those named, or those that changed."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path, PurePosixPath

from search.changes import Changes, content_before, files_naming
from search.checks import check_document, check_draft, run_checks
from search.errors import Problem, Severity
from search.fields import Fields, Raw
from search.front_matter import parse_document
from search.library import Document, document_files, document_ids, document_name, read_document, read_documents
from search.messages import say
from search.moved import MOVED_FILE, Moved, read_moved
from search.rules import Rule
from search.vocabulary import Vocabulary
from search.yaml_errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was checked, and everything that is wrong with it; findings name their files as `paths` do."""

    problems: tuple[Problem, ...]
    paths: tuple[str, ...]
    documents: tuple[Document, ...]  # those of them that could be read
    moved: Mapping[str, Moved]
    outdated: tuple[str, ...] = ()  # files of translations whose original has changed and which have not

    @property
    def errors(self) -> int:
        """How many findings keep a document out."""
        return sum(problem.severity is Severity.ERROR for problem in self.problems)


def check_folder(folder: Path, vocabulary: Vocabulary, today: date) -> Checked:
    """Check every document of a collection."""
    files = document_files(folder)
    found = _read(folder, files, vocabulary, today)
    return replace(found, paths=tuple(_shown(folder, file) for file in files))


def check_paths(paths: Sequence[Path], folder: Path, vocabulary: Vocabulary, today: date) -> Checked:
    """Check files, or the documents below folders; those of the collection in `folder` among the others there.

    A finding names its file as the caller did.
    """
    named = documents_below(paths, folder)
    inside = _inside(named, folder)
    problems: list[Problem] = []
    documents: list[Document] = []
    moved: Mapping[str, Moved] = {}
    if inside:
        found = _read(folder, document_files(folder), vocabulary, today, frozenset(inside))
        called = {_shown(folder, file): str(path) for file, path in inside.items()}
        problems = [replace(one, path=called[one.path]) for one in found.problems if one.path in called]
        documents = [replace(one, path=called[one.path]) for one in found.documents if one.path in called]
        moved = found.moved
    ids = document_ids(folder) if folder.is_dir() else frozenset()
    check = partial(check_draft, vocabulary=vocabulary, today=today)
    for path in named:
        if path in inside.values():
            continue
        document, alone = read_document(path, str(path), vocabulary, check)
        problems += alone
        if document is not None:
            documents.append(document)
            problems += check_document(document, vocabulary, {*ids, document.id}, today=today)
    return Checked(
        problems=tuple(sorted(problems)),
        paths=tuple(map(str, named)),
        documents=tuple(documents),
        moved=moved,
    )


def check_changed(
    folder: Path, changes: Changes, vocabulary: Vocabulary, today: date, paths: Sequence[Path] = ()
) -> Checked:
    """Check the documents that changed, of those below `paths` where some are given; no others are read.

    Of the others are read: the original of a translation, and where a practice is gone, the documents that name it.
    """
    files = document_files(folder)
    wanted = changes.present.intersection(files)
    if paths:
        wanted &= frozenset(_inside([folder / file for file in wanted], folder, paths))
    gone = [file for file in sorted(changes.gone) if _is_original(file)]
    lost = _ids(gone) - _ids(files, originals=True)
    naming = files_naming(folder, lost).intersection(files) - wanted
    found = _read(folder, files, vocabulary, today, wanted | naming)
    called = {_shown(folder, file) for file in wanted}
    if MOVED_FILE in changes.present:
        called.add(_shown(folder, MOVED_FILE))
    problems = [one for one in found.problems if one.path in called or _is_of_lost(one, lost)]
    problems += [_nowhere(folder, file, changes) for file in gone if _id(file) in lost - found.moved.keys()]
    return replace(
        found,
        problems=tuple(sorted(problems)),
        paths=tuple(sorted(_shown(folder, file) for file in wanted)),
        documents=tuple(one for one in found.documents if one.path in called),
        outdated=tuple(sorted(_translations(files, _retold(folder, changes, found, wanted)) - wanted)),
    )


def _retold(folder: Path, changes: Changes, found: Checked, wanted: Iterable[str]) -> frozenset[str]:
    """The ids of the originals that say something else than before, and not only in their fields."""
    now = {one.file: _text_of(one.fields.values, one.body) for one in found.documents}
    return _ids(
        file
        for file in wanted
        if _is_original(file) and changes.before(file) and _text_before(folder, changes, file) != now.get(file)
    )


def _text_before(folder: Path, changes: Changes, file: str) -> tuple[Raw | None, ...] | None:
    before = values_before(folder, changes, file)
    return _text_of(*before) if before else None


def values_before(folder: Path, changes: Changes, file: str) -> tuple[Mapping[str, Raw], str] | None:
    """The fields and the text of a document at the base; None where there was none, or none that can be read."""
    try:
        raw = parse_document(content_before(folder, changes, file))
    except Refused:
        return None
    return raw.fields.values, raw.body


def _text_of(values: Mapping[str, Raw], body: str) -> tuple[Raw | None, ...]:
    """What a translation says again."""
    return values.get("title"), values.get("summary"), body.strip()


def documents_below(paths: Sequence[Path], folder: Path) -> list[Path]:
    """The files named, and the documents of the folders named; a path that is neither stays, to be reported.

    Of the collection in `folder` also those whose name is not that of a document.
    """
    root = folder.resolve()
    collected = [root / file for file in document_files(folder)]
    found: dict[Path, None] = {}
    for path in paths:
        inside = {path}
        if path.is_dir():
            here = path.resolve()
            inside = {one for one in path.rglob("*.md") if not one.name.lower().startswith("readme")}
            inside |= {path / one.relative_to(here) for one in collected if one.is_relative_to(here)}
        found |= dict.fromkeys(sorted(inside))
    return list(found)


def _read(
    folder: Path, there: Sequence[str], vocabulary: Vocabulary, today: date, wanted: frozenset[str] | None = None
) -> Checked:
    """Read and check these of the files that are there, and the originals of translations; all where none are named."""
    files = None if wanted is None else wanted | _originals(there, wanted)
    check = partial(check_draft, vocabulary=vocabulary, today=today)
    documents, problems = read_documents(folder, vocabulary, check, files=files)
    moved, more = read_moved(folder, _ids(there, originals=True))
    problems += [*more, *run_checks(documents, vocabulary, moved, today=today)]
    return Checked(problems=tuple(sorted(problems)), paths=(), documents=tuple(documents), moved=moved)


def _originals(files: Iterable[str], wanted: Container[str]) -> frozenset[str]:
    """The originals of the wanted translations."""
    files = list(files)
    ids = _ids(file for file in files if file in wanted and not _is_original(file))
    return frozenset(file for file in files if _is_original(file) and _id(file) in ids)


def _translations(files: Iterable[str], ids: Container[str]) -> frozenset[str]:
    """The translations of these practices."""
    return frozenset(file for file in files if _id(file) in ids and not _is_original(file))


def _ids(files: Iterable[str], *, originals: bool = False) -> frozenset[str]:
    """The ids that the names of files say."""
    return frozenset(_id(file) for file in files if not originals or _is_original(file)) - {""}


def _id(file: str) -> str:
    name = document_name(PurePosixPath(file).name)
    return name[0] if name else ""


def _is_original(file: str) -> bool:
    name = document_name(PurePosixPath(file).name)
    return name is not None and name[1] is None


def _is_of_lost(problem: Problem, lost: Container[str]) -> bool:
    """Whether a finding in a document that did not change comes from one that is gone."""
    if problem.rule == Rule.NO_ORIGINAL:
        return _id(problem.path) in lost
    named = str(dict(problem.message.values).get("value"))
    return problem.rule in {Rule.UNKNOWN_RELATED, Rule.MOVED_TARGET} and named in lost


def _nowhere(folder: Path, file: str, changes: Changes) -> Problem:
    """That links to a practice which is gone lead nowhere, and what to write where it has another name now."""
    old, new = _id(file), _id(dict(changes.renamed).get(file, ""))
    line = f"{old}: {new}" if new else f'{old}: {{note: "why it is gone"}}'
    message = say('"{value}" is deleted or renamed, and the address of its page leads nowhere', value=old)
    fix = say("write into {file}: {example}", file=_shown(folder, MOVED_FILE), example=line)
    advice = Severity.ADVICE
    return Fields().problem(_shown(folder, file), Rule.MOVED_MISSING, message, fix=fix, severity=advice)


def _inside(paths: Iterable[Path], folder: Path, below: Sequence[Path] = ()) -> dict[str, Path]:
    """Those of the paths that lie in the folder, and below one of the others where there are some, by their files."""
    here, places = folder.resolve(), [path.resolve() for path in below]
    found = {}
    for path in paths:
        real = path.resolve()
        if path.is_file() and real.is_relative_to(here) and (not places or any(map(real.is_relative_to, places))):
            found[real.relative_to(here).as_posix()] = path
    return found


def _shown(folder: Path, file: str) -> str:
    """A file of the folder as findings call it."""
    return (folder / file).as_posix().encode(errors="replace").decode()
