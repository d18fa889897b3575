"""The settings of one deployment, read once from the environment and from `settings.env` of its home."""

from __future__ import annotations

import os
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from graph_crm.language import Language


class LogFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


class OrganisationVisibility(StrEnum):
    OPEN = "open"
    PRIVATE = "private"


def default_home() -> Path:
    """The folder that holds everything of one deployment unless GRAPH_CRM_HOME names another."""
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "graph_crm"


class Settings(BaseSettings):
    """Each field is one environment variable with the prefix `GRAPH_CRM_`."""

    model_config = SettingsConfigDict(env_prefix="GRAPH_CRM_", extra="ignore")

    home: Path = Field(default_factory=default_home, description="Folder of data, keys, settings and logs.")
    neo4j_uri: str | None = Field(
        default=None, description="Bolt address of a Neo4j of yours; without it the local server is used."
    )
    neo4j_user: str = Field(default="neo4j", description="Name the service signs in with.")
    neo4j_password: SecretStr | None = Field(default=None, description="Password for that name.")
    neo4j_password_file: Path | None = Field(
        default=None, description="File whose first line is the password; use it instead of the password."
    )
    neo4j_database: str = Field(default="neo4j", description="Name of the database.")
    listen: str = Field(default="127.0.0.1:8000", description="Address and port the service answers on.")
    allowed_origins: Annotated[list[str], NoDecode] = Field(
        default_factory=list[str], description="Web origins that may call the API, separated by commas."
    )
    default_currency: str | None = Field(default=None, description="ISO 4217 code for amounts that come without one.")
    default_region: str = Field(
        default="FR",
        description="ISO 3166 code of the country that phone numbers without a prefix belong to.",
    )
    language: Language = Field(default=Language.EN, description="Language of people who chose none: en or fr.")
    log_format: LogFormat = Field(default=LogFormat.TEXT, description="Log lines as text or json.")
    visibility: OrganisationVisibility = Field(
        default=OrganisationVisibility.OPEN,
        description="open: all of ours see all accounts; private: owners, their teams and shares.",
    )

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("language", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("default_currency", mode="before")
    @classmethod
    def _currency(cls, value: object) -> object:
        if not isinstance(value, str) or not value.strip():
            return None
        code = value.strip().upper()
        if len(code) != 3 or not code.isascii() or not code.isalpha():
            message = "a currency is three letters, such as EUR"
            raise ValueError(message)
        return code

    @model_validator(mode="after")
    def _one_password(self) -> Self:
        if self.neo4j_password is not None and self.neo4j_password_file is not None:
            message = "give GRAPH_CRM_NEO4J_PASSWORD or GRAPH_CRM_NEO4J_PASSWORD_FILE, not both"
            raise ValueError(message)
        return self

    @cached_property
    def listen_address(self) -> tuple[str, int]:
        """Host and port of `listen`."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]") or "127.0.0.1", int(port)

    def password(self) -> str | None:
        """The database password that was given, from the variable or from the file."""
        if self.neo4j_password is not None:
            return self.neo4j_password.get_secret_value()
        if self.neo4j_password_file is not None:
            return self.neo4j_password_file.read_text("utf-8").splitlines()[0].strip()
        return None


def read_settings() -> Settings:
    """The settings of this process: the environment first, then `settings.env` in the home."""
    home = Settings().home
    return Settings(_env_file=home / "settings.env")  # pyright: ignore[reportCallIssue]
