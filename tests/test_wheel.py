"""The wheel: installed elsewhere it serves a folder of practices, with all that it needs inside."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import venv
from html import unescape
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.serving import clean_environment, eventually, serve, write_made

NOT_SOURCES = (".git", ".venv", ".*_cache", ".hypothesis", "__pycache__", "index", "dist", "build", "*.egg-info")


def run(*command, cwd):
    """Run a command. Returns: its exit code and all that it said."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def practices(tmp_path_factory) -> Path:
    """The command `practices` in an environment of its own, installed from the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT, folder / "sources", ignore=shutil.ignore_patterns(*NOT_SOURCES))
    code, said = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=folder / "sources")
    assert code == 0, said
    [wheel] = folder.glob("*.whl")
    venv.create(folder / "environment", symlinks=True)
    binaries = folder / "environment" / "bin"
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", binaries / "python")
    code, said = run(*pip, "install", "--no-deps", "--no-index", wheel, cwd=folder)
    assert code == 0, said
    shutil.rmtree(folder / "sources")  # nothing can be read from there by mistake
    # What it depends on is that of this environment, in which the project itself is not.
    [packages] = (folder / "environment" / "lib").glob("python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return binaries / "practices"


def test_the_installed_program_serves_another_folder(practices, vocabulary, tmp_path):
    write_made(tmp_path / "mine", 3)
    (tmp_path / "elsewhere").mkdir()
    with serve(tmp_path / "mine", tmp_path / "index", program=[str(practices)], cwd=tmp_path / "elsewhere") as server:
        assert server.total("neighbours") == 3
        page = server.get("/en/search?q=neighbours&region=AT&barrier=skills")
        assert page.status_code == 200
        assert "Vienna" in page.text
        assert "Lack of skills" in page.text  # the vocabularies are inside
        french = server.get("/fr/search").text
        assert vocabulary.label("barriers", "skills", "fr") in unescape(french)
        assert "Affiner la liste" in french  # and the catalogs
        [css] = re.findall(r'href="(/static/[^"]+\.css[^"]*)"', page.text)
        style = server.get(css)
        assert style.status_code == 200
        fonts = re.findall(r'url\("?([^")]+\.woff2)"?\)', style.text)
        assert fonts
        for font in fonts:
            assert server.get(f"/static/{font.removeprefix('/static/')}").status_code == 200, font
        assert server.get(re.findall(r'href="(/static/[^"]+\.svg[^"]*)"', page.text)[0]).status_code == 200
        # Its watcher runs the installed program too.
        write_made(tmp_path / "mine", 4)
        assert eventually(lambda: server.total("neighbours") == 4, 30), server.said()


def test_the_installed_program_is_not_the_checkout(practices, tmp_path):
    script = "import indexer, search, web; print(indexer.__file__, search.__file__, web.__file__)"
    code, said = run(practices.parent / "python", "-c", script, cwd=tmp_path)
    assert code == 0, said
    environment = practices.parent.parent
    assert all(Path(path).is_relative_to(environment) for path in said.split()), said


def test_the_installed_program_checks_documents(practices, tmp_path):
    write_made(tmp_path / "mine", 1)
    assert run(practices, "check", "mine", "--practices", "mine", cwd=tmp_path)[0] == 0
    write_made(tmp_path / "mine", 1, barriers=["finanse"])
    code, said = run(practices, "check", "mine", "--practices", "mine", cwd=tmp_path)
    assert code == 1
    assert 'fix: write "finance"' in said


def test_a_taken_port_ends_with_two_and_is_named(practices, tmp_path):
    write_made(tmp_path / "mine", 1)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = run(practices, "serve", "--port", port, "--practices", "mine", "--index", "index", cwd=tmp_path)
    assert code == 2
    assert f"cannot listen on 127.0.0.1 port {port}: Address already in use" in said
    assert "Traceback" not in said
