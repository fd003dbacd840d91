"""Movements of a recording shown again: from the recording to aligned and magnified pictures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from biometrics.face.boxes import Image
from biometrics.micro.movement import Movement
from biometrics.micro.replay import AROUND_S, Replay, closer, replay_of
from fraudmodel.signals import Observation
from interview.analysis.excerpt import views_between
from interview.analysis.movements import movement_of, resemblance_of, units_of
from interview.analysis.senses import Parts
from interview.errors import MediaError
from interview.questions.spans import AnswerSpan, answer_at

PICTURES: Final = 3
"""Of the strongest movements so many are shown in a report."""


@dataclass(frozen=True, slots=True)
class MovementShown:
    """A movement in a report. ``question`` the number of the one in whose answer it fell; ``resembles`` 0..1 by class, empty where it was
    not compared; ``units`` halves of action units, as ``AU4_left``; ``still`` (256, 768, 3) uint8 BGR: onset, apex, and the apex with motion magnified ``factor`` times."""

    movement: Movement
    question: int | None
    resembles: Mapping[str, float]
    units: tuple[str, ...] = ()
    still: Image | None = None
    factor: float = 0.0


def shown_again(recording: Path, movement: Movement, parts: Parts) -> Replay | None:
    """The replay, or None where no face is seen in that part of the recording. Raises MediaError where it cannot be read."""
    onset_s, offset_s = movement.onset_s, movement.offset_s
    views = views_between(recording, onset_s - AROUND_S, offset_s + AROUND_S, parts)
    return replay_of([closer(view) for view in views], onset_s, movement.apex_s, offset_s)


def movements_shown(
    observations: Iterable[Observation], recording: Path, parts: Parts, answers: Sequence[AnswerSpan]
) -> list[MovementShown]:
    """Every movement in order of time, with pictures of the strongest brief ones."""
    found = [(movement, each) for each in observations if (movement := movement_of(each)) is not None]
    ranked = sorted(range(len(found)), key=lambda at: (not found[at][0].brief, -found[at][0].strength))
    pictured = set(ranked[:PICTURES])
    shown = [
        _shown(movement, reading, recording if at in pictured else None, parts, answers)
        for at, (movement, reading) in enumerate(found)
    ]
    return sorted(shown, key=lambda each: each.movement.onset_s)


def _shown(
    movement: Movement, reading: Observation, recording: Path | None, parts: Parts, answers: Sequence[AnswerSpan]
) -> MovementShown:  # fmt: skip
    answer = answer_at(answers, movement.onset_s)
    number = None if answer is None else answer.number
    replay = None
    if recording is not None:
        # A file that is damaged there has been analysed up to there: the report says so elsewhere.
        with suppress(MediaError):
            replay = shown_again(recording, movement, parts)
    plain = MovementShown(movement, number, resemblance_of(reading), units_of(reading))
    return plain if replay is None else replace(plain, still=replay.still(), factor=replay.factor)
