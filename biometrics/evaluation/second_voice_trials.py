"""How often another voice is found where there is one, and where there is none: simulated calls of real speakers, read as a call is read.

The detector's threshold is fitted on half of the speakers and tried on the other half, both ways: the least that gives at
most one false alarm in ten minutes of calls without another voice, and no less than where the detector itself says that there is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import process_time
from typing import Final

import numpy as np

from biometrics.detectors.second_voice import SecondVoice
from biometrics.errors import EvaluationError
from biometrics.evaluation.audio import by_folder, read_audio
from biometrics.evaluation.room_scene import Call, Plan, make_call
from biometrics.evaluation.trials import Progress
from biometrics.media import AudioChunk
from biometrics.views import FarView, SpeechView
from biometrics.voice.embed import VoiceEncoder
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples
from biometrics.voice.perception import SpeechPerception
from biometrics.voices.clusters import JOIN
from fraudmodel.intervals import Estimate, rate
from fraudmodel.signals import Observation, Reading, Span
from models.hub import ModelHub

LEAST_OTHER_S: Final = 1.5
"""A reading should find another voice where it spoke for so long meanwhile."""
_LEAST_SPEAKERS: Final = 4
_PACKET: Final = 320
_DELAYS_S: Final = (0.1, 0.2, 0.3, 0.4, 0.5)

Conditions = Mapping[str, Plan]

NEGATIVE: Final[Conditions] = {
    "alone": Plan(),
    "alone, noises -15 dB": Plan("noises", -15.0),
    "officer's echo -10 dB": Plan(echo_db=-10.0),
    "officer's echo -10 dB, talks over": Plan(echo_db=-10.0, overlap=True),
    "officer's echo -25 dB": Plan(echo_db=-25.0),
    "officer talks over, no echo": Plan(overlap=True),
}
POSITIVE: Final[Conditions] = {
    "another voice 0 dB": Plan("speaks", 0.0),
    "another voice -5 dB": Plan("speaks", -5.0),
    "another voice -10 dB": Plan("speaks", -10.0),
    "another voice -15 dB": Plan("speaks", -15.0),
    "another voice -10 dB, echo -15 dB": Plan("speaks", -10.0, echo_db=-15.0),
    "whisper -15 dB": Plan("whispers", -15.0),
    "whisper -20 dB": Plan("whispers", -20.0),
    "whisper -25 dB": Plan("whispers", -25.0),
    "whisper -30 dB": Plan("whispers", -30.0),
}
QUICK_NEGATIVE: Final = ("alone", "officer's echo -10 dB")
QUICK_POSITIVE: Final = ("another voice -10 dB",)
FULL_TURNS: Final = 5
QUICK_TURNS: Final = 3
QUICK_SPEAKERS: Final = 4
ALARM_EVERY_MIN: Final = 10.0
"""At the threshold, a false alarm in so many minutes."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One reading: its score, and the seconds that somebody else spoke meanwhile."""

    speaker: str
    condition: str
    score: float
    other_s: float
    whisper_s: float


@dataclass(frozen=True, slots=True)
class Row:
    """One condition. ``found`` share of its readings that say another voice, with somebody else there or not; ``calls`` the same of whole calls.

    ``minutes`` of media, and of ``readings`` how many ``abstained``.
    """

    condition: str
    found: Estimate
    calls: Estimate
    minutes: float
    readings: int
    abstained: int


@dataclass(frozen=True, slots=True)
class SecondVoiceFigures:
    """``thresholds`` of the two halves of ``speakers``; ``alarms`` false ones in ``minutes`` of calls without another voice.

    ``cost_ms`` CPU of the detector for each second of media, without perception.
    """

    rows: tuple[Row, ...]
    thresholds: tuple[float, float]
    speakers: int
    alarms: int
    minutes: float
    cost_ms: float
    model: str

    @property
    def alarms_in_ten_minutes(self) -> float:
        return 10 * self.alarms / self.minutes if self.minutes else 0.0

    def as_json(self) -> dict[str, object]:
        """For `json.dumps`."""
        return asdict(self) | {"alarms_in_ten_minutes": self.alarms_in_ten_minutes}


def read_speakers(folder: Path) -> dict[str, list[Samples]]:
    """The recordings of each sub-folder. Raises EvaluationError for what cannot be used."""
    files = by_folder(folder)
    if len(files) < _LEAST_SPEAKERS:
        raise EvaluationError(
            f"{folder} holds {len(files)} speakers, and a call and its control need {_LEAST_SPEAKERS}"
        )
    return {name: [read_audio(path) for path in paths] for name, paths in sorted(files.items())}


def second_voice_figures(
    folder: Path, hub: ModelHub, progress: Progress, *, quick: bool = False
) -> SecondVoiceFigures:
    """Simulate every condition for every speaker of a folder, and measure. Raises EvaluationError."""
    speakers = read_speakers(folder)
    encoder = VoiceEncoder(hub.get("campplus"))
    plans = _plans(quick)
    names = list(speakers)[: QUICK_SPEAKERS if quick else None]
    scored: list[Scored] = []
    minutes = dict.fromkeys(plans, 0.0)
    counts = {condition: [0, 0] for condition in plans}
    spent_s = 0.0
    for done, (name, condition) in enumerate((name, condition) for name in names for condition in plans):
        progress(done, len(names) * len(plans), "calls")
        call = _call(speakers, name, list(plans).index(condition), plans[condition], quick)
        readings, seconds = listen(call, SecondVoice(encoder, None), hub)
        spent_s += seconds
        minutes[condition] += len(call.near) / SAMPLE_RATE_HZ / 60
        counts[condition][0] += len(readings)
        counts[condition][1] += sum(not isinstance(reading, Observation) for reading in readings)
        scored += _scored(name, condition, call, readings)
    progress(1, 1, "calls")
    thresholds = _thresholds(scored, names, minutes)
    rows = tuple(_row(c, scored, names, thresholds, minutes[c], counts[c]) for c in plans)
    without = [row for row in rows if row.condition in NEGATIVE]
    return SecondVoiceFigures(
        rows,
        thresholds,
        len(names),
        round(sum(row.found.value * row.found.n for row in without)),
        sum(row.minutes for row in without),
        1000 * spent_s / max(60 * sum(minutes.values()), 1e-9),
        encoder.model,
    )


