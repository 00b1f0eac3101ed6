"""Whether documents make sense: a test per rule, the collection of broken documents, and what docs/ says."""

from __future__ import annotations

import io
import re
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, get_args

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from search import values
from search.checks import check_document, check_draft, run_checks
from search.checks.fields import ADVISED, OPEN_LICENSES
from search.checks.mailbox import addresses, is_role
from search.errors import Problem, Severity
from search.front_matter import MAX_BYTES
from search.library import Document, assemble, parse, read_documents
from search.model import FrontMatter, TranslationFrontMatter
from search.moved import Moved
from search.rules import Rule
from search.vocabulary import Vocabulary
from tests.builders import BODY, TRANSLATION_BODY, practice_text, translation_text

ROOT = Path(__file__).resolve().parent.parent
BROKEN = ROOT / "tests" / "broken"
TODAY = date(2026, 3, 1)
ADOPTION = {"regions": ["SI"], "outcome": "worked"}
COST = {"amount": 1, "currency": "EUR"}


@pytest.fixture
def check(vocabulary: Vocabulary):
    """Check one document alone: what it takes is what its text says."""

    def check_text(text: str | None = None, known: frozenset[str] = frozenset(), **changes: Any) -> list[Problem]:
        document, found = parse((text or practice_text(**changes)).encode(), "at/repair-cafe.md", vocabulary)
        assert document is not None, found
        return check_document(
            document, vocabulary, known, today=TODAY, moved={"old-cafe": Moved(to="new-cafe"), "gone": Moved(note="!")}
        )

    return check_text


def said(problems: list[Problem]) -> list[Problem]:
    """All but the advice that fields are missing, which short documents always get."""
    return [one for one in problems if one.rule != Rule.ADVISED_FIELDS]


def only(problems: list[Problem]) -> Problem:
    [found] = said(problems)
    return found


def test_a_good_document_gives_nothing_but_one_advice(check):
    [advice] = check()
    assert (advice.rule, advice.severity) == (Rule.ADVISED_FIELDS, Severity.ADVICE)
    assert all(name in advice.message for name in [*ADVISED, "organisation.url", "## What was hard"])
    assert "ended" not in advice.message


ERROR, ADVICE = Severity.ERROR, Severity.ADVICE
TWO_SOURCES = [
    {"title": "A", "url": "https://example.org/a", "publisher": "B", "language": "en"},
    {"title": "A", "url": "https://example.org/a/", "publisher": "B", "language": "en"},
]


