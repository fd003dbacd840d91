"""Interviews as monitoring sees them, made by a seed: two signals on two families of devices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from fraudmodel.monitored import InterviewSeen, SignalSeen
from fraudmodel.signals import Reason, SignalKind

PAD, VOICE = SignalKind("face_pad"), SignalKind("voice_match")
PHONE, LAPTOP = "Android, Chromium", "Windows, Chromium"
START = datetime(2026, 1, 1, tzinfo=UTC)


def interviews(
    count: int,
    *,
    day: int = 0,
    moved: float = 0.0,
    on: str = "",
    silent: float = 0.1,
    worse: float = 0.0,
    sure: float = 1.0,
    models: Sequence[str] = ("net@1",),
    labelled: bool = False,
    seed: int = 0,
) -> list[InterviewSeen]:
    """One an hour from ``day`` on. Bona fide statistics are N(0, 1) and fraud's N(2, 1), and LLRs hold where ``sure`` is 1. ``moved`` shifts the face of
    interviews ``on`` a family, ``worse`` lowers its quality, ``silent`` of the voices are noisy."""
    rng = np.random.default_rng((seed, day))
    found = []
    for number in range(count):
        fraud, device = bool(rng.random() < 0.1), (PHONE, LAPTOP)[number % 2]
        hit = moved if on in ("", device) else 0.0
        values = [rng.normal(2.0 * fraud) + hit, rng.normal(2.0 * fraud)]
        face, voice = (
            SignalSeen(
                float(v),
                float(sure * (2.0 * v - 2.0)),
                float(rng.uniform(0.4, 0.9) - worse),
                None,
                tuple(models),
            )
            for v in values
        )
        heard = rng.random() >= silent
        signals = {PAD: face, VOICE: voice if heard else SignalSeen(reason=Reason.NOISY)}
        shift = sum(each.llr or 0.0 for each in signals.values())
        found.append(
            InterviewSeen(
                f"i{day}-{number:04d}", f"p{day}-{number}", START + timedelta(days=day, hours=number), device,
                shift, fraud if labelled else None, signals,
            )
        )  # fmt: skip
    return found
