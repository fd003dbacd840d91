"""The readings of a session so far, kept small: what a new worker needs to go on."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable

from biometrics.voice.meter import SpeechHeard
from fraudmodel.assessment import FraudAssessment, Sequential
from fraudmodel.signals import Abstention, Observation, Reading
from interview.analysis.pipeline import ASSESS_EVERY_S
from interview.analysis.protocol import Output, Resume

_CHUNK = 256


class History:
    """Collects acknowledged outputs. Two hours of readings take a few megabytes: they are packed as they come."""

    def __init__(self, resume: Resume | None = None) -> None:
        self._packed: list[bytes] = []
        self._loose: list[Reading] = []
        self._assessed = 0
        self._speech: SpeechHeard | None = None
        self._sequential: Sequential | None = None
        if resume is not None:
            self._assessed = resume.assessed
            self._speech = resume.speech
            self._sequential = resume.sequential
            self._keep(resume.readings)

    def add(self, outputs: Iterable[Output]) -> None:
        """Keep the readings, remember the last assessment and the last of the meter."""
        for output in outputs:
            if isinstance(output, FraudAssessment):
                self._assessed = max(self._assessed, int(output.t / ASSESS_EVERY_S))
                self._sequential = output.sequential
            elif isinstance(output, SpeechHeard):
                self._speech = output
            elif isinstance(output, (Observation, Abstention)):
                self._keep((output,))

    def resume(self) -> Resume:
        """All that a new pipeline needs."""
        readings: list[Reading] = []
        for packed in self._packed:
            readings += pickle.loads(zlib.decompress(packed))  # noqa: S301 - packed by this very object
        return Resume((*readings, *self._loose), self._assessed, self._speech, self._sequential)

    def _keep(self, readings: Iterable[Reading]) -> None:
        self._loose += readings
        while len(self._loose) >= _CHUNK:
            self._packed.append(zlib.compress(pickle.dumps(self._loose[:_CHUNK]), 1))
            del self._loose[:_CHUNK]
