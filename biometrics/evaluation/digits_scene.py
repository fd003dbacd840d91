"""Simulated spoken-digit challenges with sound: who reads them, and who or what only seems to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from biometrics.challenges.digits import DigitsPlan, digits_plan
from biometrics.challenges.drbg import challenge_drbg
from biometrics.evaluation.digits_voices import LEVEL, Voice
from biometrics.views import Fact
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples

Behaviour = Literal[
    "reads", "reads slowly", "other order", "machine reads", "too early", "random words", "silent"
]
FIRST_S: Final = 1.5
"""When the first digit appears."""
_TAIL_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Scene:
    """One session: ``samples`` (n,) at 16 kHz from 0 s, before any codec."""

    seed: bytes
    samples: Samples


def scene(
    behaviour: Behaviour,
    voice: Voice,
    seed: bytes,
    snr_db: float,
    rng: np.random.Generator,
    speech: Samples | None = None,
) -> Scene:
    """Draw a session. ``speech`` is what "random words" are cut from."""
    plan = digits_plan(seed)
    count = round((FIRST_S + plan.duration_s + _TAIL_S) * SAMPLE_RATE_HZ)
    samples = np.zeros(count, np.float32)
    if behaviour == "random words":
        samples += _words(speech if speech is not None else np.zeros(0, np.float32), count, rng)
    elif behaviour != "silent":
        other = challenge_drbg(seed, "another challenge").generate(32)
        digits = digits_plan(other).digits if behaviour == "other order" else plan.digits
        for digit, at_s in zip(digits, _onsets(behaviour, plan, rng), strict=True):
            take = voice.takes[int(digit)][int(rng.integers(len(voice.takes[int(digit)])))]
            _add(samples, take * np.float32(rng.uniform(0.7, 1.3)), round(at_s * SAMPLE_RATE_HZ))
    noise = _room(count, rng) * LEVEL * 10.0 ** (-snr_db / 20.0)
    return Scene(seed, np.clip(samples + noise, -1.0, 1.0).astype(np.float32))


def facts(seed: bytes, end: str = "done") -> tuple[Fact, ...]:
    """What the analysis is told of the challenge, in order."""
    plan = digits_plan(seed)
    shown = [FIRST_S + k * plan.period_s for k in range(len(plan.digits))]
    begin = Fact(FIRST_S - 0.2, "digits", {"event": "begin", "challenge": "c", "seed": seed.hex()})
    show = [
        Fact(t, "digits", {"event": "show", "challenge": "c", "k": k, "shown_s": t, "clock": "sender"})
        for k, t in enumerate(shown)
    ]
    over = {"event": "end", "challenge": "c", "how": end, "detail": ""}
    return (begin, *show, Fact(FIRST_S + plan.duration_s, "digits", over))


def _onsets(behaviour: Behaviour, plan: DigitsPlan, rng: np.random.Generator) -> Sequence[float]:
    """When each digit begins.

    People: a mean of 0.35-0.65 s (slowly: 0.6-0.75 s) and a coefficient of variation about 0.17. A machine: 0.2-0.7 s, 12 ms
    apart. A recording keeps the pace, and starts as the first digit appears.
    """
    shown = FIRST_S + np.arange(len(plan.digits)) * plan.period_s
    match behaviour:
        case "machine reads":
            return list(shown + rng.uniform(0.2, 0.7) + rng.normal(0.0, 0.012, len(shown)))
        case "too early":
            return list(shown + rng.uniform(-0.25, 0.05) + rng.normal(0.0, 0.02, len(shown)))
        case "other order":
            return list(shown + rng.uniform(0.2, 0.6) + rng.normal(0.0, 0.06, len(shown)))
    low, high = (0.6, 0.75) if behaviour == "reads slowly" else (0.35, 0.65)
    mean_s, cv = rng.uniform(low, high), 0.17 * float(np.exp(rng.normal(0.0, 0.25)))
    return list(shown + np.clip(rng.normal(mean_s, cv * mean_s, len(shown)), 0.2, 0.95))


def _room(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Pink noise (n,) of power 1, from 50 Hz on, as a room's."""
    hz = np.fft.rfftfreq(count, 1.0 / SAMPLE_RATE_HZ)
    shaped = np.fft.rfft(rng.normal(size=count)) * (hz >= 50.0) / np.sqrt(np.maximum(hz, 50.0))
    noise = np.fft.irfft(shaped, count)
    return np.asarray(noise / noise.std())


def _words(speech: Samples, count: int, rng: np.random.Generator) -> Samples:
    if len(speech) < count:
        speech = (
            np.tile(speech, 1 + count // max(len(speech), 1)) if len(speech) else np.zeros(count, np.float32)
        )
    start = int(rng.integers(len(speech) - count + 1))
    cut = speech[start : start + count]
    level = float(np.sqrt(np.mean(np.square(cut, dtype=np.float64))))
    return np.asarray(cut * (LEVEL / level) if level > 0.0 else cut, dtype=np.float32)


def _add(samples: Samples, what: Samples, at: int) -> None:
    end = min(at + len(what), len(samples))
    samples[at:end] += what[: end - at]
