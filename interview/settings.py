"""Every setting of the service, from the environment (``CANDOR_*``) or ``.env``. Read once, by the composition root."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from interview.jurisdiction import DEFAULT, Place


class IceServer(BaseModel):
    """A STUN or TURN server, as browsers take it."""

    urls: str
    username: str | None = None
    credential: str | None = None


class Product(BaseModel):
    """A loan product that an interview can be about."""

    id: str
    name_zh: str
    name_en: str


def _products() -> list[Product]:
    return [
        Product(id="working-capital", name_zh="经营快贷", name_en="Working capital loan"),
        Product(id="equipment", name_zh="设备贷款", name_en="Equipment loan"),
        Product(id="trade", name_zh="贸易融资", name_en="Trade finance"),
    ]


class Settings(BaseSettings):
    """Deployment settings. Lists (``ice_servers``, ``products``) are given as JSON."""

    model_config = SettingsConfigDict(env_prefix="CANDOR_", env_file=".env", extra="ignore", frozen=True)

    institution: str = "Candor Bank"
    data_dir: Path = Path("var")
    """Database, recordings, references and the signing key live here."""
    database_url: str = ""
    """Any SQLAlchemy URL; empty means SQLite in ``data_dir``."""
    cache_dir: Path | None = None
    """Models; empty means the platform's cache folder."""
    mirror: Path | None = None
    """A folder with upstream weights, for machines that cannot reach upstream."""
    own_models: Path | None = None
    """A folder with ``models.toml``: own weights that take the place of the models of these names."""
    profile: Literal["development", "production"] = "development"
    """``production`` refuses models whose licence is research-only or unclear, and plain HTTP beyond this machine."""

    host: str = "127.0.0.1"
    port: int = Field(default=8700, ge=0, le=65535)
    public_url: str = ""
    """What applicants' links start with; empty means what the officer's browser used."""
    tls_certificate: Path | None = None
    tls_key: Path | None = None

    ice_servers: list[IceServer] = []
    media_loopback: bool = False
    """Also offer the loopback address for media: for a browser on this very machine."""

    workers: int = Field(default=1, ge=1, le=256)
    """Analysis processes."""
    sessions_per_worker: int = Field(default=8, ge=1, le=64)
    prior: float = Field(default=0.005, gt=0.0, lt=1.0)
    """Fraud prevalence of the deployment: where the probability starts."""
    parameters: str = "default"
    """The shipped parameters, or a folder of them. An interview keeps those that it was made with, word for word."""
    policy: str = "default"
    """The shipped policy or a file, for every product; or a folder with a file for each, and ``default.json`` for the others. Kept likewise."""
    jurisdiction: Place = DEFAULT
    """Where the interviews take place: ``eu`` switches the analysis of behaviour off, and nobody is asked to agree to it."""
    link_valid_hours: int = Field(default=24, ge=1, le=24 * 30)
    products: list[Product] = Field(default_factory=_products)
    templates: Path | None = None
    """A folder with the questions of interviews, PRODUCT.json each; a file there takes the place of the shipped one of its name."""

    @model_validator(mode="after")
    def _tls_is_whole(self) -> Self:
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("CANDOR_TLS_CERTIFICATE and CANDOR_TLS_KEY belong together: set both or neither")
        return self

    @property
    def database(self) -> str:
        """The database URL in force."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'candor.db').resolve()}"

    @property
    def secure(self) -> bool:
        """Whether the service itself speaks TLS, or is published under https."""
        return self.tls_certificate is not None or self.public_url.startswith("https://")
