"""Rules about the text after the front matter. They need no more of the fields than what is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from search.checks.mailbox import addresses, is_role
from search.checks.subject import DraftRule, DraftSubject
from search.checks.text import missing_headings
from search.errors import Problem
from search.messages import say, say_number
from search.rules import Rule
from search.vocabulary import nearest

_LIST_SIGN = re.compile(r"[ \t]{0,3}([•◦▪▫‣⁃·●○■□–])[ \t\xa0]+\S")  # noqa: RUF001 - the dash of a list

REQUIRED = ("problem", "what-was-done", "results")


def check_headings(subject: DraftSubject) -> Iterator[Problem]:
    """The three headings that every practice answers to are there."""
    missing = missing_headings(subject.text, REQUIRED, subject.known.vocabulary, _language(subject))
    if not missing:
        return
    message = say_number(
        "the heading {headings} is missing",
        "the headings {headings} are missing",
        len(missing),
        headings=", ".join(f'"{title}"' for title in missing),
    )
    at, fix = (subject.document.body_line, 1), say("add {example}", example=", ".join(f"## {one}" for one in missing))
    for heading in subject.text.headings:
        meant = "" if heading.id else nearest(heading.title, missing)
        if meant:
            at, fix = (heading.line, 1), say("write {value}", value=f"## {meant}")
            break
    yield subject.problem(Rule.MISSING_HEADING, message, fix=fix, at=at)


def _language(subject: DraftSubject) -> str:
    written = subject.document.fields.values.get("language")
    return subject.document.language or (written if isinstance(written, str) else "en")


def check_sections(subject: DraftSubject) -> Iterator[Problem]:
    """Under those headings something is written."""
    for heading in subject.text.headings:
        if heading.id in REQUIRED and heading.is_empty:
            message = say('nothing is written under "{heading}"', heading=heading.title)
            fix = say("write it; where nothing is known, say that")
            yield subject.problem(Rule.EMPTY_SECTION, message, fix=fix, at=(heading.line, 1))


def check_top_heading(subject: DraftSubject) -> Iterator[Problem]:
    """The only heading of the first level is the title, which the page adds."""
    for top in subject.text.headings:
        if top.level == 1:
            message = say('"{heading}" is a heading of the first level, which the title is already', heading=top.title)
            fix = say("write {value}", value=f"## {top.title}")
            yield subject.advice(Rule.TOP_HEADING, message, fix=fix, at=(top.line, 1))


def check_list_signs(subject: DraftSubject) -> Iterator[Problem]:
    """Lists are written as Markdown has them, not with the signs of word processors."""
    lines = subject.document.body.split("\n")
    signs = [(number, found) for number, line in enumerate(lines) if (found := _LIST_SIGN.match(line))]
    if signs:
        number, found = signs[0]
        message = say('"{sign}" at the beginning of a line makes no list', sign=found[1])
        fix = say('write "{value}"', value="- ")
        at = (subject.document.body_line + number, found.start(1) + 1)
        yield subject.advice(Rule.LIST_SIGN, message, fix=fix, at=at)


def check_citations(subject: DraftSubject) -> Iterator[Problem]:
    """A number in square brackets is that of a source; a translation's sources are its original's."""
    document = subject.document
    original = document if document.language is None else subject.known.originals.get(document.id)
    sources = original.fields.values.get("sources") if original else None
    if not isinstance(sources, list):
        return
    count = len(sources)
    first = dict(reversed(subject.text.citations))
    for number, at in sorted(first.items()):
        if not 1 <= number <= count:
            message = say_number(
                "[{citation}] points to no source: {number} source is listed",
                "[{citation}] points to no source: {number} sources are listed",
                count,
                citation=number,
            )
            fix = say("write the number of a source, from 1, or add the source")
            yield subject.problem(Rule.UNKNOWN_CITATION, message, fix=fix, at=at)


def check_html(subject: DraftSubject) -> Iterator[Problem]:
    """The text is markdown."""
    count = len(subject.text.html)
    if count:
        message = say("HTML is not shown")
        if count > 1:
            message = say_number("HTML is not shown ({number} place)", "HTML is not shown ({number} places)", count)
        fix = say("write it in markdown: **bold**, *italic*, [text](https://…)")
        yield subject.advice(Rule.RAW_HTML, message, fix=fix, at=subject.text.html[0])


def check_pictures(subject: DraftSubject) -> Iterator[Problem]:
    """No picture is fetched from elsewhere: who reads a page would be known there."""
    for at in subject.text.pictures:
        message = say("a picture of another site is not shown")
        fix = say("write a link to it: [what it shows](https://…)")
        yield subject.advice(Rule.REMOTE_PICTURE, message, fix=fix, at=at)


def check_addresses(subject: DraftSubject) -> Iterator[Problem]:
    """The text names no person's mailbox."""
    said: set[str] = set()
    for number, line in enumerate(subject.document.body.split("\n")):
        for mailbox in addresses(line):
            if mailbox not in said and not is_role(mailbox):
                said.add(mailbox)
                message = say('"{value}" looks like a person\'s mailbox', value=mailbox)
                fix = say(
                    "delete it, or write the mailbox of a role (info@…, contact@…): what is published stays for ever"
                )
                at = (subject.document.body_line + number, line.index(mailbox) + 1)
                yield subject.problem(Rule.PERSONAL_ADDRESS, message, fix=fix, at=at)


RULES: tuple[DraftRule, ...] = (
    check_headings,
    check_sections,
    check_top_heading,
    check_list_signs,
    check_citations,
    check_html,
    check_pictures,
    check_addresses,
)
