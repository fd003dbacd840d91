"""Bands across the picture: known waves, motion that is none, and what all rows share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from biometrics.face.pad.bands import FLOOR, LEAST_CHANGES, BandWatch, shared_power

FPS = 25.0
SIZE = (256, 192)
Picture = NDArray[np.uint8]


def _scene() -> NDArray[np.float64]:
    """A picture whose columns differ: something bright to the left, something dark to the right."""
    across = np.linspace(160.0, 60.0, SIZE[1])
    return np.repeat(np.repeat(across[np.newaxis], SIZE[0], axis=0)[..., np.newaxis], 3, axis=2)


def _banded(k: int, depth: float, cycles: float = 3.0, hz: float = 7.0) -> Picture:
    down = np.arange(SIZE[0]) / SIZE[0]
    gain = 1 + depth * np.sin(2 * np.pi * (cycles * down + hz * k / FPS))
    return np.round(_scene() * gain[:, np.newaxis, np.newaxis]).astype(np.uint8)


def _watch(pictures: list[Picture], fps: float = FPS) -> float | None:
    watch = BandWatch()
    for k, picture in enumerate(pictures):
        watch.push(k / fps, picture)
    return watch.take()


@pytest.mark.parametrize("depth", [0.02, 0.05, 0.1])
def test_bands_are_as_deep_as_their_change_from_frame_to_frame(depth: float) -> None:
    """sin(a + d) - sin(a) has an amplitude of 2 sin(d / 2); codes of 8 added to some 110 take 7 % of it, smoothing the rest."""
    expected = depth * 2 * np.sin(np.pi * 7 / FPS) / np.sqrt(2)
    found = _watch([_banded(k, depth) for k in range(30)])
    assert found is not None
    assert np.exp(found) == pytest.approx(expected + FLOOR, rel=0.2)


def test_a_still_picture_has_none() -> None:
    assert _watch([_banded(0, 0.0)] * 30) == pytest.approx(np.log(FLOOR))


def test_what_brightens_as_a_whole_has_none() -> None:
    scene = _scene()
    found = _watch([np.round(scene * (1 + 0.2 * np.sin(k))).astype(np.uint8) for k in range(30)])
    assert found is not None
    assert np.exp(found) < 3 * FLOOR


def test_what_moves_in_one_part_of_the_picture_is_no_band() -> None:
    pictures = []
    for k in range(30):
        picture = _banded(0, 0.0)
        top = 40 + round(60 * (1 + np.sin(k)))
        picture[top : top + 60, 70:120] = 20
        pictures.append(picture)
    moving, banded = _watch(pictures), _watch([_banded(k, 0.05) for k in range(30)])
    assert moving is not None
    assert banded is not None
    assert np.exp(moving) < 0.2 * np.exp(banded)


@given(st.integers(0, 2**32 - 1))
def test_noise_that_the_thirds_do_not_share_gives_no_power_on_average(seed: int) -> None:
    change = np.random.default_rng(seed).normal(0, 0.1, (64, 24)).astype(np.float32)
    rows = np.repeat(change[:, :1], 24, axis=1)
    assert abs(shared_power(change)) < 0.2 * shared_power(rows)


def test_too_few_frames_say_nothing() -> None:
    assert _watch([_banded(k, 0.05) for k in range(LEAST_CHANGES)]) is None
    assert _watch([_banded(k, 0.05) for k in range(LEAST_CHANGES + 1)]) is not None


def test_frames_far_apart_are_not_compared() -> None:
    assert _watch([_banded(k, 0.05) for k in range(60)], fps=4.0) is None


def test_a_window_forgets_the_one_before() -> None:
    watch = BandWatch()
    for k in range(30):
        watch.push(k / FPS, _banded(k, 0.1))
    watch.take()
    for k in range(30, 61):
        watch.push(k / FPS, _banded(0, 0.0))
    found = watch.take()
    assert found is not None
    assert np.exp(found) < 0.1
