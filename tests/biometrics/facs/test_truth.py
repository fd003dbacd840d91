"""The true flow is exact: what is seen at a pixel's new place at the apex is what was seen at its old one at the onset."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from biometrics.facs.clip import Stage
from biometrics.facs.lattice import pixels
from biometrics.facs.plan import Blink, ClipPlan, Glance, HeadMotion, Nod, PlantedMovement, Utterance
from biometrics.facs.rig import Rig
from biometrics.facs.truth import flow, landmarks_at, movement_flow, true_flow
from tests.biometrics.facs.pictures import map_of_itself

SIZE, EYES_PX = (360, 420), 80.0
STILL = HeadMotion(0.0, 0.0, 0.0, 0.0, 0.0)
SMILE = PlantedMovement(0.2, 0.35, 0.6, {"AU12": 1.0, "AU6": 0.5}, 0.03, 0.3)


@pytest.fixture(scope="module")
def rig() -> Rig:
    return Rig(map_of_itself(), SIZE, EYES_PX)


def plan(**changes: object) -> ClipPlan:
    given = {"movements": (SMILE,), "size": SIZE, "inter_ocular_px": EYES_PX} | changes
    return ClipPlan(5, 1.0, **given)  # type: ignore[arg-type]


def origins(stage: Stage, start_s: float, end_s: float) -> tuple[np.ndarray, np.ndarray]:
    """Where what is seen at each px before, and at its new place after, comes from: source px (H, W, 2)."""
    before, after = (stage.seen(state) for state in stage.states(np.array([start_s, end_s])))
    x, y = pixels(SIZE)
    moved = flow(stage, start_s, end_s)
    followed = cv2.remap(after, x + moved[:, :, 0], y + moved[:, :, 1], cv2.INTER_LINEAR)
    return before[:, :, :2], followed[:, :, :2]


@pytest.mark.parametrize(
    "moving",
    [
        {"head": STILL},
        {"head": HeadMotion(0.1, 4.0, 3.0, 3.0, 0.02)},
        {"head": STILL, "nods": (Nod(0.1, 0.6, 6.0, 5.0),)},
        {"head": STILL, "speech": (Utterance(0.0, 1.0, 0.1),)},
        {"head": STILL, "glances": (Glance(0.25, 0.5, 0.06),)},
        {"head": STILL, "blinks": (Blink(0.5, 0.4),)},
    ],
)
def test_flow_follows_every_pixel_of_the_face(rig: Rig, moving: dict[str, object]) -> None:
    before, followed = origins(Stage(rig, plan(**moving)), SMILE.onset_s, SMILE.apex_s)
    low, high = rig.landmarks[:, :2].min(axis=0).astype(int), rig.landmarks[:, :2].max(axis=0).astype(int)
    face = np.s_[low[1] : high[1], low[0] : high[0]]
    wrong = np.abs(before - followed)[face].max(axis=2) * EYES_PX / 38.0
    # Of what lids and lips hide or uncover the other picture shows nothing.
    assert np.quantile(wrong, 0.95) < 0.1
    assert np.median(wrong) < 0.05


def test_without_head_motion_it_is_the_movement_alone(rig: Rig) -> None:
    whole = flow(Stage(rig, plan(head=STILL)), SMILE.onset_s, SMILE.apex_s)
    np.testing.assert_allclose(whole, movement_flow(rig, SMILE), atol=0.02)
    assert np.linalg.norm(whole, axis=2).max() == pytest.approx(0.03 * EYES_PX, rel=0.05)


def test_it_can_be_asked_for_from_a_face_and_a_plan(rig: Rig) -> None:
    asked = true_flow(map_of_itself(), plan(), SMILE)
    assert asked.shape == (*SIZE, 2)
    np.testing.assert_array_equal(asked, flow(Stage(rig, plan()), SMILE.onset_s, SMILE.apex_s))


def test_landmarks_ride_on_the_flow(rig: Rig) -> None:
    stage = Stage(rig, plan())
    onset, apex = landmarks_at(stage, np.array([SMILE.onset_s, SMILE.apex_s]))
    moved = flow(stage, SMILE.onset_s, SMILE.apex_s)
    x, y = (np.ascontiguousarray(onset[:, np.newaxis, axis], np.float32) for axis in (0, 1))
    there = cv2.remap(moved, x, y, cv2.INTER_LINEAR)[:, 0]
    assert np.abs(onset + there - apex).max() < 0.1
