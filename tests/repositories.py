"""Real git repositories for tests."""

from __future__ import annotations

import subprocess
from pathlib import Path

IDENTITY = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false")


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder; what it prints."""
    done = subprocess.run(["git", "-C", str(folder), *IDENTITY, *arguments], capture_output=True, check=True)
    return done.stdout.decode().strip()


def make_repository(folder: Path) -> Path:
    """An empty repository whose branch is main."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    return folder


def commit_all(folder: Path, message: str = "Change") -> str:
    """Commit everything that lies in a repository. Returns: the commit."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD")
