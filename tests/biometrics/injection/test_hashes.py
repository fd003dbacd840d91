"""Motion hashes: known bits, a replay found at its place, strangers not, and fingerprints that survive the journal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from biometrics.attacklab.channel import Channel, decoded, encode
from biometrics.injection.hashes import (
    BITS,
    Fingerprint,
    Fingerprinting,
    MotionHasher,
    Reuse,
    ReuseSearch,
    Stretch,
)
from biometrics.injection.motion import AREAS, SLOT_HZ, Floats, areas, luma_of, small
from biometrics.media import Frame
from tests.biometrics.detectors.test_injection_frames import clips, talking
from tests.biometrics.injection.test_loop import wander


def fingerprint(motion: NDArray[np.float32]) -> Fingerprint:
    making = Fingerprinting()
    for k, each in enumerate(motion):
        making.push(k / SLOT_HZ, each)
    return making.fingerprint()


def search(
    motion: NDArray[np.float32], *past: Fingerprint, began_s: float = 0.0, hz: float = SLOT_HZ
) -> list[Reuse]:
    looking = ReuseSearch()
    for each in past:
        looking.add(each)
    found = [looking.push(began_s + k / hz, each) for k, each in enumerate(motion)]
    return [each for each in found if each is not None]


def test_a_hash_is_the_signs_of_sylvester_s_mixtures_of_the_change() -> None:
    rng = np.random.default_rng(1)
    then, now = rng.normal(0, 5, (2, AREAS)).astype(np.float32)
    hasher = MotionHasher((0,))
    for k in range(10):
        list(hasher.push(k / SLOT_HZ, then))
    (hashed,) = hasher.push(10 / SLOT_HZ, now)
    assert hashed.place == 10
    signs = [
        sum(
            (-1.0) ** bin(row & (column + 1)).count("1") * float(now[column] - then[column])
            for column in range(AREAS)
        )
        > 0
        for row in range(BITS)
    ]
    assert hashed.bits == int("".join("01"[sign] for sign in signs), 2)


def test_what_hardly_moves_has_no_hash() -> None:
    still = np.random.default_rng(1).normal(0, 0.2, (100, AREAS)).astype(np.float32)
    hasher = MotionHasher()
    assert {each.bits for k in range(100) for each in hasher.push(k / SLOT_HZ, still[k])} == {None}
    assert fingerprint(still) == Fingerprint(())
    assert search(still, fingerprint(wander(20.0))) == []


@settings(max_examples=10, deadline=None)
@given(cut_s=st.floats(0.0, 8.0), began_s=st.floats(0.0, 90.0))
def test_a_replay_is_found_at_its_place_whenever_it_begins(cut_s: float, began_s: float) -> None:
    motion = wander(20.0)
    noise = np.random.default_rng(2).normal(0, 0.3, motion.shape).astype(np.float32)
    cut = round(cut_s * SLOT_HZ)
    found = search(
        (motion + noise)[cut:], fingerprint(wander(16.0, seed=9)), fingerprint(motion), began_s=began_s
    )
    best = min(found, key=lambda each: each.differs)
    assert best.session == 1
    assert best.differs < 0.15
    assert cut_s - 0.2 <= best.at_s <= 15.4


def test_strangers_differ_in_about_half_of_their_bits() -> None:
    found = search(wander(30.0, seed=3), *(fingerprint(wander(16.0, seed=seed)) for seed in range(10, 16)))
    assert min(each.differs for each in found) > 0.4


def test_the_part_of_a_second_where_it_is_found_is_right() -> None:
    motion = wander(24.0)
    looking = ReuseSearch()
    looking.add(fingerprint(motion))
    for k, each in enumerate(motion):
        reuse = looking.push(100.0 + k / SLOT_HZ, each)
        if reuse is not None and reuse.differs < 0.05:
            assert reuse.at_s == pytest.approx(k / SLOT_HZ - 4.8, abs=0.21)


@given(
    st.lists(
        st.tuples(
            st.floats(0, 9e3),
            st.lists(st.tuples(st.integers(0, 2**64 - 1), st.booleans()), min_size=1, max_size=45),
        ),
        max_size=3,
    )
)
def test_fingerprints_survive_json(parts: list[tuple[float, list[tuple[int, bool]]]]) -> None:
    stretches = tuple(
        Stretch(round(start, 3), np.array([h for h, _ in each], np.uint64), np.array([k for _, k in each]))
        for start, each in parts
    )
    again = Fingerprint.of(json.loads(json.dumps(Fingerprint(stretches).values())))
    assert len(again.stretches) == len(stretches)
    for one, other in zip(again.stretches, stretches, strict=True):
        assert one.start_s == other.start_s
        np.testing.assert_array_equal(one.hashes, other.hashes)
        np.testing.assert_array_equal(one.known, other.known)


@pytest.mark.parametrize(
    "values",
    [{}, {"stretches": 3}, {"stretches": [{}]}, {"stretches": [{"start_s": 0, "hashes": "?", "known": ""}]},
     {"stretches": [{"start_s": 0, "hashes": "AAAAAAAAAAA=", "known": ""}]}, {"stretches": [{"start_s": 0, "hashes": "AAAA", "known": "AA=="}]}],
)  # fmt: skip
def test_anything_else_is_refused_in_a_sentence(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"this is no fingerprint|buffer size"):
        Fingerprint.of(values)


def test_a_session_is_remembered_by_a_minute_at_most() -> None:
    found = fingerprint(wander(200.0))
    assert sum(len(each.hashes) for each in found.stretches) == 320
    starts = [each.start_s for each in found.stretches]
    assert starts == sorted(starts)
    assert len(json.dumps(found.values())) < 5000


Moved = Sequence[tuple[float, Floats]]


def moved(frames: Iterable[Frame]) -> Moved:
    return [(frame.t, areas(small(luma_of(frame.image)))) for frame in frames]


def remembered(motion: Moved) -> Fingerprint:
    making = Fingerprinting()
    for t, each in motion:
        making.push(t, each)
    return making.fingerprint()


def least(motion: Moved, *past: Fingerprint) -> float:
    looking = ReuseSearch()
    for each in past:
        looking.add(each)
    found = [looking.push(t, each) for t, each in motion]
    return min((each.differs for each in found if each is not None), default=1.0)


@pytest.mark.shared
def test_real_people_differ_from_each_other_and_not_from_themselves_played_again() -> None:
    if not clips():
        pytest.skip("needs CANDOR_SHARED")
    shown = {path.stem: moved(talking([path])) for path in clips()}
    past = {name: remembered(motion) for name, motion in shown.items()}
    for name, motion in shown.items():
        others = [each for other, each in past.items() if other != name]
        assert least(motion, *others) > 0.43, name
    long = [path for path in clips() if past[path.stem].stretches]
    assert len(long) >= 4
    for path in long:
        frames = list(talking([path]))[:300]
        whole, t = np.stack([frame.image for frame in frames]), np.array([frame.t for frame in frames])
        height, width = whole.shape[1:3]
        down, across = int(0.075 * height), int(0.075 * width)
        cropped = np.stack(
            [cv2.resize(image[down:-down, across:-across], (width, height)) for image in whole]
        ).astype(np.uint8)
        assert least(moved(decoded(encode(whole, t, Channel(400)))), past[path.stem]) < 0.08, path.stem
        assert least(moved(decoded(encode(cropped, t, Channel(400)))), past[path.stem]) < 0.33, path.stem


def test_who_hardly_moves_is_remembered_too() -> None:
    """Changes of 0.6 of 255 in ten seconds: of a lab person who sits still."""
    motion = wander(10.0, size=0.56)
    assert 0.5 < float(np.sqrt(np.mean((motion[10:] - motion[:-10]) ** 2))) < 0.8
    noise = np.random.default_rng(2).normal(0, 0.05, motion.shape).astype(np.float32)
    found = search(motion + noise, fingerprint(motion))
    assert min(each.differs for each in found) < 0.2
