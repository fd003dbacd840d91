from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from biometrics.errors import EvaluationError
from biometrics.evaluation.rppg_clips import clip_files
from biometrics.evaluation.rppg_scene import Scene, pictures, times, views, wave
from biometrics.evaluation.rppg_trials import GREENS, rppg_figures
from biometrics.face.skin import BACKGROUND, roi_means

SMALL = Scene(scale=0.5, fps=20.0, duration_s=7.0)


def test_the_curve_falls_with_the_pulse_and_with_the_bit_rate() -> None:
    found = rppg_figures(1, (None, 300), lambda *_: None, like=SMALL)
    by_condition = {(row.green, row.target_kbps): row for row in found.rows}
    assert len(by_condition) == 2 * len(GREENS)
    snr = {condition: row.snr_db.value for condition, row in by_condition.items() if row.snr_db}
    assert snr[0.01, None] > snr[0.003, None] > 0.0
    assert snr[0.01, None] > snr[0.01, 300] + 3.0
    assert by_condition[0.0, None].snr_db is None
    coded = by_condition[0.01, 300].kbps
    assert coded == pytest.approx(300, rel=0.3)
    json.dumps(found.as_json(), allow_nan=False)


def test_a_painted_pulse_has_its_amplitude_in_light_and_the_wall_none() -> None:
    scene = Scene(green=0.02, sway_px=0.0, spread_s=0.0, scale=0.5, fps=20.0, duration_s=5.0)
    seen = views(scene, *pictures(scene, np.random.default_rng(1)), None)
    linear = np.stack([means.linear for means in map(roi_means, seen) if means])
    beat = wave(times(scene), scene.bpm)
    for region, expected in ((slice(0, BACKGROUND), 0.02), (slice(BACKGROUND, BACKGROUND + 1), 0.0)):
        green = linear[:, region, 1].mean(axis=1)
        amplitude = np.polyfit(beat, green / green.mean(), 1)[0]
        assert amplitude == pytest.approx(expected, abs=0.001)


def test_a_folder_without_clips_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"has no clips: give a folder with clips/\*\.mp4"):
        clip_files(tmp_path)
