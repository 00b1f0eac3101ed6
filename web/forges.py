"""The forge of the repository, and the addresses of its pages.

They are those that the forges document. Every value in them is percent-encoded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import quote, urlsplit

from search.settings import Settings

View = Literal["history", "folder", "file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forge:
    """A kind of code forge. The patterns follow the address of a repository, blanks are filled encoded."""

    name: str
    views: Mapping[View, str]  # what there is to see: a file's history, a folder, a file
    new: str  # the page for a new file, with its name
    content: str  # what adds its text to that address; "" where the forge leaves it out
    edit: str  # the page that changes a file
    issue: str  # the page for a new issue
    push_options: tuple[str, ...] = ()  # with which a push opens a request
    push_to: str = ""  # the reference that makes a request of what is pushed to it, without a branch

    def view(self, view: View, repository: str, branch: str, path: str) -> str:
        """A page for who reads."""
        return repository + self.views[view].format(branch=_in_path(branch), path=_in_path(path))

    def new_file(self, repository: str, branch: str, path: str, content: bytes | None = None) -> str:
        """The page for a new file, with its whole text where one is given; "" where the forge takes none."""
        if content is not None and not self.content:
            return ""
        address = repository + self.new.format(branch=_in_path(branch), path=_value(path))
        return address if content is None else address + self.content + _value(content)

    def edit_file(self, repository: str, branch: str, path: str) -> str:
        """The page that changes a file."""
        return repository + self.edit.format(branch=_in_path(branch), path=_in_path(path))

    def new_issue(self, repository: str, title: str, text: str) -> str:
        """The page for a new issue with these words in it."""
        return repository + self.issue.format(title=_value(title), text=_value(text))


GITHUB = Forge(
    name="GitHub",
    views={"history": "/commits/HEAD/{path}", "folder": "/tree/HEAD/{path}", "file": "/blob/HEAD/{path}"},
    new="/new/{branch}?filename={path}",
    content="&value=",
    edit="/edit/{branch}/{path}",
    issue="/issues/new?title={title}&body={text}",
)
GITLAB = Forge(
    name="GitLab",
    views={"history": "/-/commits/HEAD/{path}", "folder": "/-/tree/HEAD/{path}", "file": "/-/blob/HEAD/{path}"},
    new="/-/new/{branch}?file_name={path}",
    content="",  # accepted, and then ignored by its editor
    edit="/-/edit/{branch}/{path}",
    issue="/-/issues/new?issue%5Btitle%5D={title}&issue%5Bdescription%5D={text}",
    push_options=(
        "merge_request.create",
        "merge_request.target={branch}",
        "merge_request.title={title}",
        "merge_request.description={text}",
    ),
)
GITEA = Forge(
    name="Gitea",
    views={
        "history": "/commits/branch/{branch}/{path}",
        "folder": "/src/branch/{branch}/{path}",
        "file": "/src/branch/{branch}/{path}",
    },
    new="/_new/{branch}?filename={path}",
    content="&value=",
    edit="/_edit/{branch}/{path}",
    issue="/issues/new?title={title}&body={text}",
    push_options=("topic={topic}", "title={title}", "description={text}"),
    push_to="refs/for/{branch}",
)
FORGEJO = replace(GITEA, name="Forgejo")  # grew out of Gitea and kept its addresses
KINDS = {"github": GITHUB, "gitlab": GITLAB, "gitea": GITEA}  # by the values of the setting


def repository_address(settings: Settings) -> str:
    """The address of the repository's first page, or ""."""
    return settings.repository.rstrip("/").removesuffix(".git")


def requests_address(settings: Settings) -> str:
    """The address of the repository that requests are sent to: the remote's, where no other is named."""
    address = repository_address(settings)
    if address or urlsplit(settings.remote).scheme not in {"http", "https"}:
        return address
    return settings.remote.rstrip("/").removesuffix(".git")


def forge_of(settings: Settings) -> Forge | None:
    """The forge of the repository; None where no repository is named, or its forge is not known."""
    return known_forge(repository_address(settings), settings.forge)


def known_forge(repository: str, kind: str = "") -> Forge | None:
    """The forge at an address: of the kind that the operator names, else the one that the host's name tells."""
    host = urlsplit(repository).hostname or ""
    is_forgejo = "forgejo" in host or host == "codeberg.org"
    if not host:
        return None
    if kind == "gitea" or (not kind and (is_forgejo or "gitea" in host)):
        return FORGEJO if is_forgejo else GITEA
    if kind:
        return KINDS[kind]
    if host == "github.com":
        return GITHUB
    return GITLAB if "gitlab" in host else None


def _value(value: str | bytes) -> str:
    """A value of a parameter."""
    return quote(value, safe="")


def _in_path(value: str) -> str:
    """A branch or a path of a file between slashes: its own slashes stay, as in the forge's own links."""
    return "/".join(_value(part) for part in value.split("/"))
