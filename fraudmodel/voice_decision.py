"""The voice's three classes as one LLR: the applicant's own live voice, another person's, or a machine's.

A session's form of `sasv.joint_llr`: it says by itself what the voice is worth, whatever the face shows. Fusion makes no use of it: its
components are the same alternatives, with the rest of the evidence.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from fraudmodel.assessment import VoiceDecision
from fraudmodel.fusion import Fusion
from fraudmodel.sasv import joint_llr
from fraudmodel.signals import SignalKind
from fraudmodel.weighing import Weighing

IMPOSTOR = SignalKind("voice_match")
SPOOF = SignalKind("voice_pad")
EVEN = 0.5


def decide(llrs: Mapping[SignalKind, float], fusion: Fusion) -> VoiceDecision | None:
    """The joint LLR (nats) of the calibrated ``llrs`` at hand; a class that was not measured has 0. None where neither was."""
    impostor, spoof = llrs.get(IMPOSTOR), llrs.get(SPOOF)
    if impostor is None and spoof is None:
        return None
    joint = joint_llr(np.array([impostor or 0.0]), np.array([spoof or 0.0]), spoof_share(fusion))
    return VoiceDecision(float(joint[0]), impostor, spoof)


def spoof_share(fusion: Fusion) -> float:
    """The share of spoofs among frauds by voice (0..1): of how common the components are, by how often they disturb either signal."""
    masses = [
        sum(
            each.prior * _disturbed(each.weights.get(kind, 0.0), fusion.weighing)
            for each in fusion.components
        )
        for kind in (IMPOSTOR, SPOOF)
    ]
    return masses[1] / sum(masses) if all(masses) else EVEN


def _disturbed(weight: float, weighing: Weighing) -> float:
    """In what share of its cases a component disturbs a signal. A weight that scales does not say, and counts in full as it did."""
    return weight if weighing is Weighing.MIXED else float(weight > 0.0)
