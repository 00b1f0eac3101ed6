"""Rules about a document's place among others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from search.analysis import ANALYZERS
from search.checks.subject import Subject, SubjectRule
from search.errors import Problem
from search.model import FrontMatter
from search.rules import Rule
from search.vocabulary import REGION_SCHEME, language_codes, nearest


def check_folder(subject: Subject) -> Iterator[Problem]:
    """An original lies in the folder of its first region's country."""
    if not isinstance(subject.document.content, FrontMatter):
        return
    code = subject.document.content.regions[0].code
    folder, country = PurePosixPath(subject.document.file).parent, code[:2].lower()
    if subject.known.vocabulary.knows(REGION_SCHEME, code) and str(folder) != country:
        place = f'the folder "{folder}"' if folder.name else "no folder"
        message = f'the document lies in {place}, and its first region {code} belongs to "{country}"'
        fix = (
            f"move it to {country}/{PurePosixPath(subject.document.file).name}, or name the region in that folder first"
        )
        yield subject.problem(Rule.WRONG_FOLDER, message, ("regions", 0), fix=fix)


def check_folder_of_translation(subject: Subject) -> Iterator[Problem]:
    """A translation lies beside its original."""
    original = subject.known.originals.get(subject.document.id)
    if subject.document.language is None or original is None:
        return
    folder = PurePosixPath(original.file).parent
    if PurePosixPath(subject.document.file).parent != folder:
        message = f"the translation does not lie beside its original {original.path}"
        yield subject.problem(Rule.WRONG_FOLDER, message, fix=f'move it to the folder "{folder}"')


def check_language_of_translation(subject: Subject) -> Iterator[Problem]:
    """A translation is in another language than its original, one that exists."""
    language = subject.document.language
    if language is None:
        return
    original = subject.known.originals.get(subject.document.id)
    name = PurePosixPath(subject.document.file).name
    if language not in language_codes():
        message = f'"{language}" in the file name {name} is not the code of a language'
        meant = nearest(language, ANALYZERS)
        fix = f'name it "{subject.document.id}.{meant or "fr"}.md"'
        yield subject.problem(Rule.UNKNOWN_LANGUAGE, message, fix=fix)
    elif original and isinstance(original.content, FrontMatter) and original.content.language == language:
        message = f'the original is in this language ("{language}") too'
        fix = "name the file by the language of the translation, or delete it"
        yield subject.problem(Rule.SAME_LANGUAGE, message, fix=fix)
    elif language not in ANALYZERS:
        message = f'"{language}" is none of the 24 official languages of the Union: its words are searched as written'
        yield subject.advice(Rule.OTHER_LANGUAGE, message)


RULES: tuple[SubjectRule, ...] = (
    check_folder,
    check_folder_of_translation,
    check_language_of_translation,
)
