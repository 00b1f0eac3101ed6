"""Whatever happens to a build or to its files, the site has a whole index: kills, damage, full disks, changes."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from itertools import product
from pathlib import Path

import pytest

from search.engines.whoosh_engine import WhooshEngine, WhooshSnapshot
from search.generations import Generations
from search.query import SearchQuery
from tests.builders import practice_text
from tests.conftest import ROOT
from tests.phases import AFTER, BEFORE, CLEAN, PHASES, SWAP, SYNC, WRITE
from tests.scale import SCALE, scaled
from tests.serving import PROGRAM, clean_environment, eventually, serve, write_made

PHASED = (sys.executable, "-m", "tests.phases")
KILLS = scaled(50, least=8)
PRACTICES = 40
SEEN_S = 30  # seconds within which a change is seen


class Collection:
    """A folder of practices that carry a version in their titles, and its index."""

    def __init__(self, root: Path, count: int = PRACTICES) -> None:
        self.folder, self.index = root / "practices", root / "index"
        self._count = count

    def write(self, version: int) -> None:
        write_made(self.folder, self._count, title=f"Neighbours mend what is broken, version {version}")

    def start(self, *arguments: str, program=PROGRAM) -> subprocess.Popen[str]:
        """Begin a build in a process of its own."""
        command = [*program, "index", "--practices", self.folder, "--index", self.index, *arguments]
        said = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, cwd=ROOT, env=clean_environment(), **said)

    def build(self, *arguments: str, program=PROGRAM) -> tuple[int, str]:
        """Build. Returns: the exit code and what was said."""
        with self.start(*arguments, program=program) as process:
            _, said = process.communicate(timeout=120)
        return process.returncode, said

    def version(self, vocabulary) -> int:
        """The version that a search answers with. Raises: AssertionError unless all of it is there."""
        engine = WhooshEngine(self.index, vocabulary)
        results = engine.search(SearchQuery(text="neighbours", size=100))
        library = engine.snapshot().library
        assert results.total == len(results.hits) == len(library) == self._count
        versions = {library.get(hit.id).title.rpartition(" ")[2] for hit in results.hits}
        assert len(versions) == 1, f"the index holds several versions: {versions}"
        return int(versions.pop())

    def generations(self) -> list[Path]:
        return sorted(self.index.glob("generation-*"))


@pytest.fixture
def collection(tmp_path):
    return Collection(tmp_path)


def read_phases(process):
    """What a build of tests/phases.py tells, as it tells it, with the time since the last one."""
    before = time.perf_counter()
    for line in process.stdout:
        now = time.perf_counter()
        yield line.strip(), now - before
        before = now


def wait_for(process, phase):
    for told, _ in read_phases(process):
        if told == phase:
            return
    pytest.fail(f"the build ended before {phase!r}: {process.stderr.read()}")


def how_long_phases_take(collection):
    with collection.start(program=PHASED) as process:
        times = [(phase, took) for phase, took in read_phases(process)]
        started_last = time.perf_counter()
        process.wait()
        ended = time.perf_counter() - started_last
    assert [phase for phase, _ in times] == list(PHASES)
    # A phase lasts until the next one is told.
    return dict(zip(PHASES, [*(took for _, took in times[1:]), ended], strict=True))


def kill_at_a_moment(collection, phase, delay_s):
    """Kill a build so long after it began a phase. Returns: the phase in which it died, or None if it ended before."""
    with collection.start(program=PHASED) as process:
        wait_for(process, phase)
        time.sleep(delay_s)
        process.kill()
        told = [phase, *process.stdout.read().split("\n")]
        process.wait()
    return [line for line in told if line][-1] if process.returncode == -signal.SIGKILL else None


def test_a_build_killed_at_any_moment_leaves_a_whole_index(collection, vocabulary):
    chance = random.Random(20180703)
    version = 0
    for version in (1, 2):  # two, so that each later build has something to clean
        collection.write(version)
        assert collection.build()[0] == 0
    lasts = how_long_phases_take(collection)
    killed: Counter[str] = Counter()
    for attempt in range(3 * KILLS):
        if killed.total() == KILLS:
            break
        aim = min(PHASES, key=lambda phase: (killed[phase], chance.random()))
        new = attempt + 3
        collection.write(new)
        died = kill_at_a_moment(collection, aim, chance.uniform(0, lasts[aim]))
        answers = collection.version(vocabulary)
        if died in (AFTER, CLEAN, None):
            assert answers == new, f"killed in {died!r}, after the swap, the index is the old one"
        elif died == BEFORE:
            assert answers in (version, new)  # it may have renamed, and died before it could tell
        else:
            assert answers == version, f"killed in {died!r}, before the swap, the index is the new one"
        version = answers
        killed[died or "ended"] += died is not None
    assert killed.total() == KILLS
    assert any(killed[phase] for phase in SWAP), f"no kill fell inside the swap: {killed}"
    if SCALE >= 1:
        assert all(killed[phase] for phase in PHASES), f"no kill fell into one of the phases: {killed}"
    collection.write(1000)
    assert collection.build()[0] == 0
    assert collection.version(vocabulary) == 1000
    assert {path.name for path in collection.index.iterdir()} == {
        "CURRENT", "lock", *(path.name for path in collection.generations())
    }  # fmt: skip
    for folder in collection.generations():
        assert len(WhooshSnapshot(folder, vocabulary).library) == PRACTICES


@pytest.mark.parametrize("phase", [WRITE, SYNC, BEFORE])
def test_what_a_killed_build_left_goes_with_the_next_and_the_one_before_stays(collection, vocabulary, phase):
    collection.write(1)
    collection.build()
    assert kill_at_a_moment(collection, phase, 0) == phase
    whole, unfinished = collection.generations()
    collection.write(2)
    assert collection.build()[0] == 0
    assert unfinished not in collection.generations()
    assert whole in collection.generations()
    assert len(collection.generations()) == 2
    assert collection.version(vocabulary) == 2


def test_a_second_build_waits_for_the_first_or_says_who_it_is(collection, vocabulary):
    collection.write(1)
    with collection.start(program=PHASED) as first:
        wait_for(first, WRITE)
        first.send_signal(signal.SIGSTOP)  # it holds the lock as long as we like
        try:
            code, said = collection.build("--wait", "0")
            assert code == 2
            assert f"the index is being built by process {first.pid} since 2" in said
            with collection.start() as second:
                told = second.stderr.readline()
                assert told.startswith(f"waiting: the index is being built by process {first.pid} since 2")
                first.send_signal(signal.SIGCONT)
                first.communicate(timeout=60)
                second.communicate(timeout=60)
        finally:
            first.send_signal(signal.SIGCONT)
    assert (first.returncode, second.returncode) == (0, 0)
    assert collection.version(vocabulary) == 1
    assert len(collection.generations()) == 2


def limited(size):
    """The program in a process that cannot write a file of more bytes: a full disk fails in the same places."""
    limit = f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"
    return (sys.executable, "-c", f"import indexer, resource, sys; {limit}; sys.exit(indexer.main())")


@pytest.mark.parametrize("size", [1_000, 60_000, 20_000])
def test_a_full_disk_leaves_the_old_index_and_is_said_plainly(collection, vocabulary, size):
    collection.write(1)
    collection.build()
    before = collection.generations()
    collection.write(2)
    code, said = collection.build(program=limited(size))
    assert code == 2, said
    assert "the index could not be written" in said
    assert "File too large" in said
    assert "Traceback" not in said
    assert collection.generations() == before
    assert collection.version(vocabulary) == 1
    assert collection.build()[0] == 0
    assert collection.version(vocabulary) == 2


def files(index):
    """The files of the generation that answers."""
    return sorted(path for path in next(index.glob("generation-*")).rglob("*") if path.is_file())


def truncate_one(index, chance):
    path = chance.choice([path for path in files(index) if path.stat().st_size])
    os.truncate(path, chance.randrange(path.stat().st_size))


def truncate_all(index, chance):
    for path in files(index):
        os.truncate(path, chance.randint(0, path.stat().st_size))


def garble_one(index, chance):
    path = chance.choice([path for path in files(index) if path.stat().st_size])
    content = bytearray(path.read_bytes())
    for _ in range(20):
        content[chance.randrange(len(content))] = chance.randrange(256)
    path.write_bytes(content)


def delete_one(index, chance):
    chance.choice([path for path in files(index) if path.name != "MAIN_WRITELOCK"]).unlink()


def delete_all(index, chance):
    shutil.rmtree(index)


def garbage_in_the_pointer(index, chance):
    (index / "CURRENT").write_bytes(chance.randbytes(40))


def pointer_to_nothing(index, chance):
    (index / "CURRENT").write_text("generation-000099\n", encoding="utf-8")


def empty_library(index, chance):
    next(index.glob("*/*/practices.bin")).write_bytes(b"")


DAMAGES = [garbage_in_the_pointer, pointer_to_nothing, empty_library, delete_all]
RANDOM_DAMAGES = [truncate_one, truncate_all, delete_one, garble_one]
ROUNDS = [*product(DAMAGES, [0]), *product(RANDOM_DAMAGES, range(scaled(20)))]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    collection = Collection(tmp_path_factory.mktemp("built"), 8)
    collection.write(1)
    assert collection.build()[0] == 0
    return collection


@pytest.mark.parametrize(("damage", "seed"), ROUNDS)
def test_a_damaged_index_never_stops_the_site(built, tmp_path, damage, seed):
    index = tmp_path / "index"
    shutil.copytree(built.index, index)
    damage(index, random.Random(seed))
    with serve(built.folder, index) as server:
        assert eventually(lambda: server.total("neighbours") == 8, 30), server.said()
        assert server.get("/en/practices/made-003").status_code == 200


@pytest.mark.parametrize("damage", [delete_all, truncate_all, garbage_in_the_pointer])
def test_an_index_damaged_under_the_site_does_not_show(built, tmp_path, damage):
    index = tmp_path / "index"
    shutil.copytree(built.index, index)
    with serve(built.folder, index) as server:
        assert server.total("neighbours") == 8
        damage(index, random.Random(1))
        assert server.total("neighbours") == server.total("bicycles") == 8, server.said()
        if damage is not truncate_all:  # of which a site that has read the index knows nothing
            assert eventually(lambda: Generations(index).current() is not None, SEEN_S), server.said()
            assert server.total("neighbours") == server.total("bicycles") == 8, server.said()


def test_changes_are_seen_while_the_site_runs(tmp_path):
    practices = tmp_path / "practices"
    write_made(practices, 3)
    path = practices / "at" / "lamps.md"
    with serve(practices, tmp_path / "index") as server:
        assert server.total("zeppelin") == 0
        path.write_text(practice_text(title="Repair of a zeppelin in Vienna"), encoding="utf-8")
        assert eventually(lambda: server.total("zeppelin") == 1, SEEN_S), server.said()
        path.write_text(practice_text(title="Repair of a gasbag in Vienna", barriers=["finanse"]), encoding="utf-8")
        assert eventually(lambda: "at/lamps.md" in server.said(), SEEN_S), server.said()
        assert (server.total("zeppelin"), server.total("gasbag")) == (1, 0)
        path.unlink()
        assert eventually(lambda: server.total("zeppelin") == 0, SEEN_S), server.said()
        assert server.total("neighbours") == 3


def test_no_change_is_missed_while_another_is_indexed(tmp_path):
    practices = tmp_path / "practices"
    write_made(practices, 1)
    with serve(practices, tmp_path / "index") as server:
        for number in range(1, 13):  # for longer than a build takes
            path = practices / "at" / f"late-{number}.md"
            path.write_text(practice_text(title=f"Repair of zeppelin {number} in Vienna"), encoding="utf-8")
            time.sleep(0.2)
        assert eventually(lambda: server.total("zeppelin") == 12, SEEN_S), server.said()
