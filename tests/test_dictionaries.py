"""Dictionaries of lemmas, as tries in a folder."""

from __future__ import annotations

import subprocess
import sys

from search import dictionaries
from tests.conftest import ROOT

LOOK_UP = """
import sys
from pathlib import Path
from search import dictionaries
dictionaries.keep_in(Path(sys.argv[1]))
print(dictionaries.lemma("znanj", "sl"))
"""


def looked_up(folder) -> str:
    """What a new process finds."""
    command = [sys.executable, "-W", "ignore", "-c", LOOK_UP, str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def test_a_trie_is_made_when_it_is_missing_and_again_when_it_is_damaged(tmp_path):
    assert looked_up(tmp_path) == "znanje"
    trie = tmp_path / "sl.dic"
    assert [path.name for path in tmp_path.iterdir()] == ["sl.dic"]
    whole = trie.read_bytes()
    trie.write_bytes(b"damaged")
    assert looked_up(tmp_path) == "znanje"
    assert trie.read_bytes() == whole


def test_where_no_file_can_be_written_words_are_looked_up_all_the_same(tmp_path):
    (tmp_path / "file").touch()
    assert looked_up(tmp_path / "file") == "znanje"


def test_a_word_that_no_dictionary_has_is_its_own_lemma():
    assert dictionaries.lemma("xyzzy", "sl") == "xyzzy"
    assert dictionaries.lemma("", "sl") == ""
    assert dictionaries.lemma("\x00", "sl") == "\x00"
