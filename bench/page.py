"""The results page: pages a second of our site, of Datasette, and of bare routes behind the same middleware."""

from __future__ import annotations

import json
import random
import statistics
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import bare, datasette_site, queries, sets
from bench.peers import FTS5, OURS, open_peer
from bench.queries import Asked
from bench.servers import free_port, get, has_wrk, running, wrk

SIZE = 10_000
A_ROUND = 12_000  # questions for a round: more than a server answers in it, so that every one is new
MOST_ROUNDS = 5
SAMPLED = 25  # pages among which the one with the usual number of links is the model of the bare one
REPEATED = 20  # questions that come again and again
WARM_UP = 200
CHECKED = 10  # questions of which Datasette must count what SQLite counts


def measure(rounds: int, duration_s: int) -> dict[str, Any]:
    """Alternated rounds of every server. Raises: RuntimeError when wrk is missing or a server fails."""
    if not has_wrk():
        raise RuntimeError("wrk is missing: sudo apt-get install wrk")
    asked = questions()[: WARM_UP + A_ROUND * rounds]
    with TemporaryDirectory(prefix="bench-") as temporary, ExitStack() as stack:
        folder = Path(temporary)
        ours = _serve_ours(stack, folder)
        model = _model(ours, asked, folder)
        plain = _serve_bare(stack, folder)
        base = datasette_site.database(SIZE)
        other = _serve_datasette(stack, folder, base)
        _check(asked[:CHECKED], base, other)
        runs = _rounds(asked, rounds, duration_s, folder, base, (ours, plain, other))
    return {"size": SIZE, "rounds": rounds, "duration_s": duration_s, "model": model, "targets": runs}


def questions() -> list[Asked]:
    """Different questions with a full page of hits, enough for all rounds; kept between runs."""
    count = WARM_UP + A_ROUND * MOST_ROUNDS
    code = sets.questions_key()
    path = sets.CACHE / f"questions-{code}-pages-{SIZE}-{count}.json"
    if not path.exists():
        sets.say(f"drawing {count} questions")
        queries.save(path, queries.pages(sets.world(), sets.records(SIZE), count))
    return queries.load(path)


def _serve_ours(stack: ExitStack, folder: Path) -> int:
    port, empty = free_port(), folder / "practices"
    empty.mkdir()
    index = sets.built(OURS, SIZE).folder
    command = [sys.executable, "-W", "ignore", "-m", "indexer", "serve", "--port", str(port)]
    command += ["--practices", str(empty), "--index", str(index)]
    stack.enter_context(running(command, port, "/readyz", folder / "ours.log", PRACTICES_WATCH="false"))
    return port


def _serve_bare(stack: ExitStack, folder: Path) -> int:
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "bench.bare", str(port), str(folder)]
    stack.enter_context(running(command, port, "/bytes", folder / "bare.log"))
    return port


def _serve_datasette(stack: ExitStack, folder: Path, base: Path) -> int:
    port = free_port()
    stack.enter_context(running(datasette_site.command(base, port), port, "/-/versions.json", folder / "datasette.log"))
    return port


def _model(port: int, asked: Sequence[Asked], folder: Path) -> dict[str, Any]:
    """Take a usual page of ours as the model of the bare one. Returns: its numbers."""
    pages = []
    for one in asked[:: max(1, len(asked) // SAMPLED)][:SAMPLED]:
        status, html = get(port, one.address())
        if status != 200:
            raise RuntimeError(f"our page {one.address()} answers {status}")
        pages.append((html, bare.read_page(html)))
    pages.sort(key=lambda pair: bare.links_of(pair[1]))
    html, page = pages[len(pages) // 2]
    if len(page["hits"]) != queries.FULL_PAGE:
        raise RuntimeError(f"a page of ours has {len(page['hits'])} hits instead of {queries.FULL_PAGE}")
    (folder / "page.html").write_bytes(html)
    (folder / "page.json").write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")
    return {"links": bare.links_of(page), "hits": len(page["hits"]), "bytes": len(html)}


def _check(asked: Sequence[Asked], base: Path, port: int) -> None:
    """Raises: RuntimeError when Datasette does not find what SQLite finds: then it searched something else."""
    sqlite = open_peer(FTS5, sets.vocabulary())
    sqlite.open(sets.built(FTS5, SIZE).folder)
    for one in asked:
        status, said = get(port, datasette_site.address(base, one, ".json"))
        count = json.loads(said).get("filtered_table_rows_count") if status == 200 else status
        expected = sqlite.search(one, snippets=False).total
        if count != expected:
            raise RuntimeError(f"Datasette finds {count} instead of {expected} for {one.text} {one.filters}")
    sqlite.close()


def _rounds(
    asked: Sequence[Asked], rounds: int, duration_s: int, folder: Path, base: Path, ports: tuple[int, int, int]
) -> dict[str, Any]:
    ours, plain, other = ports
    repeated = [one.address() for one in asked[:REPEATED]]
    runs: dict[str, list[dict[str, Any]]] = {}
    begin = iter(asked)
    warm = list(islice(begin, WARM_UP))
    for number in range(-1, rounds):  # round -1 warms up
        some = warm if number < 0 else list(islice(begin, A_ROUND))
        targets = {
            "ours, new": (ours, [one.address() for one in some]),
            "bare template": (plain, [one.address().replace("/en/search", "/page") for one in some]),
            "Datasette, new": (other, [datasette_site.address(base, one) for one in some]),
            "ours, repeated": (ours, repeated),
            "ready bytes": (plain, ["/bytes"]),
        }
        order = list(targets)
        random.Random(number).shuffle(order)
        for name in order:
            sets.say(f"pages, round {number + 1}: {name}")
            port, paths = targets[name]
            found = wrk(port, paths, 1 if number < 0 else duration_s, folder)
            if number >= 0:
                runs.setdefault(name, []).append(found)
    return {name: _summary(found) for name, found in runs.items()}


def _summary(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    numbers = {name: statistics.median(run[name] for run in runs) for name in ("per_s", "p50_ms", "p99_ms", "bytes")}
    return {**numbers, "rounds": len(runs), "wrapped": any(run["wrapped"] for run in runs)}
