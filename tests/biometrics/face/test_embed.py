from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.face.embed import FaceEncoder, centre, distance, unit
from tests.biometrics.face.fakes import Answering, Noticing, face_landmarks

vectors = st.lists(st.floats(-5, 5), min_size=8, max_size=8).map(lambda v: np.array(v, np.float32))


def test_an_embedding_lies_on_the_unit_sphere_and_names_its_model() -> None:
    encoder = FaceEncoder(Noticing())
    image = np.random.default_rng(0).integers(0, 256, (480, 640, 3), np.uint8)
    vector = encoder.embed(image, face_landmarks())
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-6)
    assert encoder.model == "dlib_resnet@dddddddd"


def test_the_network_gets_rgb_of_the_chip_and_of_its_mirror_image() -> None:
    network = Answering("dlib_resnet", lambda row: [float(row[c, 75, 75]) for c in range(3)])
    image = np.full((480, 640, 3), (10, 20, 30), np.uint8)
    image[:, 320:] = (110, 120, 130)
    vector = FaceEncoder(network).embed(image, face_landmarks())
    plain, mirrored = network.rows
    assert plain.shape == (3, 150, 150)
    assert plain[:, 75, 5].tolist() == [30, 20, 10]
    assert np.array_equal(mirrored, plain[:, :, ::-1])
    mean = (plain[:, 75, 75] + mirrored[:, 75, 75]) / 2
    assert vector == pytest.approx(mean / np.linalg.norm(mean))


def test_a_mirrored_camera_gives_nearly_the_same_embedding() -> None:
    image = np.random.default_rng(0).integers(0, 256, (480, 640, 3), np.uint8)
    landmarks = face_landmarks((319.5, 240.0))
    mirrored = landmarks.copy()
    mirrored[:, 0] = 639 - mirrored[:, 0]
    mirrored[[263, 362, 33, 133]] = mirrored[[33, 133, 263, 362]]
    encoder = FaceEncoder(Noticing())
    one, other = encoder.embed(image, landmarks), encoder.embed(image[:, ::-1], mirrored)
    stranger = encoder.embed(np.roll(image, 97, axis=0), landmarks)
    assert distance(one, other) < 0.3 * distance(one, stranger)


@given(vectors.filter(np.any), vectors.filter(np.any))
def test_distance_is_symmetric_and_within_0_to_2(one: np.ndarray, other: np.ndarray) -> None:
    a, b = unit(one), unit(other)
    assert distance(a, b) == distance(b, a)
    assert 0.0 <= distance(a, b) <= 2.0 + 1e-6
    assert distance(a, a) == 0.0


def test_the_centre_of_faces_is_their_mean_direction() -> None:
    middle = centre([np.array([1, 0], np.float32), np.array([0, 1], np.float32)])
    assert middle == pytest.approx([0.5**0.5, 0.5**0.5])


def test_a_vector_without_direction_is_refused() -> None:
    with pytest.raises(ValueError, match="no direction"):
        unit(np.zeros(4, np.float32))
