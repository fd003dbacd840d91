"""Simulated calls in which the applicant's voice changes, or only their place or their line does: parts of `room_scene`, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from biometrics.evaluation.room_scene import Call, Plan, make_call
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples
from fraudmodel.signals import Span


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a call: who answers, in turns, and how that is heard."""

    answers: Sequence[Samples]
    plan: Plan


@dataclass(frozen=True, slots=True)
class Joined:
    """``call`` of all parts, and where its parts after the first begin to speak, s of media."""

    call: Call
    turns_s: tuple[float, ...]


def join(parts: Sequence[Part], officer: Sequence[Samples], other: Sequence[Samples], seed: int) -> Joined:
    """Make the parts one call. Each part goes through its own encoder, as after a line that was interrupted for less than a packet."""
    calls, starts = [], [0.0]
    for number, part in enumerate(parts):
        plan = replace(part.plan, seed=seed + number)
        calls.append(make_call(part.answers, officer, other, plan))
        starts.append(starts[-1] + len(calls[-1].near) / SAMPLE_RATE_HZ)
    near, far = (
        np.concatenate([_even(getattr(call, name), call) for call in calls]) for name in ("near", "far")
    )
    spans = [
        tuple(
            Span(start + span.start, start + span.end)
            for start, call in zip(starts, calls, strict=False)
            for span in getattr(call, who)
        )
        for who in ("applicant", "officer", "other")
    ]
    turns_s = [start + call.applicant[0].start for start, call in zip(starts, calls, strict=False)]
    return Joined(Call(near, far, *spans), tuple(turns_s[1:]))


def _even(samples: Samples, call: Call) -> Samples:
    """As long as the applicant's track."""
    length = len(call.near)
    return np.pad(samples, (0, max(0, length - len(samples))))[:length]
