"""The page that reviewers of a request see."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date

import pytest
from comrak import ExtensionOptions, RenderOptions, render_markdown

import indexer
from search.build import read_collection
from search.changes import changes_since
from search.checking import check_changed, values_before
from search.markdown_text import JOINER, code, inert
from search.reports import Telling
from search.summary import Request, as_markdown
from tests.builders import BODY, practice_text, translation_text
from tests.catalogs import languages
from tests.conftest import ROOT
from tests.hostile import HOSTILE_QUERIES
from tests.repositories import commit_all, make_repository
from web.i18n import open_languages

TODAY = date(2026, 3, 1)


@pytest.fixture
def folder(tmp_path):
    practices = make_repository(tmp_path / "repository") / "practices"
    (practices / "at").mkdir(parents=True)
    write(practices, "repair-cafe.md")
    (practices / "at" / "repair-cafe.fr.md").write_text(translation_text())
    write(practices, "lake.md", title="Swimming in clean lakes of Tyrol", regions=["AT33"], body=LAKE, summary=LAKES)
    commit_all(practices.parent)
    return practices


LAKES = "The province cleans nine lakes each spring with divers and schools, and swimmers have come back to the shores."
LAKE = "## Problem\n\nMud.\n\n## What was done\n\nDivers cleaned shores.\n\n## Results\n\nNine lakes.\n"


def write(folder, name, **changes):
    (folder / "at" / name).write_text(practice_text(**changes))


@pytest.fixture
def summary(folder, vocabulary):
    def summary(language="en", **telling):
        changes = changes_since(folder, "HEAD")
        checked = check_changed(folder, changes, vocabulary, TODAY)
        others = tuple(read_collection(folder, vocabulary, TODAY).library)
        request = Request(
            checked=checked,
            vocabulary=vocabulary,
            changes=changes,
            others=others,
            before=lambda file: values_before(folder, changes, file),
        )
        words = open_languages([language])[language].catalog
        return as_markdown(request, Telling(words=words, language=language, **telling))

    return summary


def html(text):
    """As forges show it: addresses become links, HTML is let through."""
    extensions, render = ExtensionOptions(), RenderOptions()
    extensions.table = extensions.strikethrough = extensions.autolink = True
    render.unsafe_ = True
    return render_markdown(text, extension_options=extensions, render_options=render)


def test_what_is_new_is_said_with_regions_barriers_and_why_it_is_proven_so(folder, summary):
    results = [{"indicator": "Lamps mended", "value": "41", "source": "1"}]
    write(folder, "bike-kitchen.md", title="Bike kitchen", results=results)
    write(
        folder,
        "lake.md",
        title="Swimming in clean lakes of Tyrol",
        regions=["AT33"],
        body=LAKE,
        summary=LAKES,
        confirmed="2026",
    )
    said = html(summary())
    assert "<strong>Bike kitchen</strong> – <code>bike-kitchen</code>, new" in said
    assert "<strong>Swimming in clean lakes of Tyrol</strong> – <code>lake</code>, changed" in said
    assert "Regions: Wien (<code>AT13</code>)" in said or "Regions: Vienna (<code>AT13</code>)" in said
    assert "Barriers:" in said
    assert "Evidence: <strong>Measured</strong> – " in said
    assert "Evidence: <strong>Described</strong> – " in said


def test_findings_have_their_line_their_mend_and_their_rule(folder, summary):
    write(folder, "lake.md", barriers=["finanse"])
    said = html(summary(rules="https://site.example/en/help/rules"))
    assert "1 error" in said
    assert "<td>Error</td>" in said
    assert '<a href="https://site.example/en/help/rules#unknown-barrier">unknown-barrier</a>' in said
    assert "write &quot;finance&quot;" in said
    assert "Please mend the errors" in said


def test_a_likely_duplicate_is_named_with_score_and_reasons(folder, summary):
    write(folder, "mending-cafe.md", title="Mending café: neighbours repair things in Vienna")
    said = html(summary())
    assert "<code>mending-cafe</code> ↔ <code>repair-cafe</code>" in said
    assert "the same source: example.org/repair" in said
    assert "<code>lake</code> ↔" not in said


def test_a_translation_that_is_now_older_is_named(folder, summary):
    write(folder, "repair-cafe.md", body=f"{BODY}\nMore.\n")
    assert "Translations that are now older than their original" in summary()
    assert "`at/repair-cafe.fr.md`" in summary()


def test_what_an_adoption_needs_as_proof_is_said_when_adoptions_changed(folder, summary):
    write(folder, "repair-cafe.md", confirmed="2026")
    assert "count as replicated" not in summary()
    write(folder, "repair-cafe.md", adoptions=[{"regions": ["SI"], "outcome": "worked"}])
    assert "count as replicated" in summary()


def test_what_is_gone_is_named(folder, summary):
    (folder / "at" / "lake.md").unlink()
    assert "`at/lake.md`" in summary()
    assert "moved.yaml" in html(summary())


@pytest.mark.parametrize(
    "text",
    [
        "@everyone see https://evil.example and www.evil.example or mail a@evil.example",
        "[click](https://evil.example) ![x](//evil.example/x.png) <https://evil.example>",
        "<img src=x onerror=alert(1)> <!-- hidden --> &lt;b&gt;",
        "a | b | c\n\n# Heading\n---\n```\ncode",
        "fixes #1, owner/repo#2, GH-3, !4, ~label, deadbeefcafe",
        "[ref]: https://evil.example \u202eright to left",
    ],
)
def test_texts_of_a_document_neither_link_nor_call_nor_mark(text):
    shown = html(f"| a |\n| --- |\n| {inert(text)} |\n\n- **{inert(text)}** x")
    assert shown.count("<td>") == 1
    inside = shown.replace("<strong>", "").replace("</strong>", "")
    for mark in ("<a ", "<img", "<code", "<pre", "<em", "<!--", "<h1", "<del"):
        assert mark not in inside
    assert "\u202e" not in inert(text)
    plain = inert(text).replace("\\", "")
    for call in ("@everyone", "#1", "#2", "GH-3", "!4", "~label", "deadbeefcafe", "a@evil"):
        assert call not in plain


def test_no_hostile_text_links_or_marks():
    for text in HOSTILE_QUERIES:
        shown = html(f"| a |\n| --- |\n| {inert(text)} |\n")
        assert re.sub(r"</?(?:table|thead|tbody|tr|th|td)>", "", shown).count("<") == 0, text


def test_a_text_is_shown_as_it_is_written():
    text = "50 % of “Łódź” * 2 [sic] <b> & `x` | 1_000"
    shown = html(inert(text)).replace(JOINER, "")
    assert shown == "<p>50 % of “Łódź” * 2 [sic] &lt;b&gt; &amp; `x` | 1_000</p>\n"
    assert len(inert("x" * 1000)) == 400


def test_code_cannot_be_left():
    assert code("a`b") == "a\\`b"
    assert code("a|b") == "a\\|b"
    assert code("a\nb") == "`a b`"


def test_a_hostile_document_makes_a_page_without_links_of_its_own(folder, summary):
    bad = "@ada [x](https://evil.example) <script>alert(1)</script> | https://evil.example"
    write(folder, "hostile.md", title=bad, barriers=["<b>@ada|"], related=["@ada"])
    write(folder, "also.md", title=bad)
    said = html(summary())
    assert "<a " not in said
    assert "<script" not in said
    assert "@ada" not in said


@pytest.mark.parametrize("language", languages())
def test_the_page_is_said_in_every_language(folder, summary, language):
    write(folder, "new.md")
    said = summary(language)
    assert "`new`" in said


def test_the_command_gives_each_form_and_the_same_exit_code(folder, capsys):
    write(folder, "lake.md", barriers=["finanse"])
    for form, expected in (
        ("json", '"errors": 1'),
        ("github", "::error file=practices/at/lake.md"),
        ("gitlab", '"major"'),
        ("markdown", "## Check"),
    ):
        assert indexer.main(["check", "--practices", str(folder), "--changed-since", "HEAD", "--format", form]) == 1
        assert expected in capsys.readouterr().out


def test_the_command_says_what_is_gone(folder, capsys):
    (folder / "at" / "lake.md").unlink()
    write(folder, "repair-cafe.md", body=f"{BODY}\nMore.\n")
    assert indexer.main(["check", "--practices", str(folder), "--changed-since", "HEAD"]) == 0
    said = capsys.readouterr().err
    assert "at/lake.md: deleted or renamed" in said
    assert "at/repair-cafe.fr.md: this translation is now older than its original" in said


def test_a_check_that_could_not_run_exits_with_2(folder, tmp_path, capsys):
    assert indexer.main(["check", "--practices", str(folder), "--changed-since", "none"]) == 2
    assert 'there is no revision "none"' in capsys.readouterr().err
    (tmp_path / "plain").mkdir()
    assert indexer.main(["check", "--practices", str(tmp_path / "plain"), "--changed-since", "HEAD"]) == 2
    assert "no git repository" in capsys.readouterr().err
    assert indexer.main(["check", "--practices", str(folder), "--format", "json", str(tmp_path / "none.md")]) == 2


def test_the_program_of_one_checkout_checks_the_documents_of_another(folder):
    write(folder, "lake.md", barriers=["finanse"])
    commit_all(folder.parent)
    command = [
        sys.executable,
        "-m",
        "indexer",
        "check",
        "--practices",
        str(folder),
        "--changed-since",
        "HEAD~1",
        "--format",
        "github",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith("::error file=practices/at/lake.md,line=6,")