@pytest.mark.parametrize(
    ("changes", "rule", "severity", "words", "fix"),
    [
        ({"barriers": ["finanse"]}, Rule.UNKNOWN_BARRIER, ERROR, "vocabulary/barriers.yaml", '"finance"'),
        ({"barriers": ["zzzzzz"]}, Rule.UNKNOWN_BARRIER, ERROR, '"zzzzzz"', "choose"),
        ({"factors": ["economy"]}, Rule.UNKNOWN_FACTOR, ERROR, '"economy"', ""),
        ({"instruments": ["trainings"]}, Rule.UNKNOWN_INSTRUMENT, ERROR, '"trainings"', '"training"'),
        ({"topics": ["cyber-security"]}, Rule.UNKNOWN_TOPIC, ERROR, '"cyber-security"', '"cybersecurity"'),
        ({"target_groups": ["sme"]}, Rule.UNKNOWN_TARGET_GROUP, ERROR, '"sme"', '"smes"'),
        ({"status": "ended"}, Rule.UNKNOWN_STATUS, ERROR, '"ended"', ""),
        ({"organisation": {"name": "A", "type": "agenc"}}, Rule.UNKNOWN_ORGANISATION_TYPE, ERROR, "", '"agency"'),
        ({"adoptions": [{"regions": ["SI"], "outcome": "workd"}]}, Rule.UNKNOWN_OUTCOME, ERROR, '"workd"', '"worked"'),
        ({"adoptions": [{"regions": ["XX"], "outcome": "worked"}]}, Rule.UNKNOWN_REGION, ERROR, '"XX"', ""),
        ({"regions": ["AT13", "NL31"]}, Rule.UNKNOWN_REGION, ERROR, "no longer used", '"NL35"'),
        ({"regions": ["GR"]}, Rule.UNKNOWN_REGION, ERROR, '"GR"', '"EL"'),
        ({"regions": ["GB"]}, Rule.UNKNOWN_REGION, ERROR, '"GB"', '"UK"'),
        ({"regions": ["FRH9"]}, Rule.UNKNOWN_REGION, ERROR, '"FRH9"', '"FRH'),
        ({"title_native": {"zz": "Café"}}, Rule.UNKNOWN_LANGUAGE, ERROR, '"zz"', "ISO 639-1"),
        ({"language": "zh"}, Rule.OTHER_LANGUAGE, ADVICE, '"zh"', ""),
        ({"barriers": ["skills", "trust", "skills"]}, Rule.REPEATED_VALUE, ERROR, '"skills"', "delete"),
        ({"language": "de"}, Rule.MISTAKEN_LANGUAGE, ADVICE, '"en"', '"en"'),
        ({"keywords": ["Café", "cafe"]}, Rule.REPEATED_VALUE, ERROR, '"cafe"', "delete"),
        ({"sources": TWO_SOURCES}, Rule.REPEATED_SOURCE, ADVICE, "source 1", ""),
        ({"started": "2019-04", "ended": "2018", "status": "finished"}, Rule.ENDED_BEFORE_STARTED, ERROR, "2018", ""),
        ({"started": "2026-04"}, Rule.STARTS_IN_FUTURE, ERROR, "2026-04", "planned"),
        ({"started": "2025", "status": "planned"}, Rule.PLANNED_IN_PAST, ADVICE, "2025", "running"),
        ({"ended": "2025-12", "status": "running"}, Rule.ENDED_BUT_RUNNING, ADVICE, "2025-12", "finished"),
        ({"status": "finished"}, Rule.FINISHED_WITHOUT_END, ADVICE, "finished", "ended"),
        ({"confirmed": "2026-03-02"}, Rule.DATE_IN_FUTURE, ERROR, "2026-03-02", ""),
        ({"status": "stopped", "ended": "2027"}, Rule.DATE_IN_FUTURE, ERROR, "2027", ""),
        ({"evaluation": {"by": "A", "year": 2027}}, Rule.DATE_IN_FUTURE, ERROR, "2027", ""),
        ({"results": [{"indicator": "a", "value": 1, "source": 2}]}, Rule.UNKNOWN_SOURCE, ERROR, "source 2", ""),
        ({"adoptions": [{**ADOPTION, "source": 9}]}, Rule.UNKNOWN_SOURCE, ERROR, "source 9", ""),
        ({"results": [{"indicator": "a", "value": 1}]}, Rule.RESULT_WITHOUT_SOURCE, ADVICE, '"a"', "source"),
        ({"results": [{"indicator": "a", "value": "12.500", "source": 1}]}, Rule.NOT_A_NUMBER, ADVICE, "12.5", "sign"),
        ({"cost": {**COST, "amount": "120.000"}}, Rule.NOT_A_NUMBER, ERROR, "120.000", "sign for thousands"),
        ({"cost": {**COST, "currency": "EUX"}}, Rule.UNKNOWN_CURRENCY, ERROR, '"EUX"', '"EUR"'),
        ({"title": "A **bold** title"}, Rule.NOT_PLAIN_TEXT, ERROR, '"**"', ""),
        ({"title": "A <b>bold</b> title"}, Rule.NOT_PLAIN_TEXT, ERROR, '"<b>"', ""),
        ({"title": "Tools &amp; people"}, Rule.NOT_PLAIN_TEXT, ERROR, '"&amp;"', ""),
        ({"summary": f"{'One paragraph. ' * 4}\nAnd another."}, Rule.NOT_PLAIN_TEXT, ERROR, "line break", ""),
        ({"title": "x" * 50, "summary": f"{'X' * 50}."}, Rule.SUMMARY_REPEATS_TITLE, ERROR, "title again", ""),
        ({"contact": "+43 1 23456"}, Rule.CONTACT, ERROR, "+43", "https://"),
        ({"contact": "http://me@example.org"}, Rule.CONTACT, ERROR, "me@example.org", ""),
        ({"contact": "mailto:info@example.org"}, Rule.CONTACT, ERROR, "by itself", '"info@example.org"'),
        ({"contact": "anna.muster@example.org"}, Rule.PERSONAL_ADDRESS, ERROR, "anna.muster@", "role"),
        ({"contact": "Ján Novák, jan.novak@example.org"}, Rule.PERSONAL_ADDRESS, ERROR, '"jan.novak@', "role"),
        ({"contact": "Office, info@example.org"}, Rule.CONTACT, ERROR, "neither", "a mailbox as"),
        ({"transfer": {"needs": "Ask anna@example.org"}}, Rule.PERSONAL_ADDRESS, ERROR, "anna@", "role"),
        ({"related": ["other-cafe"]}, Rule.UNKNOWN_RELATED, ERROR, '"other-cafe"', "delete"),
        ({"related": ["old-cafe"]}, Rule.UNKNOWN_RELATED, ERROR, "any more", '"new-cafe"'),
        ({"related": ["repair-cafe"]}, Rule.RELATED_TO_ITSELF, ERROR, "itself", "delete"),
        ({"license": "CC-BY-NC-4.0"}, Rule.UNKNOWN_LICENSE, ADVICE, '"CC-BY-NC-4.0"', '"CC-BY'),
    ],
)  # fmt: skip
def test_each_rule_of_the_fields_says_what_is_wrong_and_how_to_mend_it(check, changes, rule, severity, words, fix):
    found = only(check(**changes))
    assert (found.rule, found.severity) == (rule, severity)
    assert words in found.message
    assert fix in found.fix
    assert found.line > 1
    assert found.field.split(".")[0] in changes


