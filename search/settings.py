"""Settings: the only reader of environment variables. Each is explained where it is declared."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)  # fmt: skip

PREFIX = "PRACTICES_"
ROOT = Path(__file__).resolve().parent.parent  # the checkout, or where the packages are installed


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


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split), Field(min_length=1)]


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
    trusted_hosts: Names = Field(
        default=("127.0.0.1", "localhost", "[::1]"),
        description="host names under which the site is reached, with commas between them; others are refused",
    )
    base_url: str = Field(
        default="", pattern=r"^(https?://[^\s?#]+)?$", description="public address of the site; else that of a request"
    )
    repository_url: str = Field(
        default="",
        pattern=r"^(https?://[^\s?#]+)?$",
        description="address of the repository of the practices, where everybody can read it: pages then link to it",
    )
    site_name: str = Field(default="Practice Atlas", min_length=1, description="name of the site")
    languages: Names = Field(
        default=("en", "fr"), description="languages of the interface, with commas between them, the default first"
    )
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


def read_settings(config: Path | None = None, given: Mapping[str, str] | None = None) -> Settings:
    """The settings in force: those given, then the environment's, then those of a TOML file, then the defaults.

    Raises: ValidationError naming the setting; OSError or ValueError when the file cannot be read.
    """
    if config is None:
        return Settings(**dict(given or {}))  # type: ignore[arg-type]  # pydantic converts and checks
    with config.open("rb"):
        pass  # a file that is named must be there; the source below would pass over it
    from_file = type("Settings", (Settings,), {"model_config": SettingsConfigDict(toml_file=config)})
    return Settings.model_validate(dict(from_file(**dict(given or {}))))


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
    environment = dict(os.environ)
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if value is None:
            continue
        if isinstance(value, Path):
            value = value.resolve()
        environment[PREFIX + name.upper()] = ",".join(value) if isinstance(value, tuple) else str(value)
    return environment
