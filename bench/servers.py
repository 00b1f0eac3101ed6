"""Servers on loopback that a benchmark starts, and wrk, which asks them."""

from __future__ import annotations

import http.client
import json
import os
import random
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bench.process import ROOT, environment

CONNECTIONS, THREADS = 8, 1
START_S = 60
TIMEOUT_S = 120
LUA = Path(__file__).resolve().parent / "wrk.lua"


def free_port() -> int:
    """A port on which nothing listens now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def get(port: int, path: str) -> tuple[int, bytes]:
    """Ask once, uncompressed. Raises: OSError when nothing listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@contextmanager
def running(
    command: Sequence[str], port: int, path: str, log: Path, *, cwd: Path = ROOT, **more: str
) -> Iterator[float]:
    """Run a server while the context lasts. Gives: the seconds from its start to its first good answer to `path`.

    Raises: RuntimeError with what it said when it does not answer.
    """
    started = time.perf_counter()
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=cwd, env=environment(**more), stdin=subprocess.DEVNULL, stdout=file, stderr=file
        )
    try:
        while not _answers(port, path):
            if process.poll() is not None or time.perf_counter() - started > START_S:
                raise RuntimeError(f"{command} does not answer: {log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.003)
        yield time.perf_counter() - started
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        if process.poll() is None:
            process.kill()
            process.wait()


def _answers(port: int, path: str) -> bool:
    try:
        return get(port, path)[0] == 200
    except (OSError, http.client.HTTPException):
        return False


def has_wrk() -> bool:
    """Whether wrk is installed."""
    return shutil.which("wrk") is not None


def wrk(port: int, paths: Sequence[str], duration_s: int, folder: Path) -> dict[str, Any]:
    """Ask for these paths in turn, over and over, from 8 connections; pages a second, latencies, errors.

    Raises: RuntimeError when there was an answer other than 200.
    """
    listing = folder / f"paths-{random.getrandbits(32)}"
    listing.write_text("\n".join(paths), encoding="utf-8")
    command = ["wrk", "--threads", str(THREADS), "--connections", str(CONNECTIONS), "--duration", f"{duration_s}s",
               "--timeout", f"{TIMEOUT_S}s", "--script", str(LUA), f"http://127.0.0.1:{port}"]  # fmt: skip
    done = subprocess.run(
        command, env={**os.environ, "BENCH_PATHS": str(listing)}, capture_output=True, text=True, check=True
    )
    line = next(one for one in done.stdout.splitlines() if one.startswith("BENCH "))
    found: Mapping[str, float] = json.loads(line.removeprefix("BENCH "))
    if found["status"] or found["broken"]:
        raise RuntimeError(f"{found['status']} answers were errors, {found['broken']} broke off, at port {port}")
    return {
        "per_s": found["requests"] / (found["duration_us"] / 1e6),
        "p50_ms": found["p50_us"] / 1000,
        "p99_ms": found["p99_us"] / 1000,
        "bytes": found["bytes"] / max(1, found["requests"]),
        "wrapped": found["requests"] > len(paths),
    }
