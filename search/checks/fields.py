"""Rules about the front matter of one document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from babel.numbers import list_currencies

from search.analysis import fold, words_of
from search.checks.mailbox import addresses, is_address, is_role
from search.checks.subject import DraftRule, DraftSubject, OriginalRule, OriginalSubject, Subject, SubjectRule
from search.checks.text import missing_headings
from search.errors import Problem
from search.fields import Location, Raw
from search.messages import say, say_number
from search.rules import Rule
from search.shape import thousands_or_decimals
from search.stop_words import function_words
from search.values import unknown_values, values_at
from search.vocabulary import nearest
from search.written import is_unclear

LEAST_FUNCTION_WORDS, MISTAKEN = 4, 2  # of a language, and how many times those of the one that is named

_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,200}>|&(?:#\d{1,6}|[a-zA-Z]{2,8});|\*\*|__|`|\]\(|!\[|^#{1,6} |^[*>] |\n")
_LISTS = ("regions", "barriers", "factors", "instruments", "topics", "target_groups", "partners", "related", "keywords")
ADVISED = (
    "factors", "instruments", "topics", "target_groups", "started", "cost", "results", "transfer", "confirmed",
)  # fmt: skip
_ADVISED_HEADINGS = ("what-was-hard", "how-to-reuse")
OPEN_LICENSES = frozenset(
    """
    CC-BY-4.0 CC-BY-SA-4.0 CC0-1.0 CC-BY-3.0 CC-BY-SA-3.0 CC-BY-3.0-IGO ODbL-1.0 ODC-By-1.0 PDDL-1.0 etalab-2.0
    OGL-UK-3.0 DL-DE-BY-2.0 DL-DE-ZERO-2.0 NLOD-2.0 EUPL-1.2 MIT Apache-2.0 GFDL-1.3-or-later
    """.split()  # noqa: SIM905 - a set of names reads best as names
)


def check_values(subject: Subject) -> Iterator[Problem]:
    """Ids are in their vocabulary, languages exist."""
    yield from unknown_values(subject.document.fields, subject.document.path, subject.known.vocabulary)


def check_plain_text(subject: Subject) -> Iterator[Problem]:
    """Title and summary are plain text in one paragraph: they stand in lists, in feeds and on paper."""
    for name, text in (("title", subject.document.content.title), ("summary", subject.document.content.summary)):
        found = _MARKUP.search(text)
        if found:
            if found.group() == "\n":
                message = say("a line break in what must be plain text in one paragraph")
            else:
                message = say('"{value}" in what must be plain text in one paragraph', value=found.group())
            yield subject.problem(Rule.NOT_PLAIN_TEXT, message, (name,), fix=say("take out the markup and line breaks"))


def check_language(subject: Subject) -> Iterator[Problem]:
    """Title and summary are in the language that is named, as far as their function words tell."""
    content = subject.document.content
    named = subject.document.language or str(subject.document.fields.values.get("language"))
    counts = function_words(words_of(f"{content.title} {content.summary}"))
    seen, second = sorted(counts, key=counts.__getitem__, reverse=True)[:2]
    others = max(counts[second], MISTAKEN * counts.get(named, 0))
    if named in counts and seen != named and counts[seen] >= LEAST_FUNCTION_WORDS and counts[seen] > others:
        message = say('the language is said to be "{named}", and the words look like "{seen}"', named=named, seen=seen)
        fix = say('write "{value}"', value=seen)
        if subject.document.language:
            fix = say('name it "{file}"', file=f"{subject.document.id}.{seen}.md")
        yield subject.advice(Rule.MISTAKEN_LANGUAGE, message, ("language",), fix=fix)


def check_summary(subject: Subject) -> Iterator[Problem]:
    """The summary says more than the title."""
    title, summary = (
        fold(text).strip(" .") for text in (subject.document.content.title, subject.document.content.summary)
    )
    if title == summary:
        message = say("the summary is the title again")
        fix = say("say in one or two sentences who does what for whom, and what came of it")
        yield subject.problem(Rule.SUMMARY_REPEATS_TITLE, message, ("summary",), fix=fix)


def check_personal_addresses(subject: DraftSubject) -> Iterator[Problem]:
    """No field but contact holds a mailbox, unless it is that of a role; contact has a rule of its own."""
    for location, text in _texts(subject.document.fields.values):
        if location != ("contact",):
            for mailbox in addresses(text):
                if not is_role(mailbox):
                    yield _personal(subject, mailbox, location)


def check_contact(subject: DraftSubject) -> Iterator[Problem]:
    """Contact is the address of a page or the mailbox of a role."""
    written = subject.document.fields.values.get("contact")
    contact = written.strip() if isinstance(written, str) else ""
    if not contact or is_address(contact):
        return
    mailbox, mailboxes = contact.removeprefix("mailto:"), addresses(contact)
    persons = [one for one in mailboxes if not is_role(one)] if "://" not in contact else []
    if persons:
        yield from (_personal(subject, one, ("contact",)) for one in persons)
    elif mailboxes != [mailbox]:
        message = say('"{value}" is neither the address of a page nor a mailbox', value=contact)
        fix = say("write https://… or a mailbox as info@example.org")
        yield subject.problem(Rule.CONTACT, message, ("contact",), fix=fix)
    elif mailbox != contact:
        message, fix = say("a mailbox is written by itself"), say('write "{value}"', value=mailbox)
        yield subject.problem(Rule.CONTACT, message, ("contact",), fix=fix)


def _personal(subject: DraftSubject, mailbox: str, location: Location) -> Problem:
    message = say('"{value}" looks like a person\'s mailbox', value=mailbox)
    fix = say("write a role's mailbox (info@…, contact@…) or the address of a page: what is published stays for ever")
    return subject.problem(Rule.PERSONAL_ADDRESS, message, location, fix=fix)


def _texts(raw: Raw, location: Location = ()) -> Iterator[tuple[Location, str]]:
    if isinstance(raw, str):
        yield location, raw
        return
    parts: Any = raw.items() if isinstance(raw, dict) else enumerate(raw)
    for key, part in parts:
        yield from _texts(part, (*location, key))


def check_repeated_values(subject: DraftSubject) -> Iterator[Problem]:
    """No list names a value twice."""
    for name in _LISTS:
        values = subject.document.fields.values.get(name, [])
        seen: set[str] = set()
        for number, value in enumerate(values if isinstance(values, list) else []):
            key = fold(str(value).strip())
            if key in seen:
                message = say('"{value}" is named twice', value=str(value))
                yield subject.problem(Rule.REPEATED_VALUE, message, (name, number), fix=say("delete one of the two"))
            seen.add(key)


def check_repeated_sources(subject: OriginalSubject) -> Iterator[Problem]:
    """Each source is listed once."""
    numbers: dict[str, int] = {}
    for number, source in enumerate(subject.front.sources):
        first = numbers.setdefault(source.url.rstrip("/"), number)
        if first != number:
            message = say("this source is the same as source {source}", source=first + 1)
            location = ("sources", number, "url")
            yield subject.advice(Rule.REPEATED_SOURCE, message, location)


def check_order_of_dates(subject: OriginalSubject) -> Iterator[Problem]:
    """It did not end before it started."""
    if (
        subject.front.started
        and subject.front.ended
        and _earliest(subject.front.started) > _latest(subject.front.ended)
    ):
        message = say(
            "it ended ({ended}) before it started ({started})",
            ended=subject.front.ended,
            started=subject.front.started,
        )
        yield subject.problem(Rule.ENDED_BEFORE_STARTED, message, ("ended",), fix=say("correct one of the two dates"))


def check_status(subject: OriginalSubject) -> Iterator[Problem]:
    """The status agrees with the dates."""
    today = subject.known.today.isoformat()
    started, ended, status = subject.front.started, subject.front.ended, subject.front.status
    if started and status != "planned" and _earliest(started) > today:
        message = say("it starts in the future ({date}), and its status is {status}", date=started, status=status)
        fix = say("write {value}", value="status: planned")
        yield subject.problem(Rule.STARTS_IN_FUTURE, message, ("started",), fix=fix)
    if started and status == "planned" and _latest(started) < today:
        message = say("it should have started ({date}), and its status is planned", date=started)
        fix = say("write {value} if it did", value="status: running")
        yield subject.advice(Rule.PLANNED_IN_PAST, message, ("status",), fix=fix)
    if ended and status in {"planned", "running"} and _latest(ended) < today:
        message = say("it has ended ({date}), and its status is {status}", date=ended, status=status)
        fix = say("write {value} if it did", value="status: finished")
        yield subject.advice(Rule.ENDED_BUT_RUNNING, message, ("status",), fix=fix)
    if status == "finished" and not ended:
        message, fix = say("it is finished, and nothing says when it ended"), say("add {example}", example="ended: …")
        yield subject.advice(Rule.FINISHED_WITHOUT_END, message, ("status",), fix=fix)


def check_past_dates(subject: OriginalSubject) -> Iterator[Problem]:
    """What is said to have happened is not in the future."""
    dates: list[tuple[Location, str | None]] = [(("confirmed",), subject.front.confirmed)]
    if subject.front.status in {"finished", "stopped"}:
        dates.append((("ended",), subject.front.ended))
    if subject.front.evaluation and subject.front.evaluation.year:
        dates.append((("evaluation", "year"), str(subject.front.evaluation.year)))
    dates += [(("adoptions", number, "started"), one.started) for number, one in enumerate(subject.front.adoptions)]
    for location, value in dates:
        if value and _earliest(value) > subject.known.today.isoformat():
            message = say("{date} is in the future, and this is about what has happened", date=value)
            yield subject.problem(Rule.DATE_IN_FUTURE, message, location, fix=say("write a date that has passed"))


def _earliest(value: str) -> str:
    """The first day that a date may mean: 2019 may mean 2019-01-01."""
    return value + "-01" * ((10 - len(value)) // 3)


def _latest(value: str) -> str:
    """The last day that a date may mean, or one after it."""
    return value + {4: "-12-31", 7: "-31"}.get(len(value), "")


def check_source_numbers(subject: OriginalSubject) -> Iterator[Problem]:
    """Results and adoptions name sources that are listed."""
    count = len(subject.front.sources)
    numbered = [(("results", number, "source"), one.source) for number, one in enumerate(subject.front.results)]
    numbered += [(("adoptions", number, "source"), one.source) for number, one in enumerate(subject.front.adoptions)]
    for location, source in numbered:
        if source is not None and source > count:
            message = say_number(
                "there is no source {source}: {number} source is listed",
                "there is no source {source}: {number} sources are listed",
                count,
                source=source,
            )
            fix = say("write the number of a source, from 1")
            yield subject.problem(Rule.UNKNOWN_SOURCE, message, location, fix=fix)


def check_results(subject: OriginalSubject) -> Iterator[Problem]:
    """Results say where they can be read."""
    for number, result in enumerate(subject.front.results):
        if result.source is None:
            message = say('"{value}" has no source, so it does not count as measured', value=result.indicator)
            fix = say("add source: with the number of the source, from 1")
            yield subject.advice(Rule.RESULT_WITHOUT_SOURCE, message, ("results", number), fix=fix)


def check_currency(subject: OriginalSubject) -> Iterator[Problem]:
    """The currency is in ISO 4217, past ones as SIT and EEK too."""
    if subject.front.cost and subject.front.cost.currency not in list_currencies():
        meant = nearest(
            subject.front.cost.currency, ("EUR", "CZK", "DKK", "HUF", "PLN", "RON", "SEK", "GBP", "NOK", "CHF")
        )
        message = say('"{value}" is not the code of a currency', value=subject.front.cost.currency)
        fix = say('write "{value}"', value=meant or "EUR")
        yield subject.problem(Rule.UNKNOWN_CURRENCY, message, ("cost", "currency"), fix=fix)


def check_related(subject: OriginalSubject) -> Iterator[Problem]:
    """Related practices exist and are others."""
    for number, related in enumerate(subject.front.related):
        location = ("related", number)
        if related == subject.document.id:
            message = say("a practice is not related to itself")
            yield subject.problem(Rule.RELATED_TO_ITSELF, message, location, fix=say("delete it here"))
        elif related not in subject.known.ids:
            moved = subject.known.moved.get(related)
            meant = (moved.to if moved else "") or nearest(related, subject.known.ids)
            message = say('there is no practice "{value}"', value=related)
            if moved:
                message = say('there is no practice "{value}" any more', value=related)
            fix = say('write "{value}", or delete it here', value=meant) if meant else say("delete it here")
            yield subject.problem(Rule.UNKNOWN_RELATED, message, location, fix=fix)


def check_license(subject: OriginalSubject) -> Iterator[Problem]:
    """The licence lets others reuse the text."""
    if subject.front.license not in OPEN_LICENSES:
        meant = nearest(subject.front.license, OPEN_LICENSES)
        message = say('"{value}" is not an open licence that is known here', value=subject.front.license)
        fix = say('write "{value}"', value=meant or "CC-BY-4.0")
        yield subject.advice(Rule.UNKNOWN_LICENSE, message, ("license",), fix=fix)


def check_advised(subject: OriginalSubject) -> Iterator[Problem]:
    """What makes a practice easier to find and to reuse is given."""
    front = subject.front
    missing = [name for name in ADVISED if not getattr(front, name)]
    missing += [f"organisation.{name}" for name in ("url", "type") if getattr(front.organisation, name) is None]
    headings = missing_headings(subject.text, _ADVISED_HEADINGS, subject.known.vocabulary, front.language)
    missing += [f"## {title}" for title in headings]
    if missing:
        message = say("advised and not given: {names}", names=", ".join(missing))
        fix = say("add what you know; docs/fields.md says what each is for")
        yield subject.advice(Rule.ADVISED_FIELDS, message, fix=fix)


def check_thousands(subject: DraftSubject) -> Iterator[Problem]:
    """No number with a sign for thousands is taken for one with three decimals: of money never, of results perhaps."""
    values = subject.document.fields.values
    for location, value in values_at(values, ("cost", "amount")):
        if "." in value and is_unclear(value):
            message, fix = thousands_or_decimals(value)
            yield subject.problem(Rule.NOT_A_NUMBER, message, location, fix=fix)
    for location, value in values_at(values, ("results", "*", "value")):
        if "." in value and is_unclear(value):
            message, fix = thousands_or_decimals(value)
            yield subject.advice(Rule.NOT_A_NUMBER, message, location, fix=fix)


DRAFT_RULES: tuple[DraftRule, ...] = (  # those that look at each field by itself, as it is written
    check_personal_addresses,
    check_contact,
    check_repeated_values,
    check_thousands,
)
RULES: tuple[SubjectRule, ...] = (
    check_values,
    check_plain_text,
    check_language,
    check_summary,
)
ORIGINAL_RULES: tuple[OriginalRule, ...] = (
    check_repeated_sources,
    check_order_of_dates,
    check_status,
    check_past_dates,
    check_source_numbers,
    check_results,
    check_currency,
    check_related,
    check_license,
    check_advised,
)
