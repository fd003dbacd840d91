"""The real parts of a pipeline: models from the cache, every detector in the catalogue, the fitted fraud model."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from biometrics.catalogue import detector_specs
from biometrics.face.perception import FacePerception
from biometrics.reports import refuse_reports
from biometrics.voice.perception import SpeechPerception
from fraudmodel.assessor import Assessor
from fraudmodel.explaining import load_explanation
from fraudmodel.parameters import load_parameters
from fraudmodel.policy import load_policy
from interview.analysis.protocol import AnalysisSpec
from interview.analysis.senses import Expected, Parts
from models.local_hub import LocalHub
from models.manifest import Manifest, Profile


@dataclass(frozen=True, slots=True)
class Stack:
    """Settings that travel to a worker process; calling it there opens the parts.

    ``profile`` production refuses models whose licence is research-only or unclear. ``manifest`` is read once, where the settings
    are: a worker that starts anew later runs the same weights, own ones too, or none.
    """

    cache_dir: Path | None = None
    profile: Profile = "development"
    manifest: Manifest = field(default_factory=Manifest.default)

    def __call__(self) -> Parts:
        """Open the parts. One hub serves every session of the process, which makes no HTTPS calls from here on."""
        refuse_reports(os.environ, offline=True)
        hub = LocalHub(self.manifest, self.cache_dir, profile=self.profile)
        return Parts(
            hub, detector_specs(), FacePerception, SpeechPerception, assessor, hub.close, self.manifest
        )


def assessor(spec: AnalysisSpec, expected: Expected) -> Assessor:
    """A session's assessor, of its rulebook. Raises ParametersError where a spec without one names parameters or a policy that do not exist."""
    if spec.rulebook is None:
        parameters, policy = load_parameters(spec.parameters), load_policy(spec.policy)
    else:
        parameters, policy = spec.rulebook.read()
    return Assessor(parameters, policy, spec.prior, expected, load_explanation())
