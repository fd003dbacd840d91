"""Known answers: pixels go where the landmarks were asked to go, to a tenth of a pixel."""

from __future__ import annotations

import numpy as np
import pytest

from biometrics.face.quality import inter_ocular_px
from biometrics.facs.clip import Stage
from biometrics.facs.lattice import pixels
from biometrics.facs.mesh import FACE, RIGID, Floats
from biometrics.facs.plan import ClipPlan, HeadMotion, PlantedMovement
from biometrics.facs.rig import Rig
from biometrics.facs.units import UNITS, combined
from tests.biometrics.facs.pictures import map_of_itself, portrait

SIZE, EYES_PX = (360, 420), 80.0
STILL = HeadMotion(0.0, 0.0, 0.0, 0.0, 0.0)


def planted(name: str, amplitude: float = 0.03, asymmetry: float = 0.0) -> PlantedMovement:
    return PlantedMovement(0.0, 0.1, 0.3, {name: 1.0}, amplitude, asymmetry)


@pytest.fixture(scope="module")
def rig() -> Rig:
    return Rig(map_of_itself(), SIZE, EYES_PX)


def asked(rig: Rig, movement: PlantedMovement) -> Floats:
    """(468, 2) px that the landmarks were asked to go."""
    moved = combined(movement.units, movement.asymmetry, rig.own.points) @ rig.own.to_px[:, :2].T
    return np.asarray(moved * movement.amplitude * EYES_PX / np.linalg.norm(moved, axis=1).max())


def test_the_face_is_as_large_as_asked(rig: Rig) -> None:
    assert inter_ocular_px(rig.landmarks) == pytest.approx(EYES_PX, abs=1e-3)


def test_the_texture_lies_under_the_landmarks(rig: Rig) -> None:
    points = rig.landmarks[:FACE, :2]
    x, y = (np.ascontiguousarray(points[:, np.newaxis, axis]) for axis in (0, 1))
    colour = rig.read(x, y)[:, 0, :2]
    assert np.abs(colour - map_of_itself().landmarks[:FACE, :2]).max() < 0.05


@pytest.mark.parametrize("name", list(UNITS))
def test_what_is_seen_at_a_landmarks_new_place_is_what_was_seen_at_its_old(rig: Rig, name: str) -> None:
    movement = planted(name)
    stage = Stage(
        rig, ClipPlan(1, 1.0, size=SIZE, inter_ocular_px=EYES_PX, movements=(movement,), head=STILL)
    )
    rest, apex = (stage.seen(state) for state in stage.states(np.array([0.0, 0.1])))
    shift = asked(rig, movement)
    far = np.argsort(-np.linalg.norm(shift, axis=1))[:20]
    scale = map_of_itself().landmarks[far, :2]
    new = rig.landmarks[far, :2] + shift[far]
    source_px = EYES_PX / inter_ocular_px(map_of_itself().landmarks)
    for (x, y), origin in zip(new, scale, strict=True):
        column, row = int(x), int(y)
        across, down = x - column, y - row
        patch = apex[row : row + 2, column : column + 2, :2]
        weights = np.outer([1 - down, down], [1 - across, across])[:, :, np.newaxis]
        found = (patch * weights).sum(axis=(0, 1))
        assert np.abs(found - origin).max() * source_px < 0.1
    assert np.linalg.norm(shift, axis=1).max() == pytest.approx(0.03 * EYES_PX)
    assert np.abs(apex - rest).max() > 0.2


def test_a_movement_is_linear_in_its_amplitude(rig: Rig) -> None:
    one, three = rig.movement(planted("AU12", 0.01)), rig.movement(planted("AU12", 0.03))
    np.testing.assert_allclose(three, 3 * one, atol=1e-4)


def test_asymmetry_moves_one_side_further(rig: Rig) -> None:
    x, _ = rig.lattice.axes()
    middle = rig.landmarks[168, 0]
    size = np.linalg.norm(rig.movement(planted("AU12", asymmetry=0.5)), axis=2)
    left, right = size[x > middle].max(), size[x < middle].max()
    assert left == pytest.approx(0.03 * EYES_PX, rel=0.03)
    assert (left - right) / (left + right) == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("name", list(UNITS))
def test_nothing_moves_where_the_face_ends_nor_the_skull(rig: Rig, name: str) -> None:
    field = rig.movement(planted(name))
    dense = rig.lattice.refined(field)
    assert np.abs(dense[:20]).max() < 0.01
    assert np.abs(dense[:, :20]).max() < 0.02
    rigid = np.round(rig.landmarks[list(RIGID), :2]).astype(int)
    assert np.linalg.norm(dense[rigid[:, 1], rigid[:, 0]], axis=1).max() < 0.1 * 0.03 * EYES_PX + 0.1


def test_a_fold_is_refused(rig: Rig) -> None:
    with pytest.raises(ValueError, match="would fold"):
        rig.movement(planted("AU7", 0.3))


def test_a_real_picture_keeps_its_sharpness_whatever_the_phase() -> None:
    rig = Rig(portrait(), SIZE, EYES_PX)
    x, y = pixels(SIZE)
    energy = []
    for phase in (0.0, 0.125, 0.25, 0.375, 0.5):
        seen = rig.read(x + np.float32(phase), y)
        energy.append(float(np.square(np.diff(seen, axis=1)).mean()))
    assert max(energy) / min(energy) < 1.05
