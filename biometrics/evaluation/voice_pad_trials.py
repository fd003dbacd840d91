"""Does `voice_pad` tell machine-made speech from people's, generator by generator, and does it leave people alone?

Folders of speech: one of people, one for each generator. Everything goes through the call's codec and the product's own detector. A folder's
sub-folders are its speakers or voices; trials of one come and go together in the intervals. A generator says something about new ones only
where the network never learnt from it. Against people of other recordings a detector may tell the recordings: what counts is a
generator against its originals, real speech of the voices that it learnt, where there is a folder of that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import process_time
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from biometrics.detectors import voice_pad
from biometrics.detectors.voice_pad import VoicePad
from biometrics.errors import EvaluationError
from biometrics.evaluation.audio import SUFFIXES, by_folder, read_audio
from biometrics.evaluation.channel import Channel
from biometrics.evaluation.trials import Progress
from biometrics.media import AudioChunk
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples
from biometrics.voice.perception import SpeechPerception
from fraudmodel.calibration import FloatArray
from fraudmodel.datasets import ScoreTable
from fraudmodel.effective import equal_error_rate
from fraudmodel.intervals import Estimate, rate
from fraudmodel.metrics import apcer, bpcer
from fraudmodel.signals import Abstention, Observation, Reason
from models.hub import Model, ModelHub

FULL: Final = (
    Channel(16),
    Channel(24),
    Channel(32),
    Channel(24, phone=True),
    Channel(24, snr_db=15.0),
)
QUICK: Final = (Channel(24),)
MOST_S: Final = 60.0
QUICK_S: Final = 20.0
"""Speech of one speaker that is heard at most."""
FLAGGED: Final = 0.05
"""Share of people's windows that a threshold may flag."""
TRIMS_S: Final = (0.013, 0.1, 0.37, 0.55)
"""Leading silence that is cut, of one second."""
_LEAD_S: Final = 1.0
_PAUSE_S: Final = 0.4
_LEVEL: Final = 0.06
PEOPLE: Final = "people"
_NO_WINDOW: Final = (Reason.NO_SPEECH, Reason.NOT_ENOUGH_SPEECH)
"""Abstentions for want of a window, which refuse none."""


Judge = Callable[[float], float]
"""The LLR (nats) of a score."""


@dataclass(frozen=True, slots=True)
class Source:
    """Speech of one origin: ``name`` of the generator or `PEOPLE`; (n,) 16 kHz samples by speaker.

    ``group`` what it shares with other generators, "" for nothing; ``learnt`` whether the network learnt from it, or from others of its group.
    """

    name: str
    speakers: Mapping[str, Samples]
    group: str = ""
    learnt: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """One window's score (nats, greater = more machine-like), of which speaker of which source."""

    source: str
    speaker: str
    score: float


@dataclass(frozen=True, slots=True)
class Row:
    """One generator through one channel. ``eer`` against the people, ``matched`` against its own originals (None: not given), ``apcer`` its share
    below the threshold."""

    channel: str
    generator: str
    windows: int
    voices: int
    eer: Estimate
    matched: Estimate | None
    apcer: Estimate

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "channel": self.channel,
            "generator": self.generator,
            "windows": self.windows,
            "voices": self.voices,
            "eer": asdict(self.eer),
            "eer_matched": self.matched and asdict(self.matched),
            "apcer": asdict(self.apcer),
        }


@dataclass(frozen=True, slots=True)
class PadFigures:
    """All channels and generators.

    ``bpcer`` people's windows, and originals', at or above ``threshold``, by channel; ``flagged`` at or above a threshold that 5 % of all other
    people's windows in all channels reach, by channel, and ``passed`` the share of each generator's that stays below the one set on everybody; ``calibrated`` whether that is where the LLR is 0, or the score where
    there is no calibration; ``trim_change_nats`` how far cutting leading silence moves a call's LLR, or score likewise, 50 % and the
    most, None where no call was long enough; ``abstained`` windows that were refused; ``ms_per_s`` CPU of one core a second of media.
    """

    rows: tuple[Row, ...]
    bpcer: Mapping[str, Estimate]
    flagged: Mapping[str, Estimate]
    passed: Mapping[str, Estimate]
    threshold: float
    calibrated: bool
    trim_change_nats: tuple[float, float] | None
    trim_calls: int
    abstained: int
    ms_per_s: float
    model: str

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "model": self.model,
            "threshold": self.threshold,
            "calibrated": self.calibrated,
            "generators": [row.as_json() for row in self.rows],
            "bpcer": {channel: asdict(figure) for channel, figure in self.bpcer.items()},
            "bpcer_set_on_others": {channel: asdict(figure) for channel, figure in self.flagged.items()},
            "apcer_at_5": {name: asdict(figure) for name, figure in self.passed.items()},
            "trim_change_nats_50": self.trim_change_nats and round(self.trim_change_nats[0], 4),
            "trim_change_nats_most": self.trim_change_nats and round(self.trim_change_nats[1], 4),
            "trim_calls": self.trim_calls,
            "abstained": self.abstained,
            "ms_per_s": round(self.ms_per_s, 1),
        }


