"""Settings: the only reader of environment variables. Each is explained where it is declared."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)  # fmt: skip

PREFIX = "PRACTICES_"
OTHER_PREFIXES = ("PRACTICES_TEST_", "PRACTICES_BENCH_")  # what tests and measurements read; no settings
ROOT = Path(__file__).resolve().parent.parent  # the checkout, or where the packages are installed

# What the accent stands on, by setting: --paper, --sheet and --tint of web/static/site.css, in light and dark colours.
GROUNDS = {
    "accent_light": ("#f1f4f1", "#fbfcfb", "#e0eae7"),
    "accent_dark": ("#0c191d", "#122329", "#1b333a"),
}
LEAST_CONTRAST = 4.5  # of text on its ground: WCAG 2.2, 1.4.3
MAX_LOGO = 64 * 1024  # bytes: it is loaded with the first page

_MAILBOX = re.compile(r"[^\s@<>\"]+@[^\s@<>\".]+(\.[^\s@<>\".]+)+")
_PAGE = re.compile(r"https?://[^\s<>\"]+")
_BASE = re.compile(r"https?://[^\s?#]+")
_HOST_NAME = re.compile(r"\*|(?:\*\.?)?[\w-]+(?:\.[\w-]+)*\.?|\[[0-9a-fA-F:.]+\]")
_ADDRESS_OF_HOST = re.compile(
    r"(?:(?:[a-zA-Z][\w+.-]*:)?//)?(?:[^\s/@]*@)?((?:\*\.?)?\w(?:[\w.-]*\w)?|\[[0-9a-fA-F:.]+\])\.?(?:[:/?#].*)?"
)
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_PNG = b"\x89PNG\r\n\x1a\n"
_SVG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|<\?xml.*?\?>|<!--.*?-->|<!DOCTYPE[^>]*>)*<svg[\s>]", re.DOTALL)


def _shipped(folder: str) -> Path:
    """A folder of data that lies in the checkout, or inside the package where that was installed."""
    checkout = ROOT / folder
    return checkout if checkout.is_dir() else Path(__file__).resolve().parent / folder


def _split(value: object) -> object:
    """A list is written with commas in the environment."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _none(value: object) -> object:
    """Nothing is written as nothing in the environment."""
    return None if value == "" else value


def _lines(value: object) -> object:
    """Lines may be written as a list in a file."""
    return "\n".join(map(str, value)) if isinstance(value, list) else value


def _wrong(message: str) -> PydanticCustomError:
    """What is wrong with a value; the program names the setting before it."""
    return PydanticCustomError("setting", "{message}", {"message": message})


def _page(value: str) -> str:
    if value and not _PAGE.fullmatch(value):
        raise _wrong(f'"{value}" is not the address of a page; write it whole, like https://www.region.eu/about')
    return value


def _base(value: str) -> str:
    if value and not _BASE.fullmatch(value):
        raise _wrong(
            f'"{value}" is not an address; write an address that begins with https://, and no "?" or "#" in it'
        )
    return value


def _host_name(value: str) -> str:
    """A name as browsers send it: an address in its place would be trusted by nobody."""
    if value.count(":") > 1 and re.fullmatch(r"[0-9a-fA-F:.]+", value):
        raise _wrong(f'"{value}" lacks its brackets; write [{value}]')
    if not _HOST_NAME.fullmatch(value):
        found = _ADDRESS_OF_HOST.fullmatch(value)
        name = found[1] if found else "practices.region.eu"
        raise _wrong(f'"{value}" is not the name of a host; write the name only{":" if found else ", like"} {name}')
    return value


def _past(day: date | None) -> date | None:
    """A day that has begun somewhere on Earth."""
    if day is not None and day > (datetime.now(UTC) + timedelta(hours=14)).date():
        raise _wrong(f"{day} lies in the future; write the day on which the site was assessed")
    return day


