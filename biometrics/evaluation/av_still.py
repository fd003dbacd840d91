"""A voice over a still face: how soon it is noticed, and how often a talking face is taken for one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from biometrics.attacklab.channel import Channel, decoded, encode
from biometrics.attacklab.optics import sway
from biometrics.detectors.voice_over import VoiceOver
from biometrics.evaluation.av_clips import Talk, clip_frames, moved, perceive, played
from biometrics.evaluation.av_trials import estimate_json
from biometrics.evaluation.trials import Progress
from biometrics.media import Frame
from biometrics.views import FaceView
from fraudmodel.intervals import Estimate, rate
from fraudmodel.signals import Observation
from models.hub import ModelHub

LIMIT_S: Final = 3.0
KBPS: Final = 1000
"""What the still face goes through: VP8, as everything else in a call."""
LEAD_S: Final = 1.0
LAST_S: Final = 8.0
FPS: Final = 25.0
_SWAY_PX: Final = 3.0
_NOISE: Final = 3.0
_SEED: Final = 514


@dataclass(frozen=True, slots=True)
class StillFigures:
    """``noticed`` share of still faces over which a voice is flagged within `LIMIT_S` of its first speech; ``delays_s`` each; ``false`` share of
    looks at people who do speak that read as still, ``sessions_false`` of clips with any such look."""

    noticed: Estimate
    delays_s: tuple[float | None, ...]
    false: Estimate
    sessions_false: Estimate

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "flagged_within_3_s": estimate_json(self.noticed),
            "delays_s": [None if delay is None else round(delay, 2) for delay in self.delays_s],
            "talking_looks_flagged": estimate_json(self.false),
            "talking_clips_flagged": estimate_json(self.sessions_false),
        }


def still_figures(
    files: Sequence[Path], talks: Sequence[Talk], hub: ModelHub, report: Progress
) -> StillFigures:
    """Each clip's face held still, over each of two other people's voices; and each clip as it is."""
    delays: list[float | None] = []
    for k, file in enumerate(files):
        views = tuple(perceive(held_still(file, hub, k), hub))
        for j in (1, 2):
            voice = talks[(k + j) % len(talks)]
            facts = tuple(moved(fact, LEAD_S) for fact in voice.facts)
            delays.append(_delay_s(Talk(file.stem, views, facts)))
        report(k + 1, len(files), "still faces")
    looks = [[one.score > 0.0 for one in readings(talk)] for talk in talks]
    flagged = [score for scores in looks for score in scores]
    return StillFigures(
        noticed=rate(sum(each is not None and each <= LIMIT_S for each in delays), len(delays)),
        delays_s=tuple(delays),
        false=rate(sum(flagged), len(flagged)),
        sessions_false=rate(sum(any(scores) for scores in looks), len(looks)),
    )


def readings(talk: Talk) -> list[Observation]:
    """What `voice_over` reads."""
    return [one for _, one in _given(talk)]


def _given(talk: Talk) -> Iterator[tuple[float, Observation]]:
    """Each observation with the media time at which it was given."""
    detector, now = VoiceOver(), 0.0
    for item in played(talk):
        now = max(now, item.t)
        for reading in detector.observe(item) if isinstance(item, FaceView) else detector.learn(item):
            if isinstance(reading, Observation):
                yield now, reading


def _delay_s(talk: Talk) -> float | None:
    """From the first 32 ms of speech to the first reading above 0."""
    first = next(
        fact.values["from_s"] + 0.032 * k
        for fact in talk.facts
        for k, speech in enumerate(fact.values["speech"])
        if speech >= 0.5
    )
    return next((now - first for now, one in _given(talk) if one.score > 0.0), None)


def held_still(file: Path, hub: ModelHub, seed: int) -> Iterator[Frame]:
    """One of a clip's frames for `LAST_S`, swaying and noisy as a held photo is, through VP8."""
    rng = np.random.default_rng([_SEED, seed])
    frames = list(clip_frames(file, hub))
    image = frames[len(frames) // 2].image
    t = np.arange(round(LAST_S * FPS)) / FPS
    across, down = (sway(t, rng, (0.2, 1.2), _SWAY_PX) for _ in range(2))
    pictures = []
    for x, y in zip(across, down, strict=True):
        place = np.array([[1.0, 0.0, x], [0.0, 1.0, y]])
        shown = cv2.warpAffine(image, place, image.shape[1::-1], borderMode=cv2.BORDER_REFLECT_101)
        noisy = shown + rng.normal(0.0, _NOISE, shown.shape)
        pictures.append(np.clip(noisy, 0, 255).astype(np.uint8))
    return decoded(encode(np.stack(pictures), t, Channel(KBPS)))