def read_source(name: str, folder: Path, most_s: float = MOST_S) -> Source:
    """A folder's recordings by sub-folder, joined with pauses. Raises EvaluationError where it holds none."""
    files = by_folder(folder)
    if not files:
        raise EvaluationError(f"{folder} holds no audio files ({', '.join(sorted(SUFFIXES))})")
    return Source(name, {speaker: _joined(paths, most_s) for speaker, paths in files.items()})


def voice_pad_figures(
    people: Source,
    generators: Sequence[Source],
    hub: ModelHub,
    judge: Judge | None,
    report: Progress,
    *,
    originals: Mapping[str, Source] = MappingProxyType({}),
    network: str = voice_pad.NETWORK,
    quick: bool = False,
) -> PadFigures:
    """Hear everything through every channel.

    ``judge`` turns a score into the LLR that a session uses, whose 0 is the threshold; None takes the score for it. ``originals`` are people by the name of the
    generator whose voices they gave; they count among the people who are flagged or not, each folder once.
    """
    bench, trims = (_Bench(hub.get(network), hub) for _ in range(2))
    calibrated, judge = judge is not None, judge or _as_it_is
    channels = QUICK if quick else FULL
    threshold = even_odds(judge)
    rows: list[Row] = []
    refused: dict[str, Estimate] = {}
    spoken: dict[str, list[Heard]] = {}
    machines: dict[str, list[Heard]] = {}
    for done, channel in enumerate(channels):
        report(done, len(channels), "channels")
        real = list(bench.hear(people, channel))
        if not real:
            raise EvaluationError("no window of the people's speech was good enough to judge")
        own = {source.name: list(bench.hear(source, channel)) for source in originals.values()}
        genuine = [one for part in (real, *own.values()) for one in part]
        spoken[str(channel)] = genuine
        refused[str(channel)] = bpcer(_scores(genuine), threshold)
        for generator in generators:
            made = list(bench.hear(generator, channel))
            machines.setdefault(generator.name, []).extend(made)
            if made:
                source = originals.get(generator.name)
                rows.append(_row(str(channel), real, own[source.name] if source else [], made, threshold))
    report(len(channels), len(channels), "channels")
    changes = [trims.trim_change(samples, judge) for samples in people.speakers.values()]
    known = [change for change in changes if change is not None]
    spread = (float(np.median(known)), max(known)) if known else None
    return PadFigures(
        tuple(rows),
        refused,
        set_on_others(spoken),
        _passed(machines, spoken),
        threshold,
        calibrated,
        spread,
        len(known),
        bench.abstained,
        1000.0 * bench.spent_s / max(bench.heard_s, 1e-9),
        bench.model,
    )


def set_on_others(spoken: Mapping[str, Sequence[Heard]]) -> dict[str, Estimate]:
    """By channel, the share of windows at or above a threshold that `FLAGGED` of all other people's, in all channels, reach.

    Empty for one person alone.
    """
    everything = [one for heard in spoken.values() for one in heard]
    owners = np.array([f"{one.source}/{one.speaker}" for one in everything])
    scores = _scores(everything)
    names = np.unique(owners)
    if len(names) < 2:
        return {}
    limits = {str(name): float(np.quantile(scores[owners != name], 1.0 - FLAGGED)) for name in names}
    return {
        channel: rate(sum(one.score >= limits[f"{one.source}/{one.speaker}"] for one in heard), len(heard))
        for channel, heard in spoken.items()
    }


