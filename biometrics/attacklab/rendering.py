"""Make many renders, keeping what is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from biometrics.attacklab.plan import Render
from biometrics.attacklab.pool import outcomes
from biometrics.attacklab.sources import load
from biometrics.attacklab.store import done, make


def render_all(
    renders: Sequence[Render], takes: Path, folder: Path, jobs: int, progress: Callable[[int], None]
) -> int:
    """Make what is not there yet, from the sources in ``takes``; gives how many were made.

    ``progress`` gets how many of all are there. Raises EvaluationError, naming the render, where one fails.
    """
    left = [render for render in renders if not done(render, folder)]
    there = len(renders) - len(left)
    progress(there)
    work = partial(_one, takes=takes, folder=folder)
    for made, _ in enumerate(outcomes(left, work, jobs, "rendered"), start=1):
        progress(there + made)
    return len(left)


def _one(render: Render, takes: Path, folder: Path) -> None:
    names = {render.source, *render.others}
    make(render, {clip.source: clip for clip in load(takes, names)}, folder)
