"""A plan filmed: reproducible to the bit, and only what it says moves."""

from __future__ import annotations

import numpy as np
import pytest

from biometrics.facs.clip import Stage, play, render
from biometrics.facs.plan import Blink, ClipPlan, Glance, HeadMotion, PlantedMovement, Sensor, Utterance
from biometrics.facs.rig import Rig
from tests.biometrics.facs.pictures import portrait

SIZE, EYES_PX = (240, 320), 60.0
STILL = HeadMotion(0.0, 0.0, 0.0, 0.0, 0.0)
QUIET = Sensor(shot=0.0, read=0.0, blur_px=0.0)


@pytest.fixture(scope="module")
def rig() -> Rig:
    return Rig(portrait(), SIZE, EYES_PX)


def plan(seed: int = 1, /, **changes: object) -> ClipPlan:
    given: dict[str, object] = {"size": SIZE, "inter_ocular_px": EYES_PX, "duration_s": 0.2} | changes
    return ClipPlan(seed, **given)  # type: ignore[arg-type]


def test_frames_are_those_of_the_plan(rig: Rig) -> None:
    frames = list(play(rig, plan(duration_s=0.5, fps=20.0)))
    assert [frame.index for frame in frames] == list(range(10))
    assert [frame.t for frame in frames] == pytest.approx([k / 20 for k in range(10)])
    assert all(frame.image.shape == (*SIZE, 3) and frame.image.dtype == np.uint8 for frame in frames)


def test_the_same_plan_is_the_same_clip_to_the_bit(rig: Rig) -> None:
    movement = PlantedMovement(0.03, 0.1, 0.2, {"AU4": 1.0}, 0.03)
    first, other = plan(movements=(movement,)), plan(2, movements=(movement,))
    a, b = list(play(rig, first)), list(render(portrait(), first))
    assert all(np.array_equal(one.image, two.image) for one, two in zip(a, b, strict=True))
    assert not np.array_equal(a[0].image, next(iter(play(rig, other))).image)


def test_a_rig_for_another_picture_is_refused(rig: Rig) -> None:
    with pytest.raises(ValueError, match="another size"):
        next(iter(play(rig, plan(size=(480, 640)))))


def test_nothing_moves_by_itself(rig: Rig) -> None:
    still = plan(head=STILL, sensor=QUIET, light_drift=0.0)
    first, *others = (frame.image for frame in play(rig, still))
    assert all(np.array_equal(first, other) for other in others)


@pytest.mark.parametrize(
    ("moving", "t", "landmark", "quiet"),
    [
        ({"blinks": (Blink(0.1, 0.2),)}, 0.07, 159, 13),
        ({"glances": (Glance(0.0, 1.0, 0.06),)}, 0.1, 468, 13),
        ({"speech": (Utterance(0.0, 1.0, 0.12),)}, 0.1, 17, 159),
        ({"movements": (PlantedMovement(0.0, 0.1, 0.2, {"AU1": 1.0}, 0.03),)}, 0.1, 107, 17),
    ],
)
def test_each_thing_moves_its_own_part(
    rig: Rig, moving: dict[str, object], t: float, landmark: int, quiet: int
) -> None:
    stage = Stage(rig, plan(head=STILL, **moving))
    still = Stage(rig, plan(head=STILL))
    seen, rest = (next(each.states(np.array([t]))) for each in (stage, still))
    changed = np.abs(stage.seen(seen) - still.seen(rest)).max(axis=2)
    for point, moves in ((landmark, True), (quiet, False)):
        x, y = (int(v) for v in rig.landmarks[point, :2])
        patch = changed[y - 4 : y + 5, x - 4 : x + 5]
        assert (patch.max() > 4.0) == moves
    x, y = (int(v) for v in rig.landmarks[10, :2])
    assert changed[: max(y - 30, 1)].max() < 2.0


def test_closed_lids_hide_the_iris(rig: Rig) -> None:
    stage = Stage(rig, plan(head=STILL, blinks=(Blink(0.1, 0.2),)))
    open_eye, closed = (stage.seen(s) for s in stage.states(np.array([0.0, 0.07])))
    x, y = (int(v) for v in rig.landmarks[468, :2])
    dark_open, dark_closed = (each[y - 1 : y + 2, x - 1 : x + 2].mean() for each in (open_eye, closed))
    assert dark_closed > dark_open + 30


@pytest.mark.parametrize("iso", [100.0, 800.0])
def test_the_noise_is_photon_and_read_noise(rig: Rig, iso: float) -> None:
    sensor = Sensor(iso=iso, blur_px=0.0)
    filmed = plan(duration_s=1.0, head=STILL, sensor=sensor, light_drift=0.0)
    codes = np.stack([frame.image for frame in play(rig, filmed)]).astype(np.float64)
    level = codes.mean(axis=0)
    for code in (90.0, 170.0):
        near = np.abs(level - code) < 3.0
        light = ((code / 255 + 0.055) / 1.055) ** 2.4
        slope = 2.4 / 1.055 * ((code / 255 + 0.055) / 1.055) ** 1.4 / 255
        expected = np.sqrt(sensor.shot * iso / 100 * light + sensor.read * (iso / 100) ** 2) / slope
        # Rounding to whole codes adds a twelfth.
        measured = np.sqrt(codes.var(axis=0)[near].mean() - 1 / 12)
        assert measured == pytest.approx(expected, rel=0.08)
