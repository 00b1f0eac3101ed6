"""The ways out of the form: addresses that hold the whole text or nothing of it, and a patch that git takes."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from urllib.parse import parse_qsl, unquote_to_bytes, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.settings import Settings
from tests.builders import practice_text, translation_text
from web.forges import FORGEJO, GITEA, GITHUB, GITLAB, forge_of
from web.ladder import make_ladder, patch
from web.proposals import Proposal, contributor, is_file_of_collection

WHEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
FORGES = {
    "github": "https://github.com/example/atlas",
    "gitlab": "https://gitlab.com/example/atlas",
    "gitea": "https://gitea.example.org/example/atlas",
}
HARD = "çé#&?%+=\"'<>\r\n\t/\\ ž 漢 🙂 { } [ ]"


def proposal(content=b"---\ntitle: x\n---\n", file="at/repair-cafe.md", **changes):
    return Proposal(
        **{"file": file, "content": content, "title": "Add practice repair-cafe", "is_new": True, **changes}
    )


def ladder(made, forge="github", folder="practices", mailbox="", **settings):
    chosen = Settings.model_validate({"repository": FORGES.get(forge, forge), **settings})
    return make_ladder(made, chosen, folder, mailbox)


@pytest.mark.parametrize(
    ("address", "kind", "forge"),
    [
        ("https://github.com/a/b", "", GITHUB),
        ("https://GitHub.com/a/b", "", GITHUB),
        ("https://gitlab.com/a/b", "", GITLAB),
        ("https://gitlab-2.agency.eu/a/b", "", GITLAB),
        ("https://codeberg.org/a/b", "", FORGEJO),
        ("https://forgejo.agency.eu/a/b", "", FORGEJO),
        ("https://gitea.agency.eu/a/b", "", GITEA),
        ("https://code.agency.eu/a/b", "", None),
        ("https://code.agency.eu/a/b", "gitlab", GITLAB),
        ("https://code.agency.eu/a/b", "github", GITHUB),
        ("https://forgejo.agency.eu/a/b", "gitea", FORGEJO),
        ("https://github.com.example.org/a/b", "", None),
        ("", "github", None),
    ],
)
def test_the_forge_is_the_one_that_is_set_or_that_the_host_tells(address, kind, forge):
    assert forge_of(Settings(repository=address, forge=kind)) == forge


@pytest.mark.parametrize(
    ("forge", "start"),
    [
        ("github", "https://github.com/example/atlas/new/topic/one%23?filename="),
        ("gitea", "https://gitea.example.org/example/atlas/_new/topic/one%23?filename="),
    ],
)
@pytest.mark.parametrize("content", [HARD.encode(), practice_text(title=HARD).encode(), b"\xef\xbb\xbf---\r\n"])
def test_a_new_file_is_opened_with_its_name_and_its_whole_text(forge, start, content):
    address = ladder(proposal(content), forge, branch="topic/one#").prefilled
    assert address.startswith(start)
    pairs = parse_qsl(urlsplit(address).query, encoding="latin-1")
    assert [name for name, _ in pairs] == ["filename", "value"]
    assert pairs[0][1] == "practices/at/repair-cafe.md"
    assert pairs[1][1].encode("latin-1") == content


def test_gitlab_gets_the_name_only():
    page = ladder(proposal(), "gitlab")
    assert page.prefilled == ""
    assert page.by_name == ("https://gitlab.com/example/atlas/-/new/main?file_name=practices%2Fat%2Frepair-cafe.md")


@pytest.mark.parametrize(
    ("forge", "address"),
    [
        ("github", "https://github.com/example/atlas/edit/main/practices/at/repair-cafe.md"),
        ("gitlab", "https://gitlab.com/example/atlas/-/edit/main/practices/at/repair-cafe.md"),
        ("gitea", "https://gitea.example.org/example/atlas/_edit/main/practices/at/repair-cafe.md"),
    ],
)
def test_an_existing_file_is_opened_where_it_is_edited(forge, address):
    page = ladder(proposal(is_new=False), forge)
    assert (page.prefilled, page.by_name) == ("", address)


@given(text=st.text(max_size=400), forge=st.sampled_from(["github", "gitea"]))
def test_every_text_within_the_budget_gets_the_address_and_one_byte_over_the_next_step(text, forge):
    content = ("---\n" * 200 + text).encode("utf-8", errors="ignore")
    whole = ladder(proposal(content), forge, address_budget=10**6).prefilled
    size = len(whole.encode())
    assert unquote_to_bytes(whole.partition("&value=")[2]) == content
    assert ladder(proposal(content), forge, address_budget=size).prefilled == whole
    over = ladder(proposal(content), forge, address_budget=size - 1)
    assert over.prefilled == ""
    assert over.by_name == whole.partition("&value=")[0]


def test_a_mail_has_a_subject_and_no_text():
    page = ladder(proposal(title="Add “é & ü?”"), mailbox="info+atlas@agency.eu")
    assert page.mail == "mailto:info%2Batlas@agency.eu?subject=Add%20%E2%80%9C%C3%A9%20%26%20%C3%BC%3F%E2%80%9D"
    assert ladder(proposal()).mail == ""


def test_without_a_forge_there_is_what_needs_none():
    page = ladder(proposal(), "https://code.agency.eu/a/b", folder="")
    assert (page.forge, page.prefilled, page.by_name) == ("", "", "")
    assert page.path == "at/repair-cafe.md"
    assert not page.may_send


@pytest.mark.parametrize("forge", [GITHUB, GITLAB, GITEA])
def test_an_issue_has_its_title_and_its_words(forge):
    address = forge.new_issue("https://x.eu/a", HARD, f"a&b={HARD}")
    assert list(dict(parse_qsl(urlsplit(address).query)).values()) == [HARD, f"a&b={HARD}"]


@pytest.mark.parametrize(
    ("given", "mailbox", "name", "shown"),
    [
        ("", "", "Anonymous contributor", "noreply@atlas.eu"),
        ("Žofia Kováčová", "", "Žofia Kováčová", "noreply@atlas.eu"),
        ("Ada", "info@agency.eu", "Ada", "info@agency.eu"),
        ("Ada", "a@b\ncommitter x <y@z.eu>", "Ada", "noreply@atlas.eu"),
        ("Ada\ncommitter Eve <eve@x.eu> 1 +0000", "", "Ada committer Eve eve at x.eu 1 +0000", "noreply@atlas.eu"),
        ("\x00<>\u202e", "", "Anonymous contributor", "noreply@atlas.eu"),
        ("ada@home.eu", "", "ada at home.eu", "noreply@atlas.eu"),
        ("é" * 40, "", "é" * 30, "noreply@atlas.eu"),
    ],
)
def test_the_history_names_who_wants_it_and_no_mailbox_that_was_not_given(given, mailbox, name, shown):
    assert contributor(proposal(author=given, mailbox=mailbox), "atlas.eu") == (name, shown)


@pytest.mark.parametrize(
    ("file", "known"),
    [
        ("at/repair-cafe.md", True),
        ("at/x.fr.md", True),
        (f"at/{'x' * 100}.md", True),
        (f"at/{'x' * 101}.md", False),
        ("at/../x.md", False),
        ("/at/x.md", False),
        ("at/x.md\n", False),
        ("at/README.md", False),
        ("moved.yaml", False),
        ("at/.git/x.md", False),
        ("at/-x.md", False),
        ("at/x.fr.md.md", False),
        ("at\\x.md", False),
    ],
)
def test_a_file_of_the_collection_is_a_practice_or_a_translation(file, known):
    assert is_file_of_collection(file) == known


# git am, against a real repository


@pytest.fixture
def clone(tmp_path):
    """A repository with one document, and what applies a patch to it; gives back the bytes and the commit's author."""
    root = tmp_path / "clone"
    environment = {
        **os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_COMMITTER_NAME": "Maintainer", "GIT_COMMITTER_EMAIL": "info@example.org",
        "GIT_AUTHOR_NAME": "Maintainer", "GIT_AUTHOR_EMAIL": "info@example.org",
    }  # fmt: skip

    def git(*arguments, stdin=b""):
        done = subprocess.run(
            ["git", "-C", root, *arguments], input=stdin, capture_output=True, env=environment, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    root.mkdir()
    git("init", "--initial-branch=main")
    git("commit", "--allow-empty", "-m", "x")

    def apply(made, before, folder="practices"):
        path = root / folder / made.file
        path.parent.mkdir(parents=True, exist_ok=True)
        if not made.is_new:
            path.write_bytes(before)
            git("add", ".")
            git("commit", "-m", "before")
        git("am", stdin=patch(made, before, folder, WHEN, host="atlas.eu"))
        assert (
            git("diff-tree", "--no-commit-id", "--name-only", "-r", "-z", "HEAD").decode() == f"{folder}/{made.file}\0"
        )
        return path.read_bytes(), git("log", "-1", "--format=%an%n%ae%n%aI%n%B").decode().strip().split("\n")

    return apply


TEXT = practice_text().encode()
CONTENTS = {
    "plain": (TEXT, TEXT.replace(b"radios", b"toasters")),
    "windows": (TEXT.replace(b"\n", b"\r\n"), TEXT.replace(b"radios", b"toasters").replace(b"\n", b"\r\n")),
    "to-windows": (TEXT, TEXT.replace(b"\n", b"\r\n")),
    "no-newline": (TEXT.rstrip(), TEXT.rstrip() + b" More."),
    "newline-added": (TEXT.rstrip(), TEXT),
    "newline-gone": (TEXT, TEXT.rstrip()),
    "scripts": (
        TEXT,
        practice_text(title="Επισκευή, ремонт, 修理 🙂", body="## Problem\n\nd’ici\x85\u2028là\r!\n").encode(),
    ),
    "like-a-patch": (TEXT, TEXT + b"\n---\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-- \nFrom x\n\n\n"),
    "mark": (TEXT, b"\xef\xbb\xbf" + TEXT),
}


@pytest.mark.parametrize("is_new", [True, False])
@pytest.mark.parametrize("name", CONTENTS)
def test_git_takes_a_patch_and_has_the_same_bytes(clone, name, is_new):
    before, content = CONTENTS[name]
    made = proposal(content, is_new=is_new, author="Ada Lovelace", mailbox="info@agency.eu")
    assert clone(made, b"" if is_new else before) == (
        content, ["Ada Lovelace", "info@agency.eu", "2026-03-04T05:06:07+00:00", "Add practice repair-cafe"],
    )  # fmt: skip


def test_git_takes_a_patch_of_a_translation(clone):
    content = translation_text().encode()
    made = proposal(content, file="at/repair-cafe.fr.md", title="Add the French of “Repair café”")
    found, lines = clone(made, b"")
    assert found == content
    assert lines == ["Anonymous contributor", "noreply@atlas.eu", "2026-03-04T05:06:07+00:00", made.title]


@pytest.mark.parametrize("folder", ["practices", "data/good practices", "données/“x”"])
def test_git_takes_a_patch_for_any_folder(clone, folder):
    assert clone(proposal(TEXT), b"", folder)[0] == TEXT


@pytest.mark.parametrize(
    "name", ["Žofia Kováčová", "O'Brien, Mary (Agency)", 'Jo "x" Doe', "Βασιλική Παπαδοπούλου-Οικονόμου"]
)
def test_git_takes_names_and_subjects_in_any_script(clone, name):
    title = "Přidat praxi: " + "dlouhý název " * 12
    _, lines = clone(proposal(TEXT, author=name, title=title), b"")
    assert lines[0] == contributor(proposal(author=name), "").name
    assert lines[3] == title.strip()


def test_words_for_the_reviewer_change_nothing(clone):
    note = "See:\n---\ndiff --git a/evil b/evil\nnew file mode 100644\n--- /dev/null\n+++ b/evil\n@@ -0,0 +1 @@\n+x\n"
    found, lines = clone(proposal(TEXT, note=note, title="Add\n\nSigned-off-by: Eve <eve@x.eu>"), b"")
    assert found == TEXT
    assert lines[3:] == ["Add Signed-off-by: Eve <eve@x.eu>"]
