"""Rules about a document's place among others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from search.analysis import ANALYZERS
from search.checks.subject import Subject, SubjectRule
from search.errors import Problem
from search.messages import say
from search.model import FrontMatter
from search.rules import Rule
from search.values import searched_as_written
from search.vocabulary import REGION_SCHEME, language_codes, nearest


def check_folder(subject: Subject) -> Iterator[Problem]:
    """An original lies in the folder of its first region's country."""
    if not isinstance(subject.document.content, FrontMatter):
        return
    code = subject.document.content.regions[0].code
    folder, country = PurePosixPath(subject.document.file).parent, code[:2].lower()
    if subject.known.vocabulary.knows(REGION_SCHEME, code) and str(folder) != country:
        if folder.name:
            message = say(
                'the document lies in the folder "{folder}", and its first region {region} belongs to "{country}"',
                folder=str(folder),
                region=code,
                country=country,
            )
        else:
            message = say(
                'the document lies in no folder, and its first region {region} belongs to "{country}"',
                region=code,
                country=country,
            )
        file = f"{country}/{PurePosixPath(subject.document.file).name}"
        fix = say("move it to {file}, or name the region in that folder first", file=file)
        yield subject.problem(Rule.WRONG_FOLDER, message, ("regions", 0), fix=fix)


def check_folder_of_translation(subject: Subject) -> Iterator[Problem]:
    """A translation lies beside its original."""
    original = subject.known.originals.get(subject.document.id)
    if subject.document.language is None or original is None:
        return
    folder = PurePosixPath(original.file).parent
    if PurePosixPath(subject.document.file).parent != folder:
        message = say("the translation does not lie beside its original {file}", file=original.path)
        yield subject.problem(
            Rule.WRONG_FOLDER, message, fix=say('move it to the folder "{folder}"', folder=str(folder))
        )


def check_language_of_translation(subject: Subject) -> Iterator[Problem]:
    """A translation is in another language than its original, one that exists."""
    language = subject.document.language
    if language is None:
        return
    original = subject.known.originals.get(subject.document.id)
    name = PurePosixPath(subject.document.file).name
    if language not in language_codes():
        message = say('"{value}" in the file name {file} is not the code of a language', value=language, file=name)
        meant = nearest(language, ANALYZERS)
        fix = say('name it "{file}"', file=f"{subject.document.id}.{meant or 'fr'}.md")
        yield subject.problem(Rule.UNKNOWN_LANGUAGE, message, fix=fix)
    elif original and isinstance(original.content, FrontMatter) and original.content.language == language:
        message = say('the original is in this language ("{value}") too', value=language)
        fix = say("name the file by the language of the translation, or delete it")
        yield subject.problem(Rule.SAME_LANGUAGE, message, fix=fix)
    elif language not in ANALYZERS:
        yield subject.advice(Rule.OTHER_LANGUAGE, searched_as_written(language))


RULES: tuple[SubjectRule, ...] = (
    check_folder,
    check_folder_of_translation,
    check_language_of_translation,
)
