"""The program, as a contributor or an operator runs it."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys

import pytest

import indexer
from search.settings import Settings, as_environment, read_settings
from tests.builders import BODY, practice_text
from tests.conftest import ROOT
from tests.serving import eventually
from web import watcher


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a command over a folder of its own; give back its exit code."""
    folder = tmp_path / "practices" / "at"
    folder.mkdir(parents=True)
    monkeypatch.setenv("PRACTICES_PRACTICES_DIR", str(tmp_path / "practices"))
    monkeypatch.setenv("PRACTICES_INDEX_DIR", str(tmp_path / "index"))

    def run(*arguments):
        return indexer.main([str(argument) for argument in arguments])

    run.folder = folder
    return run


def write(folder, name="repair-cafe.md", **changes):
    path = folder / name
    path.write_text(practice_text(**changes), encoding="utf-8")
    return path


def test_check_says_where_what_and_how_to_mend(run, capsys):
    path = write(run.folder, barriers=["finanse"])
    assert run("check", path) == 1
    said = capsys.readouterr().err
    assert f'{path}:6:12: barriers: "finanse"' in said
    assert '[unknown-barrier]\n    fix: write "finance"' in said


def test_check_is_content_with_advice(run, capsys):
    assert run("check", write(run.folder)) == 0
    assert "advice" in capsys.readouterr().err


def test_check_of_what_is_not_there_fails(run, capsys):
    assert run("check", write(run.folder), run.folder / "none.md") == 2
    assert f"{run.folder / 'none.md'}: there is no such file" in capsys.readouterr().err


def test_check_that_finds_nothing_says_so(run, capsys):
    whole = {
        "factors": ["social"],
        "instruments": ["training"],
        "topics": ["talent"],
        "target_groups": ["citizens"],
        "started": "2019",
        "organisation": {"name": "Verein Reparatur", "url": "https://verein.example", "type": "association"},
        "cost": {"amount": "1", "currency": "EUR"},
        "results": [{"indicator": "Lamps", "value": "2", "source": "1"}],
        "transfer": {"needs": "A room."},
        "confirmed": "2020",
        "body": f"{BODY}\n## What was hard\n\nSpare parts.\n\n## How to reuse it\n\nBegin small.\n",
    }
    path = write(run.folder, **whole)
    assert run("check", path) == 0
    assert capsys.readouterr().err == "1 document checked: nothing wrong\n"
    write(run.folder, "other.md", **whole)
    assert run("check") == 0
    assert capsys.readouterr().err == "2 documents checked: nothing wrong\n"


def test_check_says_it_in_the_language_that_is_asked_for(run, capsys):
    path = write(run.folder, barriers=["finanse"])
    assert run("check", "--language", "fr", path) == 1
    said = capsys.readouterr().err
    assert "«\xa0finanse\xa0» ne figure pas dans vocabulary/barriers.yaml [unknown-barrier]" in said
    assert "    correction\xa0: écrivez «\xa0finance\xa0»" in said
    assert said.endswith("1 erreur, 1 conseil\n")


def test_check_speaks_english_whatever_the_environment_does(run, capsys, monkeypatch):
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    monkeypatch.setenv("LANGUAGE", "fr")
    run("check", write(run.folder, barriers=["finanse"]))
    assert "fix: write" in capsys.readouterr().err


def test_check_in_a_language_that_is_not_known_names_those_that_are(run, capsys):
    assert run("check", "--language", "mt", write(run.folder)) == 2
    assert '"mt" of the option --language; there are: de, en, es, et, fr, it, sk, sl' in capsys.readouterr().err


def test_check_without_paths_checks_everything(run):
    write(run.folder)
    assert run("check") == 0
    write(run.folder, "other.md", barriers=["finanse"])
    assert run("check") == 1


def test_index_builds_the_rest_and_ends_with_one(run, capsys):
    write(run.folder)
    write(run.folder, "bad.md", barriers=["finanse"])
    assert run("index") == 1
    said = capsys.readouterr().err
    assert "1 practice indexed" in said
    assert "left out: at/bad.md" in said


def test_no_command_means_index(run, capsys):
    write(run.folder)
    assert run() == 0
    assert "1 practice indexed" in capsys.readouterr().err


def test_index_if_changed_does_nothing_when_nothing_did(run, capsys):
    write(run.folder)
    run("index")
    capsys.readouterr()
    assert run("index", "--if-changed") == 0
    assert capsys.readouterr().err == ""


def test_a_folder_that_is_not_there_is_said(run, capsys):
    assert run("index", "--practices", "/nowhere") == 2
    assert "there is no folder /nowhere" in capsys.readouterr().err


def test_an_empty_folder_is_an_empty_collection(run, capsys):
    assert run("index") == 0
    assert "0 practices indexed" in capsys.readouterr().err


