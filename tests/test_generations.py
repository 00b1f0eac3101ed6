"""Generations of the index: whole or not there."""

from __future__ import annotations

import threading

import pytest

from search.errors import EngineError, LockedError
from search.generations import Generations


def write(text):
    def into(folder):
        (folder / "data").write_text(text)

    return into


def test_at_first_there_is_none(tmp_path):
    assert Generations(tmp_path / "index").current() is None


def test_the_newest_one_answers(tmp_path):
    generations = Generations(tmp_path / "index")
    for text in ("one", "two", "three"):
        generations.build(write(text))
        assert (generations.current() / "data").read_text() == text


def test_the_one_before_stays_for_its_readers_and_older_ones_go(tmp_path):
    generations = Generations(tmp_path)
    for text in ("one", "two", "three"):
        generations.build(write(text))
    assert sorted(path.name for path in tmp_path.glob("generation-*")) == ["generation-000002", "generation-000003"]


def test_what_fails_leaves_the_old_one(tmp_path):
    generations = Generations(tmp_path)
    generations.build(write("one"))

    def fail(folder):
        (folder / "half").write_text("x")
        raise OSError(28, "No space left on device")

    with pytest.raises(EngineError, match="No space left"):
        generations.build(fail)
    assert (generations.current() / "data").read_text() == "one"
    assert len(list(tmp_path.glob("generation-*"))) == 1


@pytest.mark.parametrize("pointer", ["", "generation-000009", "../../etc", "\x00", "x" * 10_000, "generation-"])
def test_a_damaged_pointer_is_no_generation(tmp_path, pointer):
    generations = Generations(tmp_path)
    generations.build(write("one"))
    (tmp_path / "CURRENT").write_text(pointer)
    assert generations.current() is None


def test_only_one_at_a_time_builds_and_the_other_is_told_who(tmp_path):
    first, second = Generations(tmp_path), Generations(tmp_path)
    with first.lock(), pytest.raises(LockedError, match=r"process \d+ since 20"), second.lock():
        pytest.fail("two held the lock")
    with second.lock():
        pass


def test_who_waits_is_told_for_whom_and_gets_the_lock(tmp_path):
    first, second = Generations(tmp_path), Generations(tmp_path)
    told: list[str] = []
    held, free = threading.Event(), threading.Event()

    def hold():
        with first.lock():
            held.set()
            free.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)

    def on_wait(holder):
        told.append(holder)
        free.set()

    with second.lock(wait_s=10, on_wait=on_wait):
        assert len(told) == 1
    thread.join()


def test_who_holds_the_lock_may_take_it_again(tmp_path):
    generations = Generations(tmp_path)
    with generations.lock(), generations.lock():
        generations.build(write("one"))
    with Generations(tmp_path).lock():
        pass


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(EngineError, match="cannot be written"), Generations(tmp_path / "file").lock():
        pass


def test_every_swap_has_a_stamp_of_its_own(tmp_path):
    generations = Generations(tmp_path / "index")
    assert generations.stamp() is None
    stamps = set()
    with generations.lock():
        for _ in range(5):
            generations.build(lambda folder: (folder / "index").touch())
            stamps.add(generations.stamp())
    assert len(stamps) == 5