@pytest.mark.parametrize(
    "changes",
    [
        {"contact": "info@example.org"},
        {"contact": "cyber-contact@example.org"},
        {"contact": "https://example.org/contact"},
        {"ended": "2019", "started": "2019-06", "status": "finished"},
        {"started": "2026"},
        {"confirmed": "2026-03-01"},
        {"confirmed": "2026"},
        {"cost": {**COST, "currency": "EEK"}},
        {
            "language": "de",
            "summary": "Einmal im Monat reparieren Freiwillige mit ihren Nachbarn, was nicht mehr geht.",
        },
        {
            "language": "de",
            "summary": "Robotics Van Alentejo 2021, Robotics Truck Lisboa 2022, Robotics Lab Porto 2023",
        },
        {"regions": ["EU"]},
        {"title": "A* search & C# at 5 < 6 [pilot]"},
        {"sources": [{**TWO_SOURCES[0], "url": "https://video.example.org/@cafe.vienna"}]},
        {"title_native": {"de": "Reparaturcafé", "zh": "维修咖啡馆"}},
    ],
)
def test_what_is_right_gives_nothing(check, changes):
    assert said(check(**changes)) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Brittany", "FRH0"), ("Bretagne", "FRH0"), ("bretagne", "FRH0"), ("Toscana", "ITI1"), ("Tuscany", "ITI1"),
        ("Eesti", "EE"), ("Estonia", "EE"), ("Britany", "FRH0"), ("Castilla y León", "ES41"), ("gr", "EL"),
    ],
)  # fmt: skip
def test_a_region_by_name_is_answered_with_its_code(vocabulary, name, code):
    _, found = parse(practice_text(regions=[name]).encode(), "repair-cafe.md", vocabulary)
    document, alone = parse(practice_text(regions=[name]).encode(), "repair-cafe.md")
    found = found or check_document(document, vocabulary, (), today=TODAY) if document else found
    [problem] = said(found)
    assert (problem.rule, problem.line, problem.fix) == (Rule.UNKNOWN_REGION, 5, f'write "{code}"')
    assert all(one.rule == Rule.UNKNOWN_REGION for one in alone)


@pytest.mark.parametrize(
    ("name", "code"),
    [("english", "en"), ("Français", "fr"), ("slovenčina", "sk"), ("en-GB", "en"), ("Slovenien", "sl")],
)
def test_a_language_by_name_is_answered_with_its_code(name, code):
    assert values._language(name) == f'write "{code}"'


def body_problems(check, body: str) -> list[Problem]:
    return said(check(practice_text(body=body)))


