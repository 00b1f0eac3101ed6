"""The routes of the form in which a practice is written, changed, translated or confirmed.

Everything that was typed is in the fields of every answer, so nothing is kept here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from http import HTTPStatus
from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import quote, urlencode, urlsplit

from fastapi import APIRouter, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from search.analysis import ANALYZERS, words_of
from search.duplicates import Likeness, likely_duplicates, portrait_of_values
from search.errors import EngineError
from search.facets import BARRIER, FACTOR, INSTRUMENT, REGION, STATUS, TARGET, TOPIC
from search.fields import Raw
from search.front_matter import decode
from search.history import place_in_repository
from search.library import Library, document_ids, document_name
from search.messages import Message, say
from search.model import Practice
from search.query import SearchQuery
from search.stop_words import is_stop_word
from search.vocabulary import LANGUAGE_SCHEME, language_codes
from search.yaml_errors import Refused
from web.form import BadForm, Entries, read_entries
from web.form_page import (
    ConfirmPage,
    LanguagesPage,
    Link,
    SentPage,
    Writer,
    by_field,
    form_page,
    preview_page,
)
from web.ladder import Proposal, make_ladder, patch
from web.markdown import render_body
from web.posting import Posted, read_posted, require_own_page
from web.sending import NotSent, TooManyRequests
from web.services import Visit, VisitDep, get_visit, moved_to
from web.submission import Shelf, Submission, digest, open_document, practice_of, submit, unknown_fields
from web.views import practice_page

PATH = "/submit"
CANDIDATES = 30  # practices that are looked at for likenesses
ASKED_WORDS = 24  # words of title and summary with which they are searched
# The fields that an address may fill, by the names of its parameters.
PREFILLED = {
    REGION.name: "regions",
    BARRIER.name: "barriers",
    FACTOR.name: "factors",
    INSTRUMENT.name: "instruments",
    TOPIC.name: "topics",
    TARGET.name: "target_groups",
    STATUS.name: "status",
}
MOST_PREFILLED = 20  # values of an address
OWN_LANGUAGE = say("this practice cannot be translated into that language")
WORD_FILE = say(
    "this is a file of a word processor, a PDF or a packed one; paste its text here, or save it as plain text"
)
PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"%PDF")  # .docx and .odt, .doc, .rtf, .pdf
NOT_CONFIGURED = say("this site cannot send it; the other ways are below")

_REMOVE = re.compile(r"remove-([a-z_]+)-([1-9][0-9]{0,2})")

router = APIRouter(include_in_schema=False)


@router.get(PATH)
def form(visit: VisitDep) -> Response:
    """The form: empty, filled from the address, or with a practice to change, to translate or to confirm."""
    answer = _form(visit)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _form(visit: Visit) -> Response:
    given = dict(visit.request.query_params)
    desk = _desk(visit)
    if given.get("confirm"):
        return desk.ask(given["confirm"])
    if given.get("edit"):
        return desk.open(given["edit"])
    if given.get("translate"):
        return desk.translate(given["translate"], given.get("to", ""))
    return desk.form(_prefilled(visit))


@router.post(PATH)
async def posted(request: Request) -> Response:
    """Whatever a button of the form asks for."""
    visit = get_visit(request)
    require_own_page(request.headers, visit.services.settings)
    given = await read_posted(request)
    # What follows reads files, searches and may push to a remote.
    answer: Response = await run_in_threadpool(_answer, visit, given)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _answer(visit: Visit, given: Posted) -> Response:
    desk = _desk(visit)
    action = given.last("action")
    if action == "confirm":
        return desk.confirm(given.last("confirm"))
    if action == "open":
        return desk.open_file(given)
    removed = _REMOVE.fullmatch(action)
    pairs = given.pairs
    if removed:
        start = f"{removed[1]}.{removed[2]}."
        pairs = [(name, "" if name.startswith(start) else value) for name, value in pairs]
    entries = read_entries(pairs)
    is_checked = action in {"", "check"} or given.last("checked") == "yes"
    ways: Mapping[str, Callable[[Entries], Response]] = {
        "preview": desk.preview,
        "download": desk.download,
        "patch": desk.patch,
        "send": desk.send,
        "draft": desk.draft,
    }
    if action in ways:
        return ways[action](entries)
    return desk.form(
        entries,
        add=action.removeprefix("add-") if action.startswith("add-") else "",
        is_checked=is_checked,
        has_new_numbers=removed is not None and removed[1] == "sources",
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a visitor writes: the practices that there are, and the answers that a form gets."""

    visit: Visit
    library: Library
    today: date

    def form(
        self,
        entries: Entries,
        *,
        add: str = "",
        is_checked: bool = False,
        has_new_numbers: bool = False,
        left_out: list[str] | None = None,
        refused: Message | None = None,
        status: int = HTTPStatus.OK,
    ) -> Response:
        """The form with what is filled in; when it is checked, with what is said of it."""
        submission, original = self._submission(entries)
        page = form_page(
            submission.seen(),
            self._writer(submission, original, is_checked=is_checked),
            action=self._action(),
            original=original,
            add=add,
            is_checked=is_checked,
            has_new_numbers=has_new_numbers,
            similar=self._similar(submission) if original is None else (),
            left_out=left_out or (),
            refused=refused,
            reopen=self._reopen(submission.entries),
        )
        page = replace(page, is_changed_meanwhile=submission.is_changed_meanwhile)
        return self.visit.render("submit.html", page, status=status)

    def preview(self, entries: Entries, failed: Message | None = None, status: int = HTTPStatus.OK) -> Response:
        """The page as it will look, and the ways out; the form where something is still wrong."""
        submission, original = self._submission(entries)
        if submission.errors or submission.document is None or not submission.file or submission.is_changed_meanwhile:
            return self._not_yet(entries)
        practice, translation = practice_of(submission, original)
        services = self.visit.services
        shown = practice_page(
            practice, self.library, self.visit.reader, self.today, services.languages, services.repository
        )
        if translation is not None:
            shown = replace(
                shown,
                title=translation.title,
                summary=translation.summary,
                text_lang=translation.language,
                body=render_body(translation.body),
                translation=translation,
                path=submission.file,
            )
        proposal = self._proposal(submission, original)
        page = preview_page(
            submission,
            self._writer(submission, original, is_checked=True),
            action=self._action(),
            practice=shown,
            ladder=make_ladder(proposal, services.settings, self._folder(), self._mailbox()),
            similar=self._similar(submission) if original is None else (),
            failed=failed,
        )
        return self.visit.render("submit_preview.html", page, status=status)

    def download(self, entries: Entries) -> Response:
        """The finished file."""
        submission, _ = self._submission(entries)
        if submission.errors or not submission.file or submission.is_changed_meanwhile:
            return self._not_yet(entries)
        return _attachment(submission.content, PurePosixPath(submission.file).name)

    def draft(self, entries: Entries) -> Response:
        """The file as far as it is written."""
        submission, _ = self._submission(entries)
        to = submission.entries.carried.get("to", "")
        return _attachment(submission.content, f"{submission.id or 'practice'}{f'.{to}' if to else ''}.md")

    def patch(self, entries: Entries) -> Response:
        """The file as a mail for `git am`."""
        submission, original = self._submission(entries)
        if submission.errors or not submission.file or submission.is_changed_meanwhile:
            return self._not_yet(entries)
        proposal = self._proposal(submission, original)
        host = urlsplit(self.visit.base).hostname or ""
        content = patch(proposal, submission.before, self._folder(), datetime.now(UTC), host=host)
        return _attachment(content, f"{PurePosixPath(submission.file).stem}.patch", "text/x-patch; charset=utf-8")

    def send(self, entries: Entries) -> Response:
        """Send it as a request; where that fails, the other ways are still there."""
        submission, original = self._submission(entries)
        if submission.errors or not submission.file or submission.is_changed_meanwhile:
            return self._not_yet(entries)
        outbox = self.visit.services.outbox
        if outbox is None:
            return self.preview(entries, NOT_CONFIGURED, HTTPStatus.SERVICE_UNAVAILABLE)
        visitor = self.visit.request.client.host if self.visit.request.client else ""
        try:
            sent = outbox.send(self._proposal(submission, original), visitor)
        except TooManyRequests as error:
            return self.preview(entries, error.message, HTTPStatus.TOO_MANY_REQUESTS)
        except NotSent as error:
            return self.preview(entries, error.message, HTTPStatus.SERVICE_UNAVAILABLE)
        return self.visit.render("submit_sent.html", SentPage(sent.branch, sent.address, submission.file))

    def open(self, id: str) -> Response:
        """A practice in the form, to be changed."""
        practice = self._practice(id)
        if practice is None:
            return self._moved(id)
        return self.form(self._opened({"edit": practice.id}, practice.path))

    def translate(self, id: str, to: str) -> Response:
        """A practice beside the empty or finished translation of it; or the languages to choose from."""
        practice = self._practice(id)
        if practice is None:
            return self._moved(id)
        if to not in language_codes() or to == practice.language:
            shown = practice.variant(self.visit.lang)
            page = LanguagesPage(
                title=shown.title,
                title_lang=shown.language,
                href=self.visit.reader.addresses.practice(practice.id),
                own=to if to == practice.language else "",
                links=tuple(
                    Link(self._address(translate=practice.id, to=code), code)
                    for code, _ in self.visit.services.vocabulary.labelled(LANGUAGE_SCHEME, self.visit.lang)
                    if code in ANALYZERS and code != practice.language
                ),
            )
            status = HTTPStatus.UNPROCESSABLE_ENTITY if to else HTTPStatus.OK
            return self.visit.render("submit_languages.html", page, status=status)
        carried = {"translate": practice.id, "to": to}
        path = f"{practice.path.removesuffix('.md')}.{to}.md"
        return self.form(self._opened(carried, path, is_needed=False))

    def ask(self, id: str) -> Response:
        """The first of two clicks: whether it is still true."""
        practice = self._practice(id)
        if practice is None:
            return self._moved(id)
        shown = practice.variant(self.visit.lang)
        page = ConfirmPage(
            action=self._action(),
            id=practice.id,
            title=shown.title,
            title_lang=shown.language,
            href=self.visit.reader.addresses.practice(practice.id),
            confirmed=practice.confirmed or "",
            edit=self._address(edit=practice.id),
        )
        return self.visit.render("submit_confirm.html", page)

    def confirm(self, id: str) -> Response:
        """The second click: the same document with the date of today."""
        practice = self._practice(id)
        if practice is None:
            return self._moved(id)
        entries = self._opened({"edit": practice.id}, practice.path)
        values = {**entries.values, "confirmed": self.today.isoformat()}
        return self.preview(replace(entries, values=values))

    def open_file(self, given: Posted) -> Response:
        """A file that was saved, or a text that was pasted, in the form again."""
        data = given.file or given.last("text").encode(errors="replace")
        name = PureWindowsPath(given.file_name).name
        id, lang = document_name(name) or ("", None)
        carried: dict[str, str] = {}
        practice = self._practice(id)
        if practice is not None:
            carried = {"translate": id, "to": lang} if lang else {"edit": id}
        if data.startswith(PACKED):
            return self._refuse(WORD_FILE)
        try:
            before = self._before(practice, carried)
            carried |= {"digest": digest(before)} if carried else {}
            entries = open_document(
                decode(data).encode(), self.visit.services.vocabulary, carried, "" if practice else id
            )
        except Refused as error:
            return self._refuse(error.message)
        return self.form(entries, is_checked=True, left_out=unknown_fields(entries))

    def _refuse(self, reason: Message) -> Response:
        """An empty form in place of a file that could not be opened."""
        empty = Entries(values={"language": self.visit.lang})
        return self.form(empty, refused=reason, status=HTTPStatus.UNPROCESSABLE_ENTITY)

    def _not_yet(self, entries: Entries) -> Response:
        return self.form(entries, is_checked=True, status=HTTPStatus.UNPROCESSABLE_ENTITY)

    def _practice(self, id: str) -> Practice | None:
        return self.library.get(id)

    def _moved(self, id: str) -> Response:
        """A practice that has another id now is opened by that. Raises: HTTPException with 404 or 410."""
        given = dict(self.visit.request.query_params)
        names = {name: moved_to(id, self.library) if value == id else value for name, value in given.items()}
        if self.visit.request.method != "GET":
            raise HTTPException(404)
        return self.visit.redirect(self._address(**names))

    def _before(self, practice: Practice | None, carried: Mapping[str, str]) -> bytes:
        if practice is None:
            return b""
        to = carried.get("to", "")
        path = f"{practice.path.removesuffix('.md')}.{to}.md" if to else practice.path
        return self._shelf().read(path) or b""

    def _opened(self, carried: Mapping[str, str], path: str, *, is_needed: bool = True) -> Entries:
        """A document of the collection in the form. Raises: HTTPException where it is not in the folder any more."""
        data = self._shelf().read(path)
        carried = {**carried, "digest": digest(data or b"")}
        if data is None:
            if is_needed:
                raise HTTPException(404)
            return Entries(carried=carried)
        try:
            return open_document(data, self.visit.services.vocabulary, carried)
        except Refused:
            # Somebody has just broken it; what is published is its last good version.
            raise HTTPException(404) from None

    def _submission(self, entries: Entries) -> tuple[Submission, Practice | None]:
        """What the form makes, and the practice that it changes or translates."""
        carried = entries.carried
        original = self._practice(carried.get("translate", "") or carried.get("edit", ""))
        if carried.get("translate"):
            to = carried.get("to", "")
            if original is None:
                raise HTTPException(404)
            if to not in language_codes() or to == original.language:
                raise BadForm(OWN_LANGUAGE, HTTPStatus.BAD_REQUEST)
        elif original is None and carried:
            # The practice was withdrawn meanwhile: what was typed is a new one.
            entries = replace(entries, carried={})
        return submit(entries, self._shelf(), self.visit.services.vocabulary, self.today, original), original

    def _shelf(self) -> Shelf:
        folder = self.visit.services.settings.practices_dir
        return Shelf(folder, document_ids(folder), self.library)

    def _writer(self, submission: Submission, original: Practice | None, *, is_checked: bool) -> Writer:
        is_translation = bool(submission.entries.carried.get("translate"))
        return Writer(
            reader=self.visit.reader,
            translations=self.visit.language.catalog,
            entries=submission.entries,
            findings=by_field(submission.findings) if is_checked else {},
            several=submission.several,
            original=original if is_translation else None,
        )

    def _similar(self, submission: Submission) -> list[Likeness]:
        """Practices that may be the same as the one that is written."""
        values = submission.entries.values
        lang = str(values.get("language", "")) or self.visit.lang
        text = f"{values.get('title', '')} {values.get('summary', '')}"
        words = [word for word in words_of(text, lang) if len(word) > 2 and not is_stop_word(word, lang)]
        asked = " OR ".join(list(dict.fromkeys(words))[:ASKED_WORDS])
        if not asked:
            return []
        query = SearchQuery(text=asked, lang=lang, reader=self.visit.lang, size=CANDIDATES, snippets=False)
        try:
            hits = self.visit.services.snapshot().search(query).hits
        except EngineError:
            return []
        found = (self.library.get(hit.id) for hit in hits)
        made = portrait_of_values(submission.id, values, submission.body, lang)
        return likely_duplicates(made, (one for one in found if one), self.visit.services.vocabulary, most=3)

    def _proposal(self, submission: Submission, original: Practice | None) -> Proposal:
        carried, about = submission.entries.carried, submission.entries.about
        verb = "Translate" if carried.get("translate") else "Change" if original else "Add"
        into = f" into {carried['to']}" if carried.get("translate") else ""
        return Proposal(
            file=submission.file,
            content=submission.content,
            title=f"{verb} practice {submission.id}{into}",
            is_new=not submission.before,
            author=about.get("about.name", ""),
            note=about.get("about.note", ""),
        )

    def _folder(self) -> str:
        return place_in_repository(self.visit.services.settings.practices_dir)

    def _mailbox(self) -> str:
        contact = self.visit.services.publisher.contact
        return contact.text if contact and contact.href.startswith("mailto:") else ""

    def _action(self) -> str:
        return self.visit.reader.addresses.page(PATH)

    def _address(self, **given: str) -> str:
        return f"{self.visit.reader.addresses.bare.page(PATH)}?{urlencode(given)}"

    def _reopen(self, entries: Entries) -> str:
        names = {name: value for name, value in entries.carried.items() if name in {"edit", "translate", "to"}}
        return self._address(**names) if names else ""


def _desk(visit: Visit) -> Desk:
    return Desk(visit, visit.services.snapshot().library, datetime.now(UTC).date())


def _prefilled(visit: Visit) -> Entries:
    """A form with what the address says; what is in no vocabulary is left out."""
    values: dict[str, Raw] = {"language": visit.lang}
    vocabulary = visit.services.vocabulary
    facets = {facet.name: facet for facet in (REGION, BARRIER, FACTOR, INSTRUMENT, TOPIC, TARGET, STATUS)}
    for name, text in visit.request.query_params.multi_items()[:MOST_PREFILLED]:
        facet = facets.get(name)
        if facet is REGION and vocabulary.resolve_region(text):
            _add(values, "regions", text)
        elif facet is not None and facet is not REGION and vocabulary.knows(facet.scheme, text):
            _add(values, PREFILLED[name], text)
    return Entries(values=values)


def _add(values: dict[str, Raw], name: str, text: str) -> None:
    if name == "status":
        values[name] = text
        return
    items = values.setdefault(name, [])
    if isinstance(items, list):
        items.append(text)


def _attachment(content: bytes, name: str, kind: str = "text/markdown; charset=utf-8") -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{quote(name, safe=".-")}"'}
    return Response(content, media_type=kind, headers=headers)
