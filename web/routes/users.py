"""Accounts, for administrators."""

from __future__ import annotations

from fastapi import APIRouter

from web import schemas, views
from web.auth import Admin
from web.deps import ServicesDep
from web.errors import responses

router = APIRouter(prefix="/api/users", tags=["users"], responses=responses(401, 403))


@router.get("")
def list_users(admin: Admin, services: ServicesDep) -> schemas.UserList:
    """Every account, by name."""
    return schemas.UserList(items=[views.user(person) for person in services.accounts.everyone()])


@router.post("", status_code=201, responses=responses(422))
def create_user(body: schemas.NewUser, admin: Admin, services: ServicesDep) -> schemas.User:
    """A new account."""
    person = services.accounts.create(body.username, body.display_name, body.role, body.password)
    services.audit.write(admin.id, "account.created", account=person.id, role=person.role.value)
    return views.user(person)


@router.patch("/{user_id}", responses=responses(404, 422))
def change_user(user_id: str, body: schemas.UserChange, admin: Admin, services: ServicesDep) -> schemas.User:
    """Change an account. A new password, or switching it off, ends its sign-ins."""
    person = services.accounts.change(
        user_id, display_name=body.display_name, role=body.role, active=body.active, password=body.password
    )
    services.audit.write(
        admin.id,
        "account.changed",
        account=person.id,
        role=person.role.value,
        active=person.active,
        password_changed=body.password is not None,
    )
    return views.user(person)
