"""Error rates of the spoken-digit challenge on simulated sessions, through Opus and the product's own detector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final, get_args

import numpy as np

from biometrics.detectors.digits_challenge import DigitsChallenge
from biometrics.evaluation.audio import through_opus
from biometrics.evaluation.digits_scene import Behaviour, facts, scene
from biometrics.evaluation.digits_voices import Voice
from biometrics.evaluation.trials import Progress
from biometrics.media import AudioChunk
from biometrics.voice.embed import VoiceEncoder
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples
from biometrics.voice.perception import SpeechPerception
from fraudmodel.intervals import Estimate, rate, rate_if_tried
from fraudmodel.signals import Observation, Reading
from models.hub import ModelHub

BEHAVIOURS: Final[tuple[Behaviour, ...]] = get_args(Behaviour)
HONEST: Final = ("reads", "reads slowly")
FULL: Final = 6
QUICK: Final = 1
"""Sessions of each behaviour for each voice."""
OPUS_KBPS: Final = 24
SNR_DB: Final = (20.0, 15.0, 30.0)


@dataclass(frozen=True, slots=True)
class Row:
    """One behaviour in the voices of one language.

    ``followed`` is how often the detector says so, ``below_0`` how often the score supports a person who reads, ``above_1`` how
    often it is above 1 nat; of the sessions with an observation. ``score`` 5 %, 50 %, 95 %.
    """

    behaviour: Behaviour
    language: str
    followed: Estimate | None
    below_0: Estimate | None
    above_1: Estimate | None
    abstained: Estimate
    score: tuple[float, ...]
    cv: tuple[float, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "behaviour": self.behaviour,
            "language": self.language,
            "honest": self.behaviour in HONEST,
            "followed": _json(self.followed),
            "score_below_0": _json(self.below_0),
            "score_above_1": _json(self.above_1),
            "abstained": _json(self.abstained),
            "score_5_50_95": [round(value, 3) for value in self.score],
            "latency_cv_5_50_95": [round(value, 3) for value in self.cv],
        }


@dataclass(frozen=True, slots=True)
class Understood:
    """Digits of one voice that were heard as said, of those that were answered in time."""

    voice: str
    language: str
    recorded: bool
    right: Estimate | None

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "voice": self.voice,
            "language": self.language,
            "recorded": self.recorded,
            "right": _json(self.right),
        }


@dataclass(frozen=True, slots=True)
class DigitsFigures:
    """All behaviours and voices; ``decision_ms`` mean time of judging one challenge on this machine."""

    rows: tuple[Row, ...]
    understood: tuple[Understood, ...]
    decision_ms: float

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "rows": [row.as_json() for row in self.rows],
            "understood": [one.as_json() for one in self.understood],
            "decision_ms": round(self.decision_ms, 1),
        }


def digits_figures(
    sessions: int, found: Sequence[Voice], hub: ModelHub, report: Progress, speech: Samples | None = None
) -> DigitsFigures:
    """Play ``sessions`` challenges of each behaviour in each voice; "random words" only where there is ``speech``."""
    stage = _Stage(hub, speech)
    rows: list[Row] = []
    understood: list[Understood] = []
    behaviours = [one for one in BEHAVIOURS if speech is not None or one != "random words"]
    played: dict[tuple[Behaviour, str], list[Reading]] = {}
    for done, voice in enumerate(found):
        report(done, len(found), "digits: voices")
        for behaviour in behaviours:
            readings = [stage.play(behaviour, voice, k) for k in range(sessions)]
            played.setdefault((behaviour, voice.language), []).extend(readings)
            if behaviour == "reads":
                understood.append(_understood(voice, readings))
    report(len(found), len(found), "digits: voices")
    rows = [_row(behaviour, language, readings) for (behaviour, language), readings in sorted(played.items())]
    return DigitsFigures(tuple(rows), tuple(understood), 1e3 * stage.decisions_s / max(stage.decisions, 1))


class _Stage:
    """Plays one session after another."""

    def __init__(self, hub: ModelHub, speech: Samples | None) -> None:
        self._hub = hub
        self._speech = speech
        self.decisions, self.decisions_s = 0, 0.0

    def play(self, behaviour: Behaviour, voice: Voice, k: int) -> Reading:
        """The reading of one session."""
        seed = f"{behaviour} {voice.name} {k}".encode()
        rng = np.random.default_rng(list(seed))
        drawn = scene(behaviour, voice, seed, SNR_DB[k % len(SNR_DB)], rng, self._speech)
        perception = SpeechPerception(self._hub)
        heard = through_opus(drawn.samples, OPUS_KBPS)
        views = [*perception.feed(AudioChunk(0.0, heard, SAMPLE_RATE_HZ)), *perception.finish()]
        detector = DigitsChallenge(VoiceEncoder(self._hub.get("campplus")))
        told = facts(seed)
        begin, *rest = told
        list(detector.learn(begin))
        for view in views:
            list(detector.observe(view))
        started = perf_counter()
        readings = [reading for fact in rest for reading in detector.learn(fact)]
        self.decisions += 1
        self.decisions_s += perf_counter() - started
        last: list[Reading] = [*readings, *detector.finish()]
        return last[-1]


def _understood(voice: Voice, readings: Sequence[Reading]) -> Understood:
    measured = [reading for reading in readings if isinstance(reading, Observation)]
    right = sum(reading.covariates["hits"] for reading in measured)
    of = sum(reading.covariates["answered"] for reading in measured)
    return Understood(voice.name, voice.language, voice.recorded, rate_if_tried(int(right), int(of)))


def _row(behaviour: Behaviour, language: str, readings: Sequence[Reading]) -> Row:
    measured = [reading for reading in readings if isinstance(reading, Observation)]
    scores = [reading.score for reading in measured]
    cvs = [reading.covariates["latency_cv"] for reading in measured if "latency_cv" in reading.covariates]
    count = len(measured)
    return Row(
        behaviour,
        language,
        followed=rate_if_tried(sum(reading.covariates["followed"] == 1.0 for reading in measured), count),
        below_0=rate_if_tried(sum(score < 0.0 for score in scores), count),
        above_1=rate_if_tried(sum(score > 1.0 for score in scores), count),
        abstained=rate(len(readings) - count, len(readings)),
        score=_quantiles(scores),
        cv=_quantiles(cvs),
    )


def _quantiles(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(float(v) for v in np.quantile(values, (0.05, 0.5, 0.95))) if values else ()


def _json(figure: Estimate | None) -> dict[str, float] | None:
    if figure is None:
        return None
    return {"value": figure.value, "low": figure.low, "high": figure.high, "n": figure.n}
