"""What each rule asks, why, and how a document that breaks it is mended.

The page of the rules and docs/rules.md are made of this. The sentences are Markdown of one line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from search.errors import Severity
from search.messages import Message, say
from search.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleText:
    """A rule in words; `severities` are those that its findings can have."""

    asks: Message
    why: Message
    mend: Message
    severities: tuple[Severity, ...] = (Severity.ERROR,)


@dataclass(frozen=True, slots=True)
class Chapter:
    """Rules about the same; `id` is its anchor."""

    id: str
    title: Message
    rules: Mapping[Rule, RuleText]


FIELDS_DOC = "fields.md"  # where sentences link to the list of fields, as docs/rules.md has it beside itself

RULEBOOK = (
    Chapter(
        "file",
        say("The file"),
        {
            Rule.UNREADABLE: RuleText(
                asks=say("The file is there and can be read."),
                why=say("What cannot be read cannot be shown."),
                mend=say("Look whether the path is right and whether the file may be read by others."),
            ),
            Rule.OUTSIDE_FOLDER: RuleText(
                asks=say("A document lies in the collection itself, and is no link to another place."),
                why=say("A link could show files that were never meant to be published."),
                mend=say("Put the document itself there."),
            ),
            Rule.FILE_NAME: RuleText(
                asks=say("A document's name is its id and `.md`, a translation's its id, its language and `.md`."),
                why=say(
                    "The name becomes the address of the page, which must be the same in every system and language."
                ),
                mend=say(
                    "Use small letters `a` to `z`, digits, and hyphens between them: `repair-cafe.md`, "
                    "`repair-cafe.fr.md`."
                ),
            ),
            Rule.DUPLICATE_ID: RuleText(
                asks=say("No two documents have the same name, whatever their folders."),
                why=say("They would have the same address."),
                mend=say("Delete one of them, or give the newer one another name."),
            ),
            Rule.TOO_LARGE: RuleText(
                asks=say("A document has at most 256 KiB, which is some hundred pages."),
                why=say("Larger ones are pictures or data in the wrong place, and slow down everybody."),
                mend=say("Shorten the text; link to pictures and documents instead of putting them in."),
            ),
            Rule.EMPTY_FILE: RuleText(
                asks=say("A document is not empty."),
                why=say("Often a file was created and never saved."),
                mend=say("Write it, or delete the file."),
            ),
            Rule.NOT_UTF_8: RuleText(
                asks=say("A document is stored as UTF-8."),
                why=say("In other encodings an é of one computer is another sign on the next."),
                mend=say('In your editor choose "save as" with the encoding UTF-8. Look at the accents afterwards.'),
            ),
            Rule.UTF_16: RuleText(
                asks=say("A document is not stored as UTF-16, which some editors call Unicode."),
                why=say(
                    "In other encodings an é of one computer is another sign on the next; UTF-16 and UTF-8 are "
                    "often confused."
                ),
                mend=say('In your editor choose "save as" with the encoding UTF-8.'),
            ),
            Rule.CONTROL_CHARACTER: RuleText(
                asks=say("A document holds no invisible control characters."),
                why=say("They come with texts copied from other programs, and break pages and feeds."),
                mend=say("Delete the line and type it anew."),
            ),
        },
    ),
    Chapter(
        "writing",
        say("How the fields are written"),
        {
            Rule.NO_FRONT_MATTER: RuleText(
                asks=say("A document begins with its fields, between two lines with `---`."),
                why=say("Without them nobody knows what it is about or where."),
                mend=say("Begin with a line with `---`, then one field a line, then a line with `---`, then the text."),
            ),
            Rule.MISSING_OPENING: RuleText(
                asks=say("The first line is `---`."),
                why=say("It says where the fields begin. Some programs make a dash of it."),
                mend=say("Put a line with three hyphens before the first field."),
            ),
            Rule.MISSING_CLOSING: RuleText(
                asks=say("After the last field comes a line with `---`."),
                why=say("It says where the text begins."),
                mend=say("Put a line with three hyphens after the last field."),
            ),
            Rule.NOT_FIELDS: RuleText(
                asks=say("Between the two lines with `---` are fields."),
                why=say("A text or a list there has no names by which it could be understood."),
                mend=say("Write `name: value`, one a line."),
            ),
            Rule.SEVERAL_DOCUMENTS: RuleText(
                asks=say("The fields stand in one block."),
                why=say("What comes in a second one would be lost."),
                mend=say("Bring all fields together, and keep `---` for their beginning and end."),
            ),
            Rule.DUPLICATE_KEY: RuleText(
                asks=say("A field is given once."),
                why=say("With two values nobody can tell which is meant."),
                mend=say("Keep one of the two lines that the message names."),
            ),
            Rule.ANCHOR: RuleText(
                asks=say("No value begins with `&`, unless it is in quotes."),
                why=say("In YAML it gives a name to a value, which hides what is written where."),
                mend=say('Put quotes around the text: `"& Co"`.'),
            ),
            Rule.ALIAS: RuleText(
                asks=say("No value begins with `*`, unless it is in quotes."),
                why=say(
                    "In YAML it stands for a value somewhere else; a few lines of them can fill a computer's memory."
                ),
                mend=say("Put quotes around the text, or write the value out."),
            ),
            Rule.TAG: RuleText(
                asks=say("No value begins with `!`, unless it is in quotes."),
                why=say("In YAML it names a type, which can make programs run."),
                mend=say("Put quotes around the text, or write it without the sign."),
            ),
            Rule.MERGE_KEY: RuleText(
                asks=say("No field is called `<<`."),
                why=say("In YAML it copies other fields to this place, where nobody sees them."),
                mend=say("Write the fields out."),
            ),
            Rule.TAB: RuleText(
                asks=say("Among the fields there are no tabs."),
                why=say("They look like spaces, and are as wide as each editor likes."),
                mend=say("Put spaces in their place."),
            ),
            Rule.TOO_DEEP: RuleText(
                asks=say("Lists and groups lie in each other eight levels deep at most."),
                why=say("The fields need four. More is an accident or an attack."),
                mend=say("Put quotes around text that begins with `[` or `{`."),
            ),
            Rule.INDENTATION: RuleText(
                asks=say("Fields begin at the left edge; what belongs to a field is set in, all of it alike."),
                why=say("How far a line is set in says to what it belongs."),
                mend=say(
                    "Set in what belongs to a field by two spaces. Put quotes around a text of several lines "
                    "that contains a colon."
                ),
            ),
            Rule.UNQUOTED_COLON: RuleText(
                asks=say("Text that contains a colon and a space is in quotes."),
                why=say("Otherwise what comes before the colon looks like the name of a field."),
                mend=say('Put quotes around the text: `title: "Cyber: the breakfast"`.'),
            ),
            Rule.UNQUOTED_START: RuleText(
                asks=say("Text that begins with a special sign is in quotes."),
                why=say("``@ ` % > | ? { [`` at the beginning have a meaning of their own in YAML."),
                mend=say('Put quotes around the text: `"@example"`.'),
            ),
            Rule.BRACKETS: RuleText(
                asks=say("A list in `[ ]` and a group in `{ }` are closed, have commas, and nothing follows."),
                why=say("Otherwise nobody can tell where they end."),
                mend=say(
                    "Put a comma between the items and the bracket at the end; or put quotes around a text that "
                    "begins with a bracket."
                ),
            ),
            Rule.UNCLOSED_QUOTE: RuleText(
                asks=say("A quote that begins a text also ends it."),
                why=say("Otherwise all that follows belongs to the text."),
                mend=say("Put the same quote at the end of the text."),
            ),
            Rule.TEXT_AFTER_QUOTE: RuleText(
                asks=say("After the closing quote nothing follows."),
                why=say("A quote inside the text looks like its end."),
                mend=say(
                    "In double quotes put `\\` before each double quote. Around text with an apostrophe use "
                    "double quotes."
                ),
            ),
            Rule.BACKSLASH: RuleText(
                asks=say("In double quotes a backslash is written twice."),
                why=say("There it begins a special sign."),
                mend=say("Write `\\\\`, or use single quotes."),
            ),
            Rule.LIST_IN_LINE: RuleText(
                asks=say("A list with dashes begins in the line below its field."),
                why=say("In the same line it cannot be told from a text."),
                mend=say(
                    "Write `[a, b]`, or put each item in a line of its own after a dash. Put quotes around a "
                    "text that begins with a dash."
                ),
            ),
            Rule.NOT_A_FIELD: RuleText(
                asks=say("Every line is a field, or belongs to one."),
                why=say("A line without a name and a colon has no meaning."),
                mend=say(
                    "Write `name: value` with a space after the colon, or set the line in by two spaces where it "
                    "continues the text above."
                ),
            ),
            Rule.YAML: RuleText(
                asks=say("Every line can be understood."),
                why=say("This is said when none of the rules above fits."),
                mend=say("Write one field a line, as `name: value`, and put quotes around text with special signs."),
            ),
        },
    ),
    Chapter(
        "content",
        say("What the fields contain"),
        {
            Rule.UNKNOWN_FIELD: RuleText(
                asks=say("A field has one of the names in [the list of fields](fields.md)."),
                why=say("A misspelt one would be ignored, and nobody would notice."),
                mend=say("Write the name that the message proposes, or delete the field."),
            ),
            Rule.MISSING_FIELD: RuleText(
                asks=say("The required fields are there."),
                why=say("Without them a practice cannot be found, understood or believed."),
                mend=say("Add the field; the message gives an example."),
            ),
            Rule.TOO_SHORT: RuleText(
                asks=say("A text has as many characters as it needs."),
                why=say("A title of two letters says nothing."),
                mend=say("Say more."),
            ),
            Rule.TOO_LONG: RuleText(
                asks=say("A text has no more characters than there is room for."),
                why=say("Lists and feeds would cut it off."),
                mend=say("Shorten it. Details belong in the text below."),
            ),
            Rule.TOO_FEW: RuleText(
                asks=say("A list that is required has at least one item."),
                why=say("An empty one says as little as none."),
                mend=say("Add an item."),
            ),
            Rule.TOO_MANY: RuleText(
                asks=say("A list has no more items than are useful."),
                why=say("With fifty keywords a practice would be found for everything."),
                mend=say("Keep the most important ones."),
            ),
            Rule.NOT_TEXT: RuleText(
                asks=say("Where a text is expected there is one."),
                why=say("A list or a group cannot be shown in its place. Often a colon made a group of a text."),
                mend=say("Write one text; put quotes around it when it contains a colon."),
            ),
            Rule.NOT_A_LIST: RuleText(
                asks=say("Where a list is expected there is one, even of a single item."),
                why=say("A text with commas in it may be one thing or several."),
                mend=say("Write `[a, b]`, or each item in a line of its own after a dash."),
            ),
            Rule.NOT_A_GROUP: RuleText(
                asks=say("Where a group of fields is expected there is one."),
                why=say("It has parts that are shown in different places."),
                mend=say("Write its parts below it, each in a line, set in by two spaces."),
            ),
            Rule.NOT_A_NUMBER: RuleText(
                asks=say("A number is written with digits, and a point before decimals."),
                why=say("1.000 is a thousand in one country, and one in another."),
                mend=say("Write `1250.5`. Signs as % or € have fields of their own."),
                severities=(Severity.ERROR, Severity.ADVICE),
            ),
            Rule.OUT_OF_RANGE: RuleText(
                asks=say("A number is within what is possible."),
                why=say("Nothing costs less than nothing."),
                mend=say("Write another number."),
            ),
            Rule.NOT_YES_OR_NO: RuleText(
                asks=say("`independent` is yes or no."),
                why=say("Something else could be taken for either."),
                mend=say("Write `yes` or `no`."),
            ),
            Rule.NOT_A_DATE: RuleText(
                asks=say("A date is a year, a month or a day that exists."),
                why=say("Written in another order it would be another day elsewhere."),
                mend=say("Write `2021`, `2021-04` or `2021-04-30`."),
            ),
            Rule.NOT_AN_ADDRESS: RuleText(
                asks=say("The address of a page is whole."),
                why=say("Readers must be able to follow it."),
                mend=say("Write it with `https://` at its beginning, as your browser shows it."),
            ),
            Rule.NOT_AN_ID: RuleText(
                asks=say("An id consists of small letters, digits and hyphens."),
                why=say("It is part of addresses."),
                mend=say("Copy it from the address of the page."),
            ),
            Rule.NOT_ALLOWED: RuleText(
                asks=say("A value is one of those that the field knows."),
                why=say("Others would have no meaning."),
                mend=say("Choose one of those that the message lists."),
            ),
            Rule.INVALID_VALUE: RuleText(
                asks=say("A value fits its field."),
                why=say("This is said when none of the rules above fits."),
                mend=say("Look the field up in [the list of fields](fields.md)."),
            ),
        },
    ),
    Chapter(
        "ids",
        say("Ids of the vocabularies"),
        {
            Rule.UNKNOWN_REGION: RuleText(
                asks=say("A region is a code of NUTS 2024."),
                why=say(
                    "Names differ between languages; codes do not. Codes that are no longer used lead to those "
                    "that took their place."
                ),
                mend=say("Write the code that the message proposes: `FRH0` for Brittany. Greece is `EL`."),
            ),
            Rule.UNKNOWN_BARRIER: RuleText(
                asks=say("A barrier is an id of `vocabulary/barriers.yaml`."),
                why=say("Practices are found and compared by it."),
                mend=say("Write the id that the message proposes."),
            ),
            Rule.UNKNOWN_FACTOR: RuleText(
                asks=say("A factor is an id of `vocabulary/pestel.yaml`."),
                why=say("Practices are found and compared by it."),
                mend=say("Write the id that the message proposes."),
            ),
            Rule.UNKNOWN_INSTRUMENT: RuleText(
                asks=say("An instrument is an id of `vocabulary/instruments.yaml`."),
                why=say("Practices are found and compared by it."),
                mend=say("Write the id that the message proposes."),
            ),
            Rule.UNKNOWN_TOPIC: RuleText(
                asks=say("A topic is an id of `vocabulary/topics.yaml`."),
                why=say("Practices are found and compared by it."),
                mend=say("Write the id that the message proposes, or propose a new topic."),
            ),
            Rule.UNKNOWN_TARGET_GROUP: RuleText(
                asks=say("A target group is an id of `vocabulary/target-groups.yaml`."),
                why=say("Practices are found and compared by it."),
                mend=say("Write the id that the message proposes."),
            ),
            Rule.UNKNOWN_STATUS: RuleText(
                asks=say("The status is an id of `vocabulary/statuses.yaml`."),
                why=say("Practices are found and compared by it."),
                mend=say("Write planned, running, finished, stopped or unknown."),
            ),
            Rule.UNKNOWN_ORGANISATION_TYPE: RuleText(
                asks=say("The type of an organisation is an id of `vocabulary/organisation-types.yaml`."),
                why=say("Practices are compared by it."),
                mend=say("Write the id that the message proposes."),
            ),
            Rule.UNKNOWN_OUTCOME: RuleText(
                asks=say("The outcome of an adoption is an id of `vocabulary/outcomes.yaml`."),
                why=say("The level of evidence is computed from it."),
                mend=say("Write worked, partly, did-not-work or too-early."),
            ),
            Rule.UNKNOWN_LANGUAGE: RuleText(
                asks=say("A language is written as its two letters in ISO 639-1."),
                why=say("Texts are searched, and read aloud, in their language."),
                mend=say("Write the letters that the message proposes: `sl` for Slovenian, `et` for Estonian."),
            ),
            Rule.UNKNOWN_CURRENCY: RuleText(
                asks=say("A currency is written as its three letters in ISO 4217."),
                why=say("A sign such as $ stands for several currencies."),
                mend=say("Write `EUR`."),
            ),
            Rule.UNKNOWN_LICENSE: RuleText(
                asks=say(
                    "The licence is an id of SPDX, of a licence that lets others reuse the text. This is advice "
                    "when the id is unknown, and an error when it can be none."
                ),
                why=say("What may not be reused cannot be learnt from."),
                mend=say("Leave the field out, or write `CC-BY-4.0`."),
                severities=(Severity.ERROR, Severity.ADVICE),
            ),
        },
    ),
    Chapter(
        "sense",
        say("Sense"),
        {
            Rule.REPEATED_VALUE: RuleText(
                asks=say("A list names each value once."),
                why=say("Often another value was meant."),
                mend=say("Delete one of the two."),
            ),
            Rule.REPEATED_SOURCE: RuleText(
                asks=say("Each source is listed once."),
                why=say("Readers would believe that there are two."),
                mend=say("Delete one, and adapt the numbers in the text."),
                severities=(Severity.ADVICE,),
            ),
            Rule.WRONG_FOLDER: RuleText(
                asks=say(
                    "A document lies in the folder of its first region's country, a translation beside its original."
                ),
                why=say("There others look for it."),
                mend=say("Move it, or name another region first."),
            ),
            Rule.OTHER_LANGUAGE: RuleText(
                asks=say("The language is one of the 24 official languages of the Union."),
                why=say("Of others the search does not know the forms of words, and finds them as they are written."),
                mend=say("Nothing, if the language is right."),
                severities=(Severity.ADVICE,),
            ),
            Rule.MISTAKEN_LANGUAGE: RuleText(
                asks=say("Title and summary are in the language that is named."),
                why=say("Search engines and screen readers take the words for those of another language."),
                mend=say("Write the letters that the message proposes. Where the language is right, do nothing."),
                severities=(Severity.ADVICE,),
            ),
            Rule.SAME_LANGUAGE: RuleText(
                asks=say("A translation is in another language than its original."),
                why=say("Nobody could tell which of the two to read."),
                mend=say("Correct the language in the file's name, or delete the file."),
            ),
            Rule.NO_ORIGINAL: RuleText(
                asks=say("A translation has an original."),
                why=say("Regions, barriers and sources are its original's."),
                mend=say("Give it the name of its original, with the language before `.md`."),
            ),
            Rule.ENDED_BEFORE_STARTED: RuleText(
                asks=say("It did not end before it started."),
                why=say("One of the two dates is wrong."),
                mend=say("Correct it."),
            ),
            Rule.STARTS_IN_FUTURE: RuleText(
                asks=say("What starts in the future is planned."),
                why=say("It cannot be running yet."),
                mend=say("Write `status: planned`, or correct the date."),
            ),
            Rule.PLANNED_IN_PAST: RuleText(
                asks=say("What is planned starts in the future."),
                why=say("It should have started by now."),
                mend=say("Say what became of it."),
                severities=(Severity.ADVICE,),
            ),
            Rule.FINISHED_WITHOUT_END: RuleText(
                asks=say("What is finished has an end."),
                why=say("Readers want to know how long it lasted."),
                mend=say("Add `ended`."),
                severities=(Severity.ADVICE,),
            ),
            Rule.ENDED_BUT_RUNNING: RuleText(
                asks=say("What has ended is not running."),
                why=say("One of the two is out of date."),
                mend=say("Write `status: finished`, or delete `ended`."),
                severities=(Severity.ADVICE,),
            ),
            Rule.DATE_IN_FUTURE: RuleText(
                asks=say("What has happened has a date in the past."),
                why=say("A confirmation of next year is a typing error."),
                mend=say("Correct the date."),
            ),
            Rule.UNKNOWN_SOURCE: RuleText(
                asks=say("The number of a source is that of one in the list."),
                why=say("Readers could not look it up."),
                mend=say("Count the sources from 1, or add the one that is missing."),
            ),
            Rule.RESULT_WITHOUT_SOURCE: RuleText(
                asks=say("A figure says where it can be read."),
                why=say("Without a source it does not count as measured."),
                mend=say("Add `source` with the number of the source."),
                severities=(Severity.ADVICE,),
            ),
            Rule.NOT_PLAIN_TEXT: RuleText(
                asks=say("Title and summary are plain text in one paragraph."),
                why=say("They stand in lists, in feeds and on paper, where markdown and HTML are not read."),
                mend=say("Take out the markup and line breaks."),
            ),
            Rule.SUMMARY_REPEATS_TITLE: RuleText(
                asks=say("The summary says more than the title."),
                why=say("In lists they stand below each other."),
                mend=say("Say who does what for whom, and what came of it."),
            ),
            Rule.CONTACT: RuleText(
                asks=say("The contact is the address of a page or a mailbox."),
                why=say("Readers must be able to use it."),
                mend=say("Write `https://…`, or `info@…` by itself."),
            ),
            Rule.PERSONAL_ADDRESS: RuleText(
                asks=say("No person's mailbox is published."),
                why=say(
                    "Who publishes it needs that person's consent, and what is once in the history of the "
                    "collection stays there for ever."
                ),
                mend=say("Write the mailbox of a role (`info@…`, `contact@…`) or the address of a page."),
            ),
            Rule.UNKNOWN_RELATED: RuleText(
                asks=say("A related practice exists."),
                why=say("The link would lead nowhere."),
                mend=say("Write the id that the message proposes, or delete it."),
            ),
            Rule.RELATED_TO_ITSELF: RuleText(
                asks=say("A practice is related to others."),
                why=say("A link to the same page helps nobody."),
                mend=say("Delete it."),
            ),
            Rule.ADVISED_FIELDS: RuleText(
                asks=say("What is advised is given."),
                why=say("It makes a practice easier to find, to trust and to reuse."),
                mend=say("Add what you know. What you do not know, leave out."),
                severities=(Severity.ADVICE,),
            ),
        },
    ),
    Chapter(
        "text",
        say("The text"),
        {
            Rule.MISSING_HEADING: RuleText(
                asks=say(
                    "The headings Problem, What was done and Results are there, in any language that "
                    "`vocabulary/headings.yaml` has."
                ),
                why=say("Readers compare practices section by section."),
                mend=say("Add the heading, with `##` before it."),
            ),
            Rule.EMPTY_SECTION: RuleText(
                asks=say("Under those headings something is written; `TODO`, `tbd` or `…` alone is nothing."),
                why=say("An empty section looks like a mistake."),
                mend=say("Write it. Where nothing is known, say that."),
            ),
            Rule.TOP_HEADING: RuleText(
                asks=say("No heading has a single `#`."),
                why=say("The title is the only heading of the first level, and the page adds it."),
                mend=say("Write `##`."),
                severities=(Severity.ADVICE,),
            ),
            Rule.LIST_SIGN: RuleText(
                asks=say("The items of a list begin with a hyphen and a space."),
                why=say("Other signs, as they come from word processors, run together into one paragraph."),
                mend=say("Write `- ` in place of each sign."),
                severities=(Severity.ADVICE,),
            ),
            Rule.UNKNOWN_CITATION: RuleText(
                asks=say("A number in square brackets is that of a source."),
                why=say("Readers could not look it up."),
                mend=say("Count the sources from 1, or add the one that is missing."),
            ),
            Rule.RAW_HTML: RuleText(
                asks=say("The text is markdown, not HTML."),
                why=say("HTML is not shown, since it could carry programs."),
                mend=say("Write `**bold**`, `*italic*`, `[text](https://…)`."),
                severities=(Severity.ADVICE,),
            ),
            Rule.REMOTE_PICTURE: RuleText(
                asks=say("No picture is fetched from another site."),
                why=say("That site would learn who reads the page."),
                mend=say("Write a link to it."),
                severities=(Severity.ADVICE,),
            ),
        },
    ),
    Chapter(
        "moved",
        say("moved.yaml"),
        {
            Rule.MOVED_FORM: RuleText(
                asks=say("What became of an id is a new id or a note."),
                why=say("Other things have no meaning."),
                mend=say('Write `old-id: new-id`, or `old-id: {note: "why it is gone"}`.'),
            ),
            Rule.MOVED_ID: RuleText(
                asks=say("What has moved is an id."),
                why=say("Others never had an address."),
                mend=say("Write small letters and digits with hyphens between them."),
            ),
            Rule.MOVED_TARGET: RuleText(
                asks=say("An id leads to a practice that exists."),
                why=say("Readers would follow it to nowhere."),
                mend=say("Write the id that the message proposes, or a note."),
            ),
            Rule.MOVED_EXISTS: RuleText(
                asks=say("What exists has not moved."),
                why=say("Nobody could tell which of the two is right."),
                mend=say("Delete the line, or the document."),
            ),
            Rule.MOVED_LOOP: RuleText(
                asks=say("An id does not lead back to itself."),
                why=say("Browsers would follow it for ever."),
                mend=say("Let one of them lead to a practice that exists."),
            ),
            Rule.MOVED_MISSING: RuleText(
                asks=say("Each id that is gone has a line that says what became of it."),
                why=say("Others may have kept the address of its page, which now leads nowhere."),
                mend=say('Write `old-id: new-id`, or `old-id: {note: "why it is gone"}`.'),
                severities=(Severity.ADVICE,),
            ),
        },
    ),
)