@pytest.mark.parametrize(
    ("old", "new", "rule", "severity", "line", "words"),
    [
        ("## Results", "## Outcome of it", Rule.MISSING_HEADING, ERROR, 12, '"Results"'),
        ("## Results", "## Result", Rule.MISSING_HEADING, ERROR, 20, '"Results"'),
        ("## Results", "Results", Rule.MISSING_HEADING, ERROR, 12, '"Results"'),
        ("Most of what is brought in leaves the room working.", "", Rule.EMPTY_SECTION, ERROR, 20, '"Results"'),
        ("Most of what is brought in leaves the room working.", "<!-- x -->", Rule.EMPTY_SECTION, ERROR, 20, ""),
        ("## Problem", "# Problem", Rule.TOP_HEADING, ADVICE, 12, '"Problem"'),
        ("Volunteers", "• Tools\n• Volunteers", Rule.LIST_SIGN, ADVICE, 18, '"•"'),
        ("[1]", "[2]", Rule.UNKNOWN_CITATION, ERROR, 14, "[2]"),
        ("[1]", "[0]", Rule.UNKNOWN_CITATION, ERROR, 14, "[0]"),
        ("once a month", "once\na\nmonth [7]", Rule.UNKNOWN_CITATION, ERROR, 20, "[7]"),
        ("once a month", "<b>once</b>", Rule.RAW_HTML, ADVICE, 18, "2 places"),
        ("Volunteers", "<script>alert(1)</script>\n\nVolunteers", Rule.RAW_HTML, ADVICE, 18, "HTML"),
        ("lamps", "![lamps](https://example.org/l.png)", Rule.REMOTE_PICTURE, ADVICE, 18, "picture"),
        ("lamps", "![lamps](//example.org/l.png)", Rule.REMOTE_PICTURE, ADVICE, 18, "picture"),
        ("lamps", "anna@example.org", Rule.PERSONAL_ADDRESS, ERROR, 18, "anna@example.org"),
        ("lamps", "`anna@example.org`", Rule.PERSONAL_ADDRESS, ERROR, 18, "anna@example.org"),
    ],
)
def test_each_rule_of_the_text_says_what_is_wrong_and_where(check, old, new, rule, severity, line, words):
    [found] = body_problems(check, BODY.replace(old, new))
    assert (found.rule, found.severity, found.line) == (rule, severity, line)
    assert words in found.message


def test_each_heading_of_the_first_level_is_said(check):
    found = body_problems(check, BODY.replace("## ", "# "))
    assert [(one.rule, one.line) for one in found] == [(Rule.TOP_HEADING, line) for line in (12, 16, 20)]


def test_what_is_wrong_with_the_text_is_said_together_with_what_is_wrong_with_the_fields(collection):
    body = BODY.replace("[1]", "[9]").replace("## Results", "## Resluts").replace("lamps", "anna@example.org")
    text = practice_text(
        body=body, summary=None, barriers=["trust", "trust"], contact="+43 1", place="ask otto@example.org"
    )
    found = collection.check({"at/repair-cafe.md": text})
    assert sorted((one.rule, one.field) for one in found) == [
        (Rule.CONTACT, "contact"),
        (Rule.MISSING_FIELD, "summary"),
        (Rule.MISSING_HEADING, ""),
        (Rule.PERSONAL_ADDRESS, ""),
        (Rule.PERSONAL_ADDRESS, "place"),
        (Rule.REPEATED_VALUE, "barriers"),
        (Rule.UNKNOWN_CITATION, ""),
    ]


@pytest.mark.parametrize("sources", [None, "a book", []])
def test_citations_wait_where_no_sources_can_be_counted(collection, sources):
    found = collection.check({"at/repair-cafe.md": practice_text(sources=sources)})
    assert {one.rule for one in found} <= {Rule.MISSING_FIELD, Rule.NOT_A_LIST, Rule.TOO_FEW, Rule.UNKNOWN_CITATION}
    assert (Rule.UNKNOWN_CITATION in {one.rule for one in found}) is (sources == [])


def test_all_missing_headings_are_one_finding_in_the_language_of_the_document(check):
    summary = "Une fois par mois, des bénévoles aident leurs voisins à réparer ce qui est cassé."
    [found] = said(check(practice_text(language="fr", summary=summary, body="Un texte.")))
    assert found.rule == Rule.MISSING_HEADING
    assert all(title in found.fix for title in ("## Problème", "## Ce qui a été fait", "## Résultats"))


def test_a_heading_that_is_nearly_right_is_mended_where_it_stands(check):
    [found] = body_problems(check, BODY.replace("## What was done", "## What was don"))
    assert (found.line, found.fix) == (16, "write ## What was done")


@pytest.mark.parametrize(
    "text", ["TODO", "…", "tbd", "*To do.*", "- ...", "[TBC]", "TODO: ask the agency (again)", "todo todo", "***"]
)
def test_a_section_that_holds_a_placeholder_only_is_empty(check, text):
    body = BODY.replace("Most of what is brought in leaves the room working.", text)
    finding = only(check(body=body))
    assert (finding.rule, finding.severity) == (Rule.EMPTY_SECTION, Severity.ERROR)


