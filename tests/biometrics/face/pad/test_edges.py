from __future__ import annotations

import cv2
import numpy as np
import pytest

from biometrics.face.boxes import Image
from biometrics.face.pad.edges import BezelAnalyser, enclosure

BOX = (270.0, 190.0, 100.0, 100.0)


def room(seed: int = 0) -> Image:
    """A frame with soft shapes and no straight edge."""
    noise = np.random.default_rng(seed).normal(0, 1, (480, 640)).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), 25)
    grey = np.clip(120 + 40 * soft / soft.std(), 0, 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)


def with_tablet(turn_deg: float = 0.0) -> Image:
    image = room()
    corners = cv2.boxPoints(((320.0, 240.0), (200.0, 280.0), turn_deg)).astype(np.int32)
    cv2.polylines(image, [corners], True, (15, 15, 15), 9)
    return image


@pytest.mark.parametrize("turn_deg", [0.0, 4.0, 12.0])
def test_a_tablets_rim_encloses_the_face(turn_deg: float) -> None:
    assert BezelAnalyser()(with_tablet(turn_deg), BOX) > 0.4


@pytest.mark.parametrize("seed", range(4))
def test_a_soft_room_has_no_rim(seed: int) -> None:
    assert BezelAnalyser()(room(seed), BOX) == 0.0


def test_a_single_door_frame_encloses_nothing() -> None:
    image = room()
    cv2.line(image, (200, 0), (205, 479), (15, 15, 15), 9)
    assert BezelAnalyser()(image, BOX) == 0.0


def test_the_shorter_of_two_parallel_lines_counts() -> None:
    corner, size = np.array([60.0, 60.0]), np.array([40.0, 40.0])
    left = [[40.0, 20.0], [40.0, 120.0]]
    right = [[120.0, 30.0], [122.0, 100.0]]
    slanted = [[130.0, 20.0], [160.0, 120.0]]
    across = [[60.0, 80.0], [60.0, 150.0]]
    assert enclosure(np.array([left, right]), corner, size) == pytest.approx(np.hypot(2, 70))
    assert enclosure(np.array([left, slanted]), corner, size) == 0.0
    assert enclosure(np.array([left, across]), corner, size) == 0.0
    assert enclosure(np.zeros((0, 2, 2)), corner, size) == 0.0


def test_a_tiny_frame_has_no_rim() -> None:
    assert BezelAnalyser()(np.zeros((5, 5, 3), np.uint8), (1.0, 1.0, 2.0, 2.0)) == 0.0
