"""Against NIST's CAVP vectors (CAVS 14.3, HMAC_DRBG, SHA-256, no prediction resistance, no reseed): the second kilobit counts."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.challenges.drbg import MOST_BYTES, HmacDrbg, challenge_drbg

VECTORS = {
    "no personalization, count 0": (
        "ca851911349384bffe89de1cbdc46e6831e44d34a4fb935ee285dd14b71a7488",
        "659ba96c601dc69fc902940805ec0ca8",
        "",
        "e528e9abf2dece54d47c7e75e5fe302149f817ea9fb4bee6f4199697d04d5b89d54fbb978a15b5c443c9ec21036d2460"
        "b6f73ebad0dc2aba6e624abf07745bc107694bb7547bb0995f70de25d6b29e2d3011bb19d27676c07162c8b5ccde0668"
        "961df86803482cb37ed6d5c0bb8d50cf1f50d476aa0458bdaba806f48be9dcb8",
    ),
    "no personalization, count 1": (
        "79737479ba4e7642a221fcfd1b820b134e9e3540a35bb48ffae29c20f5418ea3",
        "3593259c092bef4129bc2c6c9e19f343",
        "",
        "cf5ad5984f9e43917aa9087380dac46e410ddc8a7731859c84e9d0f31bd43655b924159413e2293b17610f211e09f770"
        "f172b8fb693a35b85d3b9e5e63b1dc252ac0e115002e9bedfb4b5b6fd43f33b8e0eafb2d072e1a6fee1f159df9b51e6c"
        "8da737e60d5032dd30544ec51558c6f080bdbdab1de8a939e961e06b5f1aca37",
    ),
    "personalization, count 0": (
        "5cacc68165a2e2ee20812f35ec73a79dbf30fd475476ac0c44fc6174cdac2b55",
        "6f885496c1e63af620becd9e71ecb824",
        "e72dd8590d4ed5295515c35ed6199e9d211b8f069b3058caa6670b96ef1208d0",
        "f1012cf543f94533df27fedfbf58e5b79a3dc517a9c402bdbfc9a0c0f721f9d53faf4aafdc4b8f7a1b580fcaa52338d4"
        "bd95f58966a243cdcd3f446ed4bc546d9f607b190dd69954450d16cd0e2d6437067d8b44d19a6af7a7cfa8794e5fbd72"
        "8e8fb2f2e8db5dd4ff1aa275f35886098e80ff844886060da8b1e7137846b23b",
    ),
}


@pytest.mark.parametrize(("entropy", "nonce", "personal", "expected"), VECTORS.values(), ids=list(VECTORS))
def test_it_gives_what_nist_says(entropy: str, nonce: str, personal: str, expected: str) -> None:
    drbg = HmacDrbg(*(bytes.fromhex(part) for part in (entropy, nonce, personal)))
    drbg.generate(128)
    assert drbg.generate(128).hex() == expected


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=40), st.integers(1, 1000))
def test_a_draw_is_below_its_limit_and_repeats(seed: bytes, limit: int) -> None:
    draws = [HmacDrbg(seed).below(limit) for _ in range(2)]
    assert draws[0] == draws[1]
    assert 0 <= draws[0] < limit


def test_every_number_is_as_likely() -> None:
    drbg = HmacDrbg(b"fair")
    counts = Counter(drbg.choose("abc") for _ in range(3000))
    assert set(counts) == set("abc")
    assert all(abs(count - 1000) < 5 * (3000 * 2 / 9) ** 0.5 for count in counts.values())


def test_purposes_are_kept_apart() -> None:
    seed = bytes(range(32))
    assert challenge_drbg(seed, "flash-1").generate(16) != challenge_drbg(seed, "pose-1").generate(16)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: HmacDrbg(b""),
        lambda: HmacDrbg(b"x").generate(MOST_BYTES + 1),
        lambda: HmacDrbg(b"x").below(0),
        lambda: HmacDrbg(b"x").below((1 << 16) + 1),
    ],
)
def test_what_cannot_be_drawn_is_refused(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(ValueError, match=r"seed|one request|a draw"):
        ask()
