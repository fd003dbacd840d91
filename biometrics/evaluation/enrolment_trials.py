"""Does enrolment notice a second voice, and does it refuse nobody who is alone?

Each sitting of a speaker (see `voice_pairs.read_sittings`) is cut into utterances as `enrol_voice` does it. Alone, its figure is the
distance of the two utterances that are furthest apart. With each other speaker in turn, one utterance of theirs is put in (the
middle one of their first sitting) and the figure is taken again: the least that a second voice can do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.errors import EvaluationError
from biometrics.evaluation.trials import Progress
from biometrics.evaluation.voice_pairs import Sitting
from biometrics.voice.embed import Vector, VoiceEncoder, distance
from biometrics.voice.enrolment import ONE_VOICE, UTTERANCES, utterances_of
from fraudmodel.intervals import Estimate, rate
from models.hub import ModelHub

_LEAST_SPEAKERS: Final = 2

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class EnrolmentFigures:
    """``alone`` and ``mixed`` widest distances of sittings, cosine 0..2; ``pairs`` of two utterances of one speaker; ``short`` sittings
    with fewer than three utterances, which are in none of them."""

    speakers: int
    utterances: int
    short: int
    alone: Floats
    mixed: Floats
    pairs: Floats

    @property
    def refused(self) -> Estimate:
        """Share of sittings of one person that are refused for a second voice."""
        return rate(int((self.alone > ONE_VOICE).sum()), len(self.alone))

    @property
    def noticed(self) -> Estimate:
        """Share of sittings with one utterance of somebody else that are refused."""
        return rate(int((self.mixed > ONE_VOICE).sum()), len(self.mixed))

    def at(self, limits: Sequence[float]) -> list[dict[str, float]]:
        """Both shares at other limits."""
        return [
            {
                "limit": limit,
                "refused": float((self.alone > limit).mean()),
                "noticed": float((self.mixed > limit).mean()),
            }
            for limit in limits
        ]


def measure(sittings: Sequence[Sitting], hub: ModelHub, progress: Progress) -> EnrolmentFigures:
    """The figures of a corpus. Raises EvaluationError where fewer than two speakers have a sitting of three utterances."""
    encoder = VoiceEncoder(hub.get("campplus"))
    prints: list[tuple[str, list[Vector]]] = []
    for done, sitting in enumerate(sittings):
        progress(done, len(sittings), "enrolling")
        heard = utterances_of(sitting.samples, hub)
        prints.append((sitting.subject, [encoder.embed(each) for each in heard]))
    progress(len(sittings), len(sittings), "enrolling")
    whole = [(subject, vectors) for subject, vectors in prints if len(vectors) >= UTTERANCES]
    others = {subject: vectors[len(vectors) // 2] for subject, vectors in reversed(whole)}
    if len(others) < _LEAST_SPEAKERS:
        raise EvaluationError(
            f"{len(others)} of these speakers have a sitting of three utterances with pauses between them, and {_LEAST_SPEAKERS} are needed"
        )
    pairs = [distance(one, other) for _, vectors in whole for one, other in combinations(vectors, 2)]
    return EnrolmentFigures(
        speakers=len(others),
        utterances=sum(len(vectors) for _, vectors in prints),
        short=len(prints) - len(whole),
        alone=np.array([_widest(vectors) for _, vectors in whole]),
        mixed=np.array(
            [
                _widest([*vectors, stranger])
                for subject, vectors in whole
                for other, stranger in others.items()
                if other != subject
            ]
        ),
        pairs=np.array(pairs),
    )


def _widest(vectors: Sequence[Vector]) -> float:
    return max(distance(one, other) for one, other in combinations(vectors, 2))
