"""Other faces from one: proportions, mirror and light, with landmarks that go along."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.facs.mesh import own_frame
from biometrics.facs.variants import Variant, draw_variant, varied
from tests.biometrics.facs.pictures import map_of_itself, portrait


def test_no_change_is_no_change() -> None:
    same = varied(portrait(), Variant())
    assert np.abs(same.image.astype(int) - portrait().image).max() <= 1
    np.testing.assert_allclose(same.landmarks, portrait().landmarks, atol=1e-4)


def test_twice_mirrored_is_the_same_face() -> None:
    once = varied(portrait(), Variant(mirrored=True))
    twice = varied(once, Variant(mirrored=True))
    np.testing.assert_allclose(twice.landmarks, portrait().landmarks, atol=1e-3)
    assert once.landmarks[33, 0] < once.landmarks[263, 0]
    assert once.landmarks[469, 0] > once.landmarks[471, 0]


@pytest.mark.parametrize("variant", [Variant(width=0.06), Variant(length=-0.08), Variant(mouth=0.1)])
def test_landmarks_go_with_the_pixels(variant: Variant) -> None:
    face = varied(map_of_itself(), variant)
    at = np.round(face.landmarks[:468, :2]).astype(int)
    inside = (at >= 0).all(axis=1) & (at < 256).all(axis=1)
    at = at[inside]
    rounding = at - face.landmarks[:468][inside, :2]
    seen = face.image[at[:, 1], at[:, 0], :2]
    assert np.abs(seen - rounding - map_of_itself().landmarks[:468][inside, :2]).max() < 1.3


def test_proportions_change_as_asked() -> None:
    wide, long = varied(portrait(), Variant(width=0.05)), varied(portrait(), Variant(length=0.06))
    old = portrait().landmarks
    assert np.ptp(wide.landmarks[[127, 356], 0]) / np.ptp(old[[127, 356], 0]) == pytest.approx(1.05, abs=0.01)
    before, after = (own_frame(each).points[152, 1] for each in (old, long.landmarks))
    assert after / before == pytest.approx(1.06, abs=0.015)


def test_darker_light_darkens() -> None:
    dark = varied(portrait(), Variant(exposure=0.4))
    assert dark.image.mean() < 0.8 * portrait().image.mean()


@given(st.integers(0, 2**31))
@settings(max_examples=8, deadline=None)
def test_any_drawn_variant_is_a_face(seed: int) -> None:
    face = varied(portrait(), draw_variant(np.random.default_rng(seed)))
    assert face.image.shape == portrait().image.shape
    assert np.isfinite(face.landmarks).all()
    own = own_frame(face.landmarks)
    assert np.abs(own.points[:, :2]).max() < 2.6
