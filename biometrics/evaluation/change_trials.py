"""How soon a change of speaker is noticed, and how often one is where there is none: simulated calls of real speakers, read as a call is read.

The threshold is fitted on half of the speakers and tried on the other half, both ways: one clear window more than any call without a change
among them reached, and never more than where the detector itself says that the voice changed. Alarms are counted as a call's listener would:
each time that the score rises to the threshold from below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from math import ceil, inf
from pathlib import Path
from time import process_time
from typing import Final, Literal

import numpy as np
from scipy.special import gammaincinv
from scipy.stats import binom

from biometrics.detectors.voice_continuity import VoiceContinuity
from biometrics.errors import EvaluationError
from biometrics.evaluation.change_scene import Joined, Part, join
from biometrics.evaluation.room_scene import Place, Plan, Room
from biometrics.evaluation.second_voice_trials import read_speakers
from biometrics.evaluation.trials import Progress
from biometrics.media import AudioChunk
from biometrics.views import FarView, SpeechView
from biometrics.voice.embed import VoiceEncoder
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples
from biometrics.voice.perception import SpeechPerception
from biometrics.voice.segments import SPEECH
from biometrics.voice.vad import FRAME_S
from biometrics.voices.change import ALARM, MOST, SHARE
from fraudmodel.intervals import CONFIDENCE, Estimate, rate_if_tried
from fraudmodel.signals import Abstention, Observation, Reading, Span
from models.hub import ModelHub

Who = Literal["same", "same sex", "other sex", "any"]
"""Who speaks in the second part."""

FAR_AWAY: Final = Place(Room(0.5, -2.0), -12.0, -30.0)
"""Two steps from the microphone: more room than voice, 12 dB down, 18 dB above the background."""
NOISY: Final = Place(noise_db=-18.0)
_USUAL: Final = Plan()


@dataclass(frozen=True, slots=True)
class Condition:
    """The second half of a call: ``who`` speaks, heard by ``then``; the first half is heard by ``first``. ``back``: the first speaker returns."""

    who: Who
    first: Plan = _USUAL
    then: Plan = _USUAL
    back: bool = False


CONDITIONS: Final[Mapping[str, Condition]] = {
    "one voice": Condition("same"),
    "moves away from the microphone": Condition("same", then=Plan(place=FAR_AWAY)),
    "moves to the microphone": Condition("same", Plan(place=FAR_AWAY)),
    "Opus 32 kbit/s, then 12": Condition("same", Plan(kbps=32), Plan(kbps=12)),
    "noise rises to -18 dB": Condition("same", then=Plan(place=NOISY)),
    "officer's echo -10 dB": Condition("same", Plan(echo_db=-10.0), Plan(echo_db=-10.0)),
    "officer's echo -10 dB, talks over": Condition(
        "same", Plan(echo_db=-10.0, overlap=True), Plan(echo_db=-10.0, overlap=True)
    ),
    "another voice 0 dB in the pauses": Condition("same", Plan("speaks", 0.0), Plan("speaks", 0.0)),
    "another voice -10 dB in the pauses": Condition("same", Plan("speaks", -10.0), Plan("speaks", -10.0)),
    "to another, same sex": Condition("same sex"),
    "to another, other sex": Condition("other sex"),
    "to another, far from the microphone": Condition("any", then=Plan(place=FAR_AWAY)),
    "to another, officer's echo -10 dB": Condition("any", Plan(echo_db=-10.0), Plan(echo_db=-10.0)),
    "to another and back": Condition("any", back=True),
}
QUICK: Final = ("one voice", "officer's echo -10 dB", "to another and back")
QUICK_SPEAKERS: Final = 4
_PACKET: Final = 320
_LATE: Final = 4 * _PACKET
_DELAYS_S: Final = (0.1, 0.2, 0.3, 0.4, 0.5)
_SEXES: Final = "SPEAKERS.TXT"


@dataclass(frozen=True, slots=True)
class Heard:
    """What was read of one call. ``scores`` (end of the window, when it was given, score), s of media; ``told_s`` the times of change
    that readings named; ``spoken_s`` where each 32 ms of speech began."""

    speaker: str
    condition: str
    turns_s: tuple[float, ...]
    scores: tuple[tuple[float, float, float], ...]
    told_s: tuple[float, ...]
    spoken_s: tuple[float, ...]
    media_s: float
    abstained: int


_Find = tuple[Heard, tuple[float, float]]
"""A call and its alarm: end of the window, and when the reading was given."""


@dataclass(frozen=True, slots=True)
class Row:
    """One condition. ``alarms`` false ones in ``hours``; of the changes ``found`` how many, after so much speech of the other voice and
    so much media; ``missed_by_s`` how far off the time is that the reading names; ``back`` of the changes found after which the first
    speaker returns, those where the last score says so.

    ``delay_speech_s`` and the other figures are medians and 90th percentiles, None where nothing changed or was found.
    """

    condition: str
    calls: int
    hours: float
    alarms: int
    alarms_an_hour: Estimate
    most_score: float
    found: Estimate | None
    delay_speech_s: tuple[Estimate, Estimate] | None
    delay_media_s: tuple[Estimate, Estimate] | None
    missed_by_s: tuple[Estimate, Estimate] | None
    back: Estimate | None
    readings: int
    abstained: int


@dataclass(frozen=True, slots=True)
class ChangeFigures:
    """``rows`` at the ``thresholds`` of the two halves of ``speakers``, ``rows_at_alarm`` at the detector's own ``alarm``;
    ``false_alarms`` of all calls without a change likewise; ``found`` and ``delay_speech_s`` of all changes at the detector's own, as in
    `Row`; ``cost_ms`` CPU for each second of media, without perception."""

    rows: tuple[Row, ...]
    rows_at_alarm: tuple[Row, ...]
    thresholds: tuple[float, float]
    alarm: float
    speakers: int
    hours: float
    false_alarms: Estimate
    false_alarms_at_alarm: Estimate
    found: Estimate | None
    delay_speech_s: tuple[Estimate, Estimate] | None
    cost_ms: float
    model: str

    def as_json(self) -> dict[str, object]:
        """For `json.dumps`."""
        return asdict(self)


def change_figures(folder: Path, hub: ModelHub, progress: Progress, *, quick: bool = False) -> ChangeFigures:
    """Simulate every condition for every speaker of a folder, and measure. Raises EvaluationError."""
    speakers = read_speakers(folder)
    sexes = read_sexes(folder)
    encoder = VoiceEncoder(hub.get("campplus"))
    names = list(speakers)[: QUICK_SPEAKERS if quick else None]
    wanted = [c for c in (QUICK if quick else CONDITIONS) if _possible(CONDITIONS[c].who, sexes)]
    heard: list[Heard] = []
    spent_s = 0.0
    for done, (name, condition) in enumerate((name, condition) for name in names for condition in wanted):
        progress(done, len(names) * len(wanted), "calls")
        joined = scene(speakers, sexes, name, condition)
        one, seconds = listen(joined, name, condition, VoiceContinuity(encoder), hub)
        heard.append(one)
        spent_s += seconds
    progress(1, 1, "calls")
    cost_ms = 1000 * spent_s / max(sum(one.media_s for one in heard), 1e-9)
    return figures_of(heard, names, wanted, cost_ms, encoder.model)


def figures_of(
    heard: Sequence[Heard], names: Sequence[str], wanted: Sequence[str], cost_ms: float, model: str
) -> ChangeFigures:
    """What calls of the speakers ``names`` under the conditions ``wanted`` say together. Raises EvaluationError."""
    thresholds = _thresholds(heard, names)
    fitted = {name: thresholds[names.index(name) % 2] for name in names}
    own = dict.fromkeys(names, ALARM)
    without, changed = [one for one in heard if not one.turns_s], [one for one in heard if one.turns_s]
    finds = _finds(changed, own)
    hours = sum(one.media_s for one in without) / 3600
    of = {c: [one for one in heard if one.condition == c] for c in wanted}
    return ChangeFigures(
        tuple(_row(c, of[c], fitted) for c in wanted),
        tuple(_row(c, of[c], own) for c in wanted),
        thresholds,
        ALARM,
        len(names),
        hours,
        an_hour(sum(len(_alarms(one, fitted)) for one in without), hours),
        an_hour(sum(len(_alarms(one, own)) for one in without), hours),
        rate_if_tried(len(finds), len(changed)),
        _speech_delays(finds),
        cost_ms,
        model,
    )


def read_sexes(folder: Path) -> dict[str, str]:
    """Each speaker's sex, where the folder has a SPEAKERS.TXT as LibriSpeech's: "id | sex | ..." a line; comments begin with a semicolon."""
    path = folder / _SEXES
    if not path.is_file():
        return {}
    lines = [line.split("|") for line in path.read_text("utf-8").splitlines() if not line.startswith(";")]
    return {line[0].strip(): line[1].strip() for line in lines if len(line) > 1}


def scene(
    speakers: Mapping[str, Sequence[Samples]], sexes: Mapping[str, str], name: str, condition: str
) -> Joined:
    """One speaker's call under a condition; others ask, prompt and take over in each."""
    drawn = CONDITIONS[condition]
    names = list(speakers)
    at, number = names.index(name), list(CONDITIONS).index(condition)
    strangers = [
        names[(at + 1 + (number + k) % (len(names) - 1)) % len(names)] for k in range(len(names) - 1)
    ]
    fitting = [one for one in strangers if _fits(drawn.who, sexes, name, one)] or strangers
    second = name if drawn.who == "same" else fitting[0]
    officer, other = [one for one in strangers if one != second][:2]
    answers = speakers[name]
    half = len(answers) // 2
    parts = [Part(answers[:half], drawn.first)]
    if drawn.back:
        parts += [Part(speakers[second][half:], drawn.then), Part(answers[half:], drawn.first)]
    else:
        parts.append(Part(speakers[second][half:], drawn.then))
    delay_s = _DELAYS_S[(at + number) % len(_DELAYS_S)]
    late = [Part(part.answers, replace(part.plan, delay_s=delay_s)) for part in parts]
    joined = join(late, speakers[officer], speakers[other], seed=1000 * number + 10 * at)
    return joined if drawn.who != "same" else Joined(joined.call, ())


