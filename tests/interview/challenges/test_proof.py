"""Seeds, commitments and signatures: against WebCrypto's own signatures, and that nothing else passes."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from interview.challenges.proof import (
    Claim,
    derive_key,
    fingerprint_of,
    genuine,
    json_number,
    nonce_of,
    page_key,
    seed_of,
    signed_text,
)
from interview.problems import Rejected
from tests.interview.challenges.fakes import encoded
from tests.interview.world import START

# Made once by Node's WebCrypto (subtle.generateKey and subtle.sign, ECDSA P-256 with SHA-256), as the page does it.
SPKI = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEZbtuCDtaihHnBvprJbusFov0niAg1bon_lw02tgPMZ1jvvC2Un8FS44jdfdY-CZRaaRbBFuGiVsSFm9Cw3Q_VA"
CHALLENGE = "9f86d081884c7d65"
NONCE = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"
SIGNED = (
    Claim(
        -1,
        1795338000123.4,
        True,
        390,
        844,
        "qgIwLQwEhcJ8At-4v2gKKOUaK4LqBHGTKAiiWipQAA1xZep9-v7NL1_M4eln0UfFjR8-jiqBpzZ9qNbvcFtl9A",
    ),
    Claim(
        7,
        1795338004000.0,
        True,
        1920,
        1080,
        "4A-aH4KXeKs3wUCfVXCJfdiQu-_3hzpT3VeeNcx6qrldd5SiVXLPdtAT3D4Sm84aSxjRy_LlbQqPOdpBWbY8_A",
    ),
    Claim(
        31,
        1795338016512.0999,
        False,
        390,
        844,
        "GXA0Ov4q-v26-DkjOtpkybd8jWyNasl2CcXAEnL1SC-UzIC2drSStsPJZji2P4wFayja06n7dhvHlWxLG8g9FQ",
    ),
)
SDP = "v=0\r\na=fingerprint:sha-256 ab:CD:0f\r\nm=audio 9\r\na=fingerprint:SHA-256 AB:cd:0F\r\nm=video 9\r\n"


@pytest.mark.parametrize("claim", SIGNED)
def test_what_webcrypto_signed_is_genuine(claim: Claim) -> None:
    assert genuine(SPKI, CHALLENGE, NONCE, claim)


@pytest.mark.parametrize(
    "change",
    [
        {"k": 8},
        {"shown_at_ms": 1795338004000.1},
        {"visible": False},
        {"width": 1921},
        {"height": 1079},
        {"signature": SIGNED[0].signature},
        {"signature": ""},
        {"signature": "A" * 86},
        {"signature": "!" * 86},
        {"signature": "AAAA"},
    ],
)
def test_anything_else_is_not(change: dict[str, object]) -> None:
    assert not genuine(SPKI, CHALLENGE, NONCE, replace(SIGNED[1], **change))  # type: ignore[arg-type]


def test_a_signature_is_of_one_challenge_alone() -> None:
    assert not genuine(SPKI, CHALLENGE, NONCE[::-1], SIGNED[0])
    assert not genuine(SPKI, CHALLENGE[::-1], NONCE, SIGNED[0])


def test_text_that_is_signed() -> None:
    assert signed_text("c", "n", SIGNED[1]) == "candor-challenge-1|c|n|7|1795338004000|true|1920x1080"


@pytest.mark.parametrize(
    ("value", "written"),
    [(1e12, "1000000000000"), (1795338000123.4, "1795338000123.4"), (0.1 + 1e12, "1000000000000.1")],
)
def test_numbers_are_written_as_javascript_does(value: float, written: str) -> None:
    assert json_number(value) == written


def test_page_keys() -> None:
    assert page_key(SPKI) == SPKI
    other_curve = ec.generate_private_key(ec.SECP384R1()).public_key()
    other_kind = ed25519.Ed25519PrivateKey.generate().public_key()
    wrong = [
        encoded(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
        for key in (other_curve, other_kind)
    ]
    for text in (*wrong, "", "no key", SPKI[:-4]):
        with pytest.raises(Rejected, match=r"no ECDSA P-256 public key") as refused:
            page_key(text)
        assert refused.value.code == "bad_page_key"


def test_seed_is_the_hmac_of_everything_that_it_is_bound_to() -> None:
    key = derive_key(b"k" * 32)
    seed = seed_of(key, "s", "c", START, "sha-256 AB")
    assert seed == hmac.digest(key, f"s|c|{START.isoformat()}|sha-256 AB".encode(), "sha256")
    others = [
        seed_of(derive_key(b"j" * 32), "s", "c", START, "sha-256 AB"),
        seed_of(key, "t", "c", START, "sha-256 AB"),
        seed_of(key, "s", "d", START, "sha-256 AB"),
        seed_of(key, "s", "c", START + timedelta(milliseconds=1), "sha-256 AB"),
        seed_of(key, "s", "c", START, "sha-256 AC"),
    ]
    assert len({seed, *others}) == 6
    assert nonce_of(seed) == hashlib.sha256(seed).hexdigest()


def test_fingerprint_of_an_offer() -> None:
    assert fingerprint_of(SDP) == "sha-256 AB:CD:0F"
    assert fingerprint_of("v=0\r\n") == ""
    two = SDP + "a=fingerprint:sha-1 01\r\n"
    assert fingerprint_of(two) == "sha-1 01, sha-256 AB:CD:0F"


@settings(deadline=None)
@given(st.text())
def test_any_text_is_a_bad_signature_and_no_error(text: str) -> None:
    assert not genuine(SPKI, CHALLENGE, NONCE, replace(SIGNED[0], signature=text))
