"""What reviewers see of a request in one page of Markdown: what is new, how well it is proven, what to mend, and next.

Texts of a document are shown as nothing but text: whoever writes one can neither link nor call anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from search.changes import Changes
from search.checking import Checked
from search.duplicates import Portrait, likely_duplicates, portrait_of_values
from search.fields import Raw
from search.library import Document, assemble
from search.markdown_text import code, inert
from search.messages import Message, say
from search.model import FrontMatter, Practice
from search.moved import MOVED_FILE
from search.reports import Telling, counted, level, most_important_first
from search.vocabulary import REGION_SCHEME, Vocabulary

MOST_FINDINGS = 300  # lines of a table; forges cut longer pages off
MOST_DOCUMENTS = 100

Before = Callable[[str], "tuple[Mapping[str, Raw], str] | None"]  # fields and text of a file as they were


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a summary is of; `others` are the practices that a document may be the same as."""

    checked: Checked
    vocabulary: Vocabulary
    changes: Changes | None = None
    others: tuple[Practice, ...] = ()
    before: Before = field(default=lambda _file: None)

    def is_new(self, document: Document) -> bool:
        """Whether the document was not there before; where nothing is known of before, none is called new."""
        return self.changes is not None and not self.changes.before(document.file)


def as_markdown(request: Request, telling: Telling) -> str:
    """The whole page."""
    parts = [
        [f"## {_inert(say('Check of the practices'), telling)}"],
        [", ".join(_inert(one, telling) for one in counted(request.checked.problems)) + "."],
        list(_documents(request, telling)),
        list(_gone(request, telling)),
        list(_findings(request, telling)),
        list(_duplicates(request, telling)),
        list(_outdated(request, telling)),
        list(_adoptions(request, telling)),
        list(_next(request, telling)),
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _documents(request: Request, telling: Telling) -> Iterator[str]:
    documents = request.checked.documents[:MOST_DOCUMENTS]
    if not documents:
        return
    yield _head(say("New and changed") if request.changes else say("Practices"), telling)
    for document in documents:
        what = [f"**{inert(document.content.title)}** – {code(document.id)}"]  # noqa: RUF001
        if request.changes is not None:
            what.append(_inert(say("new") if request.is_new(document) else say("changed"), telling))
        if document.language is not None:
            language = _language(document, request, telling)
            what.append(_inert(say("translation into {language}", language=language), telling))
        yield f"- {', '.join(what)}"
        if isinstance(document.content, FrontMatter):
            yield from (f"  - {line}" for line in _facts(document.content, document, request.vocabulary, telling))
    left_out = len(request.checked.documents) - len(documents)
    if left_out:
        yield f"- {_inert(say('and {number} more', number=left_out), telling)}"


def _facts(front: FrontMatter, document: Document, vocabulary: Vocabulary, telling: Telling) -> Iterator[str]:
    """Where it is, which barriers it answers, and how well it is proven."""
    regions = [region.code for region in front.regions]
    for label, scheme, values in (
        (say("Regions"), REGION_SCHEME, regions),
        (say("Barriers"), "barriers", list(front.barriers)),
    ):
        names = (f"{inert(vocabulary.label(scheme, one, telling.language))} ({code(one)})" for one in values)
        yield f"{_inert(label, telling)}: {', '.join(names)}"
    [practice] = assemble([document])
    concept = vocabulary.concept("evidence", practice.evidence)
    name = vocabulary.label("evidence", practice.evidence, telling.language)
    why = concept.definition.get(telling.language) or concept.definition.get("en", "")
    yield f"{_inert(say('Evidence'), telling)}: **{inert(name)}** – {inert(why)}"  # noqa: RUF001


def _language(document: Document, request: Request, telling: Telling) -> str:
    return request.vocabulary.label("languages", document.language or "", telling.language)


def _gone(request: Request, telling: Telling) -> Iterator[str]:
    gone = sorted(request.changes.gone) if request.changes else []
    if not gone:
        return
    yield _head(say("Deleted or renamed"), telling)
    yield from (f"- {code(file)}" for file in gone[:MOST_DOCUMENTS])
    yield ""
    yield _inert(say("Links to a practice that is gone lead on where {file} says where to.", file=MOVED_FILE), telling)


def _findings(request: Request, telling: Telling) -> Iterator[str]:
    problems = most_important_first(request.checked.problems)
    if not problems:
        return
    yield _head(say("Errors and advice"), telling)
    heads = [say("Line"), say("What"), say("How to mend it"), say("Rule")]
    shown = sorted(problems[:MOST_FINDINGS], key=lambda one: one.path)
    for path, group in groupby(shown, key=lambda one: one.path):
        yield f"\n{code(telling.path(path))}\n"
        yield f"| | {' | '.join(_inert(head, telling) for head in heads)} |"
        yield "| --- " * (len(heads) + 1) + "|"
        for one in group:
            kind = _inert(say("Error") if level(one) == "error" else say("Advice"), telling)
            text, fix = telling.say_problem(one), telling.say(one.fix)
            yield f"| {kind} | {one.line or ''} | {inert(text)} | {inert(fix)} | {_rule(one.rule, telling)} |"
    if len(problems) > MOST_FINDINGS:
        yield f"\n{_inert(say('and {number} more', number=len(problems) - MOST_FINDINGS), telling)}"


def _rule(rule: str, telling: Telling) -> str:
    return f"[{rule}]({telling.rules}#{rule})" if telling.rules else code(rule)


def _duplicates(request: Request, telling: Telling) -> Iterator[str]:
    lines = []
    for document in request.checked.documents[:MOST_DOCUMENTS]:
        for one in likely_duplicates(_portrait(document), request.others, request.vocabulary):
            reasons = "; ".join(_inert(reason, telling) for reason in one.reasons)
            lines.append(f"- {code(document.id)} ↔ {code(one.id)} {inert(one.title)} – {one.score:.2f}: {reasons}")  # noqa: RUF001
    if lines:
        yield _head(say("May be the same as a practice that is there"), telling)
        yield from dict.fromkeys(lines)


def _portrait(document: Document) -> Practice | Portrait:
    """What is compared: of a translation its text."""
    if isinstance(document.content, FrontMatter):
        return assemble([document])[0]
    return portrait_of_values(document.id, document.fields.values, document.body, document.language or "")


def _outdated(request: Request, telling: Telling) -> Iterator[str]:
    if request.checked.outdated:
        yield _head(say("Translations that are now older than their original"), telling)
        yield from (f"- {code(file)}" for file in request.checked.outdated)


def _adoptions(request: Request, telling: Telling) -> Iterator[str]:
    changed = [one for one in request.checked.documents if _has_new_adoptions(one, request)]
    if changed:
        yield _head(say("Adoptions"), telling)
        yield from (f"- {code(one.id)}" for one in changed)
        yield ""
        yield _inert(
            say(
                "An adoption makes a practice count as replicated. Please see that a source, a page of the region that"
                " took it over, says that it did and what came of it."
            ),
            telling,
        )


def _has_new_adoptions(document: Document, request: Request) -> bool:
    now = document.fields.values.get("adoptions")
    if not now or request.changes is None:
        return False
    before = request.before(document.file)
    return before is None or before[0].get("adoptions") != now


def _next(request: Request, telling: Telling) -> Iterator[str]:
    yield _head(say("What happens next"), telling)
    if request.checked.errors:
        yield _inert(
            say("Please mend the errors: change the file in the same request, and it is checked again."), telling
        )
    else:
        yield _inert(say("Nothing keeps these documents out. Somebody reads them next, and may ask you."), telling)
    yield _inert(
        say("Advice would make a practice more useful, and never keeps it out. Thank you for sharing what you know."),
        telling,
    )


def _head(message: Message, telling: Telling) -> str:
    return f"### {_inert(message, telling)}\n"


def _inert(message: Message, telling: Telling) -> str:
    return inert(telling.say(message), 2000)
