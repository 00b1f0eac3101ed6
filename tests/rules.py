"""Writes docs/rules.md from the rule book: `python -m tests.rules`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from search.errors import Severity
from search.rulebook import RULEBOOK, RuleText

FILE = Path(__file__).resolve().parent.parent / "docs" / "rules.md"
HEAD = """# The rules

What `practices check` looks at, in the words of its messages. An error keeps a document out of the
collection until it is mended; advice never does. The name of a rule stands in square brackets after its message.

This page is made from `search/rulebook.py` by `make rules`; the site shows the same at `/help/rules`, in the languages
of its interface.
"""


def written() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_chapters()])


def _chapters() -> Iterator[str]:
    for chapter in RULEBOOK:
        yield f"## {chapter.title}\n"
        for rule, text in chapter.rules.items():
            yield f"### {rule}\n\n{_asks(text)}\n\n*Why:* {text.why}\n\n*How to mend it:* {text.mend}\n"


def _asks(text: RuleText) -> str:
    return f"{text.asks} This is advice." if text.severities == (Severity.ADVICE,) else text.asks


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