def _passed(
    machines: Mapping[str, Sequence[Heard]], spoken: Mapping[str, Sequence[Heard]]
) -> dict[str, Estimate]:
    limit = float(np.quantile([one.score for heard in spoken.values() for one in heard], 1.0 - FLAGGED))
    return {name: apcer(_scores(made), limit) for name, made in machines.items() if made}


def _scores(heard: Sequence[Heard]) -> FloatArray:
    return np.array([one.score for one in heard])


def _as_it_is(score: float) -> float:
    return score


def even_odds(judge: Judge) -> float:
    """The score at which the LLR is 0, found by halving: it rises with the score."""
    low, high = -60.0, 60.0
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if judge(middle) < 0.0 else (low, middle)
    return high


def listened(source: Source, channel: Channel, hub: ModelHub) -> tuple[list[Heard], str]:
    """Every window of a source in the order that it was heard, voice by voice, and the network that judged it."""
    bench = _Bench(hub.get(voice_pad.NETWORK), hub)
    return list(bench.hear(source, channel)), bench.model


class _Bench:
    """Plays speech to fresh detectors that judge every window."""

    def __init__(self, network: Model, hub: ModelHub) -> None:
        self._network = network
        self._hub = hub
        self.abstained, self.spent_s, self.heard_s = 0, 0.0, 0.0
        self.model = str(network.id)

    def hear(self, source: Source, channel: Channel) -> Iterator[Heard]:
        for speaker, samples in source.speakers.items():
            for score in self._scores(channel.carry(samples)):
                yield Heard(source.name, speaker, score)

    def trim_change(self, samples: Samples, judge: Judge) -> float | None:
        """The largest change of a call's calibrated mean where some of its leading silence is cut."""
        rng = np.random.default_rng(0)
        level = 0.001 * rng.standard_normal(round(_LEAD_S * SAMPLE_RATE_HZ))
        call = Channel(24).carry(
            np.concatenate([level.astype(np.float32), samples[: round(QUICK_S * SAMPLE_RATE_HZ)]])
        )
        means = []
        for trim_s in (0.0, *TRIMS_S):
            scores = self._scores(call[round(trim_s * SAMPLE_RATE_HZ) :])
            if not scores:
                return None
            means.append(judge(float(np.mean(scores))))
        return float(np.abs(np.array(means) - means[0]).max())

    def _scores(self, samples: Samples) -> list[float]:
        perception, detector = SpeechPerception(self._hub), VoicePad(self._network)
        views = [*perception.feed(AudioChunk(0.0, samples, SAMPLE_RATE_HZ)), *perception.finish()]
        began_s = process_time()
        readings = [reading for view in views for reading in detector.observe(view)]
        self.spent_s += process_time() - began_s
        self.heard_s += len(samples) / SAMPLE_RATE_HZ
        found = [reading.score for reading in readings if isinstance(reading, Observation)]
        self.abstained += sum(
            isinstance(reading, Abstention) and reading.reason not in _NO_WINDOW for reading in readings
        )
        return found


def _row(
    channel: str, real: Sequence[Heard], own: Sequence[Heard], made: Sequence[Heard], threshold: float
) -> Row:
    name = made[0].source
    passed = apcer(_scores(made), threshold)
    matched = _error(own, made) if own else None
    return Row(
        channel, name, len(made), len({one.speaker for one in made}), _error(real, made), matched, passed
    )


def _error(real: Sequence[Heard], made: Sequence[Heard]) -> Estimate:
    both = [*real, *made]
    attack = np.arange(len(both)) >= len(real)
    voices = tuple(f"{one.source}/{one.speaker}" for one in both)
    species = tuple(one.source if is_attack else "" for one, is_attack in zip(both, attack, strict=True))
    return equal_error_rate(ScoreTable(made[0].source, _scores(both), attack, voices, voices, species))


def _joined(paths: Sequence[Path], most_s: float) -> Samples:
    """Recordings one after another at one level, with pauses, until there is enough."""
    pause = np.zeros(round(_PAUSE_S * SAMPLE_RATE_HZ), np.float32)
    parts, length = [pause], 0
    for path in paths:
        samples = read_audio(path)
        power = float(np.mean(np.square(samples, dtype=np.float64))) if len(samples) else 0.0
        if power > 0.0:
            parts += [np.asarray(samples * (_LEVEL / np.sqrt(power)), np.float32), pause]
            length += len(samples)
        if length >= most_s * SAMPLE_RATE_HZ:
            break
    return np.concatenate(parts)