def _contact(value: str) -> str:
    if value and not _PAGE.fullmatch(value) and not _MAILBOX.fullmatch(value):
        raise _wrong(
            f'"{value}" is neither a mailbox, like info@region.eu, nor a page, like https://www.region.eu/contact'
        )
    return value


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours as #rrggbb, from 1 to 21: as WCAG 2.2 defines it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """The relative luminance, from 0 for black to 1 for white."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _accent(value: str, info: ValidationInfo) -> str:
    """A colour that can be read wherever the accent stands."""
    if not _COLOUR.fullmatch(value):
        raise _wrong(f'"{value}" is not a colour in the form #rrggbb, like #b0371a')
    reached, ground = min((contrast(value, ground), ground) for ground in GROUNDS[str(info.field_name)])
    if reached < LEAST_CONTRAST:
        other = "darker" if info.field_name == "accent_light" else "lighter"
        # Rounded down, lest a ratio that is too low be shown as the one that is asked for.
        raise _wrong(
            f"{value} reaches a contrast of {int(reached * 100) / 100:.2f}:1 with the ground {ground} of the pages, "
            f"and text needs {LEAST_CONTRAST}:1; choose a {other} one"
        )
    return value.lower()


def _picture(path: Path | None) -> Path | None:
    """A file that is what its ending says."""
    if path is None:
        return None
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _wrong(f"{path} cannot be read: {error.strerror or error}") from None
    kinds = {".svg": _SVG.match(content) is not None, ".png": content.startswith(_PNG)}
    if not kinds.get(path.suffix.lower()):
        raise _wrong(f"{path} is not a picture in the form SVG or PNG whose name ends with .svg or .png")
    if len(content) > MAX_LOGO:
        raise _wrong(f"{path} has {len(content):,} bytes; a logo may have {MAX_LOGO:,}")
    return path


Text = Annotated[str, BeforeValidator(_lines), AfterValidator(str.strip)]
Page = Annotated[Text, AfterValidator(_page)]
Contact = Annotated[Text, AfterValidator(_contact)]
Accent = Annotated[str, AfterValidator(_accent)]
Base = Annotated[Text, AfterValidator(_base)]
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split), Field(min_length=1)]
HostNames = Annotated[
    tuple[Annotated[str, AfterValidator(_host_name)], ...], NoDecode, BeforeValidator(_split), Field(min_length=1)
]


class Settings(BaseSettings):
    """What an operator can choose."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    practices_dir: Path = Field(default=Path("practices"), description="folder of the practice documents")
    index_dir: Path = Field(default=Path("index"), description="folder of the index, which is made from them")
    dictionaries_dir: Annotated[Path | None, BeforeValidator(_none)] = Field(
        default=None, description="folder of the dictionaries of word forms, made when missing; else in index_dir"
    )
    vocabulary_dir: Path = Field(default=_shipped("vocabulary"), description="folder of the vocabularies")
    engine: Literal["whoosh"] = Field(default="whoosh", description="search engine")
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8000, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    trusted_hosts: HostNames = Field(
        default=("127.0.0.1", "localhost", "[::1]"),
        description="host names under which the site is reached, with commas between them; others are refused",
    )
    base_url: Base = Field(default="", description="public address of the site; else that of a request")
    repository_url: Base = Field(
        default="",
        description="address of the repository of the practices, where everybody can read it: pages then link to it",
    )
    site_name: str = Field(default="Practice Atlas", min_length=1, description="name of the site")
    languages: Names = Field(
        default=("en", "fr", "it", "es", "sk", "sl", "et", "de"),
        description="languages of the interface, with commas between them, the default first",
    )
    public: bool = Field(default=False, description="public mode: the site starts only when it can say who runs it")
    publisher: Text = Field(default="", description="name of the body that runs the site")
    publisher_address: Text = Field(
        default="", description="its postal address, lines with semicolons or line breaks between them"
    )
    publisher_url: Page = Field(default="", description="address of its own site")
    contact_address: Contact = Field(
        default="", description="mailbox of a role, or page, for questions and reports: in the imprint and every footer"
    )
    enforcement_body: Text = Field(
        default="", description="name of the authority that takes complaints about accessibility"
    )
    enforcement_url: Page = Field(default="", description="address of that authority's page for complaints")
    privacy_contact: Contact = Field(default="", description="mailbox or page of the data protection officer")
    accessibility_status: Literal["fully", "partially", "not"] = Field(
        default="partially", description="how far the site conforms with EN 301 549: fully, partially or not"
    )
    accessibility_date: Annotated[date | None, BeforeValidator(_none), AfterValidator(_past)] = Field(
        default=None, description="date of the last assessment of accessibility, like 2026-03-31"
    )
    accessibility_issues: Text = Field(
        default="", description="what is not accessible and why, as plain text, one thing a line"
    )
    logo: Annotated[Path | None, BeforeValidator(_none), AfterValidator(_picture)] = Field(
        default=None, description="file of a logo, SVG or PNG, that stands in place of ours"
    )
    accent_light: Accent = Field(default="#b0371a", description="colour of accents on light pages, as #rrggbb")
    accent_dark: Accent = Field(default="#ff9c7d", description="colour of accents on dark pages, as #rrggbb")
    watch: bool = Field(default=True, description="index again when documents change while the site runs")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="the least severe messages that are logged"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments come before the environment, and that before the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def read_settings(config: Path | None = None, given: Mapping[str, object] | None = None) -> Settings:
    """The settings in force: those given, then the environment's, then those of a TOML file, then the defaults.

    Raises: ValidationError naming the setting; OSError or ValueError that name the file when it cannot be read.
    """
    if config is None:
        return Settings(**dict(given or {}))  # type: ignore[arg-type]  # pydantic converts and checks
    _require_toml(config)
    from_file = type("Settings", (Settings,), {"model_config": SettingsConfigDict(toml_file=config)})
    return Settings.model_validate(dict(from_file(**dict(given or {}))))


def _require_toml(config: Path) -> None:
    """Read a file once for what is wrong with it; the source of settings would pass over one that is not there."""
    try:
        tomllib.loads(config.read_text(encoding="utf-8"))
    except OSError as error:
        raise OSError(
            f"the file {config} cannot be read: {error.strerror or error}\n"
            "    fix: name a file of settings with --config"
        ) from None
    except UnicodeDecodeError:
        raise ValueError(f"the file {config} is not text in UTF-8\n    fix: save it in that encoding") from None
    except tomllib.TOMLDecodeError as error:
        raise ValueError(
            f"the file {config} is not TOML: {error}\n"
            '    fix: write one setting a line, and put quotes around text, like site_name = "Practice Atlas"'
        ) from None


def unknown_variables(names: Iterable[str]) -> list[str]:
    """Those among the names of environment variables that look like a setting and are none."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    return sorted(
        name
        for name in names
        if name.upper().startswith(PREFIX) and name.upper() not in known and not name.upper().startswith(OTHER_PREFIXES)
    )


