"""What the pages of help show that is not written in their templates: rules and fields, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from search.checks.fields import ADVISED
from search.errors import Severity
from search.messages import Message, Translations, say
from search.model import FrontMatter
from search.rulebook import FIELDS_DOC, RULEBOOK, RuleText
from search.rules import Rule
from web.markdown import render_line
from web.params import Addresses, Repository

# What the fields that are required or advised are for, in a few words; docs/fields.md says more, and all of them.
_FIELDS = {
    "title": say("what it is, and where"),
    "summary": say("who does what for whom, and what came of it, in one paragraph"),
    "language": say("the language of the document, in two letters"),
    "regions": say("codes of NUTS, the main one first"),
    "barriers": say("what stood in the way: ids of the vocabulary, the main one first"),
    "status": say("whether it is planned, running, finished or stopped"),
    "organisation": say("who runs it"),
    "sources": say("where everything can be read: title, address, publisher and language"),
    "factors": say("which sides of society the barrier belongs to: political, economic, social and others"),
    "instruments": say("by which means: a voucher, a training, a network and others"),
    "topics": say("what it is about"),
    "target_groups": say("whom it serves"),
    "started": say("when it began: a year, a month or a day"),
    "cost": say("what it costs, with the currency"),
    "results": say("figures, each with the number of its source"),
    "transfer": say("what another region needs, may change, and must know"),
    "confirmed": say("when somebody last said that all this is still true"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule as the page shows it."""

    id: str
    is_error: bool
    is_advice: bool
    asks: Markup
    why: Markup
    mend: Markup


@dataclass(frozen=True, slots=True)
class Group:
    """Rules about the same, with the anchor of their heading."""

    id: str
    title: str
    rules: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class RulesPage:
    """All rules, in the groups and the order of docs/rules.md."""

    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a practice and what it is for."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributingPage:
    """The fields by how much they are wanted, and addresses in the repository, "" where they are not known."""

    required: tuple[Field, ...]
    advised: tuple[Field, ...]
    optional: tuple[str, ...]
    documents: str  # the folder of the practices
    fields_doc: str
    writing_doc: str
    catalog: str  # the translation of the interface into the reader's language


def rules_page(translations: Translations, addresses: Addresses) -> RulesPage:
    """Every rule in words."""
    fields = f"{addresses.page('/help/contributing')}#fields"

    def line(message: Message) -> Markup:
        return render_line(message.in_words(translations).replace(f"]({FIELDS_DOC})", f"]({fields})"))

    def entry(rule: Rule, text: RuleText) -> Entry:
        kinds = text.severities
        return Entry(
            rule, Severity.ERROR in kinds, Severity.ADVICE in kinds, line(text.asks), line(text.why), line(text.mend)
        )

    return RulesPage(
        tuple(
            Group(one.id, one.title.in_words(translations), tuple(entry(*item) for item in one.rules.items()))
            for one in RULEBOOK
        )
    )


def contributing_page(lang: str, translations: Translations, repository: Repository) -> ContributingPage:
    """What somebody needs who writes a practice."""

    def fields(names: list[str]) -> tuple[Field, ...]:
        return tuple(Field(name, _FIELDS[name].in_words(translations)) for name in names)

    required = [name for name, info in FrontMatter.model_fields.items() if info.is_required()]
    return ContributingPage(
        required=fields(required),
        advised=fields(list(ADVISED)),
        optional=tuple(name for name in FrontMatter.model_fields if name not in {*required, *ADVISED}),
        documents=repository.documents(),
        fields_doc=repository.of_program("docs/fields.md"),
        writing_doc=repository.of_program("docs/writing.md"),
        catalog=repository.of_program(f"web/locale/{lang}.po"),
    )