def _possible(who: Who, sexes: Mapping[str, str]) -> bool:
    return bool(sexes) or who not in ("same sex", "other sex")


def _fits(who: Who, sexes: Mapping[str, str], one: str, other: str) -> bool:
    if who in ("same", "any"):
        return True
    return (sexes.get(one) == sexes.get(other)) == (who == "same sex")


def listen(
    joined: Joined, speaker: str, condition: str, detector: VoiceContinuity, hub: ModelHub
) -> tuple[Heard, float]:
    """Hear a call as the pipeline does, the officer's packets 80 ms late; give what was read and the detector's CPU time in s."""
    call = joined.call
    perception, spent_s, now = SpeechPerception(hub), 0.0, 0.0
    given: list[tuple[float, Reading]] = []
    spoken: list[float] = []
    for start in range(0, len(call.near) + _PACKET, _PACKET):
        piece = call.near[start : start + _PACKET]
        heard = (
            perception.feed(AudioChunk(start / SAMPLE_RATE_HZ, piece, SAMPLE_RATE_HZ))
            if len(piece)
            else perception.finish()
        )
        views: list[SpeechView | FarView] = list(heard)
        for view in heard:
            now = view.span.end
            spoken += [view.span.start + k * FRAME_S for k in np.flatnonzero(view.speech >= SPEECH).tolist()]
        if start >= _LATE:
            views.append(_far(call.far, start - _LATE))
        began_s = process_time()
        given += [(now, reading) for view in views for reading in detector.observe(view)]
        spent_s += process_time() - began_s
    began_s = process_time()
    given += [(now, reading) for reading in detector.finish()]
    spent_s += process_time() - began_s
    return _heard(joined, speaker, condition, given, spoken), spent_s


