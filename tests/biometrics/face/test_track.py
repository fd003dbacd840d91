from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from biometrics.face.boxes import Image, extent
from biometrics.face.track import LOOK_AROUND_S, RETRY_S, FaceTracker, Tracked
from fraudmodel.signals import Reason
from tests.biometrics.face.fakes import FACE, HAND, PaintFinder, PaintFollower, scene

FRAME_S = 0.04


class Stage:
    """A tracker with its fakes."""

    def __init__(self) -> None:
        self.finder, self.follower, self.checker = PaintFinder(), PaintFollower(), PaintFollower()
        self.tracker = FaceTracker(self.finder, self.follower, self.checker)
        self.t = 0.0

    def show(self, image: Image, seconds: float = FRAME_S) -> Tracked | Reason:
        seen = self.tracker.observe(image, self.t)
        self.t += seconds
        return seen


@pytest.fixture
def stage() -> Stage:
    return Stage()


def tracked(seen: Tracked | Reason) -> Tracked:
    assert isinstance(seen, Tracked), seen
    return seen


def place(seen: Tracked | Reason) -> tuple[float, float, float]:
    box = extent(tracked(seen).landmarks)
    return box.x, box.y, box.width


def test_landmarks_are_in_pixels_of_the_frame(stage: Stage) -> None:
    image = scene(1080, 1920, (430, 700, 200, FACE))
    for _ in range(3):
        assert place(stage.show(image)) == pytest.approx((430, 700, 200), abs=4)


def test_once_found_the_frame_is_not_searched_again(stage: Stage) -> None:
    image = scene(640, 480, (200, 150, 160, FACE))
    stage.show(image)
    searched = stage.finder.pictures
    for _ in range(10):
        stage.show(image)
    assert stage.finder.pictures == searched


def test_a_moving_face_is_followed_and_the_region_moves_seldom(stage: Stage) -> None:
    for step in range(60):
        left = 60 + 6 * step
        seen = stage.show(scene(640, 480, (left, 150, 140, FACE)))
        assert place(seen) == pytest.approx((left, 150, 140), abs=3)
        assert tracked(seen).track == 1
    assert 2 <= stage.follower.restarts <= 8


def test_a_face_that_grows_keeps_its_place_in_the_region(stage: Stage) -> None:
    for side in range(60, 400, 5):
        seen = stage.show(scene(640, 480, (320 - side // 2, 240 - side // 2, side, FACE)))
        assert place(seen)[2] == pytest.approx(side, abs=4)
    assert tracked(seen).track == 1


def test_lost_and_found_again_is_a_new_track(stage: Stage) -> None:
    there, empty = scene(640, 480, (200, 150, 160, FACE)), scene(640, 480)
    assert tracked(stage.show(there)).track == 1
    assert stage.show(empty) is Reason.NO_FACE
    stage.show(empty, 1.0)
    assert tracked(stage.show(there)).track == 2


def test_a_jump_across_the_frame_is_found_in_the_same_frame_as_a_new_track(stage: Stage) -> None:
    stage.show(scene(640, 480, (40, 150, 120, FACE)))
    seen = stage.show(scene(640, 480, (480, 150, 120, FACE)))
    assert place(seen)[0] == pytest.approx(480, abs=3)
    assert tracked(seen).track == 2


def test_without_a_face_the_frame_is_searched_five_times_a_second(stage: Stage) -> None:
    empty = scene(640, 480)
    stage.show(empty)
    per_search = stage.finder.pictures
    for _ in range(50):
        assert stage.show(empty) is Reason.NO_FACE
    searches = stage.finder.pictures / per_search
    assert searches == pytest.approx(51 * FRAME_S / RETRY_S, abs=1)


def test_a_hand_is_no_face(stage: Stage) -> None:
    assert stage.show(scene(640, 480, (200, 150, 160, HAND))) is Reason.NO_FACE


def test_a_face_beside_a_larger_hand_is_found(stage: Stage) -> None:
    seen = stage.show(scene(640, 480, (20, 150, 200, HAND), (400, 150, 120, FACE)))
    assert place(seen)[0] == pytest.approx(400, abs=3)
    assert tracked(seen).others == 0


def test_of_two_faces_alike_in_size_nobody_can_say_which_is_the_applicants(stage: Stage) -> None:
    both = scene(640, 480, (40, 150, 150, FACE), (420, 150, 140, FACE))
    assert stage.show(both) is Reason.SEVERAL_FACES
    assert stage.show(both) is Reason.SEVERAL_FACES


def test_the_larger_face_is_the_applicants_and_the_other_is_counted(stage: Stage) -> None:
    seen = tracked(stage.show(scene(640, 480, (40, 150, 200, FACE), (480, 150, 100, FACE))))
    assert place(seen)[0] == pytest.approx(40, abs=3)
    assert seen.others == 1


def test_somebody_who_comes_in_is_counted_within_the_look_around_and_the_track_stays(stage: Stage) -> None:
    alone = scene(640, 480, (40, 150, 160, FACE))
    both = scene(640, 480, (40, 150, 160, FACE), (420, 150, 160, FACE))
    stage.show(alone)
    seen = [tracked(stage.show(both)) for _ in range(int(LOOK_AROUND_S / FRAME_S) + 2)]
    assert seen[0].others == 0
    assert seen[-1].others == 1
    assert {one.track for one in seen} == {1}
    assert place(seen[-1])[0] == pytest.approx(40, abs=3)
    left = [tracked(stage.show(alone)) for _ in range(int(LOOK_AROUND_S / FRAME_S) + 2)]
    assert left[-1].others == 0


def test_a_waving_hand_is_not_counted(stage: Stage) -> None:
    waving = scene(640, 480, (40, 150, 160, FACE), (420, 150, 120, HAND))
    assert {tracked(stage.show(waving)).others for _ in range(60)} == {0}


def test_a_face_that_leaves_over_the_edge_is_lost_once_its_middle_is_out(stage: Stage) -> None:
    stage.show(scene(640, 480, (440, 150, 160, FACE)))
    seen: Tracked | Reason = Reason.NO_FACE
    for left in range(440, 700, 10):
        seen = stage.show(scene(640, 480, (left, 150, 160, FACE)))
    assert seen is Reason.NO_FACE


def play(frames: Sequence[Image]) -> list[bytes | Reason]:
    stage = Stage()
    seen = [stage.show(frame) for frame in frames]
    return [one if isinstance(one, Reason) else one.landmarks.tobytes() for one in seen]


def test_the_same_frames_give_the_same_tracks() -> None:
    rng = np.random.default_rng(5)
    picks: list[Callable[[], Image]] = [
        lambda: scene(640, 480, (int(rng.integers(0, 500)), 150, 120, FACE)),
        lambda: scene(640, 480),
        lambda: scene(640, 480, (100, 100, 150, FACE), (400, 100, int(rng.integers(60, 150)), FACE)),
    ]
    frames = [picks[int(rng.integers(0, 3))]() for _ in range(25)]
    assert play(frames) == play(frames)
