"""Perception with the real MediaPipe models, on a public-domain portrait put into moving scenes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from biometrics.face.boxes import Image
from biometrics.face.embed import FaceEncoder, distance
from biometrics.face.landmarks import FaceFinder, Landmarker
from biometrics.face.perception import FINDER, LANDMARKER, FacePerception
from biometrics.face.pose import head_pose
from biometrics.media import Frame
from biometrics.views import Face, FaceView
from fraudmodel.signals import Reason
from models.hub import ModelHub

pytestmark = pytest.mark.models

PORTRAIT = Path(__file__).parents[2] / "models" / "golden" / "astronaut.jpg"
LEFT_EYE, RIGHT_EYE, NOSE_TIP, CHIN = 263, 33, 4, 152


@pytest.fixture(scope="module")
def portrait() -> Image:
    return np.asarray(cv2.imread(str(PORTRAIT)), np.uint8)


@pytest.fixture
def perception(hub: ModelHub) -> Iterator[FacePerception]:
    with FacePerception(hub) as perception:
        yield perception


def resized(image: Image, scale: float) -> Image:
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def on_a_wall(image: Image, width: int, height: int, left: int, top: int) -> Image:
    """The portrait hung in a larger frame, cut where it reaches over the edge."""
    wall = np.full((height, width, 3), 140, np.uint8)
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + image.shape[1], width), min(top + image.shape[0], height)
    if x1 > x0 and y1 > y0:
        wall[y0:y1, x0:x1] = image[y0 - top : y1 - top, x0 - left : x1 - left]
    return wall


def watch(perception: FacePerception, images: list[Image], fps: float = 25.0) -> list[FaceView]:
    return [perception.observe(Frame(k / fps, k, image)) for k, image in enumerate(images)]


def walk(portrait: Image, steps: int = 30) -> list[Image]:
    """A small face wanders over a portrait phone frame."""
    face = resized(portrait, 0.9)
    return [on_a_wall(face, 1080, 1920, 40 + 18 * k, 300 + 24 * k) for k in range(steps)]


def test_the_landmarks_lie_where_they_lie_on_the_portrait(
    perception: FacePerception, portrait: Image
) -> None:
    face = perception.locate_still(portrait)
    assert isinstance(face, Face)
    right, left, nose, chin = (face.landmarks[point, :2] for point in (RIGHT_EYE, LEFT_EYE, NOSE_TIP, CHIN))
    assert right[0] < nose[0] < left[0]
    assert right[1] < nose[1] < chin[1]
    assert face.box[2] > 60
    assert face.quality.inside == 1.0


def test_a_face_wandering_over_a_phone_frame_is_found_in_every_frame(
    perception: FacePerception, portrait: Image
) -> None:
    views = watch(perception, walk(portrait))
    assert all(view.face is not None for view in views)
    places = np.array([view.face.landmarks[NOSE_TIP, :2] for view in views if view.face])
    assert np.allclose(np.diff(places, axis=0), (18, 24), atol=4)


def test_the_same_frames_give_the_same_views(hub: ModelHub, portrait: Image) -> None:
    images = [*walk(portrait, 12), np.zeros((1920, 1080, 3), np.uint8), *walk(portrait, 8)]
    runs = []
    for _ in range(2):
        with FacePerception(hub) as perception:
            runs.append(watch(perception, images))
    for one, other in zip(*runs, strict=True):
        assert (one.reason, one.others, one.fps) == (other.reason, other.others, other.fps)
        assert (one.face is None) == (other.face is None)
        if one.face is not None and other.face is not None:
            assert np.array_equal(one.face.landmarks, other.face.landmarks)
            assert (one.face.pose, one.face.quality) == (other.face.pose, other.face.quality)


def test_lost_and_found_again_counts_a_track(perception: FacePerception, portrait: Image) -> None:
    there = on_a_wall(portrait, 640, 600, 60, 60)
    empty = np.full_like(there, 140)
    views = watch(perception, [there, there, empty, empty, *[there] * 10])
    tracks = [view.face.track if view.face else None for view in views]
    assert tracks[:4] == [1, 1, None, None]
    assert tracks[-1] == 2
    assert {view.reason for view in views if view.face is None} == {Reason.NO_FACE}


def test_two_people_of_one_size_are_several_faces(perception: FacePerception, portrait: Image) -> None:
    both = np.hstack([portrait, portrait])
    assert perception.observe(Frame(0.0, 0, both)).reason is Reason.SEVERAL_FACES
    assert perception.locate_still(both) is Reason.SEVERAL_FACES


def test_a_smaller_face_behind_is_counted(perception: FacePerception, portrait: Image) -> None:
    behind = on_a_wall(resized(portrait, 0.4), 420, portrait.shape[0], 60, 40)
    views = watch(perception, [np.hstack([portrait, behind])] * 3)
    assert [view.others for view in views] == [1, 1, 1]


def test_a_cards_ghost_image_does_not_make_two_people(perception: FacePerception, portrait: Image) -> None:
    card = on_a_wall(portrait, portrait.shape[1] + 300, portrait.shape[0], 0, 0)
    ghost = resized(portrait, 0.35)
    card[100 : 100 + ghost.shape[0], -250 : -250 + ghost.shape[1]] = ghost
    face = perception.locate_still(card)
    assert isinstance(face, Face)
    assert face.box[0] + face.box[2] < portrait.shape[1]


def test_a_face_that_fills_its_photo_is_found(perception: FacePerception, portrait: Image) -> None:
    face = perception.locate_still(portrait)
    assert isinstance(face, Face)
    x, y, width, height = (round(value) for value in face.box)
    assert isinstance(perception.locate_still(portrait[y : y + height, x : x + width]), Face)


@pytest.mark.parametrize("turn", [-30, 30])
def test_roll_follows_the_image(perception: FacePerception, portrait: Image, turn: int) -> None:
    upright = perception.locate_still(portrait)
    middle = (portrait.shape[1] / 2, portrait.shape[0] / 2)
    # OpenCV turns counter-clockwise for positive angles.
    around = cv2.getRotationMatrix2D(middle, -turn, 1.0)
    rolled = perception.locate_still(
        np.asarray(cv2.warpAffine(portrait, around, portrait.shape[1::-1]), np.uint8)
    )
    assert isinstance(upright, Face)
    assert isinstance(rolled, Face)
    assert rolled.pose.roll_deg - upright.pose.roll_deg == pytest.approx(turn, abs=4)


def test_a_mirrored_face_has_mirrored_yaw_and_roll(perception: FacePerception, portrait: Image) -> None:
    plain = perception.locate_still(portrait)
    mirrored = perception.locate_still(np.ascontiguousarray(portrait[:, ::-1]))
    assert isinstance(plain, Face)
    assert isinstance(mirrored, Face)
    assert mirrored.pose.yaw_deg == pytest.approx(-plain.pose.yaw_deg, abs=4)
    assert mirrored.pose.roll_deg == pytest.approx(-plain.pose.roll_deg, abs=3)
    assert mirrored.pose.pitch_deg == pytest.approx(plain.pose.pitch_deg, abs=4)


def test_rows_with_padding_between_them_are_read_right(hub: ModelHub, portrait: Image) -> None:
    """Decoders hand out such frames; MediaPipe 1.2.2 ignores strides and finds nothing in them unless they are copied."""
    rgb = np.asarray(cv2.cvtColor(portrait, cv2.COLOR_BGR2RGB), np.uint8)
    padded = np.zeros((rgb.shape[0], rgb.shape[1] + 24, 3), np.uint8)
    padded[:, : rgb.shape[1]] = rgb
    strided = padded[:, : rgb.shape[1]]
    assert not strided.flags.c_contiguous
    finder, landmarker = FaceFinder(hub.file(FINDER)), Landmarker(hub.file(LANDMARKER))
    assert finder.find(strided) == finder.find(rgb) != []
    plain, padded_landmarks = landmarker.follow(rgb, 0), None
    landmarker.restart()
    padded_landmarks = landmarker.follow(strided, 0)
    assert plain is not None
    assert padded_landmarks is not None
    assert np.array_equal(plain, padded_landmarks)
    finder.close()
    landmarker.close()


def test_a_photo_and_a_small_darker_video_of_the_same_person_match(
    hub: ModelHub, perception: FacePerception, portrait: Image
) -> None:
    encoder = FaceEncoder(hub.get("dlib_resnet"))
    photo = perception.locate_still(portrait)
    assert isinstance(photo, Face)
    reference = encoder.embed(portrait, photo.landmarks)
    darker = np.asarray(cv2.convertScaleAbs(resized(portrait, 0.7), alpha=0.7), np.uint8)
    views = watch(perception, [on_a_wall(darker, 640, 480, 100 + 5 * k, 40) for k in range(10)])
    for view in views:
        assert view.face is not None
        assert distance(encoder.embed(view.frame.image, view.face.landmarks), reference) < 0.2


@pytest.mark.parametrize("shape", [(1, 1), (8, 600), (40, 40), (2160, 3840)])
def test_frames_of_any_size_are_borne(perception: FacePerception, shape: tuple[int, int]) -> None:
    view = perception.observe(Frame(0.0, 0, np.full((*shape, 3), 128, np.uint8)))
    assert (view.face, view.reason) == (None, Reason.NO_FACE)


def test_a_face_on_a_4k_frame_is_found(perception: FacePerception, portrait: Image) -> None:
    frame = on_a_wall(np.asarray(cv2.resize(portrait, (1500, 1500)), np.uint8), 3840, 2160, 1200, 300)
    assert perception.observe(Frame(0.0, 0, frame)).face is not None


@pytest.mark.parametrize(
    "image", [np.zeros((10, 10), np.uint8), np.zeros((10, 10, 4), np.uint8), np.zeros((0, 10, 3), np.uint8)]
)
def test_what_is_no_frame_is_refused(perception: FacePerception, image: Image) -> None:
    with pytest.raises(ValueError, match="must be"):
        perception.observe(Frame(0.0, 0, image))


def test_fps_is_that_of_the_last_second(perception: FacePerception) -> None:
    image = np.zeros((40, 40, 3), np.uint8)
    times = [*(k / 25 for k in range(50)), *(2.0 + k / 5 for k in range(10))]
    rates = [perception.observe(Frame(t, k, image)).fps for k, t in enumerate(times)]
    assert rates[0] == 0.0
    assert rates[1] == pytest.approx(25.0)
    assert rates[49] == pytest.approx(25.0)
    assert rates[-1] == pytest.approx(5.0)


def test_a_photo_reads_the_same_whatever_was_seen_before(
    hub: ModelHub, perception: FacePerception, portrait: Image
) -> None:
    watch(perception, walk(portrait, 6))
    perception.locate_still(resized(portrait, 0.8))
    seasoned = perception.locate_still(portrait)
    with FacePerception(hub) as another:
        fresh = another.locate_still(portrait)
    assert isinstance(seasoned, Face)
    assert isinstance(fresh, Face)
    assert np.array_equal(seasoned.landmarks, fresh.landmarks)


def test_a_photo_leaves_the_sessions_track_alone(hub: ModelHub, portrait: Image) -> None:
    images = walk(portrait, 6)
    with FacePerception(hub) as plain, FacePerception(hub) as disturbed:
        for k, image in enumerate(images):
            one = plain.observe(Frame(k / 25, k, image))
            disturbed.locate_still(portrait)
            other = disturbed.observe(Frame(k / 25, k, image))
            assert one.face is not None
            assert other.face is not None
            assert np.array_equal(one.face.landmarks, other.face.landmarks)


def test_closing_twice_is_harmless(hub: ModelHub) -> None:
    perception = FacePerception(hub)
    perception.close()
    perception.close()


def test_the_angles_agree_with_mediapipes_own_fit(hub: ModelHub, portrait: Image) -> None:
    """Parity with the facial transformation matrix of FaceLandmarker, which fits the same canonical face."""
    import mediapipe as mp
    from mediapipe.tasks.python import BaseOptions
    from mediapipe.tasks.python.vision import FaceLandmarker, FaceLandmarkerOptions

    from biometrics.face.pose import angles

    options = FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(hub.file(LANDMARKER))),
        output_facial_transformation_matrixes=True,
    )
    rgb = np.ascontiguousarray(cv2.cvtColor(portrait, cv2.COLOR_BGR2RGB))
    with FaceLandmarker.create_from_options(options) as landmarker:
        found = landmarker.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb))
    height, width = portrait.shape[:2]
    landmarks = np.array(
        [(p.x * width, p.y * height, p.z * width) for p in found.face_landmarks[0]], np.float32
    )
    turn = np.asarray(found.facial_transformation_matrixes[0])[:3, :3]
    theirs, ours = angles(turn / np.cbrt(np.linalg.det(turn))), head_pose(landmarks)
    assert ours.yaw_deg == pytest.approx(theirs.yaw_deg, abs=4)
    assert ours.pitch_deg == pytest.approx(theirs.pitch_deg, abs=4)
    assert ours.roll_deg == pytest.approx(theirs.roll_deg, abs=3)


def test_views_carry_their_frame(perception: FacePerception, portrait: Image) -> None:
    frame = replace(Frame(3.0, 7, portrait), lost_s=0.2)
    view = perception.observe(frame)
    assert view.frame is frame
    assert view.t == 3.0
