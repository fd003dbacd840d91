from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from biometrics.rppg.reading import LEAST_KBPS, Pulse, measure, read
from fraudmodel.signals import Reason
from tests.biometrics.rppg.signals import skin


def pulse_of(**conditions: float) -> Pulse:
    found = read(skin(**conditions))  # type: ignore[arg-type]
    assert isinstance(found, Pulse), found
    return found


@pytest.mark.parametrize("bpm", [48.0, 72.0, 95.0, 140.0])
def test_a_weak_pulse_is_found_to_a_beat(bpm: float) -> None:
    """0.3 % of green light, under noise of 0.1 % in each of nine regions."""
    found = pulse_of(bpm=bpm, noise=0.001)
    assert found.beat.bpm == pytest.approx(bpm, abs=1.0)
    assert found.beat.snr_db > 6.0
    assert found.agreement
    assert found.coherence > 0.9
    assert found.score < -0.5


def test_a_stronger_pulse_scores_further_below_zero() -> None:
    scores = [pulse_of(green=green, noise=0.01).score for green in (0.002, 0.005, 0.02)]
    assert scores == sorted(scores, reverse=True)


def test_skin_without_a_pulse_says_nothing() -> None:
    """Not one reading in ten goes below 0, and none far."""
    found = [read(skin(green=0.0, seed=seed)) for seed in range(40)]
    scores = [each.score if isinstance(each, Pulse) else 0.0 for each in found]
    assert sum(score < 0.0 for score in scores) <= 4
    assert min(scores) > -0.2


def test_a_wall_that_beats_with_the_skin_is_flicker() -> None:
    assert read(skin(wall=0.003)) is Reason.FLICKER


def test_a_wall_that_beats_faintly_cannot_have_made_the_pulse() -> None:
    assert pulse_of(wall=0.0002, noise=0.0001).background == 0.0


def test_a_head_that_nods_with_its_pulse_is_unsteady() -> None:
    assert read(skin(sway=0.05)) is Reason.UNSTEADY
    assert pulse_of(sway=0.001).score < -0.5, "a thousandth of the eyes' distance turns no cheek"


def test_without_a_wall_there_is_no_control() -> None:
    alone = skin()
    found = read(replace(alone, background=np.full_like(alone.background, np.nan)))
    assert isinstance(found, Pulse)
    assert found.background is None


@pytest.mark.parametrize(
    ("conditions", "reason"),
    [
        ({"seconds": 12.0}, Reason.NOT_YET),
        ({"fps": 15.0}, Reason.LOW_FRAME_RATE),
        ({"kbps": LEAST_KBPS - 1}, Reason.LOW_BITRATE),
    ],
)
def test_what_cannot_be_read_is_not(conditions: dict[str, float], reason: Reason) -> None:
    assert read(skin(**conditions)) is reason  # type: ignore[arg-type]


def test_overexposed_skin_is_not_read() -> None:
    assert read(replace(skin(), clipped=0.3)) is Reason.TOO_BRIGHT


def test_a_face_half_turned_away_is_not_read() -> None:
    turned = skin()
    regions = turned.regions.copy()
    regions[:, [0, 1, 2, 5, 6]] = np.nan
    assert read(replace(turned, regions=regions)) is Reason.FACE_TURNED


def test_a_frozen_picture_is_not_read() -> None:
    still = skin(green=0.0, noise=0.0)
    assert read(still) is Reason.STILL_SCENE


def test_a_moment_has_no_pulse() -> None:
    assert measure(skin(seconds=1.0)) is Reason.NOT_YET


def test_the_parts_lags_are_measured() -> None:
    """Regions beat 4 ms after each other: 0 to 32 ms, which four parts have at 4, 14, 22 and 30 ms."""
    found = pulse_of(green=0.02, noise=0.0005)
    assert found.lag_s == pytest.approx(float(np.std([0.004, 0.014, 0.022, 0.030])), abs=0.003)
