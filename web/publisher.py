"""Who runs the site: what its pages say of that, and whether enough is known for the public."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlsplit

from search.errors import SettingsError
from search.settings import PREFIX, Settings
from web.security import host_name, is_trusted

# What the public must be able to read, by setting: Directive (EU) 2016/2102, Regulation (EU) 2016/679.
REQUIRED: Mapping[str, str] = {
    "base_url": "the address at which the public reaches the site, beginning with https://",
    "publisher": "the name of the body that runs the site",
    "publisher_address": "its postal address, with semicolons between the lines",
    "contact_address": "a mailbox of a role, or a page with a form, for questions and reports",
    "enforcement_body": "the name of the authority that takes complaints about accessibility",
    "privacy_contact": "the mailbox or page of the data protection officer",
    "accessibility_date": "the day of the last assessment of accessibility, as year-month-day",
}
# What need not be said, but must not be said wrongly.
OPTIONAL: Mapping[str, str] = {
    "publisher_url": "the address of the body's own site, or nothing",
    "enforcement_url": "the address of the authority's page for complaints, or nothing",
    "accessibility_issues": "what is not accessible and why, one thing a line",
    "repository_url": "the address of the repository, or nothing",
}
MAX_SUBJECT = 400  # characters; programs for mail cut longer addresses

_PLACEHOLDER = re.compile(
    r"\bexample\.(?:org|com|net|eu)\b|\.(?:example|invalid|test)\b(?!\.)|\blocalhost\b|\b127\.0\.0\.1\b"
    r"|\b(?:todo|tbd|tba|fixme|placeholder|change[ _-]?me|lorem ipsum)\b"
    r"|\b(?:your|my) (?:name|organi[sz]ation|institution|body|agency|company|address|street|city|mailbox|e-?mail)\b"
    r"|<[^<>]+>|\[[^\[\]]+\]$|^[\W_]+$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Contact:
    """A mailbox or a page, as it is shown and as a link."""

    text: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """The body that runs the site; what it has not said is empty."""

    name: str
    address: tuple[str, ...]  # lines
    url: str
    contact: Contact | None
    privacy: Contact | None  # its data protection officer
    enforcement: str  # the authority that takes complaints about accessibility
    enforcement_url: str
    status: str  # how far the site is accessible: fully, partially, not
    assessed: date | None
    issues: tuple[str, ...]  # what is not accessible and why

    def report(self, page: str) -> str:
        """Where a problem with a page is reported, given its full address; "" where no contact is known."""
        if self.contact is None or not self.contact.href.startswith("mailto:"):
            return self.contact.href if self.contact else ""
        return f"{self.contact.href}?subject={quote(page[:MAX_SUBJECT], safe='')}"


def read_publisher(settings: Settings) -> Publisher:
    """What the settings say of the body that runs the site."""
    return Publisher(
        name=settings.publisher,
        address=_parts(settings.publisher_address, r"[;\n]"),
        url=settings.publisher_url,
        contact=_contact(settings.contact_address),
        privacy=_contact(settings.privacy_contact),
        enforcement=settings.enforcement_body,
        enforcement_url=settings.enforcement_url,
        status=settings.accessibility_status,
        assessed=settings.accessibility_date,
        issues=_parts(settings.accessibility_issues, r"\n"),
    )


def require_publisher(settings: Settings, but: Collection[str] = ()) -> None:
    """Let a site into the public only when it can say who runs it; nothing is said of the settings in `but`.

    Raises: SettingsError, in public mode, that names each setting which is missing, holds a placeholder or
        contradicts another.
    """
    if not settings.public:
        return
    wrong = {}
    for name, meaning in {**REQUIRED, **OPTIONAL}.items():
        value = str(getattr(settings, name) or "")
        placeholder = _PLACEHOLDER.search(value)
        if placeholder:
            wrong[name] = f'holds a placeholder, "{placeholder[0]}": write {meaning}'
        elif not value and name in REQUIRED:
            wrong[name] = f"is missing: write {meaning}"
    wrong = {**_contradictions(settings), **wrong}
    lines = [f"{name} {said}" for name, said in wrong.items() if name not in but]
    if lines:
        raise SettingsError(
            "\n    ".join(["in public mode the site must say who runs it, and these settings are not right:", *lines])
            + f"\n    fix: write them into the file of --config, or into the environment with {PREFIX} before each name"
        )


def _contradictions(settings: Settings) -> dict[str, str]:
    """What is wrong, by setting, where each is right by itself."""
    wrong = {}
    host = host_name(urlsplit(settings.base_url).netloc.rpartition("@")[2])
    if host and not is_trusted(host, settings.trusted_hosts):
        wrong["trusted_hosts"] = f"does not name the host of base_url, so that all would be refused: add {host}"
    if settings.accessibility_status != "fully" and not settings.accessibility_issues:
        wrong["accessibility_issues"] = (
            f'is missing, and accessibility_status is "{settings.accessibility_status}": '
            "write what is not accessible and why, one thing a line"
        )
    return wrong


def _parts(text: str, separator: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(separator, text) if part.strip())


def _contact(address: str) -> Contact | None:
    if not address:
        return None
    is_page = address.startswith(("https://", "http://"))
    return Contact(address, address if is_page else f"mailto:{quote(address, safe='@+')}")