def test_config_shows_what_is_in_force(run, capsys, tmp_path):
    file = tmp_path / "atlas.toml"
    file.write_text('site_name = "Atlas of Tests"\nlanguages = ["fr", "en"]\n')
    assert run("config", "--config", file) == 0
    shown = capsys.readouterr().out
    assert 'site_name = "Atlas of Tests"' in shown
    file.write_text(shown)
    assert run("config", "--config", file) == 0
    assert capsys.readouterr().out == shown


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("port = 99999\n", "port"),
        ("prot = 1\n", "prot is not a setting\n    fix: write port\n"),
        ("PRACTICES_PORT = 1\n", "fix: write port\n"),
        ("zzzzzz = 1\n", "zzzzzz is not a setting\n    fix: delete it"),
        ('port = "many"\n', '"many" is not a whole number; write one in digits'),
        ("site_name = 5\n", '"5" is not text; write it in quotes'),
        ("port = 99999\n", '"99999" is too large; write at most 65535'),
        ("site_name = Atlas\n", "atlas.toml is not TOML: "),
        ("site_name = Atlas\n", 'put quotes around text, like site_name = "Practice Atlas"'),
        ("port = [\n", "atlas.toml is not TOML: "),
        (None, "atlas.toml cannot be read: No such file"),
    ],
)
def test_a_wrong_setting_is_named(run, capsys, tmp_path, content, said):
    file = tmp_path / "atlas.toml"
    if content is not None:
        file.write_text(content)
    assert run("config", "--config", file) == 2
    assert said in capsys.readouterr().err


def test_a_misspelt_variable_is_warned_of_with_the_nearest_name(run, capsys, monkeypatch):
    for name in ("PRACTICES_TRUSTED_HOST", "PRACTICES_ZZZZZZ", "PRACTICES_TEST_SCALE", "PRACTICES_PORT"):
        monkeypatch.setenv(name, "8000")
    assert run("config") == 0
    said = capsys.readouterr().err
    assert "PRACTICES_TRUSTED_HOST is not a setting, and does nothing\n    fix: write PRACTICES_TRUSTED_HOSTS\n" in said
    assert "PRACTICES_ZZZZZZ is not a setting, and does nothing\n    fix: delete it" in said
    assert said.count("warning") == 2
    assert "PRACTICES_TRUSTED_HOST" not in as_environment(Settings())


def test_a_language_without_catalog_is_said_before_anything_is_built(run, capsys, monkeypatch, tmp_path):
    write(run.folder)
    monkeypatch.setenv("PRACTICES_LANGUAGES", "en,mt")
    assert run("serve", "--port", "0") == 2
    said = capsys.readouterr().err
    assert 'language "mt" of the setting PRACTICES_LANGUAGES; there are: de, en, es, et, fr, it, sk, sl' in said
    assert not (tmp_path / "index" / "CURRENT").exists()


def test_arguments_come_before_the_environment_and_that_before_the_file(tmp_path, monkeypatch):
    file = tmp_path / "atlas.toml"
    file.write_text("port = 1\nsite_name = 'file'\nhost = 'file'\n")
    monkeypatch.setenv("PRACTICES_SITE_NAME", "environment")
    monkeypatch.setenv("PRACTICES_PORT", "2")
    settings = read_settings(file, {"port": "3"})
    assert (settings.port, settings.site_name, settings.host) == (3, "environment", "file")


def test_a_list_is_written_with_commas(monkeypatch):
    monkeypatch.setenv("PRACTICES_LANGUAGES", "fr, en")
    assert Settings().languages == ("fr", "en")


def test_another_process_gets_the_same_settings(tmp_path):
    settings = Settings(
        practices_dir=tmp_path / "p", index_dir=tmp_path / "i", port=1234, watch=False, languages="fr,en"
    )
    script = "from search.settings import Settings; print(Settings().model_dump_json())"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=as_environment(settings),
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    assert Settings.model_validate_json(done.stdout) == settings


def test_every_setting_is_explained_in_the_help(capsys):
    with pytest.raises(SystemExit):
        indexer.main(["--help"])
    shown = capsys.readouterr().out
    for name, info in Settings.model_fields.items():
        assert f"PRACTICES_{name.upper()}" in shown
        assert info.description


def test_a_port_in_use_is_said_plainly(run, capsys):
    write(run.folder)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run("serve", "--port", port) == 2
    said = capsys.readouterr().err
    assert f"port {port}" in said
    assert "--port" in said


@pytest.mark.parametrize(("how", "level"), [("kill -TERM $$", logging.INFO), ("kill -KILL $$", logging.ERROR)])
def test_a_build_that_is_asked_to_stop_is_no_error(tmp_path, monkeypatch, caplog, how, level):
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\n{how}\n")
    program.chmod(0o755)
    monkeypatch.setattr(watcher.sys, "executable", str(program))
    monkeypatch.setattr(watcher.LOG, "handlers", [caplog.handler])
    caplog.set_level(logging.INFO, watcher.LOG.name)
    with watcher.Watcher(Settings(practices_dir=tmp_path, index_dir=tmp_path / "index"), engine=None):
        assert eventually(lambda: caplog.records, 20)
    assert {record.levelno for record in caplog.records} == {level}
