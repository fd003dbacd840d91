"""A folder of pictures becomes faces; what shows none is said in a sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from biometrics.errors import EvaluationError
from biometrics.face.boxes import Image
from biometrics.face.perception import FacePerception, describe
from biometrics.facs.clip import Stage
from biometrics.facs.faces import NeutralFace, neutral_face, read_face, read_faces
from biometrics.facs.plan import ClipPlan, HeadMotion, PlantedMovement
from biometrics.facs.rig import Rig
from biometrics.views import Face, HeadPose
from fraudmodel.signals import Reason
from models.hub import ModelHub
from tests.biometrics.facs.pictures import portrait


def there(image: Image) -> Face:
    """Somebody who finds the golden landmarks in any picture."""
    return describe(image, portrait().landmarks, 0)


def write(path: Path, image: Image) -> None:
    path.write_bytes(cv2.imencode(path.suffix, image)[1].tobytes())


def test_a_folder_of_pictures(tmp_path: Path) -> None:
    write(tmp_path / "b.png", portrait().image)
    write(tmp_path / "a.jpg", portrait().image)
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "c.png").write_bytes(b"broken")
    faces, refused = read_faces(tmp_path, there)
    assert [face.name for face in faces] == ["a", "b"]
    assert np.array_equal(faces[1].image, portrait().image)
    assert len(refused) == 1
    assert refused[0].startswith("c.png: ")


def test_only_the_pictures_that_are_wanted_are_looked_at(tmp_path: Path) -> None:
    write(tmp_path / "b.png", portrait().image)
    write(tmp_path / "a.jpg", portrait().image)
    (tmp_path / "c.png").write_bytes(b"broken")
    faces, refused = read_faces(tmp_path, there, ["b"])
    assert [face.name for face in faces] == ["b"]
    assert not refused
    with pytest.raises(EvaluationError, match="has no picture 'bb': there are a, b, c"):
        read_faces(tmp_path, there, ["a", "bb"])


def test_nobody_there_is_one_sentence(tmp_path: Path) -> None:
    write(tmp_path / "wall.png", np.full((100, 100, 3), 128, np.uint8))
    with pytest.raises(EvaluationError, match="no picture there shows one frontal face"):
        read_faces(tmp_path, lambda image: Reason.NO_FACE)
    with pytest.raises(EvaluationError, match=r"wall\.png: movements need one frontal face"):
        read_face(tmp_path / "wall.png", lambda image: Reason.SEVERAL_FACES)


def test_a_turned_face_is_refused() -> None:
    def turned(image: Image) -> Face:
        return replace(there(image), pose=HeadPose(30.0, 0.0, 0.0))

    assert neutral_face("x", portrait().image, turned) is Reason.FACE_TURNED
    assert isinstance(neutral_face("x", portrait().image, there), NeutralFace)


@pytest.mark.models
def test_an_independent_landmarker_sees_a_planted_smile(hub: ModelHub) -> None:
    """MediaPipe, which knows nothing of the rig, finds both corners of the mouth moved outwards and up."""
    smile = PlantedMovement(0.0, 0.1, 0.3, {"AU12": 1.0}, 0.08)
    rig = Rig(portrait(), (480, 640), 88.0)
    stage = Stage(rig, ClipPlan(1, 1.0, movements=(smile,), head=HeadMotion(0, 0, 0, 0, 0)))
    rest, apex = (stage.seen(state).astype(np.uint8) for state in stage.states(np.array([0.0, 0.1])))
    with FacePerception(hub) as perception:
        before, after = (perception.locate_still(image) for image in (rest, apex))
    assert isinstance(before, Face)
    assert isinstance(after, Face)
    moved = (after.landmarks - before.landmarks)[:, :2] / 88.0
    right, left = moved[61], moved[291]
    assert right[0] < -0.02
    assert left[0] > 0.02
    assert max(right[1], left[1]) < -0.01
    assert np.abs(moved[[33, 263, 168]]).max() < 0.02
