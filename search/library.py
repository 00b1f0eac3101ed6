"""Reads practices/: documents with the position of everything that they say, then practices.

Reading finds what is wrong with a document by itself; whether it makes sense is for checks.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Any, NamedTuple

from search.analysis import fold
from search.errors import Problem, Severity
from search.fields import Fields, Location, Position
from search.front_matter import RawDocument, parse_document, read_bytes
from search.messages import NOTHING, Message, say, say_number
from search.model import MAX_ID, FrontMatter, Practice, Translation, TranslationFrontMatter
from search.moved import MOVED_FILE, Moved
from search.rules import Rule
from search.shape import check_shape
from search.values import unknown_values
from search.vocabulary import Vocabulary, nearest
from search.yaml_errors import Refused

_NAME = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)(?:\.([a-z]{2}))?\.md")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A practice or a translation as it is written; `language` is None when it is an original."""

    path: str  # as the caller gave it: "practices/fr/repair-cafe.md"
    file: str  # from the root of the collection: "fr/repair-cafe.md"
    id: str
    language: str | None
    fields: Fields
    body: str
    body_line: int

    @property
    def marks(self) -> Mapping[Location, Position]:
        """Line and column of every value: `marks["results", 0, "value"]`."""
        return self.fields.marks

    def problem(
        self,
        rule: Rule,
        message: Message,
        location: Location = (),
        *,
        fix: Message = NOTHING,
        severity: Severity = Severity.ERROR,
        at: Position | None = None,
    ) -> Problem:
        """Say what is wrong at this location of the front matter, or at this line and column."""
        found = self.fields.problem(self.path, rule, message, location, fix=fix, severity=severity)
        return found if at is None else replace(found, line=at[0], column=at[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Draft):
    """A practice or a translation that is valid by itself."""

    content: FrontMatter | TranslationFrontMatter
    neighbours: frozenset[str] = frozenset()  # ids of the collection, by file names; of a document alone none


Check = Callable[[Draft], Iterable[Problem]]  # what can be said of a draft, whether or not it is valid


class Brief(NamedTuple):
    """What a list says of a practice, in the language of its reader where it exists in it."""

    title: str
    summary: str
    language: str
    regions: tuple[str, ...]
    barriers: tuple[str, ...]
    organisation: str
    started: str | None
    ended: str | None
    status: str
    evidence: str
    languages: tuple[str, ...] = ()  # all in which it can be read, the original's first


class Library:
    """The practices by their ids, and what became of ids that are gone. Does not change."""

    def __init__(self, practices: Iterable[Practice], moved: Mapping[str, Moved] | None = None) -> None:
        self._practices = {one.id: one for one in sorted(practices, key=lambda one: one.id)}
        self.moved: Mapping[str, Moved] = MappingProxyType(dict(moved or {}))

    def __len__(self) -> int:
        return len(self._practices)

    def __iter__(self) -> Iterator[Practice]:
        return iter(self._practices.values())

    def __getitem__(self, practice_id: str) -> Practice:
        return self._practices[practice_id]

    def brief(self, practice_id: str, lang: str) -> Brief:
        """What a list says of a practice. Raises: KeyError when there is none."""
        practice = self[practice_id]
        shown = practice.variant(lang)
        return Brief(
            title=shown.title,
            summary=shown.summary,
            language=shown.language,
            regions=tuple(region.code for region in practice.regions),
            barriers=practice.barriers,
            organisation=practice.organisation.name,
            started=practice.started,
            ended=practice.ended,
            status=practice.status,
            evidence=practice.evidence,
            languages=practice.languages,
        )

    def __contains__(self, practice_id: object) -> bool:
        return practice_id in self._practices

    def get(self, practice_id: str) -> Practice | None:
        """The practice with this id, if there is one."""
        return self._practices.get(practice_id)


def read_documents(
    folder: Path,
    vocabulary: Vocabulary | None = None,
    check: Check | None = None,
    only: Container[str] | None = None,
    files: Container[str] | None = None,
) -> tuple[list[Document], list[Problem]]:
    """Read every document below a folder, in the order of their paths; one that is broken never stops the others.

    Where `only` is given, the documents of other practices are known by their names and not read; where `files` is,
    those with other paths from the folder's root. Of a document whose fields are not those of the model, the misspelt
    ids are reported as well, where there is a vocabulary, and what `check` finds.
    """
    documents: list[Document] = []
    paths, problems = _find(folder)
    taken: dict[str, list[str]] = {}
    for path in paths:
        taken.setdefault(path.name, []).append(_shown(path))
    ids = _ids(paths)
    for path in paths:
        name = document_name(path.name)
        if only is not None and name is not None and name[0] not in only:
            continue
        file = path.relative_to(folder).as_posix()
        if files is not None and file not in files:
            continue
        document, found = read_document(path, _shown(path), vocabulary, check)
        problems += found
        others = [other for other in taken[path.name] if other != _shown(path)]
        if others and name:
            problems.append(_same_id(_shown(path), others))
        elif document is not None:
            documents.append(replace(document, file=file, neighbours=ids))
    return documents, problems + _without_original(paths)


def read_document(
    path: Path, shown: str, vocabulary: Vocabulary | None = None, check: Check | None = None
) -> tuple[Document | None, list[Problem]]:
    """Read a file, which findings call `shown`; None and all that is wrong when it cannot be understood."""
    try:
        if not path.is_file():
            return None, [_problem(shown, Rule.UNREADABLE, say("there is no such file"))]
        data = read_bytes(path)
    except OSError as error:
        message = say("the file cannot be read: {reason}", reason=(error.strerror or str(error)).lower())
        return None, [_problem(shown, Rule.UNREADABLE, message, say("see that it exists and may be read"))]
    return parse(data, shown, vocabulary, check)


def parse(
    data: bytes, shown: str, vocabulary: Vocabulary | None = None, check: Check | None = None
) -> tuple[Document | None, list[Problem]]:
    """Read the bytes of a document from nowhere in particular; the end of `shown` is its file name."""
    file = PurePath(shown).name
    name = document_name(file)
    if name is None:
        return None, [_bad_name(file, shown)]
    try:
        raw = parse_document(data)
    except Refused as refused:
        return None, [_problem(shown, refused.rule, refused.message, refused.fix, (refused.line, refused.column))]
    practice_id, language = name
    model = FrontMatter if language is None else TranslationFrontMatter
    content, problems = check_shape(raw.fields, shown, model, vocabulary)
    written: dict[str, Any] = {
        "path": shown,
        "file": file,
        "id": practice_id,
        "language": language,
        "fields": raw.fields,
        "body": raw.body,
        "body_line": raw.body_line,
    }
    if content is None:
        problems = _with_unknown_values(problems, raw, shown, vocabulary)
        return None, [*problems, *(check(Draft(**written)) if check else ())]
    return Document(**written, content=content), []


def document_name(file: str) -> tuple[str, str | None] | None:
    """The id and the language that a file name says, `repair-cafe.fr.md`; None when it is not a document's."""
    found = _NAME.fullmatch(file)
    if not found or len(found.group(1)) > MAX_ID:
        return None
    return found.group(1), found.group(2)


def slug(text: str) -> str:
    """A text as an id: small letters without accents, digits, and hyphens between them."""
    return "-".join(re.findall(r"[a-z0-9]+", fold(text)))[:MAX_ID].strip("-")


def document_files(folder: Path) -> list[str]:
    """The documents below a folder by their paths from its root, whether or not they can be read."""
    return [path.relative_to(folder).as_posix() for path in _find(folder)[0]]


def document_ids(folder: Path) -> frozenset[str]:
    """The ids of all originals below a folder by their file names, whether or not they can be read."""
    return _ids(_find(folder)[0])


def _ids(paths: Iterable[Path]) -> frozenset[str]:
    names = [document_name(path.name) for path in paths]
    return frozenset(name[0] for name in names if name and name[1] is None)


def assemble(documents: Iterable[Document]) -> list[Practice]:
    """Practices of originals with their translations; histories are added elsewhere."""
    originals: list[Document] = []
    translations: dict[str, list[Translation]] = {}
    for document in documents:
        if document.language is None:
            originals.append(document)
        else:
            translations.setdefault(document.id, []).append(_translation(document, document.language))
    return [_practice(one, translations.get(one.id, [])) for one in originals]


def _practice(document: Document, translations: Sequence[Translation]) -> Practice:
    return Practice.model_validate(
        {
            **dict(document.content),
            "id": document.id,
            "body": document.body,
            "path": document.file,
            "translations": tuple(sorted(translations, key=lambda one: one.language)),
        }
    )


def _translation(document: Document, language: str) -> Translation:
    return Translation.model_validate(
        {**dict(document.content), "language": language, "body": document.body, "path": document.file}
    )


def _find(folder: Path) -> tuple[list[Path], list[Problem]]:
    """The documents below a folder in order; those that a symbolic link takes from elsewhere are refused."""
    paths: list[Path] = []
    problems: list[Problem] = []
    inside = os.path.realpath(folder)
    errors: list[OSError] = []
    for root, folders, files in os.walk(folder, onerror=errors.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted([*files, *(one for one in folders if (Path(root) / one).is_symlink())]):
            path = Path(root) / name
            # Whatever else lies here was meant as a document, and would never be missed.
            is_document = not _is_set_aside(name) and path != folder / MOVED_FILE
            if path.is_symlink() and os.path.commonpath([inside, os.path.realpath(path)]) != inside:
                if is_document or name in folders:
                    message = say("this is a link to a place outside the collection")
                    fix = say("put the document itself here")
                    problems.append(_problem(_shown(path), Rule.OUTSIDE_FOLDER, message, fix))
            elif is_document and name not in folders:
                paths.append(path)
    for error in errors:
        message = say("the folder cannot be read: {reason}", reason=(error.strerror or str(error)).lower())
        fix = say("see that it exists and may be read")
        problems.append(_problem(_shown(Path(error.filename)), Rule.UNREADABLE, message, fix))
    return sorted(paths, key=lambda path: path.as_posix()), problems


def _shown(path: Path) -> str:
    """A path as findings call it; a name that is no UTF-8 could not be printed."""
    return path.as_posix().encode(errors="replace").decode()


def _is_set_aside(name: str) -> bool:
    """Whether a file is hidden, what an editor keeps of its last version, or a README."""
    return name.startswith(".") or name.endswith("~") or name.lower().split(".")[0] == "readme"


def _same_id(path: str, others: Sequence[str]) -> Problem:
    message = say_number(
        "{paths} has the same name, and so the same address",
        "{paths} have the same name, and so the same address",
        len(others),
        paths=", ".join(others),
    )
    return _problem(path, Rule.DUPLICATE_ID, message, say("delete one of them, or give it another name"))


def _without_original(paths: Sequence[Path]) -> list[Problem]:
    named = [(path, name) for path in paths if (name := document_name(path.name))]
    originals = {practice_id for _, (practice_id, language) in named if language is None}
    problems = []
    for path, (practice_id, language) in named:
        if language is not None and practice_id not in originals:
            message = say("this translation has no original: there is no {file}", file=f"{practice_id}.md")
            meant = nearest(practice_id, originals)
            if meant:
                fix = say('name it "{file}"', file=f"{meant}.{language}.md")
            else:
                fix = say("name it like its original, with the language before .md, or delete it")
            problems.append(_problem(_shown(path), Rule.NO_ORIGINAL, message, fix))
    return problems


def _bad_name(file: str, shown: str) -> Problem:
    message = say(
        '"{file}" is not the name of a document: small letters and digits with hyphens between them, then .md',
        file=file,
    )
    stem, *rest = file.split(".")
    language = next((f".{part}" for part in rest if re.fullmatch("[a-z]{2}", part) and part != "md"), "")
    fix = say('name it "{file}"', file=f"{slug(stem) or 'repair-cafe'}{language}.md")
    return _problem(shown, Rule.FILE_NAME, message, fix)


def _with_unknown_values(
    problems: list[Problem], raw: RawDocument, shown: str, vocabulary: Vocabulary | None
) -> list[Problem]:
    if vocabulary is None:
        return problems
    unknown = [one for one in unknown_values(raw.fields, shown, vocabulary) if one.severity is Severity.ERROR]
    said = {(one.line, one.column, one.field) for one in unknown}
    return [one for one in problems if (one.line, one.column, one.field) not in said] + unknown


def _problem(path: str, rule: Rule, message: Message, fix: Message = NOTHING, at: Position = (0, 0)) -> Problem:
    return Problem(path=path, line=at[0], column=at[1], message=message, rule=rule, fix=fix)
