"""Pull requests of GitHub, by its REST API."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import httpx2

from search.errors import AtlasError
from search.settings import Settings
from web.forges import requests_address

MAX_SAID = 500  # characters kept of an answer


class PullError(AtlasError):
    """No pull request was opened; the text is fit for a log."""


def open_pull(settings: Settings, *, title: str, head: str, text: str, timeout_s: float) -> str:
    """Open a pull request from a branch to the published one. Returns: the address of its page. Raises: PullError."""
    repository = urlsplit(requests_address(settings))
    site = f"{repository.scheme}://{repository.netloc}"
    # A server of one's own has the API below its own address.
    api = "https://api.github.com" if repository.hostname == "github.com" else f"{site}/api/v3"
    path = "/".join(quote(part, safe="") for part in repository.path.strip("/").split("/"))
    try:
        answer = httpx2.post(
            f"{api}/repos/{path}/pulls",
            json={"title": title, "head": head, "base": settings.branch, "body": text},
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {settings.remote_token.get_secret_value()}",
                "X-GitHub-Api-Version": "2022-11-28",
            },
            timeout=timeout_s,
        )
    except httpx2.HTTPError as error:
        raise PullError(f"{type(error).__name__}: {error}") from None
    if answer.status_code != 201:
        raise PullError(f"{answer.status_code}: {answer.text[:MAX_SAID]}")
    try:
        page = str(answer.json()["html_url"])
    except (ValueError, KeyError, TypeError):
        return ""  # it is open, and where it is nobody said
    return page if page.startswith(f"{site}/") else ""