def _far(far: Samples, start: int) -> FarView:
    piece = far[start : start + _PACKET]
    start_s = start / SAMPLE_RATE_HZ
    return FarView(Span(start_s, start_s + len(piece) / SAMPLE_RATE_HZ), piece, 0.0)


def _heard(
    joined: Joined,
    speaker: str,
    condition: str,
    given: Sequence[tuple[float, Reading]],
    spoken: Sequence[float],
) -> Heard:
    measured = [(now, reading) for now, reading in given if isinstance(reading, Observation)]
    told = dict.fromkeys(o.covariates["changed_s"] for _, o in measured if "changed_s" in o.covariates)
    return Heard(
        speaker,
        condition,
        joined.turns_s,
        tuple((o.span.end, now, o.score) for now, o in measured),
        tuple(told),
        tuple(spoken),
        len(joined.call.near) / SAMPLE_RATE_HZ,
        sum(isinstance(reading, Abstention) for _, reading in given),
    )


def _thresholds(heard: Sequence[Heard], names: Sequence[str]) -> tuple[float, float]:
    """For each half of the speakers, the threshold that the other half gives."""
    fitted = []
    for half in (0, 1):
        others = set(names[1 - half :: 2])
        scores = [
            score for one in heard if not one.turns_s and one.speaker in others for *_, score in one.scores
        ]
        if not scores:
            raise EvaluationError("too little was measured to fit a threshold; longer recordings are needed")
        fitted.append(min(ALARM, max(scores) + SHARE * MOST))
    return fitted[0], fitted[1]


