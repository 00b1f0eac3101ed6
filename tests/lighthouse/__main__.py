"""Lighthouse's four scores of six types of page: `make lighthouse`, which installs it from package-lock.json here.

The list has no words: pages of a search are for no search engine, by intention, and Lighthouse would count that.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.conftest import ROOT
from tests.serving import serve

PROGRAM = ROOT / ".cache" / "lighthouse" / "node_modules" / ".bin" / "lighthouse"
PAGES = {
    "home": "/en",
    "results": "/en/search",
    "practice": "/en/practices/slovenia-cybersecurity-voucher",
    "barrier": "/en/barriers/skills",
    "region": "/en/regions/FRH0",
    "help": "/en/help",
}
# In hundredths. How fast a page is depends on the machine: that is shown, and asks for nothing.
LEAST = {"accessibility": 95, "best-practices": 95, "seo": 95, "performance": 0}
TRIES = 3


def main() -> int:
    """Measure, and print a table. Returns: the exit code."""
    is_enough = True
    with tempfile.TemporaryDirectory() as folder, serve(ROOT / "practices", Path(folder) / "index") as site:
        print(f"{'':10}", *LEAST, sep="\t")
        for name, path in PAGES.items():
            scores = measure(site.address + path, Path(folder) / f"{name}.json")
            print(f"{name:10}", *(scores[category] for category in LEAST), sep="\t", flush=True)
            is_enough &= all(scores[category] >= least for category, least in LEAST.items())
    return 0 if is_enough else 1


def measure(address: str, report: Path) -> dict[str, int]:
    """The scores of a page, from 0 to 100. Raises: RuntimeError where it cannot be measured."""
    command = [
        str(PROGRAM),
        address,
        "--quiet",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
        "--output=json",
        f"--output-path={report}",
        f"--only-categories={','.join(LEAST)}",
    ]
    environment = {**os.environ, "CHROME_PATH": shutil.which("chromium") or ""}
    # It misses the beginning of a page now and then, and says itself to run it again.
    if not any(subprocess.run(command, env=environment, check=False).returncode == 0 for _ in range(TRIES)):
        raise RuntimeError(f"Lighthouse could not measure {address}")
    categories = json.loads(report.read_text(encoding="utf-8"))["categories"]
    return {category: round(100 * categories[category]["score"]) for category in LEAST}


if __name__ == "__main__":
    sys.exit(main())
