"""Accounts: who gets in, for how long, and what an administrator can and cannot do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from interview.accounts import IDLE, LONGEST, Accounts
from interview.problems import NotFound, Rejected, SignInFailed
from interview.store.records import Role
from tests.interview.world import PASSWORD, World, cheap_hasher


def test_signs_in_with_name_and_password_whatever_the_case_of_the_name(world: World) -> None:
    li = world.person("li")
    sign_in = world.accounts.sign_in("  LI ", PASSWORD)
    assert sign_in.user == li
    assert world.accounts.user_of(sign_in.secret) == li


@pytest.mark.parametrize(("name", "password"), [("li", "wrong password"), ("nobody", PASSWORD), ("li", "")])
def test_wrong_name_and_wrong_password_are_told_alike(world: World, name: str, password: str) -> None:
    world.person("li")
    with pytest.raises(SignInFailed, match=r"The name or the password is wrong\."):
        world.accounts.sign_in(name, password)


def test_password_is_stored_as_argon2id_and_the_sign_in_as_a_hash(world: World) -> None:
    world.person("li")
    sign_in = world.accounts.sign_in("li", PASSWORD)
    found = world.repository.people.credentials("li")
    assert found is not None
    assert found[1].startswith("$argon2id$")
    assert PASSWORD not in found[1]
    assert world.repository.people.signed_in(sign_in.secret, world.clock.now(), IDLE) is None


def test_every_sign_in_has_its_own_secret(world: World) -> None:
    world.person("li")
    assert world.accounts.sign_in("li", PASSWORD).secret != world.accounts.sign_in("li", PASSWORD).secret


def test_sign_in_ends_when_idle_too_long(world: World) -> None:
    world.person("li")
    secret = world.accounts.sign_in("li", PASSWORD).secret
    for _ in range(3):  # each request keeps it alive
        world.clock.at += IDLE
        assert world.accounts.user_of(secret) is not None
    world.clock.at += IDLE + timedelta(seconds=1)
    assert world.accounts.user_of(secret) is None


def test_sign_in_ends_after_a_working_day_however_busy(world: World) -> None:
    world.person("li")
    secret = world.accounts.sign_in("li", PASSWORD).secret
    for _ in range(int(LONGEST / timedelta(hours=1)) - 1):
        world.clock.go_on(hours=1)
        assert world.accounts.user_of(secret) is not None
    world.clock.go_on(hours=1)
    assert world.accounts.user_of(secret) is None


def test_signing_out_ends_one_sign_in_and_not_the_other(world: World) -> None:
    world.person("li")
    first, second = (world.accounts.sign_in("li", PASSWORD).secret for _ in range(2))
    world.accounts.sign_out(first)
    assert world.accounts.user_of(first) is None
    assert world.accounts.user_of(second) is not None


def test_new_password_ends_every_sign_in_and_replaces_the_old_one(world: World) -> None:
    li = world.person("li")
    secret = world.accounts.sign_in("li", PASSWORD).secret
    world.accounts.change(li.id, password="another long password")
    assert world.accounts.user_of(secret) is None
    assert world.accounts.sign_in("li", "another long password").user.id == li.id
    with pytest.raises(SignInFailed):
        world.accounts.sign_in("li", PASSWORD)


def test_switched_off_account_is_out_at_once_and_stays_out(world: World) -> None:
    li = world.person("li")
    secret = world.accounts.sign_in("li", PASSWORD).secret
    assert not world.accounts.change(li.id, active=False).active
    assert world.accounts.user_of(secret) is None
    with pytest.raises(SignInFailed):
        world.accounts.sign_in("li", PASSWORD)


def test_changing_a_name_keeps_the_sign_in(world: World) -> None:
    li = world.person("li")
    secret = world.accounts.sign_in("li", PASSWORD).secret
    world.accounts.change(li.id, display_name="李经理", role=Role.COMPLIANCE)
    seen = world.accounts.user_of(secret)
    assert seen is not None
    assert (seen.display_name, seen.role) == ("李经理", Role.COMPLIANCE)


def test_taken_name_and_short_password_are_refused(world: World) -> None:
    world.person("li")
    with pytest.raises(Rejected) as taken:
        world.person("Li")
    assert taken.value.code == "username_taken"
    with pytest.raises(Rejected) as short:
        world.accounts.create("wang", "Wang", Role.OFFICER, "short")
    assert short.value.code == "password_too_short"
    assert [user.username for user in world.accounts.everyone()] == ["li"]


@pytest.mark.parametrize("change", [{"role": Role.OFFICER}, {"active": False}])
def test_last_administrator_stays(world: World, change: dict[str, Role | bool]) -> None:
    root = world.person("root", Role.ADMIN)
    with pytest.raises(Rejected) as refused:
        world.accounts.change(root.id, **change)  # type: ignore[arg-type]
    assert refused.value.code == "last_admin"
    world.person("second", Role.ADMIN)
    world.accounts.change(root.id, **change)  # type: ignore[arg-type]
    assert world.accounts.get(root.id).role is change.get("role", Role.ADMIN)


def test_unknown_account(world: World) -> None:
    with pytest.raises(NotFound):
        world.accounts.change("nobody", active=False)


def test_hash_of_weaker_parameters_is_renewed_on_sign_in(world: World) -> None:
    world.person("li")
    weak = world.repository.people.credentials("li")
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    Accounts(world.repository.people, world.clock.now, stronger).sign_in("li", PASSWORD)
    renewed = world.repository.people.credentials("li")
    assert weak is not None
    assert renewed is not None
    assert cheap_hasher().check_needs_rehash(renewed[1])
    assert not stronger.check_needs_rehash(renewed[1])


def test_expired_sign_ins_are_cleared_away(world: World) -> None:
    world.person("li")
    world.accounts.sign_in("li", PASSWORD)
    world.clock.at += LONGEST
    fresh = world.accounts.sign_in("li", PASSWORD)
    assert world.repository.people.count_sign_ins() == 1
    assert world.accounts.user_of(fresh.secret) is not None
