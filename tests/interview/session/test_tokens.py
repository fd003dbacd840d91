"""Links: only ours, only the present one, only in the browser that opened it, only in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.problems import LinkRefused
from interview.store.records import Link
from interview.tokens import GRACE, LinkSigner, fingerprint, new_link, open_link
from tests.interview.world import KEY, START

VALID = timedelta(hours=24)
SIGNER = LinkSigner(KEY)


def test_token_says_what_was_signed() -> None:
    link = new_link(START, VALID)
    claims = SIGNER.read(SIGNER.token("abc123", link))
    assert (claims.session_id, claims.nonce, claims.expires_at) == ("abc123", link.nonce, START + VALID)


def test_same_link_gives_same_token_and_each_link_another() -> None:
    link = new_link(START, VALID)
    assert SIGNER.token("s", link) == SIGNER.token("s", link)
    assert SIGNER.token("s", link) != SIGNER.token("s", new_link(START, VALID))
    assert SIGNER.token("s", link) != SIGNER.token("t", link)


@given(st.data())
def test_any_single_character_changed_is_refused(data: st.DataObject) -> None:
    token = SIGNER.token("abc123", Link("n0nce-_", START + VALID))
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("Aa0-_.z").filter(lambda c: c != token[place]))
    forged = token[:place] + other + token[place + 1 :]
    with pytest.raises(LinkRefused, match="not valid"):
        SIGNER.read(forged)


@given(st.text(max_size=600))
def test_no_text_but_ours_is_taken(text: str) -> None:
    with pytest.raises(LinkRefused) as refused:
        SIGNER.read(text)
    assert refused.value.code == "link_invalid"


def test_another_key_signs_nothing_for_us() -> None:
    token = LinkSigner(b"x" * 32).token("s", new_link(START, VALID))
    with pytest.raises(LinkRefused):
        SIGNER.read(token)


def test_known_answer() -> None:
    # HMAC-SHA256 under 32 times "k", computed with: printf %s BODY | openssl dgst -sha256 -hmac KEY -binary | base64, URL-safe
    token = SIGNER.token("abc123", Link("n0nce", START + VALID))
    assert token == "abc123.1795597200.n0nce.VUcH4OBR0fpppfo00qnWASMrbxb7IUDLQWEKL2idFxE"


def test_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 32 bytes"):
        LinkSigner(b"short")


def test_first_browser_keeps_the_link_and_comes_back_with_its_secret() -> None:
    link = new_link(START, VALID)
    claims = SIGNER.read(SIGNER.token("s", link))
    first = open_link(link, claims, None, START)
    assert first.first
    assert first.link.browser == fingerprint(first.secret)
    again = open_link(first.link, claims, first.secret, START)
    assert (again.first, again.link) == (False, first.link)


@pytest.mark.parametrize("secret", [None, "", "somebody else's"])
def test_another_browser_is_refused(secret: str | None) -> None:
    link = new_link(START, VALID)
    claims = SIGNER.read(SIGNER.token("s", link))
    bound = open_link(link, claims, None, START).link
    with pytest.raises(LinkRefused) as refused:
        open_link(bound, claims, secret, START)
    assert refused.value.code == "link_used"


def test_secret_brought_along_does_not_bind_a_fresh_link() -> None:
    link = new_link(START, VALID)
    opened = open_link(link, SIGNER.read(SIGNER.token("s", link)), "chosen by the browser", START)
    assert opened.secret != "chosen by the browser"


def test_replaced_link_is_refused() -> None:
    old, new = new_link(START, VALID), new_link(START, VALID)
    with pytest.raises(LinkRefused) as refused:
        open_link(new, SIGNER.read(SIGNER.token("s", old)), None, START)
    assert refused.value.code == "link_replaced"


def test_expires_to_the_second_for_those_who_have_not_opened_it() -> None:
    link = new_link(START, VALID)
    claims = SIGNER.read(SIGNER.token("s", link))
    assert open_link(link, claims, None, START + VALID - timedelta(seconds=1)).first
    with pytest.raises(LinkRefused) as refused:
        open_link(link, claims, None, START + VALID)
    assert refused.value.code == "link_expired"


def test_browser_that_opened_it_in_time_may_finish_the_call() -> None:
    link = new_link(START, VALID)
    claims = SIGNER.read(SIGNER.token("s", link))
    opened = open_link(link, claims, None, START)
    late = START + VALID + GRACE
    assert not open_link(opened.link, claims, opened.secret, late - timedelta(seconds=1)).first
    with pytest.raises(LinkRefused, match="expired"):
        open_link(opened.link, claims, opened.secret, late)


def test_csrf_token_belongs_to_one_sign_in() -> None:
    assert SIGNER.csrf("one") == SIGNER.csrf("one")
    assert len({SIGNER.csrf("one"), SIGNER.csrf("two"), LinkSigner(b"x" * 32).csrf("one")}) == 3


def test_unopened_link_is_bound_only_where_that_is_asked_for() -> None:
    link = new_link(START, VALID)
    claims = SIGNER.read(SIGNER.token("s", link))
    with pytest.raises(LinkRefused) as refused:
        open_link(link, claims, "some secret", START, bind=False)
    assert refused.value.code == "link_unopened"
    opened = open_link(link, claims, None, START)
    assert open_link(opened.link, claims, opened.secret, START, bind=False).link == opened.link
