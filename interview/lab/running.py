"""One simulated interview through the product's own pipeline: a row of the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Protocol

from biometrics.attacklab.clip import Samples
from biometrics.attacklab.interviews.cast import Cast
from biometrics.attacklab.interviews.plan import Interview
from biometrics.attacklab.interviews.recording import Recording, record
from biometrics.attacklab.interviews.scenarios import Missing, scenario_named
from biometrics.attacklab.sources import AUDIO_HZ
from biometrics.enrolment import enrol_face
from biometrics.errors import EnrolmentError, EvaluationError
from biometrics.face.perception import FacePerception
from biometrics.template import Template
from biometrics.voice.enrolment import enrol_recordings
from fraudmodel.interview_table import InterviewRow
from fraudmodel.parameters import load_parameters
from interview.analysis import stack
from interview.analysis.protocol import AnalysisSpec, Fault
from interview.analysis.recorded import run
from interview.analysis.senses import Assessor, Expected, Parts, consents_of
from interview.lab.feeding import items
from interview.lab.keeping import Keeper
from models.hub import ModelHub

_REFUSED: Final[dict[Missing, frozenset[str]]] = {
    "face_consent": frozenset({"face", "behaviour"}),
    "voice_consent": frozenset({"voice"}),
}


class Enroller(Protocol):
    """Makes references as the bank does. Raises EnrolmentError for what can be none."""

    def face(self, photo: bytes, /) -> Template: ...

    def voice(self, recordings: Sequence[Samples], /) -> Template: ...


class ProductEnroller:
    """The product's own enrolment."""

    def __init__(self, hub: ModelHub) -> None:
        self._hub = hub
        self._perception = FacePerception(hub)

    def face(self, photo: bytes, /) -> Template:
        return enrol_face(photo, self._perception, self._hub)

    def voice(self, recordings: Sequence[Samples], /) -> Template:
        return enrol_recordings(recordings, AUDIO_HZ, self._hub)


class InterviewRunner:
    """Runs interviews one after another. Voices are enrolled once each."""

    def __init__(self, cast: Cast, parts: Parts, enroller: Enroller) -> None:
        self._cast = cast
        self._parts = parts
        self._enroller = enroller
        self._voices: dict[str, Template] = {}

    def row(self, interview: Interview) -> InterviewRow:
        """Simulate and analyse it. Raises EvaluationError where a detector or a stage fails: no failure is taken for an absence."""
        recording = record(interview, self._cast)
        references, refused = self._references(interview, recording)
        keeper = self._analysed(interview, recording, references)
        scenario = scenario_named(interview.scenario)
        measured, absent = keeper.found()
        return InterviewRow(
            name=interview.name,
            subject=interview.subject,
            other=recording.other,
            family=scenario.family,
            species=scenario.name,
            renderer=interview.renderer,
            split=interview.split,
            duration_s=recording.duration_s,
            conditions=dict(sorted({**recording.conditions, **refused}.items())),
            measured=measured,
            absent=absent,
        )

    def _references(
        self, interview: Interview, recording: Recording
    ) -> tuple[dict[str, Template], dict[str, str]]:
        """The bank's references, as it would enrol them, and why a photo was refused, where it was."""
        found: dict[str, Template] = {}
        refused: dict[str, str] = {}
        if recording.photo is not None:
            try:
                found["face"] = self._enroller.face(recording.photo)
            except EnrolmentError as error:
                refused["photo_refused"] = "" if error.reason is None else str(error.reason)
        if recording.recordings:
            found["voice"] = self._voice(interview.subject, recording.recordings)
        return found, refused

    def _voice(self, name: str, recordings: tuple[Samples, ...]) -> Template:
        if name not in self._voices:
            self._voices[name] = self._enroller.voice(recordings)
        return self._voices[name]

    def _analysed(
        self, interview: Interview, recording: Recording, references: dict[str, Template]
    ) -> Keeper:
        kept: list[Keeper] = []

        def assessor(spec: AnalysisSpec, expected: Expected) -> Assessor:
            kept.append(Keeper(stack.assessor(spec, expected), load_parameters(spec.parameters), expected))
            return kept[-1]

        refused = _REFUSED.get(interview.missing, frozenset())
        spec = AnalysisSpec(interview.name, references, consents_of(self._parts.detectors) - refused)
        feed = items(
            recording,
            edge=interview.missing != "transport_report",
            officer=interview.missing != "officer_track",
        )
        for output in run(feed, spec, replace(self._parts, assessor=assessor)):
            if isinstance(output, Fault):
                raise EvaluationError(f"{output.kind} failed at {output.t:.1f} s: {output.message}")
        return kept[-1]
