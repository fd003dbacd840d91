"""`candor users`: the people who may sign in."""

from __future__ import annotations

import secrets
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from interview.accounts import Accounts
from interview.problems import NotFound
from interview.settings import Settings
from interview.storage import open_accounts
from interview.store.records import Role, User

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="List, add and change accounts.",
)

Username = Annotated[str, typer.Argument(help="The name to sign in with.")]
Password = Annotated[
    str,
    typer.Option(
        envvar="CANDOR_PASSWORD",
        prompt=True,
        hide_input=True,
        confirmation_prompt=True,
        help="At least 10 characters.",
    ),
]


@app.command("list")
def list_users() -> None:
    """List all accounts."""
    table = Table("name", "role", "shown as", "active")
    for user in _accounts().everyone():
        table.add_row(user.username, user.role.value, user.display_name, "yes" if user.active else "no")
    Console().print(table)


@app.command()
def add(
    username: Username,
    role: Annotated[
        Role, typer.Option(help="officer holds interviews, compliance reviews them, admin manages accounts.")
    ],
    password: Password,
    name: Annotated[str, typer.Option(help="How the account is shown; the username by default.")] = "",
) -> None:
    """Add an account."""
    user = _accounts().create(username, name or username, role, password)
    Console().print(f"{user.username} may now sign in as {user.role.value}.")


@app.command()
def password(username: Username, password: Password) -> None:
    """Give an account a new password. Ends its sign-ins."""
    accounts = _accounts()
    accounts.change(_named(accounts, username).id, password=password)
    Console().print(f"{username} has a new password.")


@app.command()
def disable(username: Username) -> None:
    """Switch an account off. Ends its sign-ins."""
    accounts = _accounts()
    accounts.change(_named(accounts, username).id, active=False, password=secrets.token_urlsafe(24))
    Console().print(f"{username} can no longer sign in.")


def _accounts() -> Accounts:
    return open_accounts(Settings())


def _named(accounts: Accounts, username: str) -> User:
    for user in accounts.everyone():
        if user.username == username.lower():
            return user
    raise NotFound(f"There is no account named {username}.", f"账号 {username} 不存在。")
