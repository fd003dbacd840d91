"""Accounts, and what the console needs before anybody signs in."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from interview.store.records import Role
from web.schemas.base import Language, Name, Wire


class User(Wire):
    """A person who may sign in."""

    id: str
    username: str
    role: Role
    display_name: str
    active: bool


class SignedIn(Wire):
    """Who is signed in."""

    user: User


class Login(Wire):
    """Name and password."""

    username: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class UserList(Wire):
    """Every account."""

    items: list[User]


class NewUser(Wire):
    """An account about to be created."""

    username: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{1,49}$")]
    display_name: Name
    role: Role
    password: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class UserChange(Wire):
    """What to change of an account; what is left out stays."""

    display_name: Name | None = None
    role: Role | None = None
    active: bool | None = None
    password: Annotated[str, StringConstraints(min_length=1, max_length=500)] | None = None


class IceServer(Wire):
    """A STUN or TURN server, as RTCPeerConnection takes it."""

    urls: str
    username: str | None
    credential: str | None


class Product(Wire):
    """A loan product."""

    id: str
    name_zh: str
    name_en: str


class Config(Wire):
    """What the console needs before anybody signs in."""

    demo: bool
    institution: str
    languages: list[Language]
    version: str
    ice_servers: list[IceServer]
    products: list[Product]
    min_reason_characters: int
    min_password_characters: int


class Health(Wire):
    """The service runs."""

    status: Literal["ok"]
    version: str


class Ready(Wire):
    """Whether the service can take calls, and what keeps it from that."""

    ready: bool
    obstacles: list[str]
