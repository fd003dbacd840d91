"""The maps of the MEGC 2019 composite (CASME II, SAMM, SMIC), as a folder of pictures with ``labels.csv``.

``labels.csv`` names ``dataset``, ``sub``, ``filename_o`` and ``label`` (0 negative, 1 positive, 2 surprise); the map of a row is
``flow_28x28/SUB_FILENAME .png`` (a space before the dot), 28 x 28, its three channels strain, v and u as OpenCV reads them, each of
them stretched to 0..255 for itself. So nobody can tell from the picture how far u went in comparison with v, and where their zero is.
The first comes back from the strain, which was made of both: the two scales are those with which the strain of the flow is nearest to the
strain in the picture. The zero is what most of the face does (`maps_of`).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from biometrics.errors import EvaluationError
from biometrics.micro.classes import CLASSES
from biometrics.micro.maps import CHANNELS, SIZE, maps_of
from biometrics.training.micro.samples import Samples
from fraudmodel.csv_rows import CsvRow, csv_rows, csv_text

LABELS: Final = "labels.csv"
FOLDER: Final = "flow_28x28"
COLUMNS: Final = ("dataset", "sub", "filename_o", "label")
_OUTLIER = 0.05
_SMALL = 1e-9
_FEWEST = 1e-3


def read_flow_maps(root: Path) -> Samples:
    """Every sample that ``labels.csv`` names. Raises DatasetError that names the file and the line; EvaluationError for a table without rows."""
    labels = root / LABELS
    rows = list(csv_rows(csv_text(labels, "table"), str(labels), COLUMNS))
    if not rows:
        raise EvaluationError(f"{labels} names no sample")
    classes = np.array([_label(row) for row in rows], np.intp)
    stored = np.stack([_picture(root, row) for row in rows])
    strain, v, u = np.moveaxis(stored, 1, 0)
    scales = np.array([common_unit(*each) for each in zip(u, v, strain, strict=True)])
    across, down = (scales[:, axis, np.newaxis, np.newaxis] for axis in (0, 1))
    maps, _ = maps_of(u * across, v * down, strain)
    datasets = [row["dataset"].strip() for row in rows]
    subjects = [f"{name}/{row['sub'].strip()}" for name, row in zip(datasets, rows, strict=True)]
    return Samples(maps, classes, np.array(subjects), np.array(datasets))


def write_flow_maps(
    root: Path, flows: Sequence[Sequence[NDArray[np.floating]]], labels: Sequence[Mapping[str, str]]
) -> None:
    """The same layout, of flows (u, v and strain (28, 28) each) and what `COLUMNS` say of each: to try what reads it."""
    (root / FOLDER).mkdir(parents=True, exist_ok=True)
    with (root / LABELS).open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, COLUMNS)
        writer.writeheader()
        writer.writerows(labels)
    for planes, row in zip(flows, labels, strict=True):
        picture = np.stack([_stretched(plane) for plane in reversed(planes)], axis=2)
        cv2.imwrite(str(_path(root, row)), picture)


def common_unit(
    u: NDArray[np.floating], v: NDArray[np.floating], strain: NDArray[np.floating]
) -> tuple[float, float]:
    """What to multiply u and v (28, 28) with so that both are in one unit: that of the strain, whose zero may be off."""
    (u_y, u_x), (v_y, v_x) = np.gradient(u), np.gradient(v)

    def apart(scales: NDArray[np.float64]) -> NDArray[np.float64]:
        a, b, zero = scales
        shear = 0.5 * (a * u_y + b * v_x) ** 2
        return np.asarray(np.sqrt((a * u_x) ** 2 + (b * v_y) ** 2 + shear + _SMALL) + zero - strain).ravel()

    starts = ((1.0, 1.0, 0.0), (0.3, 2.0, 0.0), (2.0, 0.3, 0.0))
    found = [least_squares(apart, start, loss="soft_l1", f_scale=_OUTLIER) for start in starts]
    a, b, _ = min(found, key=lambda each: float(each.cost)).x
    return max(abs(float(a)), _FEWEST), max(abs(float(b)), _FEWEST)


def _label(row: CsvRow) -> int:
    if row["label"] not in [str(index) for index in range(len(CLASSES))]:
        raise row.error(f"the label is 0, 1 or 2, not {row['label']!r}")
    return int(row["label"])


def _picture(root: Path, row: CsvRow) -> NDArray[np.float64]:
    """(3, 28, 28), 0..1."""
    path = _path(root, row.values)
    picture = cv2.imread(str(path)) if path.is_file() else None
    if picture is None:
        raise row.error(f"{path} is not there, or is no picture")
    if picture.shape != (SIZE, SIZE, CHANNELS):
        raise row.error(f"{path} is not {SIZE} x {SIZE} px")
    return np.asarray(np.moveaxis(picture, 2, 0) / 255.0)


def _path(root: Path, row: Mapping[str, str]) -> Path:
    return root / FOLDER / f"{row['sub']}_{row['filename_o']} .png"


def _stretched(plane: NDArray[np.floating]) -> NDArray[np.uint8]:
    low, high = float(plane.min()), float(plane.max())
    return np.asarray(np.round(255.0 * (plane - low) / max(high - low, _SMALL)), np.uint8)