def _alarms(one: Heard, thresholds: Mapping[str, float]) -> list[tuple[float, float]]:
    """Each time that the score rises to the speaker's threshold: end of the window, and when the reading was given."""
    least = thresholds[one.speaker]
    before = [(0.0, 0.0, 0.0), *one.scores]
    return [(end, now) for (_, _, last), (end, now, score) in pairwise(before) if last < least <= score]


def _found(one: Heard, thresholds: Mapping[str, float]) -> tuple[float, float] | None:
    """The first alarm between a call's change and the return, where there is one."""
    until = one.turns_s[1] if len(one.turns_s) > 1 else inf
    return next((alarm for alarm in _alarms(one, thresholds) if one.turns_s[0] < alarm[0] <= until), None)


def _finds(changed: Sequence[Heard], thresholds: Mapping[str, float]) -> list[_Find]:
    """The calls whose change was found, each with its alarm."""
    return [(one, alarm) for one in changed if (alarm := _found(one, thresholds)) is not None]


def _speech_delays(finds: Sequence[_Find]) -> tuple[Estimate, Estimate] | None:
    return _middle_and_most([_speech_s(one.spoken_s, one.turns_s[0], end) for one, (end, _) in finds])


def _row(condition: str, heard: Sequence[Heard], thresholds: Mapping[str, float]) -> Row:
    hours = sum(one.turns_s[0] if one.turns_s else one.media_s for one in heard) / 3600
    changed = [one for one in heard if one.turns_s]
    false = sum(
        1 for one in heard for end, _ in _alarms(one, thresholds) if not one.turns_s or end <= one.turns_s[0]
    )
    found = _finds(changed, thresholds)
    media = [now - one.turns_s[0] for one, (_, now) in found]
    missed = [abs(one.told_s[0] - one.turns_s[0]) for one, _ in found if one.told_s]
    returned = [one for one, _ in found if len(one.turns_s) > 1]
    return Row(
        condition,
        len(heard),
        hours,
        false,
        an_hour(false, hours),
        max((score for one in heard if not one.turns_s for *_, score in one.scores), default=0.0),
        rate_if_tried(len(found), len(changed)),
        _speech_delays(found),
        _middle_and_most(media),
        _middle_and_most(missed),
        rate_if_tried(sum(one.scores[-1][2] < thresholds[one.speaker] for one in returned), len(returned)),
        sum(len(one.scores) + one.abstained for one in heard),
        sum(one.abstained for one in heard),
    )


def _speech_s(spoken: Sequence[float], start: float, end: float) -> float:
    return sum(start <= t < end for t in spoken) * FRAME_S


def _middle_and_most(values: Sequence[float]) -> tuple[Estimate, Estimate] | None:
    return (quantile(values, 0.5), quantile(values, 0.9)) if values else None


def quantile(values: Sequence[float], share: float) -> Estimate:
    """A quantile with the exact interval that order statistics give; where there are too few for an end, the least or greatest."""
    ordered, count = sorted(values), len(values)
    tail = (1.0 - CONFIDENCE) / 2.0
    low = max(int(binom.ppf(tail, count, share)) - 1, 0)
    high = min(int(binom.ppf(1.0 - tail, count, share)), count - 1)
    place = max(ceil(share * count) - 1, 0)
    return Estimate(ordered[place], ordered[min(low, place)], ordered[max(high, place)], count)


def an_hour(count: int, hours: float) -> Estimate:
    """A rate of events with its exact Poisson interval (Garwood 1936). Raises ValueError without time."""
    if not hours > 0.0:
        raise ValueError("a rate an hour needs some time")
    tail = (1.0 - CONFIDENCE) / 2.0
    low = float(gammaincinv(count, tail)) if count else 0.0
    return Estimate(count / hours, low / hours, float(gammaincinv(count + 1, 1.0 - tail)) / hours, count)
