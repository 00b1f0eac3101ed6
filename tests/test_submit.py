"""The form's routes: every answer keeps what was typed, and nothing that is sent changes anything."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser

import pytest

from search.library import parse
from search.messages import say
from tests.builders import make_practice, practice_text
from tests.conftest import ROOT, make_client
from tests.hostile_submissions import ATTACKS, GOOD
from tests.test_pages import unsafe
from web.sending import SendingError, Sent, TooManyRequests

CYBER = "brittany-cyberbreakfast"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A copy of the real collection."""
    return shutil.copytree(ROOT / "practices", tmp_path_factory.mktemp("collection") / "practices")


@pytest.fixture(scope="module")
def client(real_engine, folder):
    return make_client(real_engine, practices_dir=folder)


class Fields(HTMLParser):
    """Collects what the main form of a page would send, and what its controls point to."""

    def __init__(self):
        super().__init__()
        self.pairs = []
        self.ids = set()
        self.pointed = set()
        self.invalid = []
        self._inside = 0
        self._open = None
        self._text = ""

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.ids.add(values.get("id"))
        self.pointed |= set((values.get("aria-describedby") or "").split())
        self.pointed |= {values["href"][1:]} if tag == "a" and (values.get("href") or "").startswith("#") else set()
        if "aria-invalid" in values:
            self.invalid.append(values.get("name"))
        if tag == "form":
            self._inside = (values.get("method") == "post") and "enctype" not in values
        if not self._inside or "name" not in values:
            return
        kind = values.get("type", "text")
        if tag == "input" and (kind not in {"checkbox", "radio"} or "checked" in values):
            self.pairs.append((values["name"], values.get("value", "")))
        elif tag == "select":
            self._open = values["name"]
        elif tag == "textarea":
            self._open, self._text = values["name"], ""

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_data(self, data):
        self._text += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self._open:
            self.pairs.append((self._open, self._text.removeprefix("\n")))
            self._open = None


class Options(Fields):
    """Also what is chosen of lists."""

    def handle_starttag(self, tag, attrs):
        super().handle_starttag(tag, attrs)
        values = dict(attrs)
        if tag == "option" and "selected" in values and self._open:
            self.pairs.append((self._open, values["value"]))


def read(answer):
    page = Options()
    page.feed(answer.text)
    return page


def sent(answer):
    return [(name, value) for name, value in read(answer).pairs if value]


def post(client, pairs, action, path="/en/submit", **options):
    data = {}
    for name, value in [*(pairs.items() if isinstance(pairs, dict) else pairs), ("action", action)]:
        data.setdefault(name, []).append(value)
    return client.post(path, data=data, **options)


