"""What `digits_challenge` asks of a mouth, on clips where no digits are said: does it move on each burst of speech, and does a still one not?

Talking clips hold connected speech. Their bursts are cut where the challenge would cut digits, so that this measures the look at the
mouth, and not how people say single digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from biometrics.av.mouth import seen
from biometrics.digits.bursts import Burst, bursts
from biometrics.digits.mouth import MouthMemory, MouthMoved
from biometrics.digits.sound import SoundMemory
from biometrics.evaluation.av_clips import Talk, clip_sound, perceive
from biometrics.evaluation.av_still import held_still
from biometrics.evaluation.av_trials import estimate_json
from biometrics.evaluation.trials import Progress
from biometrics.views import FaceView
from biometrics.voice.perception import SpeechPerception
from fraudmodel.intervals import Estimate, rate_if_tried
from fraudmodel.signals import Span
from models.hub import ModelHub

_DIGITS = 8


@dataclass(frozen=True, slots=True)
class BurstFigures:
    """``talking`` and ``still``: share of bursts of speech on which a talking mouth, and one held still, moved; ``missed`` and ``caught``:
    share of runs of eight bursts that were called still, of talking people and of stills. None where the mouth was never enough in sight."""

    talking: Estimate | None
    still: Estimate | None
    missed: Estimate | None
    caught: Estimate | None

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "talking_moved": _json(self.talking),
            "still_moved": _json(self.still),
            "talking_runs_called_still": _json(self.missed),
            "still_runs_called_still": _json(self.caught),
        }


def burst_figures(
    files: Sequence[Path], talks: Sequence[Talk], hub: ModelHub, report: Progress
) -> BurstFigures:
    """Each clip as it is; and its face held still over its own bursts."""
    talking: list[MouthMoved] = []
    still: list[MouthMoved] = []
    for k, (file, talk) in enumerate(zip(files, talks, strict=True)):
        heard = _bursts(file, hub)
        talking += _runs(talk.views, heard)
        held = tuple(perceive(held_still(file, hub, k), hub))
        still += _runs(held, [each for each in heard if each.start < held[-1].t])
        report(k + 1, len(files), "mouths on bursts of speech")
    return BurstFigures(_moved(talking), _moved(still), _called_still(talking), _called_still(still))


def _bursts(file: Path, hub: ModelHub) -> Sequence[Burst]:
    perception, memory, chunk = SpeechPerception(hub), SoundMemory(), clip_sound(file)
    for view in (*perception.feed(chunk), *perception.finish()):
        memory.push(view)
    sound = memory.during(Span(max(chunk.t, 0.0), chunk.end))
    return () if sound is None else bursts(sound)


def _runs(views: Iterable[FaceView], heard: Sequence[Burst]) -> list[MouthMoved]:
    """The mouth on each run of eight bursts, the last run with what is left."""
    memory = MouthMemory()
    for view in views:
        memory.learn(seen(view))
    starts = range(0, len(heard), _DIGITS)
    return [memory.moved(heard[start : start + _DIGITS]) for start in starts]


def _moved(runs: Sequence[MouthMoved]) -> Estimate | None:
    return rate_if_tried(sum(run.moved for run in runs), sum(run.seen for run in runs))


def _called_still(runs: Sequence[MouthMoved]) -> Estimate | None:
    told = [run.still for run in runs if run.told]
    return rate_if_tried(sum(told), len(told))


def _json(figure: Estimate | None) -> dict[str, float | int] | None:
    return None if figure is None else estimate_json(figure)
