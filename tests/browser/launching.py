"""Chromium as the tests and the screenshots start it: Debian's, quiet, and without a network of its own."""

from __future__ import annotations

import shutil

from playwright.sync_api import Browser, Playwright

ARGUMENTS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip


def launch(playwright: Playwright) -> Browser:
    """Start it. Raises: FileNotFoundError when there is no Chromium."""
    path = shutil.which("chromium")
    if path is None:
        raise FileNotFoundError("there is no chromium; install it with: sudo apt-get install chromium")
    # Its sandbox needs a kernel that lets users make namespaces, which containers forbid; it shows our own pages only.
    return playwright.chromium.launch(executable_path=path, chromium_sandbox=False, args=ARGUMENTS)
