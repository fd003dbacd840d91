"""Enrolment and parts of a pipeline without models, for drawn people; at module level, so that a worker can be handed them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from biometrics.attacklab.clip import Samples
from biometrics.attacklab.interviews.plan import Interview
from biometrics.catalogue import detector_specs
from biometrics.errors import EnrolmentError
from biometrics.template import Template
from interview.analysis import stack
from interview.analysis.senses import Parts
from interview.lab.running import InterviewRunner
from tests.biometrics.attacklab.interviews.people import everybody
from tests.biometrics.attacklab.interviews.test_recording import interview
from tests.interview.analysis.fakes import parts

WITHOUT_MODELS = ("injection_page", "injection_transport", "injection_frames", "pose_challenge", "voice_over")


class FakeEnroller:
    """Remembers what it was given; refuses every photo where it was told to."""

    def __init__(self, refuses: bool = False) -> None:
        self.refuses = refuses
        self.voices = 0

    def face(self, photo: bytes, /) -> Template:
        if self.refuses:
            raise EnrolmentError("The photo is blurred.")
        return Template("face", np.ones(4, np.float32), "fake@abababab")

    def voice(self, recordings: Sequence[Samples], /) -> Template:
        self.voices += 1
        return Template("voice", np.ones(4, np.float32), "fake@abababab")


def lab_parts() -> Parts:
    """The product's detectors that need no model, and its assessor."""
    specs = [spec for spec in detector_specs() if spec.kind in WITHOUT_MODELS]
    return parts(specs, assessor=stack.assessor)


def runner(enroller: FakeEnroller | None = None) -> InterviewRunner:
    """Runs interviews of the drawn people."""
    return InterviewRunner(everybody(), lab_parts(), enroller or FakeEnroller())


@contextmanager
def open_runner() -> Iterator[InterviewRunner]:
    """The same in a worker."""
    yield runner()


def interviews(count: int) -> list[Interview]:
    """So many, small and short."""
    return [interview(number=number) for number in range(count)]
