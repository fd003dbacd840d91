"""From pictures to maps: faces are found, an apex that nobody marked is where the face has gone farthest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics.errors import EvaluationError
from biometrics.face.perception import FacePerception
from biometrics.micro.classes import CLASSES
from biometrics.training.micro.datasets import measured
from biometrics.training.micro.events import Coded, Event
from models.local_hub import LocalHub

PHOTO = Path(__file__).parents[3] / "models" / "golden" / "astronaut.jpg"
pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def perception(hub: LocalHub) -> Iterator[FacePerception]:
    with FacePerception(hub) as perception:
        yield perception


def moved(photo: NDArray[np.uint8], px: float) -> NDArray[np.uint8]:
    """A place below the middle of the picture goes up."""
    height, width = photo.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    there = np.exp(
        -0.5
        * (((rows - 0.6 * height) / (0.05 * height)) ** 2 + ((columns - 0.5 * width) / (0.1 * width)) ** 2)
    )
    return np.asarray(
        cv2.remap(photo, columns, rows + np.float32(px) * there.astype(np.float32), cv2.INTER_LINEAR),
        np.uint8,
    )


def clip(folder: Path, ways: tuple[float, ...]) -> tuple[Path, ...]:
    photo = np.asarray(cv2.imread(str(PHOTO)), np.uint8)
    paths = tuple(folder / f"{number}.png" for number in range(len(ways)))
    for path, way in zip(paths, ways, strict=True):
        cv2.imwrite(str(path), moved(photo, way))
    return paths


def event(subject: str, number: int, frames: tuple[Path, ...], apex: Path | None) -> Event:
    return Event(f"sheet, row {number}", subject, str(number), CLASSES[number % 3], frames[0], apex, frames)


def quiet(*_: object) -> None:
    pass


def test_an_apex_is_found_where_none_is_marked(tmp_path: Path, perception: FacePerception) -> None:
    frames = clip(tmp_path, (0.0, 1.0, 3.0, 1.5))
    events = [event(f"s{k % 2}", k, frames, frames[2] if k < 3 else None) for k in range(6)]
    found = measured(Coded("own", tuple(events)), perception, quiet)
    assert found.samples.maps.shape == (6, 3, 28, 28)
    assert found.samples.people == ["own/s0", "own/s1"]
    assert not found.refused
    np.testing.assert_array_equal(found.samples.maps[0], found.samples.maps[5])


def test_who_cannot_be_seen_is_named_and_left_out(tmp_path: Path, perception: FacePerception) -> None:
    frames = clip(tmp_path, (0.0, 3.0))
    blank = tmp_path / "blank.png"
    cv2.imwrite(str(blank), np.full((256, 256, 3), 127, np.uint8))
    events = [event(f"s{k % 2}", k, frames, frames[1]) for k in range(6)] + [
        event("s9", 7, (blank, blank), blank)
    ]
    found = measured(Coded("own", tuple(events)), perception, quiet)
    assert len(found.samples) == 6
    assert found.refused == ("sheet, row 7: blank.png shows no face that can be measured (no_face)",)
    with pytest.raises(EvaluationError, match="no movement there can be measured"):
        measured(Coded("own", (events[-1],)), perception, quiet)


def test_a_picture_that_cannot_be_read_costs_its_own_movement_only(
    tmp_path: Path, perception: FacePerception
) -> None:
    frames = clip(tmp_path, (0.0, 3.0))
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    events = [event(f"s{k % 2}", k, frames, frames[1]) for k in range(6)]
    events += [event("s9", 7, (frames[0], broken), broken), event("s9", 8, (broken, frames[1]), frames[1])]
    found = measured(Coded("own", tuple(events)), perception, quiet)
    assert len(found.samples) == 6
    assert found.refused == tuple(f"sheet, row {row}: {broken} is no picture" for row in (7, 8))
