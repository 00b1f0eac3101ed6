"""The rules in words."""

from __future__ import annotations

import re
from collections import defaultdict

from search.errors import Severity
from search.rulebook import RULEBOOK
from search.rules import Rule
from tests import rules
from tests.conftest import ROOT

TEXTS = {rule: text for chapter in RULEBOOK for rule, text in chapter.rules.items()}


def test_every_rule_is_said_once_and_in_order():
    assert [rule for chapter in RULEBOOK for rule in chapter.rules] == list(Rule)


def test_every_rule_says_what_it_asks_why_and_how_to_mend():
    for rule, text in TEXTS.items():
        for sentence in (text.asks, text.why, text.mend):
            assert re.fullmatch(r"\S.*\.", sentence), rule
            assert not sentence.values, rule


def test_the_document_is_written_from_the_rule_book():
    assert rules.FILE.read_text(encoding="utf-8") == rules.written(), "run: make rules"


def test_a_rule_weighs_what_its_findings_weigh():
    weights = defaultdict(set)
    for path in (ROOT / "search").rglob("*.py"):
        if path.name == "rulebook.py":
            continue
        code = path.read_text(encoding="utf-8")
        advised = set(re.findall(r"\.advice\(Rule\.(\w+)", code))
        advised |= set(re.findall(r"Rule\.(\w+), [^\n]*severity=advice", code))
        for name in re.findall(r"Rule\.(\w+)", code):
            weights[Rule[name]].add(Severity.ADVICE if name in advised else Severity.ERROR)
    assert {rule: set(text.severities) for rule, text in TEXTS.items()} == weights


def test_chapters_and_rules_have_anchors_of_their_own():
    anchors = [chapter.id for chapter in RULEBOOK] + [str(rule) for rule in Rule]
    assert len(anchors) == len(set(anchors))
