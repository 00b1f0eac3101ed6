"""The ways from the form into the collection."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from search.settings import Settings
from web.forges import forge_of, repository_address
from web.patch import patch
from web.proposals import Proposal, path_in_repository, title_of

__all__ = ["Ladder", "Proposal", "make_ladder", "patch"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The ways that there are for a proposal; what there is not is ""."""

    forge: str  # its name, where it is known
    prefilled: str  # address of a page of the forge that has the whole text
    by_name: str  # address of one with the file's name, or that changes an existing file
    mail: str  # mailto: with a subject
    may_send: bool  # whether the site can send it itself
    path: str  # of the file from the root of the repository


def make_ladder(proposal: Proposal, settings: Settings, folder: str, mailbox: str) -> Ladder:
    """The ways for a proposal. `folder` is that of the collection in the repository; `mailbox` takes files, or is "".

    An address holds the whole text or nothing of it, and never has more bytes than the settings allow.
    """
    path = path_in_repository(proposal.file, folder)
    forge, repository = forge_of(settings), repository_address(settings)
    prefilled = by_name = ""
    if forge and proposal.is_new:
        by_name = forge.new_file(repository, settings.branch, path)
        prefilled = forge.new_file(repository, settings.branch, path, proposal.content)
    elif forge:
        by_name = forge.edit_file(repository, settings.branch, path)
    return Ladder(
        forge=forge.name if forge else "",
        prefilled=prefilled if len(prefilled.encode()) <= settings.address_budget else "",
        by_name=by_name,
        mail=f"mailto:{quote(mailbox, safe='@')}?subject={quote(title_of(proposal), safe='')}" if mailbox else "",
        may_send=settings.remote != "",
        path=path,
    )
