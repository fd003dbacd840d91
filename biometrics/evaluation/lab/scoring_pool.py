"""Score many renders in a pool of processes, keeping each score as it comes: a run that was broken off goes on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from heapq import merge
from pathlib import Path

from biometrics.attacklab.pool import outcomes
from biometrics.attacklab.store import LAB_VERSION, Stored
from biometrics.catalogue import detector_specs
from biometrics.evaluation.lab.scoring import LabScorer, Moment, Scores
from biometrics.evaluation.lab.trials import Conditions, LabTrial, dump, mend, read_trials
from biometrics.media import AudioChunk, Frame
from biometrics.views import Fact
from models.hub import ModelHub

OpenHub = Callable[[], AbstractContextManager[ModelHub]]
"""Opens the models in a worker process; can be pickled."""

TOLD_LATE_S = 0.25
"""A page's report of what it displayed reaches the analysis about this much after it was displayed."""
_UNSCORED = ("attacklab", "behaviour", "evaluation", "facs", "micro", "training")
"""Rooms of `biometrics` that no score depends on."""


def score_all(
    renders: Sequence[Stored],
    file: Path,
    open_hub: OpenHub,
    jobs: int,
    progress: Callable[[int], None] = lambda done: None,
) -> list[LabTrial]:
    """The trials of these renders, scored now where ``file`` does not have them yet, or has those of other renders.

    Raises EvaluationError, naming the render, where a detector fails on one.
    """
    known = {trial.render: trial for trial in read_trials(file)}
    left = [render for render in renders if not is_of(known.get(render.name), render)]
    for render in left:
        known.pop(render.name, None)
    there = len(renders) - len(left)
    progress(there)
    if left:
        mend(file)
        with file.open("ab") as scores:
            found = outcomes(left, _one, jobs, "scored", partial(_begin, open_hub))
            for made, trial in enumerate(found, start=1):
                known[trial.render] = trial
                scores.write(dump(trial))
                scores.flush()
                progress(there + made)
    return [known[render.name] for render in renders]


def fingerprint(models: Iterable[str], package: Path = Path(__file__).parents[2]) -> str:
    """Names what the scores depend on: the models, the lab, and the code that perceives and detects. Eight hex digits."""
    digest = hashlib.sha256("\n".join([*sorted(models), f"lab {LAB_VERSION}"]).encode())
    for path in sorted(package.rglob("*.py")):
        if path.relative_to(package).parts[0] not in _UNSCORED:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def moments(render: Stored) -> Iterator[Moment]:
    """The render's frames, its sound and the facts of its challenge, these as late as a live session is told them."""
    facts = [Fact(each["t"], each["topic"], each["values"]) for each in render.truth.get("facts", ())]
    sources: tuple[Iterable[Moment], ...] = (render.sound(), render.frames(), facts)
    yield from merge(*sources, key=_known_at)


def _known_at(moment: Moment) -> float:
    match moment:
        case AudioChunk():
            return moment.end
        case Fact():
            return moment.t + TOLD_LATE_S
        case Frame():
            return moment.t


def trial_of(render: Stored, scores: Scores) -> LabTrial:
    """What is kept of a scored render."""
    return LabTrial(
        render=render.name,
        species=render.species,
        family=render.family,
        renderer=render.renderer,
        split=render.split,
        subject=render.subject,
        other=render.other,
        conditions=Conditions(render.kbps, render.fps, render.light, render.ita),
        scores=scores.scores,
        reasons=scores.reasons,
        models=scores.models,
        dubbed=render.dubbed,
        revision=render.revision,
    )


def is_of(trial: LabTrial | None, render: Stored) -> bool:
    """Whether a trial is of this very render: another seed, or revision, gives others of the same names."""
    return trial is not None and replace(trial, scores={}, reasons={}, models={}) == trial_of(
        render, Scores({}, {}, {})
    )


class _Worker:
    """What a worker process keeps between renders: a process has no other place for it."""

    opened: AbstractContextManager[ModelHub]
    scorer: LabScorer


def _begin(open_hub: OpenHub) -> None:
    _Worker.opened = open_hub()
    _Worker.scorer = LabScorer(_Worker.opened.__enter__(), detector_specs())


def _one(render: Stored) -> LabTrial:
    return trial_of(render, _Worker.scorer.score(moments(render)))
