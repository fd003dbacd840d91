"""Replay and mixing: bands, bends, rooms and levels that are known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.attacklab.speech.loudspeaker import Loudspeaker
from biometrics.attacklab.speech.mixing import in_bursts, mixed, over, repeated
from biometrics.attacklab.speech.replay import by_desk, by_phone
from biometrics.attacklab.speech.rooms import SPEED_M_S, decaying, shoebox
from biometrics.attacklab.speech.waves import active_rms
from biometrics.voice.features import Samples
from tests.biometrics.attacklab.speech.voices import spoken

HZ = np.fft.rfftfreq(32_000, 1 / 16_000)


def _power(samples: np.ndarray[tuple[int], np.dtype[np.floating]], low: float, high: float) -> float:
    power = np.abs(np.fft.rfft(samples, 32_000)) ** 2
    return float(10 * np.log10(power[(low <= HZ) & (high > HZ)].sum() + 1e-12))


def _tone(hz: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return 0.1 * np.sin(2 * np.pi * hz * np.arange(32_000) / 16_000)


def test_a_loudspeaker_passes_its_band_and_no_more() -> None:
    speaker = Loudspeaker(600.0, 6000.0, 0.01, "saturating")
    noise = np.random.default_rng(0).standard_normal(32_000) * 0.05
    played = speaker.play(noise)
    change = {
        band: _power(played, *band) - _power(noise, *band) for band in ((80, 150), (1500, 3000), (7600, 7990))
    }
    assert change[80, 150] < change[1500, 3000] - 20
    assert change[7600, 7990] < change[1500, 3000] - 12


@pytest.mark.parametrize(("curve", "strong", "weak"), [("saturating", 3, 2), ("lopsided", 2, 3)])
def test_each_curve_bends_in_its_own_way(curve: str, strong: int, weak: int) -> None:
    played = Loudspeaker(100.0, 7900.0, 0.5, "saturating" if curve == "saturating" else "lopsided").play(
        _tone(500.0)
    )
    harmonic = {n: _power(played, 500 * n - 20, 500 * n + 20) for n in (strong, weak)}
    assert harmonic[strong] > harmonic[weak] + 10


def test_more_drive_bends_more() -> None:
    thirds = [
        _power(Loudspeaker(100.0, 7900.0, drive, "saturating").play(_tone(500.0)), 1480, 1520)
        for drive in (0.1, 0.8)
    ]
    assert thirds[1] > thirds[0] + 15


@pytest.mark.parametrize("rt60_s", [0.2, 0.5])
def test_a_decaying_room_decays_as_asked(rt60_s: float) -> None:
    response = decaying(rt60_s, 0.0, np.random.default_rng(0))
    left = np.cumsum(response[:0:-1] ** 2)[::-1]
    level = 10 * np.log10(left / left[0])
    at = np.arange(len(level)) / 16_000
    inner = (level < -5) & (level > -25)
    slope = np.polyfit(at[inner], level[inner], 1)[0]
    assert -60 / slope == pytest.approx(rt60_s, rel=0.1)
    assert np.sum(response[1:] ** 2) == pytest.approx(response[0] ** 2, rel=1e-6)


def test_mirror_sources_come_when_geometry_says() -> None:
    size, source, microphone = np.array([5.0, 4.0, 3.0]), np.array([2.0, 2.0, 1.2]), np.array([3.0, 2.0, 1.2])
    response = shoebox(size, source, microphone, 0.3)
    floor = np.hypot(1.0, 2.4)
    late = round((floor - 1.0) / SPEED_M_S * 16_000)
    strength = np.sqrt(np.sum(response[late - 8 : late + 9] ** 2)) / response[0]
    assert strength == pytest.approx(np.sqrt(0.7) / floor, rel=0.15)
    assert np.argmax(np.abs(response)) == 0


def test_walls_that_take_everything_leave_the_direct_sound() -> None:
    response = shoebox(np.array([4.0, 4.0, 3.0]), np.full(3, 1.0), np.full(3, 1.5), 1.0)
    assert response[0] == pytest.approx(1.0)
    assert np.abs(response[1:]).max() < 1e-9


@pytest.mark.parametrize("replay", [by_phone, by_desk])
def test_a_replay_has_the_level_of_what_it_plays_but_not_its_bass(replay: Callable[..., Samples]) -> None:
    samples = spoken(2.0)
    heard = replay(samples, np.random.default_rng(1))
    assert active_rms(heard) == pytest.approx(active_rms(samples), rel=0.1)
    bass = [_power(each, 60, 140) - _power(each, 700, 2000) for each in (samples, heard)]
    assert bass[1] < bass[0]


@given(st.floats(-5, 30))
@settings(max_examples=20, deadline=None)
def test_the_other_is_as_far_below_as_asked(below_db: float) -> None:
    rng = np.random.default_rng(0)
    samples, other = (np.asarray(0.02 * rng.standard_normal(16_000), np.float32) for _ in range(2))
    both = mixed(samples, np.asarray(other, np.float64), below_db)
    scale = float(np.dot(both, samples) / np.dot(samples, samples))
    added = both / scale - samples
    assert 20 * np.log10(active_rms(samples) / active_rms(added)) == pytest.approx(below_db, abs=0.4)


def test_bursts_leave_stretches_without_the_other_and_talking_over_does_not() -> None:
    samples, other = np.full(160_000, 1e-3, np.float32), spoken(3.0, 4)
    frames = {
        name: np.abs(way(samples, other, 0.0, np.random.default_rng(2)) / samples - 1)
        .reshape(-1, 1600)
        .max(axis=1)
        for name, way in (("bursts", in_bursts), ("over", over))
    }
    assert (frames["bursts"] < 0.05).mean() > 0.1
    assert (frames["over"] < 0.05).mean() < 0.6 * (frames["bursts"] < 0.05).mean()


def test_words_begin_again_where_they_end() -> None:
    assert repeated(np.array([1, 2], np.float32), 5).tolist() == [1, 2, 1, 2, 1]
    assert repeated(np.zeros(0, np.float32), 3).tolist() == [0, 0, 0]
