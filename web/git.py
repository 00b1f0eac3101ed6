"""Git, called with fixed arguments: it asks nobody, runs no hook, ends in time, and its words hold no secret."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from search.errors import AtlasError
from search.settings import Settings, environment_for_git

ANY_USER = "oauth2"  # forges that take a token want some name beside it
MAX_SAID = 2_000  # characters kept of what git says

_FIXED = {
    "LC_ALL": "C",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "GIT_ALLOW_PROTOCOL": "https:http:ssh:file",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
}
_ALONE = {  # without the configuration of user and machine
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_SSH_COMMAND": "ssh -o BatchMode=yes -o ConnectTimeout=15",
}
_CONFIGURED = (
    ("core.hooksPath", os.devnull),
    ("gc.auto", "0"),  # a process left behind would hold our pipes
    ("maintenance.auto", "false"),
)
_USERINFO = re.compile(r"(?<=://)[^/\s@]+@")


class GitError(AtlasError):
    """Git could not do it; the text is what it said, fit for a log. `is_late`: it was ended, its time being over."""

    def __init__(self, said: str, *, is_late: bool = False) -> None:
        super().__init__(said)
        self.is_late = is_late


@dataclass(frozen=True, slots=True)
class Done:
    """What git wrote."""

    out: str
    said: str  # to standard error


@dataclass(frozen=True, slots=True, kw_only=True)
class Git:
    """Git in one repository."""

    place: tuple[str, str]  # the option that names the repository: ("--git-dir", "…")
    environment: Mapping[str, str] = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def __call__(
        self, *arguments: str, until: float, stdin: bytes = b"", environment: Mapping[str, str] | None = None
    ) -> Done:
        """Run a command. `until`: when it must have ended, in seconds of time.monotonic(). Raises: GitError."""
        try:
            process = subprocess.Popen(
                ["git", *self.place, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**environment_for_git(), **_FIXED, **self.environment, **(environment or {})},
                start_new_session=True,  # so that what it has started can be ended with it
            )
        except OSError as error:
            raise GitError(f"git cannot be run: {error.strerror or error}") from None
        try:
            out, written = process.communicate(stdin, timeout=max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise GitError(f"git {arguments[0]} took too long", is_late=True) from None
        said = self._without_secrets(written.decode("utf-8", errors="replace"))
        if process.returncode:
            printed = self._without_secrets(out.decode("utf-8", errors="replace"))
            raise GitError(
                f"git {arguments[0]} ended with {process.returncode}: {said[-MAX_SAID:]}{printed[-MAX_SAID:]}"
            )
        return Done(out.decode("utf-8", errors="surrogateescape"), said)

    def _without_secrets(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, "…")
        return _USERINFO.sub("", text)


def open_bare(folder: Path, settings: Settings) -> Git:
    """Git in a bare repository of ours, with the credential for the remote."""
    # Named, not looked for: where it is damaged, git would go on to look in the folders above.
    return Git(place=("--git-dir", str(folder)), environment=_ALONE | _configured(settings), secrets=_secrets(settings))


def open_checkout(folder: Path, settings: Settings) -> Git:
    """Git in the operator's repository, as they have configured it, with the credential where it is the same remote."""
    return Git(place=("-C", str(folder)), environment=_configured(settings), secrets=_secrets(settings))


def _configured(settings: Settings) -> dict[str, str]:
    """Configuration for one call, in its environment: arguments can be seen by other users of the machine."""
    pairs = list(_CONFIGURED)
    address = urlsplit(settings.remote)
    token = settings.remote_token.get_secret_value()
    if token and address.scheme in {"http", "https"}:
        section = f"http.{address.scheme}://{address.netloc}/"
        pairs.append((f"{section}.extraHeader", f"Authorization: Basic {_basic(settings)}"))
        pairs.append((f"{section}.followRedirects", "false"))  # lest the credential go elsewhere
    numbered = enumerate(pairs)
    return {"GIT_CONFIG_COUNT": str(len(pairs))} | {
        name: value
        for number, (key, setting) in numbered
        for name, value in ((f"GIT_CONFIG_KEY_{number}", key), (f"GIT_CONFIG_VALUE_{number}", setting))
    }


def _basic(settings: Settings) -> str:
    pair = f"{settings.remote_user or ANY_USER}:{settings.remote_token.get_secret_value()}"
    return b64encode(pair.encode()).decode()


def _secrets(settings: Settings) -> tuple[str, ...]:
    token = settings.remote_token.get_secret_value()
    return (token, _basic(settings)) if token else ()