def listen(call: Call, detector: SecondVoice, hub: ModelHub) -> tuple[list[Reading], float]:
    """Hear a call as the pipeline does, the officer's packets 80 ms late; give the readings and the detector's CPU time in s."""
    perception, spent_s = SpeechPerception(hub), 0.0
    readings: list[Reading] = []
    late = 4 * _PACKET
    for start in range(0, len(call.near), _PACKET):
        views: list[SpeechView | FarView] = list(
            perception.feed(
                AudioChunk(start / SAMPLE_RATE_HZ, call.near[start : start + _PACKET], SAMPLE_RATE_HZ)
            )
        )
        if start >= late:
            views.append(_far(call.far, start - late))
        began_s = process_time()
        readings += [reading for view in views for reading in detector.observe(view)]
        spent_s += process_time() - began_s
    began_s = process_time()
    readings += [reading for view in perception.finish() for reading in detector.observe(view)]
    readings += detector.finish()
    return readings, spent_s + process_time() - began_s


def _far(far: Samples, start: int) -> FarView:
    piece = far[start : start + _PACKET]
    start_s = start / SAMPLE_RATE_HZ
    return FarView(Span(start_s, start_s + len(piece) / SAMPLE_RATE_HZ), piece, 0.0)


def _plans(quick: bool) -> dict[str, Plan]:
    everything = {**NEGATIVE, **POSITIVE}
    return {c: everything[c] for c in (*QUICK_NEGATIVE, *QUICK_POSITIVE)} if quick else everything


def _call(speakers: Mapping[str, Sequence[Samples]], name: str, number: int, plan: Plan, quick: bool) -> Call:
    """The next speakers in line ask and help, others in each condition."""
    names = list(speakers)
    at = names.index(name)
    step = number % (len(names) - 2)
    officer, other = names[(at + 1 + step) % len(names)], names[(at + 2 + step) % len(names)]
    if other == name:
        other = names[(at + 1) % len(names)] if step else names[(at + 3) % len(names)]
    answers = speakers[name][: QUICK_TURNS if quick else FULL_TURNS]
    delay_s = _DELAYS_S[(at + number) % len(_DELAYS_S)]
    drawn = replace(plan, delay_s=delay_s, seed=1000 * number + at)
    return make_call(answers, speakers[officer], speakers[other], drawn)


def _scored(name: str, condition: str, call: Call, readings: Sequence[Reading]) -> Iterator[Scored]:
    for reading in readings:
        if isinstance(reading, Observation):
            other_s = sum(_shared_s(reading.span, span) for span in call.other)
            yield Scored(name, condition, reading.score, other_s, reading.covariates["whisper_s"])


def _shared_s(one: Span, other: Span) -> float:
    return max(0.0, min(one.end, other.end) - max(one.start, other.start))


def _thresholds(
    scored: Sequence[Scored], names: Sequence[str], minutes: Mapping[str, float]
) -> tuple[float, float]:
    """For each half of the speakers, the threshold that the other half gives; ``minutes`` of each condition, of all speakers."""
    fitted = []
    for half in (0, 1):
        others = set(names[1 - half :: 2])
        without = sorted(
            (s.score for s in scored if s.condition in NEGATIVE and s.speaker in others), reverse=True
        )
        heard_min = sum(minutes[c] for c in minutes if c in NEGATIVE) * len(others) / len(names)
        allowed = int(heard_min / ALARM_EVERY_MIN)
        if len(without) <= allowed:
            raise EvaluationError("too little was measured to fit a threshold; longer recordings are needed")
        fitted.append(float(np.nextafter(max(without[allowed], JOIN), np.inf)))
    return fitted[0], fitted[1]


def _there(scored: Sequence[Scored], condition: str) -> list[Scored]:
    """The readings of a condition during which somebody else spoke, where somebody does."""
    least_s = LEAST_OTHER_S if condition in POSITIVE else 0.0
    return [s for s in scored if s.condition == condition and s.other_s >= least_s]


def _row(
    condition: str,
    scored: Sequence[Scored],
    names: Sequence[str],
    thresholds: tuple[float, float],
    minutes: float,
    counts: Sequence[int],
) -> Row:
    tried = _there(scored, condition)
    found = [s for s in tried if s.score >= thresholds[names.index(s.speaker) % 2]]
    calls = {s.speaker for s in tried}
    if not tried:
        raise EvaluationError(f"{condition}: nothing was measured; longer recordings are needed")
    return Row(
        condition,
        rate(len(found), len(tried)),
        rate(len({s.speaker for s in found}), len(calls)),
        minutes,
        counts[0],
        counts[1],
    )
