"""Pages of documents before they are published, in a folder that opens without a server."""

from __future__ import annotations

import re

import pytest

import indexer
from tests.builders import practice_text, translation_text
from tests.conftest import DICTIONARIES
from web.preview import _standing_alone


@pytest.fixture
def preview(tmp_path, monkeypatch):
    """Preview the documents that a test writes; what each page of the preview holds."""
    monkeypatch.setenv("PRACTICES_PRACTICES_DIR", str(tmp_path / "practices"))
    monkeypatch.setenv("PRACTICES_INDEX_DIR", str(tmp_path / "index"))
    monkeypatch.setenv("PRACTICES_DICTIONARIES_DIR", str(DICTIONARIES))

    def preview(documents, *arguments, code=0, **settings):
        for name, value in settings.items():
            monkeypatch.setenv(f"PRACTICES_{name.upper()}", value)
        for name, text in documents.items():
            path = tmp_path / "practices" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        paths = [str(tmp_path / "practices" / name) for name in arguments]
        assert indexer.main(["preview", *paths, "--to", str(tmp_path / "preview")]) == code
        return {path.name: path.read_text("utf-8") for path in (tmp_path / "preview").glob("*.html")}

    preview.folder = tmp_path / "preview"
    return preview


def test_a_preview_shows_pages_with_their_findings_and_needs_no_server(preview, tmp_path):
    pages = preview(
        {
            "at/repair-cafe.md": practice_text(),
            "at/repair-cafe.fr.md": translation_text(),
            "at/tool-library.md": practice_text(title="Tool library", related=["repair-cafe"]),
        }
    )
    assert sorted(pages) == ["index.html", "repair-cafe.fr.html", "repair-cafe.html", "tool-library.html"]
    assert "Réparer entre voisins" in pages["repair-cafe.fr.html"].replace("réparer", "Réparer")
    assert "at/repair-cafe.md:1:1: advice: advised and not given" in pages["repair-cafe.html"]
    assert "Described" in pages["index.html"]
    assert 'href="repair-cafe.html"' in pages["tool-library.html"]
    for name, page in pages.items():
        assert "<script" not in page
        for address in re.findall(r'<[a-z][^<>]* (?:href|src|action)="([^"#]+)', page):
            is_elsewhere = address.startswith(("https://", "mailto:"))
            assert is_elsewhere or (preview.folder / address).is_file(), (name, address)
    assert not (tmp_path / "index" / "CURRENT").exists()


def test_only_the_documents_named_are_previewed(preview):
    documents = {"at/repair-cafe.md": practice_text(), "at/tool-library.md": practice_text(title="Tool library")}
    assert sorted(preview(documents, "at/tool-library.md")) == ["index.html", "tool-library.html"]


def test_a_broken_document_has_its_findings_and_no_page(preview):
    documents = {"at/repair-cafe.md": practice_text(barriers=["skils"]), "at/broken.md": "---\ntitle: [\n"}
    pages = preview(documents)
    assert list(pages) == ["index.html"]
    assert "at/repair-cafe.md:6:12: barriers: &#34;skils&#34;" in pages["index.html"]
    assert "until its errors are mended" in pages["index.html"]


def test_other_pages_are_those_of_the_public_site_where_there_is_one(preview):
    [_, page] = preview({"at/repair-cafe.md": practice_text()}, base_url="https://practices.region.eu").values()
    assert 'href="https://practices.region.eu/en/about"' in page


def test_the_look_of_the_operator_comes_along(preview):
    [_, page] = preview({"at/repair-cafe.md": practice_text()}, accent_light="#7a2010").values()
    assert 'href="theme.css"' in page
    assert "#7a2010" in (preview.folder / "theme.css").read_text("utf-8")


def test_what_a_document_says_is_shown_and_not_run(preview):
    text = practice_text(place='<script src="/x"></script> <img src="/y">', barriers=['<script src="/x"></script>'])
    [page] = preview({"at/repair-cafe.md": text}).values()
    assert "<script" not in page
    assert "&lt;script src=&#34;/x&#34;&gt;" in page


def test_a_document_outside_the_collection_is_refused(preview, tmp_path, capsys):
    (tmp_path / "practices").mkdir()
    (tmp_path / "other.md").write_text(practice_text(), encoding="utf-8")
    preview({}, "../other.md", code=2)
    assert "lies outside the collection" in capsys.readouterr().err


def test_addresses_in_a_text_stay_as_they_are():
    html = '<p>write href="/x" into <a href="/y">it</a></p><a href="/en/practices/z#facts">z</a>'
    alone = _standing_alone(html, {"/en/practices/z": "z.html"}, "")
    assert alone == '<p>write href="/x" into <a>it</a></p><a href="z.html#facts">z</a>'
