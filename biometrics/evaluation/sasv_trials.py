"""Joint trials: targets, impostors and spoofs, each heard as a call brings them, by a speaker encoder and a countermeasure.

Both hear the same window: 4 s of speech without its pauses, as `voice_pad` judges it, after Opus.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from biometrics.errors import EnrolmentError
from biometrics.evaluation.audio import through_opus
from biometrics.evaluation.sasv_speech import Maker, Said, Tell, genuine, spoofs
from biometrics.evaluation.trials import Progress
from biometrics.evaluation.voice_pairs import Sitting
from biometrics.media import AudioChunk
from biometrics.template import Template
from biometrics.voice.embed import LEVEL, SpeakerEncoder, Vector, VoiceEncoder, distance
from biometrics.voice.enrolment import enrol_voice
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples
from biometrics.voice.perception import SpeechPerception
from biometrics.voice.quality import VERIFY, measure, refuse
from biometrics.voice.segments import SpeechSegments
from fraudmodel.sasv import Trial
from models.hub import Model, ModelHub

OPUS_KBPS: Final = 24
WINDOW_S: Final = 4.032
"""64,512 samples, what a countermeasure takes."""
SPOOFED: Final = ("/0", "/1")
"""The sittings of each speaker that spoofs are made of. More would resemble these: speakers are what there is too little of."""


@dataclass(frozen=True, slots=True)
class Joint:
    """One trial. ``impostor`` cosine distance from the reference, ``spoof`` the countermeasure's log-odds; greater = more attack-like.

    ``subject`` whose reference it was, ``other`` who said the words; ``generator`` "" for target and impostor. ``window`` names what was
    heard: trials of it against several references share its ``spoof``.
    """

    kind: Trial
    subject: str
    other: str
    generator: str
    impostor: float
    spoof: float
    window: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A window of something said, the ``number``-th: its voiceprint, and the countermeasure's log-odds of a machine."""

    said: Said
    number: int
    voiceprint: Vector
    spoof: float


class Countermeasure:
    """A network that tells machine-made speech: wave (N, 64512) at a root mean square of 0.05 -> logit (N, 2), index 1 a person."""

    def __init__(self, model: Model) -> None:
        self._model = model

    @property
    def name(self) -> str:
        return str(self._model.id)

    def score(self, speech: Samples) -> float:
        """Log-odds (nats, not calibrated) that speech-only samples (64512,) are a machine's."""
        level = float(np.sqrt(np.mean(np.square(speech, dtype=np.float64))))
        wave = np.asarray(speech * (LEVEL / max(level, 1e-9)), np.float32)
        (logit,) = self._model(wave[np.newaxis])
        return float(logit[0, 0] - logit[0, 1])


class JointTrials:
    """Enrols and hears a corpus and its spoofs, and tells what it had to leave out."""

    def __init__(
        self,
        sittings: Sequence[Sitting],
        hub: ModelHub,
        countermeasure: Countermeasure,
        windows: int,
        progress: Progress,
        tell: Tell,
    ) -> None:
        self._sittings = sittings
        self._hub = hub
        self._countermeasure = countermeasure
        self._encoder: SpeakerEncoder = VoiceEncoder(hub.get("campplus"))
        self._windows = windows
        self._progress = progress
        self._tell = tell

    def trials(self, made_by: Mapping[str, Maker]) -> list[Joint]:
        """Every reference against every probe of other sittings, and against every spoof of its speaker made from other sittings."""
        references = dict(self._enrol())
        found = list(self._against(references, list(self._hear(genuine(self._sittings), "bona fide"))))
        sources = [sitting for sitting in self._sittings if sitting.name.endswith(SPOOFED)]
        for name, make in made_by.items():
            heard = list(self._hear(spoofs(name, make, sources, self._tell), name))
            if not heard:
                self._tell(f"{name}: nothing that it made was heard for as long as a call would ask")
            found += self._against(references, heard)
        return found

    def _enrol(self) -> Iterator[tuple[str, Template]]:
        for sitting in self._sittings:
            try:
                yield sitting.name, enrol_voice(sitting.samples, SAMPLE_RATE_HZ, self._hub, self._encoder)
            except EnrolmentError as error:
                self._tell(f"{sitting.name} is no reference: {error}")

    def _hear(self, speech: Iterator[Said], what: str) -> Iterator[Heard]:
        for done, said in enumerate(speech):
            self._progress(done, len(self._sittings), what)
            for number, window in enumerate(list(self._cut(said))[: self._windows]):
                yield Heard(said, number, self._encoder.embed(window), self._countermeasure.score(window))
        self._progress(len(self._sittings), len(self._sittings), what)

    def _cut(self, said: Said) -> Iterator[Samples]:
        """Windows that share no speech and pass the live gate."""
        perception, segments = SpeechPerception(self._hub), SpeechSegments(WINDOW_S, WINDOW_S)
        samples = through_opus(said.samples, OPUS_KBPS)
        for view in [*perception.feed(AudioChunk(0.0, samples, SAMPLE_RATE_HZ)), *perception.finish()]:
            for window in segments.push(view):
                if refuse(measure(window.samples, window.noise_power), VERIFY) is None:
                    yield window.samples

    def _against(self, references: Mapping[str, Template], heard: Sequence[Heard]) -> Iterator[Joint]:
        for name, reference in references.items():
            speaker = name.rpartition("/")[0]
            for each in heard:
                if each.said.sitting != name and (not each.said.generator or each.said.subject == speaker):
                    yield _trial(speaker, reference, each)


def _trial(speaker: str, reference: Template, heard: Heard) -> Joint:
    said = heard.said
    kind = Trial.SPOOF if said.generator else Trial.TARGET if said.subject == speaker else Trial.IMPOSTOR
    return Joint(
        kind,
        speaker,
        said.other,
        said.generator,
        distance(heard.voiceprint, reference.vector),
        heard.spoof,
        f"{said.sitting} {said.generator} {heard.number}",
    )