@pytest.mark.parametrize("text", ["Todo el mundo repara.", "TODO\n\nLamps.", "Nothing is known.", "42", "`x`"])
def test_a_section_with_words_of_its_own_is_not_empty(check, text):
    assert said(check(body=BODY.replace("Most of what is brought in leaves the room working.", text))) == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("start", "started"),
        ("end", "ended"),
        ("organization", "organisation"),
        ("org", "organisation"),
        ("source", "sources"),
        ("Barrier", "barriers"),
        ("lang", "language"),
    ],
)
def test_the_beginning_of_a_field_is_taken_for_it(vocabulary, written, meant):
    _, problems = parse(practice_text(**{written: "2019"}).encode(), "at/a.md", vocabulary)
    [found] = [one for one in problems if one.rule == Rule.UNKNOWN_FIELD]
    assert found.fix == f'write "{meant}"'


@pytest.mark.parametrize("lang", ["en", "fr", "it", "es", "sk", "sl", "et", "de", "nl"])
def test_headings_are_accepted_in_every_language_that_has_them(check, vocabulary, lang):
    titles = [vocabulary.label("headings", name, lang) for name in ("problem", "what-was-done", "results")]
    assert body_problems(check, "".join(f"## {title.upper()}:\n\nText\n\n" for title in titles)) == []


@pytest.mark.parametrize(
    "body",
    [
        BODY.replace("[1]", "`[9]` and [9](https://example.org)"),
        BODY.replace("lamps", "![lamps](lamps.png)"),
        BODY.replace("lamps", "info@example.org"),
        BODY + "\n<!-- a comment -->\n",
        BODY.replace("## Results", "Results\n-------"),
        BODY.replace("Most of", "### In figures\n\nMost of"),
        BODY.replace("lamps", "https://example.org/?a=1&b=2"),
    ],
)
def test_what_is_right_in_a_text_gives_nothing(check, body):
    assert body_problems(check, body) == []


@pytest.mark.parametrize(
    ("mailbox", "is_a_role"),
    [
        ("info@a.eu", True), ("kontakt@a.sk", True), ("press-office@a.eu", True), ("Cyber.Contact@a.eu", True),
        ("secrétariat@a.fr", True), ("csirt2@a.eu", True),
        ("anna@a.eu", False), ("a.muster@a.eu", False), ("muster1970@a.eu", False), ("informatik.meier@a.eu", False),
    ],
)  # fmt: skip
def test_mailboxes_of_roles_are_told_from_those_of_people(mailbox, is_a_role):
    assert addresses(f"Write to <{mailbox}>.") == [mailbox]
    assert is_role(mailbox) is is_a_role


@pytest.mark.parametrize("text", ["a" * 250_000, "a@" * 100_000, "a." * 100_000, "@" * 200_000, "a@b." * 60_000])
def test_looking_for_mailboxes_takes_no_more_time_than_the_text_is_long(text):
    began = time.perf_counter()
    addresses(text)
    assert time.perf_counter() - began < 5


class Collection:
    """A folder of documents that is written, read and checked."""

    def __init__(self, folder: Path, vocabulary: Vocabulary) -> None:
        self.folder = folder
        self.vocabulary = vocabulary

    def check(self, files: Mapping[str, str], moved: Mapping[str, Moved] | None = None) -> list[Problem]:
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        check = partial(check_draft, vocabulary=self.vocabulary, today=TODAY)
        documents, problems = read_documents(self.folder, self.vocabulary, check)
        return said(problems + run_checks(documents, self.vocabulary, moved or {}, today=TODAY))


@pytest.fixture
def collection(tmp_path: Path, vocabulary: Vocabulary) -> Collection:
    return Collection(tmp_path / "practices", vocabulary)


def test_a_good_collection_gives_nothing(collection):
    files = {
        "at/repair-cafe.md": practice_text(related=["eu-repair"]),
        "at/repair-cafe.fr.md": translation_text(),
        "eu/eu-repair.md": practice_text(regions=["EU"]),
        "el/athens.md": practice_text(regions=["EL30"]),
    }
    assert collection.check(files) == []


@pytest.mark.parametrize("folder", ["fr", "AT", "at/wien", "."])
def test_a_document_lies_in_the_folder_of_its_country(collection, folder):
    [found] = collection.check({f"{folder}/repair-cafe.md": practice_text()})
    assert (found.rule, found.field) == (Rule.WRONG_FOLDER, "regions")
    assert "at/repair-cafe.md" in found.fix