def in_plain_words(error: Mapping[str, Any]) -> str:
    """What is wrong with the value of a setting and what to write, given what pydantic has found."""
    kind, context = str(error["type"]), error.get("ctx", {})
    if kind == "setting":
        return str(error["msg"])
    endings = {
        "date": "is not a day; write the date as 2026-03-31",
        "bool": "is neither true nor false; write one of them",
        "int": "is not a whole number; write one in digits",
        "string": "is not text; write it in quotes",
        "path": "is not the name of a file or folder; write it in quotes",
        "tuple": 'is not a list; write it with commas, in a file as ["one", "two"]',
        "literal": f"is not known; write {context.get('expected')}",
        "greater": f"is too small; write at least {context.get('ge')}",
        "less": f"is too large; write at most {context.get('le')}",
    }
    if kind in {"string_too_short", "too_short"}:
        return "is empty; write something, or leave the setting out"
    ending = endings.get(kind.partition("_")[0])
    return f'"{error["input"]}" {ending}' if ending else str(error["msg"])


def describe(settings: Settings | None = None) -> str:
    """Every setting with its explanation and its default, or with the value in force, as TOML."""
    lines = []
    for name, info in Settings.model_fields.items():
        value = getattr(settings, name) if settings else info.default
        value = "" if value is None else value
        if name == "vocabulary_dir" and settings is None:
            shown = "where the program is"
        else:
            shown = json.dumps(list(value) if isinstance(value, tuple) else value, default=str, ensure_ascii=False)
        if settings:
            lines += [f"# {info.description}", f"{name} = {shown}"]
        else:
            lines += [f"  {PREFIX}{name.upper()}", f"      {info.description} (default: {shown})"]
    return "\n".join(lines)


def as_environment(settings: Settings) -> dict[str, str]:
    """The environment in which another process of the program, in any folder, has the same settings."""
    unknown = unknown_variables(os.environ)  # said once, by this process
    environment = {name: value for name, value in os.environ.items() if name not in unknown}
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if value is None:
            continue
        if isinstance(value, Path):
            value = value.resolve()
        environment[PREFIX + name.upper()] = ",".join(value) if isinstance(value, tuple) else str(value)
    return environment
