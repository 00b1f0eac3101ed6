"""Whether documents make sense: one small function per rule, a document in, Problems out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from search.checks import body, fields, together
from search.checks.subject import DraftSubject, Known, OriginalSubject, Subject
from search.checks.text import read_text
from search.errors import Problem
from search.library import Document, Draft
from search.model import FrontMatter
from search.moved import Moved
from search.vocabulary import Vocabulary


def run_checks(
    documents: Sequence[Document], vocabulary: Vocabulary, moved: Mapping[str, Moved], *, today: date
) -> list[Problem]:
    """Check the documents of a collection, each by itself and among the others."""
    originals = {document.id: document for document in documents if document.language is None}
    # A document that cannot be read is no reason to call those wrong that are related to it.
    neighbours = {document.neighbours for document in documents}
    ids = frozenset(originals).union(*neighbours)
    known = Known(vocabulary=vocabulary, ids=ids, moved=moved, today=today, originals=originals)
    problems: list[Problem] = []
    for document in documents:
        subject = _subject(document, known)
        problems += _check(subject)
        for rule in together.RULES:
            problems += rule(subject)
    return problems


def check_document(
    document: Document,
    vocabulary: Vocabulary,
    known_ids: Collection[str],
    *,
    today: date,
    moved: Mapping[str, Moved] | None = None,
) -> list[Problem]:
    """Check one document that lies in no collection; `known_ids` are those that it may be related to."""
    known = Known(vocabulary=vocabulary, ids=frozenset(known_ids), moved=moved or {}, today=today, originals={})
    return list(_check(_subject(document, known)))


def check_draft(draft: Draft, vocabulary: Vocabulary, *, today: date) -> list[Problem]:
    """What can be said of a document whose fields are not those of the model: of its text, and of single fields."""
    known = Known(vocabulary=vocabulary, ids=frozenset(), moved={}, today=today, originals={})
    subject = DraftSubject(document=draft, text=read_text(draft, vocabulary), known=known)
    return list(_check_draft(subject))


def _subject(document: Document, known: Known) -> Subject:
    text = read_text(document, known.vocabulary)
    if isinstance(document.content, FrontMatter):
        return OriginalSubject(document=document, text=text, known=known, front=document.content)
    return Subject(document=document, text=text, known=known)


def _check(subject: Subject) -> Iterator[Problem]:
    if isinstance(subject, OriginalSubject):
        for original_rule in fields.ORIGINAL_RULES:
            yield from original_rule(subject)
    for rule in fields.RULES:
        yield from rule(subject)
    yield from _check_draft(subject)


def _check_draft(subject: DraftSubject) -> Iterator[Problem]:
    for rule in (*fields.DRAFT_RULES, *body.RULES):
        yield from rule(subject)