def test_a_translation_lies_beside_its_original(collection):
    [found] = collection.check({"at/repair-cafe.md": practice_text(), "fr/repair-cafe.fr.md": translation_text()})
    assert (found.rule, Path(found.path).name) == (Rule.WRONG_FOLDER, "repair-cafe.fr.md")


@pytest.mark.parametrize(
    ("language", "rule", "severity"),
    [
        ("en", Rule.SAME_LANGUAGE, Severity.ERROR),
        ("zz", Rule.UNKNOWN_LANGUAGE, Severity.ERROR),
        ("tr", Rule.OTHER_LANGUAGE, Severity.ADVICE),
    ],
)
def test_a_translation_is_in_another_language_that_exists(collection, language, rule, severity):
    found = collection.check(
        {"at/repair-cafe.md": practice_text(), f"at/repair-cafe.{language}.md": translation_text()}
    )
    [one] = [one for one in found if one.rule != Rule.MISTAKEN_LANGUAGE]
    assert (one.rule, one.severity) == (rule, severity)


def test_a_translation_in_another_language_than_its_name_says_is_to_be_renamed(collection):
    [found] = collection.check({"at/repair-cafe.md": practice_text(), "at/repair-cafe.it.md": translation_text()})
    assert (found.rule, found.fix) == (Rule.MISTAKEN_LANGUAGE, 'name it "repair-cafe.fr.md"')


def test_a_translation_is_checked_like_its_original(collection):
    body = TRANSLATION_BODY.replace("[1]", "[3]").replace("## Résultats", "## Bilans") + "\nanna@example.org\n"
    found = collection.check(
        {"at/repair-cafe.md": practice_text(), "at/repair-cafe.fr.md": translation_text(title="Un **café**", body=body)}
    )
    assert {one.rule for one in found} == {
        Rule.UNKNOWN_CITATION, Rule.MISSING_HEADING, Rule.PERSONAL_ADDRESS, Rule.NOT_PLAIN_TEXT,
    }  # fmt: skip


def test_a_broken_document_makes_no_others_wrong(collection):
    files = {
        "at/repair-cafe.md": practice_text(related=["broken"]),
        "at/broken.md": "---\ntitle: a: b\n---\n",
        "at/broken.fr.md": translation_text(body=TRANSLATION_BODY.replace("[1]", "[5]")),
    }
    [found] = collection.check(files)
    assert (found.rule, Path(found.path).name) == (Rule.UNQUOTED_COLON, "broken.md")


# The collection of broken documents


class CountingFile(io.FileIO):
    """A file that counts the bytes that are read of it."""

    counts: ClassVar[Counter[str]] = Counter()

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(-1 if size is None else size)
        self.counts[Path(str(self.name)).name] += len(data)
        return data


def expected() -> dict[str, dict[str, Any]]:
    return dict(yaml.safe_load((BROKEN / "expected.yaml").read_text(encoding="utf-8")))


GOOD = {"good-repair-cafe", "good-byte-order-mark"}


@pytest.fixture(scope="module")
def broken(
    vocabulary: Vocabulary, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[Document], list[Problem]]:
    """The broken documents, and some that cannot be stored here, read and checked together with good ones."""
    folder = tmp_path_factory.mktemp("broken") / "practices"
    shutil.copytree(BROKEN, folder, ignore=shutil.ignore_patterns("expected.yaml", ".gitattributes"))
    text = practice_text().encode()
    (folder / "at/ten-megabytes.md").write_bytes(text + b"x" * 10_000_000)
    (folder / "at/a-byte-too-long.md").write_bytes(text + b"x" * (MAX_BYTES + 1 - len(text)))
    outside = folder.parent / "outside.md"
    outside.write_bytes(text)
    (folder / "at/outside.md").symlink_to(outside)
    CountingFile.counts.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", lambda path, mode, buffering: CountingFile(path, mode))
        check = partial(check_draft, vocabulary=vocabulary, today=TODAY)
        documents, problems = read_documents(folder, vocabulary, check)
    problems += run_checks(documents, vocabulary, {}, today=TODAY)
    return folder, documents, [one for one in problems if one.severity is Severity.ERROR]


