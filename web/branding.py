"""Colours and logo of the operator's own: files that are not the program's, served as its static files are."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from fastapi import Request
from fastapi.responses import Response

from search.settings import GROUNDS, Settings
from web.security import YEAR

THEME_PATH, LOGO_PATH = "/theme.css", "/logo"
TYPES = {".svg": "image/svg+xml", ".png": "image/png"}
# A picture runs nothing, even when somebody opens it by itself.
PICTURE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


@dataclass(frozen=True, slots=True)
class File:
    """A file in memory, under an address that changes with its content."""

    path: str
    content: bytes = field(repr=False)
    media_type: str
    digest: str

    @property
    def address(self) -> str:
        """Where pages find it, so that browsers may keep it."""
        return f"{self.path}?v={self.digest}"

    def answer(self, request: Request) -> Response:
        """The file, or 304 to a browser that has it."""
        headers = {"ETag": f'"{self.digest}"'}
        if "v" in request.query_params:
            headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        if self.media_type.startswith("image/"):
            headers["Content-Security-Policy"] = PICTURE_POLICY
        if headers["ETag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(self.content, media_type=self.media_type, headers=headers)


@dataclass(frozen=True, slots=True)
class Branding:
    """What of the look is the operator's own; None where it is the program's."""

    theme: File | None = None
    logo: File | None = None

    @property
    def files(self) -> tuple[File, ...]:
        """Those that there are."""
        return tuple(file for file in (self.theme, self.logo) if file is not None)


def read_branding(settings: Settings) -> Branding:
    """The look that the settings choose. Raises: OSError when the logo cannot be read any more."""
    chosen = {name: getattr(settings, name) for name in GROUNDS}
    is_own = any(value != Settings.model_fields[name].default for name, value in chosen.items())
    theme = _file(THEME_PATH, stylesheet(**chosen).encode(), "text/css") if is_own else None
    logo = None
    if settings.logo is not None:
        logo = _file(LOGO_PATH, settings.logo.read_bytes(), TYPES[settings.logo.suffix.lower()])
    return Branding(theme, logo)


def stylesheet(accent_light: str, accent_dark: str) -> str:
    """The tokens of site.css that are other than there."""
    # The cover is dark in light and dark colours alike, and what stands on it is toned down.
    cell = f"color-mix(in srgb, {accent_dark} 80%, var(--cover))"
    return f":root {{\n  --accent: light-dark({accent_light}, {accent_dark});\n  --cover-cell: {cell};\n}}\n"


def _file(path: str, content: bytes, media_type: str) -> File:
    return File(path, content, media_type, hashlib.sha256(content).hexdigest()[:12])
