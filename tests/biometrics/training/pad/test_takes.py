from __future__ import annotations

from pathlib import Path

import numpy as np

from biometrics.training.pad.augment import mirrored
from biometrics.training.pad.takes import CLEAN, NETWORKS, Window, read, write

CROPS = (*NETWORKS, NETWORKS[0] + CLEAN, NETWORKS[1] + CLEAN)


def test_windows_come_back_as_they_were_written(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    windows = [
        Window(
            "print-a-train-00001", "print", "ann", "train", "a", 640.0,
            {name: rng.integers(0, 256, (k + 2, 80, 80, 3), np.uint8) for name in CROPS},
            tuple(rng.normal(size=(1, n)).astype(np.float32) for n in (11, 11, 3, 354, 2)),
        )
        for k in range(2)
    ]  # fmt: skip
    write(tmp_path / "one.npz", windows)
    found = list(read(tmp_path))
    assert len(found) == 2
    for before, after in zip(windows, found, strict=True):
        assert (after.render, after.species, after.subject, after.kbps) == (
            "print-a-train-00001",
            "print",
            "ann",
            640.0,
        )
        assert after.attack
        assert set(after.crops) == set(CROPS)
        for name in CROPS:
            np.testing.assert_array_equal(before.crops[name], after.crops[name])
        for one, other in zip(before.rows, after.rows, strict=True):
            np.testing.assert_array_equal(one, other)


def test_a_mirror_swaps_left_and_right_only() -> None:
    crops = np.random.default_rng(4).integers(0, 256, (3, 8, 8, 3), np.uint8)
    found = mirrored(crops)
    np.testing.assert_array_equal(found[:, 2, 1], crops[:, 2, 6])
    np.testing.assert_array_equal(mirrored(found), crops)