def test_there_are_enough_broken_documents():
    assert len(expected()) >= 40


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        *expected().items(),
        ("at/ten-megabytes.md", {"rule": "too-large", "line": 0, "words": ["256 KiB"]}),
        ("at/a-byte-too-long.md", {"rule": "too-large", "line": 0, "words": ["256 KiB"]}),
        ("at/outside.md", {"rule": "outside-folder", "line": 0, "words": ["outside"]}),
    ],
)
def test_each_broken_document_gives_its_one_error_at_its_line(broken, name, wanted):
    folder, _, problems = broken
    [found] = [one for one in problems if one.path == (folder / name).as_posix()]
    assert (found.rule, found.line) == (wanted["rule"], wanted["line"])
    assert [word for word in wanted["words"] if word not in found.message] == []


def test_the_good_documents_among_them_survive(broken):
    folder, documents, problems = broken
    wrong = {one.path for one in problems}
    made = ["at/ten-megabytes.md", "at/a-byte-too-long.md", "at/outside.md"]
    assert wrong == {(folder / name).as_posix() for name in [*expected(), *made]}
    good = assemble(document for document in documents if document.path not in wrong)
    assert {practice.id for practice in good} == GOOD
    assert {practice.id: practice.languages for practice in good}["good-repair-cafe"] == ("en", "fr")


def test_of_no_document_more_is_read_than_it_takes_to_refuse_it(broken):
    assert CountingFile.counts["ten-megabytes.md"] == MAX_BYTES + 1
    assert max(CountingFile.counts.values()) <= MAX_BYTES + 1
    assert "outside.md" not in CountingFile.counts


def test_nothing_ran_that_a_tag_asked_for(broken):
    assert not Path("/tmp/pwned").exists()


def test_every_message_is_plain(broken):
    _, _, problems = broken
    for one in problems:
        assert not one.message.endswith((".", "?", "!")), one
        assert one.fix, one
        assert not re.search(r"pydantic|YAML|str_|Input should|mapping|scalar", one.message), one


TEXTS = st.lists(
    st.sampled_from(["# ", "## Problem\n", "\n", "[1]", "[9]", "<b>", "<!--", "-->", "`", "![", "](", "http://a.b)",
                     "a@b.eu", "| a |", "|---|", "> ", "- ", "\n\n", "é", "&amp;", "\\", "***"]),
    max_size=30,
).map("".join)  # fmt: skip


@given(TEXTS)
def test_checking_never_raises_whatever_the_text(vocabulary, text):
    document, _ = parse(practice_text(body=text).encode(), "repair-cafe.md")
    assert document is not None
    lines = practice_text(body=text).count("\n") + 1
    for one in check_document(document, vocabulary, (), today=TODAY):
        assert 1 <= one.line <= lines


# What docs/ says


def test_every_rule_has_a_heading_in_the_documentation_and_every_heading_a_rule():
    headings = re.findall(r"^### (\S+)$", (ROOT / "docs/rules.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == [str(rule) for rule in Rule]


def test_every_rule_is_used():
    paths = [path for path in (ROOT / "search").rglob("*.py") if path.name != "rulebook.py"]
    code = "".join(path.read_text(encoding="utf-8") for path in paths)
    assert [rule.name for rule in Rule if f"Rule.{rule.name}" not in code] == []


def model_fields(model: type[BaseModel], before: str = "") -> Iterator[tuple[str, bool]]:
    for name, info in model.model_fields.items():
        yield before + name, info.is_required()
        inner = inner_model(info.annotation)
        if inner is not None and "code" not in inner.model_fields:
            yield from model_fields(inner, f"{before}{name}.")


def inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(inner_model, get_args(annotation))), None)


def documented(part: str) -> list[tuple[str, str]]:
    return re.findall(r"^\| `([a-z_.]+)` \| (\w+) \|", part, re.MULTILINE)


def test_every_field_has_a_row_in_the_documentation():
    text = (ROOT / "docs/fields.md").read_text(encoding="utf-8")
    originals, translations = text.split("## A translation")
    for part, model in ((originals, FrontMatter), (translations, TranslationFrontMatter)):
        rows = documented(part)
        assert [(name, how == "required") for name, how in rows] == list(model_fields(model))
        if model is FrontMatter:
            advised = {name for name, how in rows if how == "advised"}
            assert advised == {*ADVISED, "organisation.url", "organisation.type"}


def test_the_licence_that_is_given_by_default_is_an_open_one():
    assert FrontMatter.model_fields["license"].default in OPEN_LICENSES