def words(answer):
    text = answer.text[answer.text.index("<main") :]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def snapshot(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_good_form_becomes_the_file(client, vocabulary):
    answer = post(client, GOOD, "download")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == (
        'attachment; filename="repair-cafe-neighbours-mend-what-is-broken-in-vienna.md"'
    )
    assert answer.headers["cache-control"] == "no-store"
    document, problems = parse(answer.content, "x.md", vocabulary)
    assert problems == []
    assert document.content.title == GOOD["title"]
    assert "## Problem\n\nThings that could be mended" in document.body


def test_every_answer_has_all_that_was_typed(client):
    typed = {**GOOD, "section.rest": "First\n\n  second", "about.name": "Ada", "about.note": "a\nb", "topics": "talent"}
    for action in ("check", "add-results", "preview", "back", "remove-results-1"):
        found = dict(sent(post(client, typed, action)))
        for name, value in typed.items():
            shown = "Vienna (AT13)" if name == "regions" and action != "preview" else value
            assert found[name] == shown, (action, name)


def test_what_comes_back_can_be_sent_on_and_gives_the_same_file(client):
    first = post(client, GOOD, "download").content
    again = post(client, sent(post(client, GOOD, "preview")), "download").content
    assert post(client, sent(post(client, GOOD, "check")), "download").content == again == first


def test_a_mistake_is_said_at_the_top_and_at_its_field(client):
    answer = post(client, {**GOOD, "title": "x", "sources.1.url": "example.org", "section.results": ""}, "preview")
    assert answer.status_code == 422
    page = read(answer)
    assert {"f-title", "f-sources-1-url", "f-section-results", "f-title-error"} <= page.pointed
    assert page.pointed <= page.ids
    assert set(page.invalid) == {"title", "sources.1.url", "section.results"}
    assert "3 things are still to be mended" in words(answer)
    assert not re.search(r"\bline \d", words(answer))


def test_mistakes_are_said_in_the_language_of_the_visitor(client):
    french = words(post(client, {**GOOD, "status": "nonsense"}, "check", "/fr/submit"))
    assert "« nonsense »" in french


def test_advice_is_never_in_the_way(client):
    answer = post(client, GOOD, "preview")
    assert answer.status_code == 200
    assert "nothing of this is published yet" in words(answer)
    assert "What would make it better" in words(post(client, GOOD, "check"))


def test_the_preview_has_the_page_the_file_and_the_ways_out(client):
    answer = post(client, GOOD, "preview")
    text = words(answer)
    assert GOOD["title"] in text
    assert "How well is this proven?" in text
    assert post(client, GOOD, "download").text in unescape(answer.text)
    assert "practices/at/repair-cafe-neighbours-mend-what-is-broken-in-vienna.md" in text or "at/repair-cafe" in text


def test_regions_are_known_by_any_name(client):
    assert "regions: [FRH0]" in post(client, {**GOOD, "regions": "bretagne"}, "draft").text
    assert "regions: [EL]" in post(client, {**GOOD, "regions": "GR"}, "draft").text


def test_a_name_of_several_regions_is_asked_back(client, vocabulary):
    name, codes = next(
        (one.name, codes)
        for one in vocabulary.regions.values()
        if len(codes := vocabulary.preferred(vocabulary.resolve_region(one.name))) > 1
    )
    answer = post(client, {**GOOD, "regions": name}, "preview")
    assert answer.status_code == 422
    for code in codes:
        assert f'<option value="{code}"' in answer.text
    assert post(client, {**GOOD, "regions": codes[0]}, "preview").status_code == 200


def test_an_address_fills_the_form(client):
    found = sent(client.get("/en/submit?region=Bretagne&barrier=skills&barrier=finance&topic=nonsense&status=running"))
    assert ("regions", "Brittany (FRH0)") in found
    assert [value for name, value in found if name == "barriers"] == ["skills", "finance"]
    assert ("status", "running") in found
    assert not [value for name, value in found if name == "topics"]


def test_rows_are_added_and_taken_away(client):
    two = post(client, {**GOOD, "sources.2.title": "Second"}, "add-sources")
    assert 'name="sources.3.title"' in two.text
    one = post(client, {**GOOD, "sources.2.title": "Second", "section.problem": "A [2]"}, "remove-sources-1")
    assert ("sources.1.title", "Second") in sent(one)
    assert 'name="sources.2.title"' not in one.text
    assert "new numbers" in words(one)


def test_the_id_is_proposed_and_can_be_another(client):
    assert 'filename="my-own.md"' in post(client, {**GOOD, "id": "my-own"}, "download").headers["content-disposition"]
    answer = post(client, {**GOOD, "id": CYBER}, "download")
    assert answer.status_code == 422
    assert "another practice has this name already" in words(answer).lower()


def test_what_is_like_another_practice_is_said_and_not_refused(client, real_engine):
    practice = real_engine.snapshot().library[CYBER]
    like = {**GOOD, "title": practice.title, "summary": practice.summary, "regions": "FRH0"}
    like |= {"organisation.name": practice.organisation.name, "sources.1.url": practice.sources[0].url}
    answer = post(client, like, "preview")
    assert answer.status_code == 200
    assert "Is it one of these?" in words(answer)
    assert f"/practices/{CYBER}" in answer.text


def test_a_draft_is_saved_valid_or_not_and_opened_again(client):
    draft = post(client, {"title": "Half", "language": "en", "section.problem": "A"}, "draft")
    assert draft.status_code == 200
    files = {"file": ("practice.md", draft.content, "text/markdown")}
    found = dict(sent(client.post("/en/submit", data={"action": "open"}, files=files)))
    assert (found["title"], found["section.problem"]) == ("Half", "A")
    pasted = client.post("/en/submit", data={"action": "open", "text": practice_text()})
    assert ("title", GOOD["title"]) in sent(pasted)


@pytest.mark.parametrize(
    "content", [b"", b"no fields", b"\xff\xfe", b"---\na: [\n---\n", b"---\nx: &a b\n---\n", b"a" * 300_000]
)
def test_what_is_no_document_is_not_opened_and_says_why(client, content):
    answer = client.post(
        "/en/submit", data={"action": "open"}, files={"file": ("../../x.md", content, "text/markdown")}
    )
    assert answer.status_code == 422
    assert "This file could not be opened" in words(answer)


@pytest.mark.parametrize("content", [b"PK\x03\x04\x14\x00", b"%PDF-1.7", b"{\\rtf1"])
def test_a_file_of_a_word_processor_is_known_for_one(client, content):
    answer = client.post("/en/submit", data={"action": "open"}, files={"file": ("x.docx", content, "text/plain")})
    assert answer.status_code == 422
    assert "paste its text here" in words(answer)


def test_fields_that_the_form_does_not_know_are_named(client):
    answer = client.post("/en/submit", data={"action": "open", "text": practice_text(colour="red")})
    assert "no place for these fields of the file: colour" in words(answer)


def test_a_change_changes_nothing_else(client, folder):
    opened = sent(client.get(f"/en/submit?edit={CYBER}"))
    before = (folder / "fr" / f"{CYBER}.md").read_bytes()
    assert post(client, opened, "draft").content == before
    changed = [(name, "running" if name == "status" else value) for name, value in opened]
    after = post(client, changed, "download").content
    assert after == before.replace(b"\nstatus: unknown\n", b"\nstatus: running\n")


@pytest.mark.parametrize("action", ["preview", "download", "patch", "send"])
def test_what_is_not_changed_is_not_sent(client, action):
    answer = post(client, sent(client.get(f"/en/submit?edit={CYBER}")), action)
    assert answer.status_code == 422
    assert "Nothing is changed yet" in words(answer)


def test_a_patch_names_the_contributor_and_the_file(client):
    opened = sent(client.get(f"/en/submit?edit={CYBER}"))
    changed = [(name, "running" if name == "status" else value) for name, value in opened] + [("about.name", "Ada")]
    patch = post(client, changed, "patch")
    assert b"From: Ada <" in patch.content
    assert b"+status: running" in patch.content
    assert patch.headers["content-disposition"].endswith('.patch"')


def test_a_name_is_never_written_into_the_file(client):
    assert b"Ada" not in post(client, {**GOOD, "about.name": "Ada"}, "download").content


def test_a_change_by_somebody_else_is_seen_and_nothing_is_lost(client, folder):
    path = folder / "fr" / f"{CYBER}.md"
    before = path.read_bytes()
    opened = [
        (name, "running" if name == "status" else value) for name, value in sent(client.get(f"/en/submit?edit={CYBER}"))
    ]
    try:
        path.write_bytes(before.replace(b"project: CYBER", b"project: CYBER 2"))
        answer = post(client, opened, "download")
        assert answer.status_code == 422
        assert "Somebody has changed this practice meanwhile" in words(answer)
        assert ("status", "running") in sent(answer)
        assert post(client, sent(answer), "download").status_code == 200
    finally:
        path.write_bytes(before)


def test_still_true_takes_two_clicks(client, folder):
    page = client.get(f"/en/submit?confirm={CYBER}")
    assert "Cyberbreakfast" in words(page)
    answer = post(client, sent(page), "confirm")
    assert "What you change in the file Now: confirmed:" in words(answer)
    today = datetime.now(UTC).date().isoformat()
    file = post(client, sent(answer), "download").text
    assert f"confirmed: {today}\n" in file
    assert file.replace(f"confirmed: {today}\n", "") == (folder / "fr" / f"{CYBER}.md").read_text(encoding="utf-8")


def test_a_translation_lies_beside_its_original(client):
    page = client.get(f"/en/submit?translate={CYBER}&to=et")
    assert "Breton cybersecurity companies" in words(page)
    typed = [*sent(page), ("title", "Küberhommik"), ("summary", "x" * 50), ("translated_by", "human")]
    typed += [("section.problem", "A"), ("section.what-was-done", "B"), ("section.results", "C")]
    typed = [(name, value) for name, value in typed if name != "digest"]
    answer = post(client, typed, "download")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="{CYBER}.et.md"'
    assert "## Probleem\n\nA" in answer.text
    assert "Küberhommik" in words(post(client, typed, "preview"))


def test_an_empty_translation_says_what_it_needs_at_each_field(client):
    answer = post(client, sent(client.get(f"/en/submit?translate={CYBER}&to=et")), "check")
    assert {"title", "summary"} <= set(read(answer).invalid)
    assert "---" not in words(answer)


def test_what_is_needed_because_of_something_else_says_so(client):
    answer = post(client, {**GOOD, "evaluation.year": "2021"}, "check")
    assert "This is needed, since something beside it is filled in" in words(answer)


def test_a_translation_into_the_language_of_the_original_is_refused(client):
    answer = client.get(f"/en/submit?translate={CYBER}&to=en")
    assert answer.status_code == 422
    assert "Choose another one" in words(answer)
    assert client.get(f"/en/submit?translate={CYBER}").status_code == 200


@pytest.mark.parametrize("name", ["edit", "confirm", "translate"])
def test_a_practice_that_there_is_not_cannot_be_opened(client, name):
    assert client.get(f"/en/submit?{name}=nope").status_code == 404
    assert client.get(f"/en/submit?{name}=../../x").status_code == 404


def test_a_file_outside_of_the_collection_is_never_read(site, tmp_path):
    (tmp_path / "practices").mkdir()
    (tmp_path / "secret.md").write_text(practice_text(), encoding="utf-8")
    client = site(make_practice(id="secret", path="../secret.md"), practices_dir=tmp_path / "practices")
    assert client.get("/en/submit?edit=secret").status_code == 404


class Outbox:
    """A remote that does as it is told."""

    def __init__(self, error=None):
        self.error = error
        self.proposals = []

    def send(self, proposal, visitor):
        self.proposals.append((proposal, visitor))
        if self.error:
            raise self.error
        return Sent("submit/x", "https://forge.example/1")


@pytest.fixture
def sending(real_engine, folder):
    def make(error=None):
        client = make_client(real_engine, practices_dir=folder)
        outbox = Outbox(error)
        object.__setattr__(client.app.state.services, "outbox", outbox)
        return client, outbox

    return make


def test_a_request_is_sent_with_the_finished_file(sending):
    client, outbox = sending()
    answer = post(client, {**GOOD, "about.name": "Ada", "about.note": "Hello"}, "send")
    assert answer.status_code == 200
    assert "https://forge.example/1" in answer.text
    [(proposal, visitor)] = outbox.proposals
    assert proposal.file.startswith("at/repair-cafe")
    assert proposal.content == post(client, GOOD, "download").content
    assert (proposal.author, proposal.note, proposal.is_new) == ("Ada", "Hello", True)
    assert visitor == "testclient"


@pytest.mark.parametrize(("error", "status"), [(SendingError, 503), (TooManyRequests, 429)])
def test_what_could_not_be_sent_is_still_there_with_the_other_ways(sending, error, status):
    client, _ = sending(error(say("the repository does not answer")))
    answer = post(client, GOOD, "send")
    assert answer.status_code == status
    assert "The repository does not answer." in words(answer)
    assert post(client, sent(answer), "download").status_code == 200


def test_there_are_a_hundred_hostile_submissions():
    assert len(ATTACKS) >= 100


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_a_hostile_submission_changes_nothing_and_is_answered(client, folder, attack):
    before = snapshot(folder)
    if attack.body is not None:
        answer = client.request(attack.method, attack.path, content=attack.body, headers=attack.headers)
    else:
        answer = client.request(attack.method, attack.path, data=attack.fields, headers=attack.headers)
    assert answer.status_code in attack.status
    assert snapshot(folder) == before
    assert "set-cookie" not in answer.headers
    if answer.headers["content-type"].startswith("text/html"):
        assert unsafe(answer.text) == []
        assert "<h1" in answer.text
        if answer.status_code == 403:
            assert "page of another site" in words(answer)
        if answer.status_code == 413:
            assert "more was sent" in words(answer).lower() or "more fields" in words(answer)
    else:
        assert "attachment" in answer.headers["content-disposition"]


def test_pages_of_this_site_may_send(client):
    for headers in ({"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {}):
        assert post(client, GOOD, "check", headers=headers).status_code == 200


def test_the_form_is_never_kept_in_memory(client, folder):
    path = folder / "fr" / f"{CYBER}.md"
    before = path.read_bytes()
    first = client.get(f"/en/submit?edit={CYBER}")
    assert "etag" not in first.headers
    try:
        path.write_bytes(before.replace(b"project: CYBER", b"project: CYBER 2"))
        assert ("origin.project", "CYBER 2") in sent(client.get(f"/en/submit?edit={CYBER}"))
    finally:
        path.write_bytes(before)


def test_pages_lead_to_the_form(client):
    practice = client.get(f"/en/practices/{CYBER}").text
    for address in (f"?confirm={CYBER}", f"?edit={CYBER}", f"?translate={CYBER}"):
        assert f'href="/en/submit{address}' in practice
    assert 'href="/en/submit"' in practice
    assert re.search(r'href="/en/submit\?region=CY&amp;barrier=\w+', client.get("/en/regions/CY").text)
    assert 'href="/en/submit?region=CY"' in client.get("/en/regions/CY").text
    assert 'href="/en/submit?barrier=skills"' in client.get("/en/barriers/skills").text


def test_the_main_barrier_stands_first(client):
    pairs = [*GOOD.items(), ("barriers", "finance"), ("barriers", "trust"), ("barriers.first", "trust")]
    assert "barriers: [trust, skills, finance]" in post(client, pairs, "draft").text
    assert ("barriers.first", "trust") in sent(post(client, pairs, "check"))
    assert "barriers: [trust, skills, finance]" in post(client, sent(post(client, pairs, "check")), "draft").text
