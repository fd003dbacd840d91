"""Voice trials from a folder of speakers, scored exactly as `voice_match` scores a call.

Each speaker's files are dealt, in order, into three sittings. Each sitting is enrolled as a reference by
`enrol_voice`, and heard as a call by the live perception, gate and encoder. A reference is never tried against its own
sitting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biometrics.detectors.voice_match import interpret
from biometrics.errors import EnrolmentError, EvaluationError
from biometrics.evaluation.audio import SUFFIXES, by_folder, read_audio
from biometrics.evaluation.channel import Channel
from biometrics.evaluation.figures import autocorrelation
from biometrics.evaluation.trials import Experiment, Progress, Trial
from biometrics.media import AudioChunk
from biometrics.template import Template
from biometrics.voice.cohort import Cohort, Normalisation
from biometrics.voice.embed import SpeakerEncoder, Vector, VoiceEncoder, distance
from biometrics.voice.enrolment import enrol_voice
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples
from biometrics.voice.perception import SpeechPerception
from biometrics.voice.quality import VERIFY, SpeechQuality, examine
from biometrics.voice.segments import SpeechSegments, SpeechWindow
from fraudmodel.pooling import Pool, Pooled, Pooling
from fraudmodel.signals import Reason
from models.hub import ModelHub

SITTINGS = 3
WINDOW_S = 3.0
HOP_S = 1.5
_LEAST_SPEAKERS = 2


@dataclass(frozen=True, slots=True)
class Condition:
    """How probes are heard: ``speech_s`` seconds of net speech each, through a channel; see `Channel` for its parts."""

    speech_s: float = WINDOW_S
    opus_kbps: int | None = 32
    snr_db: float | None = None
    phone: bool = False

    def __str__(self) -> str:
        return f"{self.speech_s:g} s, {self.channel}"

    @property
    def channel(self) -> Channel:
        return Channel(self.opus_kbps, self.snr_db, self.phone)

    @property
    def window_s(self) -> float:
        """Length of one window: shorter than the live 3 s only where a probe is."""
        return min(WINDOW_S, self.speech_s)

    @property
    def windows(self) -> int:
        """How many live windows fit into ``speech_s``."""
        return 1 + int((self.speech_s - self.window_s) / HOP_S + 1e-9)


@dataclass(frozen=True, slots=True)
class Sitting:
    """Some recordings of one speaker, joined: ``samples`` (n,) at 16 kHz."""

    subject: str
    name: str
    samples: Samples


@dataclass(frozen=True, slots=True)
class _Probe:
    window: SpeechWindow
    quality: SpeechQuality
    voiceprint: Vector


@dataclass(frozen=True, slots=True)
class _Call:
    sitting: Sitting
    probes: tuple[_Probe, ...]
    refused: int


def read_sittings(folder: Path, speakers: int | None = None) -> list[Sitting]:
    """Read a folder with one sub-folder a speaker, at any depth; no more than the first ``speakers`` of them where given.

    Raises EvaluationError for what cannot be used.
    """
    usable = {subject: paths for subject, paths in by_folder(folder).items() if len(paths) >= SITTINGS}
    if len(usable) < _LEAST_SPEAKERS:
        raise EvaluationError(
            f"{folder} holds {len(usable)} speakers with {SITTINGS} or more audio files "
            f"({', '.join(sorted(SUFFIXES))}), and a comparison needs {_LEAST_SPEAKERS}"
        )
    chosen = sorted(usable.items())[:speakers]
    return [sitting for subject, paths in chosen for sitting in _deal(subject, paths)]


def _deal(subject: str, paths: Sequence[Path]) -> Iterator[Sitting]:
    for number, part in enumerate(np.array_split(np.arange(len(paths)), SITTINGS)):
        samples = np.concatenate([read_audio(paths[index]) for index in part])
        yield Sitting(subject, f"{subject}/{number}", samples)


class VoiceTrials:
    """Enrols and hears a corpus; gives experiments under conditions, each call heard once for each channel."""

    def __init__(
        self,
        sittings: Sequence[Sitting],
        hub: ModelHub,
        progress: Progress,
        encoder: SpeakerEncoder | None = None,
    ) -> None:
        self._sittings = sittings
        self._hub = hub
        self._encoder = encoder or VoiceEncoder(hub.get("campplus"))
        self._progress = progress
        self._calls: dict[tuple[float, Channel], list[_Call]] = {}
        self._references = dict(self._enrol())

    @property
    def model(self) -> str:
        """The encoder, as templates and observations name it."""
        return self._encoder.model

    def _enrol(self) -> Iterator[tuple[str, Template]]:
        for done, sitting in enumerate(self._sittings):
            self._progress(done, len(self._sittings), "enrolling")
            try:
                yield sitting.name, enrol_voice(sitting.samples, SAMPLE_RATE_HZ, self._hub, self._encoder)
            except EnrolmentError:
                continue  # counted as a failure to enrol
        self._progress(len(self._sittings), len(self._sittings), "enrolling")

    def experiment(self, condition: Condition, normalisation: Normalisation | None = None) -> Experiment:
        """Every reference against every probe of other sittings. Probes of a call do not share speech.

        With a ``normalisation`` its scores stand for the distances that a call reads.
        """
        calls = self._heard(condition)
        probes = [(call, probe) for call in calls for probe in _cut(call.probes, condition.windows)]
        enrolled = [sitting for sitting in self._sittings if sitting.name in self._references]
        return Experiment(
            model=self._encoder.model,
            condition=str(condition),
            trials=tuple(
                self._try(reference, call.sitting, probe, normalisation)
                for reference in enrolled
                for call, probe in probes
                if call.sitting.name != reference.name
            ),
            references=len(self._sittings),
            failed_enrolments=len(self._sittings) - len(enrolled),
            probes=sum(len(call.probes) + call.refused for call in calls),
            failed_acquisitions=sum(call.refused for call in calls),
        )

    def strangers(self, condition: Condition, cohort: Cohort) -> Experiment:
        """Every voice of a cohort, as a reference, against one probe of each call: non-mated trials only.

        The cohort's people are of other corpora, so that none of them can be the caller. Voices take the probes of a call in turn.
        """
        calls = self._heard(condition)
        probes = [list(_cut(call.probes, condition.windows)) for call in calls]
        of = cohort.id
        return Experiment(
            model=self._encoder.model,
            condition=str(condition),
            trials=tuple(
                self._try_stranger(f"{of}/{number}", voice, call.sitting, runs[number % len(runs)])
                for number, voice in enumerate(cohort.voices)
                for call, runs in zip(calls, probes, strict=True)
                if runs
            ),
            references=len(cohort),
            failed_enrolments=0,
            probes=0,
            failed_acquisitions=0,
        )

    def autocorrelation(self, condition: Condition) -> float:
        """How alike successive windows of a call score against the caller's own references, 0..1."""
        return autocorrelation(self._mated_series(condition))

    def _mated_series(self, condition: Condition) -> Iterator[NDArray[np.float64]]:
        for call in self._heard(condition):
            for name, reference in self._references.items():
                mated = name.rpartition("/")[0] == call.sitting.subject and name != call.sitting.name
                if mated and len(call.probes) > 1:
                    yield np.array([distance(probe.voiceprint, reference.vector) for probe in call.probes])

    def _try(
        self,
        reference: Sitting,
        sitting: Sitting,
        probes: Sequence[_Probe],
        normalisation: Normalisation | None,
    ) -> Trial:
        pooled = self._pool(probes, self._references[reference.name], normalisation)
        return Trial(
            reference_subject=reference.subject,
            probe_subject=sitting.subject,
            reference=reference.name,
            probe=f"{sitting.name}@{probes[0].window.span.start:.2f}",
            statistic=pooled.statistic,
            observations=pooled.observations,
            covariates=pooled.covariates,
        )

    def _try_stranger(self, person: str, voice: Vector, sitting: Sitting, probes: Sequence[_Probe]) -> Trial:
        pooled = self._pool(probes, Template("voice", voice, self._encoder.model), None)
        return Trial(
            reference_subject=person,
            probe_subject=sitting.subject,
            reference=person,
            probe=f"{sitting.name}@{probes[0].window.span.start:.2f}",
            statistic=pooled.statistic,
            observations=pooled.observations,
            covariates=pooled.covariates,
        )

    def _pool(
        self, probes: Sequence[_Probe], reference: Template, normalisation: Normalisation | None
    ) -> Pooled:
        pool = Pool(Pooling())
        for probe in probes:
            read = interpret(probe.window, probe.quality, probe.voiceprint, reference)
            if normalisation is not None:
                read = replace(read, score=normalisation.score(probe.voiceprint, reference.vector))
            pool.add(read)
        pooled = pool.pooled()
        if not isinstance(pooled, Pooled):
            raise EvaluationError("a probe without any window cannot be scored")
        return pooled

    def _heard(self, condition: Condition) -> list[_Call]:
        key = (condition.window_s, condition.channel)
        if key not in self._calls:
            self._calls[key] = list(self._hear(condition))
        return self._calls[key]

    def _hear(self, condition: Condition) -> Iterator[_Call]:
        for done, sitting in enumerate(self._sittings):
            self._progress(done, len(self._sittings), f"listening ({condition})")
            heard = replace(sitting, samples=condition.channel.carry(sitting.samples))
            yield self._listen(heard, condition.window_s)
        self._progress(len(self._sittings), len(self._sittings), f"listening ({condition})")

    def _listen(self, sitting: Sitting, window_s: float) -> _Call:
        gate = replace(VERIFY, net_speech_s=min(VERIFY.net_speech_s, _whole_frames(window_s)))
        windows = list(_windows(sitting.samples, window_s, self._hub))
        measured = [(window, examine(window, gate)) for window in windows]
        probes = tuple(
            _Probe(window, quality, self._encoder.embed(window.samples))
            for window, quality in measured
            if not isinstance(quality, Reason)
        )
        return _Call(sitting, probes, refused=len(measured) - len(probes))


def _whole_frames(window_s: float) -> float:
    return round(window_s / 0.032) * 0.032 - 1e-6


def _windows(samples: Samples, window_s: float, hub: ModelHub) -> Iterator[SpeechWindow]:
    perception, segments = SpeechPerception(hub), SpeechSegments(window_s, min(HOP_S, window_s / 2))
    for view in [*perception.feed(AudioChunk(0.0, samples, SAMPLE_RATE_HZ)), *perception.finish()]:
        yield from segments.push(view)


def _cut(probes: Sequence[_Probe], windows: int) -> Iterable[Sequence[_Probe]]:
    """Runs of ``windows`` successive windows. The window after a run shares speech with it, and is skipped."""
    for start in range(0, len(probes) - windows + 1, windows + 1):
        yield probes[start : start + windows]
