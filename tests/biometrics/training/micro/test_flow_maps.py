"""What a stretched picture loses comes back from the strain; a wrong folder is named."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics.errors import EvaluationError
from biometrics.micro.maps import maps_of, optical_strain
from biometrics.training.micro.flow_maps import common_unit, read_flow_maps, write_flow_maps
from fraudmodel.errors import DatasetError


def movement(across: float) -> tuple[NDArray[np.floating], NDArray[np.floating], NDArray[np.floating]]:
    rows, columns = np.mgrid[0:28, 0:28]
    u = across * np.exp(-0.5 * ((rows - 18) ** 2 + (columns - 20) ** 2) / 9.0)
    v = -np.exp(-0.5 * ((rows - 17) ** 2 + (columns - 19) ** 2) / 9.0) + 0.2 * np.exp(
        -0.5 * ((rows - 6) ** 2 + (columns - 8) ** 2) / 4
    )
    return u, v, optical_strain(u, v)


LABELS = [
    {"dataset": "samm", "sub": f"00{k}", "filename_o": f"00{k}_1", "label": str(k % 3)} for k in range(3)
]


@pytest.mark.parametrize("across", [0.1, 0.5, 2.0])
def test_the_two_scales_come_back(across: float) -> None:
    u, v, strain = movement(across)
    a, b = common_unit(u / np.ptp(u), v / np.ptp(v), strain / np.ptp(strain))
    assert a / b == pytest.approx(np.ptp(u) / np.ptp(v), rel=0.05)


def test_maps_come_back_from_pictures(tmp_path: Path) -> None:
    flows = [movement(across) for across in (0.1, 0.5, 2.0)]
    write_flow_maps(tmp_path, flows, LABELS)
    found = read_flow_maps(tmp_path).checked()
    expected, _ = maps_of(*(np.stack(plane) for plane in zip(*flows, strict=True)))
    np.testing.assert_allclose(found.maps, expected, atol=0.15)
    assert found.classes.tolist() == [0, 1, 2]
    assert found.people == ["samm/000", "samm/001", "samm/002"]


def test_a_missing_picture_is_named_with_its_row(tmp_path: Path) -> None:
    write_flow_maps(tmp_path, [movement(1.0)] * 3, LABELS)
    (tmp_path / "flow_28x28" / "001_001_1 .png").unlink()
    with pytest.raises(DatasetError, match=r"labels\.csv, line 3: .*001_001_1 \.png is not there"):
        read_flow_maps(tmp_path)


def test_a_picture_of_another_size_is_named(tmp_path: Path) -> None:
    write_flow_maps(tmp_path, [movement(1.0)] * 3, LABELS)
    cv2.imwrite(str(tmp_path / "flow_28x28" / "000_000_1 .png"), np.zeros((30, 28, 3), np.uint8))
    with pytest.raises(DatasetError, match=r"line 2: .* is not 28 x 28 px"):
        read_flow_maps(tmp_path)


def test_a_label_that_is_none(tmp_path: Path) -> None:
    write_flow_maps(tmp_path, [movement(1.0)] * 3, [{**LABELS[0], "label": "3"}, *LABELS[1:]])
    with pytest.raises(DatasetError, match="line 2: the label is 0, 1 or 2, not '3'"):
        read_flow_maps(tmp_path)


def test_one_person_cannot_be_left_out(tmp_path: Path) -> None:
    write_flow_maps(
        tmp_path,
        [movement(1.0)] * 3,
        [{**row, "sub": "1", "filename_o": str(k)} for k, row in enumerate(LABELS)],
    )
    with pytest.raises(EvaluationError, match="two or more"):
        read_flow_maps(tmp_path).checked()


def test_a_folder_without_labels(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"labels\.csv cannot be read: No such file"):
        read_flow_maps(tmp_path)


def test_blanks_make_nobody_another_person(tmp_path: Path) -> None:
    labels = [LABELS[0], {**LABELS[1], "dataset": "samm "}, LABELS[2]]
    write_flow_maps(tmp_path, [movement(1.0)] * 3, labels)
    found = read_flow_maps(tmp_path)
    assert found.people == ["samm/000", "samm/001", "samm/002"]
    assert set(found.datasets.tolist()) == {"samm"}
