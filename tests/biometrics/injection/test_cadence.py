"""Cadence, clocks and light, with known answers."""

from __future__ import annotations

import numpy as np
import pytest

from biometrics.injection.cadence import cadence, cadence_cues, clock_cues, light_cues
from biometrics.injection.points import Tally


def grid(fps: float, count: int = 300) -> list[int]:
    """Increments of a perfect grid as libwebrtc stamps it: on whole milliseconds."""
    return [int(each) * 90 for each in np.diff(np.round(np.arange(count + 1) * 1000 / fps))]


def camera(fps: float = 30.0, jitter_ms: float = 3.0) -> list[int]:
    rng = np.random.default_rng(1)
    times = np.arange(301) * 1000 / fps + rng.normal(0, jitter_ms, 301)
    return [int(each) * 90 for each in np.diff(np.round(times))]


def cues(ticks: list[int]) -> dict[str, float]:
    found, tally = cadence(ticks), Tally()
    assert found is not None
    cadence_cues(found, tally)
    return tally.points


def test_statistics_of_a_perfect_grid() -> None:
    found = cadence(grid(30.0))
    assert found is not None
    assert found.fps == pytest.approx(30.0, rel=1e-3)
    assert (found.browser, found.rigid, found.distinct) == (1.0, 1.0, 2)
    assert found.lag1 == pytest.approx(-0.5, abs=0.1)
    assert found.cv == pytest.approx(np.std([33, 33, 34]) / np.mean([33, 33, 34]), rel=0.05)


def test_missing_frames_do_not_bend_a_grid() -> None:
    ticks = grid(30.0)
    for k in range(0, 280, 11):
        ticks[k : k + 2] = [sum(ticks[k : k + 2])]
    found = cadence(ticks)
    assert found is not None
    assert found.rigid > 0.99
    assert found.fps == pytest.approx(30.0, rel=2e-3)


def test_a_jittering_camera_is_no_grid() -> None:
    found = cadence(camera())
    assert found is not None
    assert found.rigid < 0.6
    assert cues(camera())["rigid"] < 0.0


@pytest.mark.parametrize("fps", [24_000 / 1001, 24.0, 25.0])
def test_rates_of_films_count(fps: float) -> None:
    assert cues(grid(fps))["film_rate"] > 0
    assert cues(grid(30.0))["film_rate"] == 0


def test_a_sender_that_counts_ticks_is_no_browser() -> None:
    """aiortc's: 3003 ticks at 29.97 Hz, which no clock of whole milliseconds makes."""
    assert cues([3003] * 200)["no_browser"] == 2.5
    assert cues(grid(29.97))["no_browser"] == 0.0


def test_too_few_frames_say_nothing() -> None:
    assert cadence([3000] * 59) is None


def clocks(audio: float | None, error: float | None = 1.0) -> dict[str, float]:
    tally = Tally()
    clock_cues(
        {"audio_ppm": audio, "video_ppm": 0.0, "audio_error_ppm": error, "video_error_ppm": 0.5}, tally
    )
    return tally.points


def test_two_crystals_drift_apart_and_one_file_does_not() -> None:
    assert clocks(35.0) == {"clocks_as_one": -0.5}
    assert clocks(0.4) == {"clocks_as_one": 0.5}
    assert clocks(5.0) == {"clocks_as_one": 0.0}
    assert clocks(0.4, error=20.0) == {"clocks_as_one": 0.0}
    assert clocks(None) == {}
    assert clocks(0.4, error=None) == {}, "an error that is not known is not none"


def test_a_camera_that_slows_down_in_the_dark_speaks_for_itself() -> None:
    tally = Tally()
    light_cues([(120.0, 30.0), (125.0, 30.0), (40.0, 15.0)], tally)
    assert tally.points["follows_light"] == -1.0
    light_cues([(120.0, 30.0), (40.0, 30.0)], tally)
    assert tally.points["follows_light"] == 0.3


def test_without_dark_and_light_nothing_is_said() -> None:
    tally = Tally()
    light_cues([(120.0, 30.0), (80.0, 30.0)], tally)
    assert tally.points == {}
