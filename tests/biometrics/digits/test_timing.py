from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.digits.bursts import Burst, bursts
from biometrics.digits.run import Prompt
from biometrics.digits.sound import Sound
from biometrics.digits.timing import EARLY_S, answers

RATE_HZ = 16_000
PROMPTS = tuple(Prompt(digit, 1.0 + 0.9 * k) for k, digit in enumerate((3, 1, 4, 1, 5, 9, 2, 6)))


def sound(parts: list[tuple[float, float]], spoken: bool = True, start: float = 0.0) -> Sound:
    """Bursts of noise (start, end) on the media clock over a quiet room."""
    rng = np.random.default_rng(1)
    samples = rng.normal(0.0, 1e-3, 20 * 8192).astype(np.float32)
    for first, last in parts:
        a, b = round((first - start) * RATE_HZ), round((last - start) * RATE_HZ)
        samples[a:b] += rng.normal(0.0, 0.1, b - a).astype(np.float32)
    loud = np.square(samples.reshape(-1, 512)).mean(axis=1) > 1e-4
    return Sound(start, samples, np.where(loud & spoken, 0.9, 0.05).astype(np.float32), 0.0)


def test_a_burst_begins_and_ends_where_it_does() -> None:
    found = bursts(sound([(12.3, 12.6), (13.5, 13.9)], start=10.0))
    assert [one.start for one in found] == pytest.approx([12.3, 13.5], abs=0.02)
    assert [one.end for one in found] == pytest.approx([12.6, 13.9], abs=0.02)


def test_a_stop_inside_a_word_does_not_part_it_and_a_click_is_no_word() -> None:
    assert len(bursts(sound([(2.0, 2.2), (2.28, 2.5)]))) == 1
    assert len(bursts(sound([(2.0, 2.2), (2.6, 2.64)]))) == 1


def test_noise_that_nobody_speaks_is_no_burst() -> None:
    assert bursts(sound([(2.0, 2.5)], spoken=False)) == ()


def test_each_digit_gets_the_speech_after_it() -> None:
    latencies = (0.4, 0.5, 0.6, 0.45, 0.55, 0.5, 0.7, 0.3)
    said = [
        Burst(one.shown_s + wait, one.shown_s + wait + 0.3)
        for one, wait in zip(PROMPTS, latencies, strict=True)
    ]
    given = answers(said, PROMPTS)
    assert given.which == tuple(range(8))
    assert given.latencies_s == pytest.approx(latencies)
    assert (given.missing, given.extra) == (0, 0)
    assert given.cv == pytest.approx(np.std(latencies, ddof=1) / np.mean(latencies))


def test_what_is_missing_and_what_was_not_asked_for_is_counted() -> None:
    said = [Burst(one.shown_s + 0.5, one.shown_s + 0.8) for one in PROMPTS[:-2]]
    given = answers([Burst(0.2, 0.5), *said], PROMPTS)
    assert (given.missing, given.extra) == (2, 1)
    assert given.which[0] == 1


def test_too_few_latencies_tell_nothing_about_their_evenness() -> None:
    said = [Burst(one.shown_s + 0.5, one.shown_s + 0.8) for one in PROMPTS[:4]]
    assert answers(said, PROMPTS).cv is None


def test_speech_before_the_digit_is_found_by_the_early_window_alone() -> None:
    said = [Burst(one.shown_s - 0.1, one.shown_s + 0.2) for one in PROMPTS]
    assert answers(said, PROMPTS, EARLY_S).latency_s == pytest.approx(-0.1)
    assert answers(said, PROMPTS).which[0] == 1


@given(st.lists(st.floats(0.0, 12.0), max_size=20))
def test_a_burst_answers_one_digit_at_most(starts: list[float]) -> None:
    said = [Burst(start, start + 0.2) for start in sorted(starts)]
    used = [k for k in answers(said, PROMPTS).which if k is not None]
    assert len(used) == len(set(used))
