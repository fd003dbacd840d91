"""A movement planted in a picture arrives where it was, and is named as its like."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics.evaluation.micro_recognition_trials import unit_rates
from biometrics.micro.align import EYE_LINE_PX, INTER_OCULAR_PX
from biometrics.micro.maps import EYE_LINE, INTER_OCULAR, MIDDLE
from biometrics.micro.recognition import HALVES, MODEL, WENT, Recognised, Recogniser, event_map
from biometrics.training.micro.fields import FINE, GRID, fields
from biometrics.training.micro.fields import HALVES as FIELD_HALVES
from models.local_hub import LocalHub


def flow_with(row: float, column: float) -> NDArray[np.float32]:
    rows, columns = np.mgrid[0:128, 0:128]
    flow = np.zeros((128, 128, 2), np.float32)
    flow[..., 1] = np.exp(-0.5 * ((rows - row) ** 2 + (columns - column) ** 2) / 6.0**2)
    return flow


@pytest.mark.parametrize(("right", "down"), [(0.5, 0.0), (-0.5, 0.0), (0.3, 1.0)])
def test_a_place_lies_where_the_map_has_it(right: float, down: float) -> None:
    there = flow_with(EYE_LINE_PX + down * INTER_OCULAR_PX, 63.5 + right * INTER_OCULAR_PX)
    moved = event_map(there)[0, 1]
    row, column = (float(axis.mean()) for axis in np.nonzero(moved > 0.5))
    assert row == pytest.approx(EYE_LINE + down * INTER_OCULAR, abs=0.3)
    assert column == pytest.approx(MIDDLE + right * INTER_OCULAR, abs=0.3)


def test_halves_are_named_in_the_order_of_the_fields() -> None:
    assert tuple(f"{name}_{side}" for name, side in FIELD_HALVES) == HALVES


def planted(units: dict[str, float]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A blotchy straight face, and the same with units moved by that many px."""
    rng = np.random.default_rng(3)
    coarse = [
        cv2.resize(rng.standard_normal((n, n)).astype(np.float32), (128, 128), interpolation=cv2.INTER_CUBIC)
        for n in (16, 32)
    ]
    face = np.clip(128 + 25 * (coarse[0] + coarse[1]), 0, 255).astype(np.uint8)
    moved = sum(px * fields().halves[HALVES.index(name)] for name, px in units.items())
    scale = INTER_OCULAR * FINE / INTER_OCULAR_PX
    middle, eyes = (GRID - 1) / 2, (EYE_LINE + 0.5) * FINE - 0.5
    place = np.array([[scale, 0, middle - 63.5 * scale], [0, scale, eyes - EYE_LINE_PX * scale]])
    flow = cv2.warpAffine(
        np.moveaxis(np.asarray(moved, np.float32), 0, 2),
        place,
        (128, 128),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
    )
    rows, columns = np.mgrid[0:128, 0:128].astype(np.float32)
    apex = cv2.remap(
        face, columns - flow[..., 0], rows - flow[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return face, np.asarray(apex, np.uint8)


@pytest.mark.models
@pytest.mark.parametrize(
    ("units", "expected"),
    [
        ({"AU12_left": 2.5, "AU12_right": 2.5}, "positive"),
        ({"AU1_left": 2.5, "AU1_right": 2.5, "AU2_left": 2.5, "AU2_right": 2.5}, "surprise"),
        ({"AU4_left": 2.5, "AU4_right": 2.5}, "negative"),
        ({"AU15_left": 2.5, "AU15_right": 2.5}, "negative"),
    ],
)
def test_planted_units_are_named_and_found(units: dict[str, float], expected: str, hub: LocalHub) -> None:
    found = Recogniser(hub.get(MODEL))(*planted(units))
    assert max(found.probabilities, key=lambda name: found.probabilities[name]) == expected
    assert sum(found.probabilities.values()) == pytest.approx(1.0, abs=1e-5)
    strongest = sorted(found.units, key=lambda name: -found.units[name])[: len(units)]
    assert set(strongest) == set(units)


def test_a_reading_carries_classes_and_the_units_that_went() -> None:
    units = dict.fromkeys(HALVES, 0.0) | {"AU4_left": WENT, "AU9_right": 2.0, "AU1_left": WENT - 0.01}
    found = Recognised({"negative": 0.7, "positive": 0.2, "surprise": 0.1}, units)
    assert found.covariates == {
        "negative": 0.7,
        "positive": 0.2,
        "surprise": 0.1,
        "unit_AU4_left": WENT,
        "unit_AU9_right": 2.0,
    }


def test_a_unit_without_a_number_is_not_hidden() -> None:
    units = dict.fromkeys(HALVES, 0.0) | {"AU4_left": float("nan")}
    assert "unit_AU4_left" in Recognised({"negative": 1.0}, units).covariates


@pytest.mark.models
def test_most_units_that_are_told_were_planted_and_most_that_were_planted_are_told(hub: LocalHub) -> None:
    right, found = unit_rates(hub.get(MODEL))
    assert right is not None
    assert right.value > 0.9
    assert found.value > 0.8
