"""Magnified motion against pictures whose motion is known: shown factor times as far, the head's left out, noise left alone."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from biometrics.face.boxes import Image
from biometrics.micro.magnify import (
    FACTORS,
    FURTHEST_PX,
    LEAST_NOISE_PX,
    Flow,
    above_noise,
    exaggerated,
    factor_for,
    flow_between,
    noise_of,
    rigid_part,
    showable,
)

SIZE = 128
ALL = np.ones((SIZE, SIZE), np.float32)


def texture(seed: int = 0) -> Image:
    rough = np.random.default_rng(seed).integers(0, 256, (SIZE, SIZE, 3)).astype(np.float32)
    smooth = cv2.GaussianBlur(rough, (0, 0), 2.5)
    return np.asarray(np.clip(128 + 5.0 * (smooth - smooth.mean()), 0, 255), dtype=np.uint8)


def bump(px: float, at: tuple[float, float] = (64.0, 64.0), wide: float = 14.0) -> Flow:
    """Everything about one place goes ``px`` up."""
    y, x = np.mgrid[0:SIZE, 0:SIZE]
    shape = np.exp(-((x - at[0]) ** 2 + (y - at[1]) ** 2) / (2.0 * wide * wide))
    return np.stack([np.zeros_like(shape), -px * shape], axis=-1).astype(np.float32)


def moved(image: Image, flow: Flow) -> Image:
    """The picture after each of its pixels has moved by the flow: by plain Newton iteration, not by the code under test."""
    y, x = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)
    source_x, source_y = x.copy(), y.copy()
    for _ in range(60):
        here = cv2.remap(flow, source_x, source_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        source_x, source_y = x - here[..., 0], y - here[..., 1]
    return np.asarray(cv2.remap(image, source_x, source_y, cv2.INTER_CUBIC), dtype=np.uint8)


def peak(flow: Flow) -> float:
    """How far the middle has gone up, px."""
    return -float(flow[60:69, 60:69, 1].mean())


@pytest.mark.parametrize(("px", "factor"), [(0.5, 8.0), (1.0, 8.0), (1.0, 4.0), (2.0, 2.0)])
def test_what_moved_by_d_is_shown_moved_by_factor_times_d(px: float, factor: float) -> None:
    rest, flow = texture(), bump(px)
    shown = exaggerated(moved(rest, flow), flow, factor)
    ought = moved(rest, factor * flow)
    about = (slice(40, 90), slice(40, 90))
    assert np.abs(shown.astype(float) - ought)[about].mean() < 1.0
    assert np.abs(rest.astype(float) - ought)[about].mean() > 10.0


@pytest.mark.parametrize("px", [0.5, 1.0])
def test_motion_that_is_measured_is_shown_that_much_further(px: float) -> None:
    rest = texture()
    picture = moved(rest, bump(px))
    flow = flow_between(rest, picture)
    assert peak(flow) == pytest.approx(peak(bump(px)), rel=0.06)
    again = flow_between(rest, exaggerated(picture, flow, 6.0))
    assert peak(again) == pytest.approx(6.0 * peak(bump(px)), rel=0.1)


def test_factor_of_one_shows_the_picture_and_no_flow_shows_it_at_any_factor() -> None:
    rest, flow = texture(), bump(1.5)
    picture = moved(rest, flow)
    assert np.abs(exaggerated(picture, flow, 1.0).astype(int) - picture).max() <= 2
    assert np.array_equal(exaggerated(rest, np.zeros_like(flow), 8.0), rest)


def test_motion_of_the_head_is_left_out_and_the_face_s_own_kept() -> None:
    y, x = np.mgrid[0:SIZE, 0:SIZE].astype(np.float64)
    depth = (((x - 64) ** 2 + (y - 60) ** 2) / 80.0).astype(np.float32)
    turning = np.stack([1.5 + 0.02 * x - 0.01 * y + 0.03 * depth, -0.7 + 0.01 * x], axis=-1)
    own = bump(1.2, wide=9.0)
    flow = (turning + own).astype(np.float32)
    left = flow - rigid_part(flow, depth, ALL)
    assert np.abs(left - own).max() < 0.12
    flat = flow - rigid_part(flow, np.zeros_like(depth), ALL)
    assert np.abs(flat - own).max() > 0.3, "without its depth a turning head would remain"


def test_what_is_no_more_than_the_unrest_before_is_not_shown() -> None:
    rng = np.random.default_rng(5)
    still = [
        cv2.GaussianBlur(rng.normal(0, 2.0, (SIZE, SIZE, 2)), (0, 0), 3).astype(np.float32) for _ in range(8)
    ]
    noise = noise_of(still[:7], (SIZE, SIZE))
    left = above_noise(still[7], noise)
    assert np.linalg.norm(left, axis=2).mean() < 0.2 * np.linalg.norm(still[7], axis=2).mean()
    strong = bump(20.0 * float(noise.max()))
    assert peak(above_noise(strong, noise)) == pytest.approx(peak(strong), rel=0.02)
    assert np.all(noise_of([], (4, 4)) == np.float32(LEAST_NOISE_PX))
    assert np.all(noise_of([np.zeros((4, 4, 2), np.float32)], (4, 4)) == np.float32(LEAST_NOISE_PX))


def test_factor_is_the_strongest_that_does_not_fold() -> None:
    assert factor_for([], ALL) == FACTORS[0]
    assert factor_for([bump(0.5)], ALL) == FACTORS[0]
    chosen = [factor_for([bump(px)], ALL) for px in (0.5, 2.0, 4.0, 12.0)]
    assert chosen == sorted(chosen, reverse=True)
    assert chosen[-1] == FACTORS[-1]
    far = np.full((SIZE, SIZE, 2), 5.0, np.float32)
    assert factor_for([far], ALL) == 4.0, "8 or 6 times 7 px would be further than is ever shown"


@settings(max_examples=25, deadline=None)
@given(st.floats(0.0, 40.0), st.sampled_from(FACTORS))
def test_nothing_is_shown_further_than_that_nor_folded(px: float, factor: float) -> None:
    flow = showable(bump(px), factor, ALL)
    assert float(np.linalg.norm(flow, axis=2).max()) * factor <= FURTHEST_PX * (1 + 1e-5)
    assert factor_for([flow], ALL) >= factor
    if factor_for([bump(px)], ALL) >= factor and px * factor <= FURTHEST_PX:
        assert np.array_equal(flow, bump(px))


def test_flow_of_another_size_is_refused() -> None:
    small: NDArray[np.float32] = np.zeros((4, 4, 2), np.float32)
    with pytest.raises(ValueError, match="not of a picture"):
        exaggerated(texture(), small, 2.0)
