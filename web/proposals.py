"""A proposal to the collection, and the name under which it goes into the history."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

from search.model import ID_PATTERN, MAX_ID

ANONYMOUS = "Anonymous contributor"
MAX_NAME = 60  # bytes of a name; of a longer one `git am` makes the mailbox
MAX_TITLE = 200  # characters

_FILE = re.compile(rf"[a-z]{{2}}/(?=[^/.]{{1,{MAX_ID}}}\.)({ID_PATTERN[1:-1]})(\.[a-z]{{2}})?\.md")
_NOT_IN_NAMES = str.maketrans("", "", '<>"()\\')
_MAILBOX = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One new or changed file."""

    file: str  # from the root of the collection: "at/vienna-repair-cafe.md" or "at/x.fr.md"
    content: bytes  # of the whole file
    title: str  # of the commit and of the request
    is_new: bool
    author: str = ""  # the name that the contributor wants in the history; "" for none
    mailbox: str = ""  # the same
    note: str = ""  # words for the reviewer


class Identity(NamedTuple):
    """How git names somebody."""

    name: str
    mailbox: str


def is_file_of_collection(file: str) -> bool:
    """Whether this can be the name of a practice or a translation, and of nothing else."""
    return _FILE.fullmatch(file) is not None


def path_in_repository(file: str, folder: str) -> str:
    """The path of a file of the collection from the root of the repository."""
    return "/".join(part for part in (folder.strip("/"), file) if part)


def contributor(proposal: Proposal, host: str) -> Identity:
    """Whom the history names as the author."""
    return named(proposal.author or ANONYMOUS, host, proposal.mailbox)


def named(name: str, host: str, mailbox: str = "") -> Identity:
    """Somebody as git can name them. Who gives no mailbox gets one of this host that nobody reads."""
    # What git takes for a mailbox or a remark has no place in a name, nor what it cuts off at its ends.
    kept = one_line(name).replace("@", " at ").translate(_NOT_IN_NAMES).strip(" .,:;'")
    kept = " ".join(kept.encode()[:MAX_NAME].decode(errors="ignore").split())
    mailbox = mailbox.strip()
    return Identity(kept or ANONYMOUS, mailbox if _MAILBOX.fullmatch(mailbox) else f"noreply@{host or 'localhost'}")


def title_of(proposal: Proposal) -> str:
    """The title as one line."""
    return one_line(proposal.title)[:MAX_TITLE].strip()


def one_line(text: str) -> str:
    """Text without line ends, control characters and what turns text around."""
    kinds = {"Cc": " ", "Zl": " ", "Zp": " ", "Cs": "", "Cf": ""}
    return " ".join("".join(kinds.get(unicodedata.category(char), char) for char in text).split())
