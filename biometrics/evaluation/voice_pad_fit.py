"""Calibration of `voice_pad` for generators that nobody has met yet, and for ways of making that are old.

A fraudster's generator may be a new one, so a generator counts as one subject, whatever the number of its voices: the fit never judges one
that it has seen, and what few generators support is little. A person counts as one subject too. No person may be among those whom the
network learnt from. Ways that it learnt, of other people, may stand beside those it never met: generators that share a way are one subject.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, product
from typing import Final

import numpy as np

from biometrics.detectors.voice_pad import KIND
from biometrics.errors import EvaluationError
from biometrics.evaluation.calibrating import Calibration
from biometrics.evaluation.channel import Channel
from biometrics.evaluation.figures import autocorrelation
from biometrics.evaluation.lab.calibrating import DISCOUNT
from biometrics.evaluation.trials import Progress
from biometrics.evaluation.voice_pad_trials import PEOPLE, Heard, Source, listened
from fraudmodel.calibration import FloatArray
from fraudmodel.datasets import ScoreTable
from fraudmodel.fit import fit_signal
from fraudmodel.pooling import CONTINUOUS_HALF_LIFE_S, Pooling
from models.hub import ModelHub

CHANNELS: Final = (Channel(24), Channel(24, phone=True))
"""What calls are mostly like. Every source goes through both, so that neither tells the classes apart."""
CAP: Final = 1.5
"""Nats that this signal may never exceed: of generators that are new, its errors cannot be known (design note, 6)."""
LEAST_GENERATORS: Final = 3
_TRIM: Final = 0.1


def calibrate_voice_pad(
    people: Source, generators: Sequence[Source], hub: ModelHub, data: str, version: str, progress: Progress
) -> Calibration:
    """Fit the LLR of one window: simulated evidence, so halved and capped. Raises EvaluationError and FitError.

    A session's mean of many windows scatters less than one window, so this LLR is rather too small for it than too large.
    """
    names = [each.name for each in generators]
    if twice := [name for name in names if names.count(name) > 1]:
        raise EvaluationError(f"two generators are called {twice[0]}: give each a name of its own")
    new = {each.group or each.name for each in generators if not each.learnt}
    old = {each.group or each.name for each in generators if each.learnt}
    if len(new) < LEAST_GENERATORS:
        raise EvaluationError(
            f"a calibration for new generators needs at least {LEAST_GENERATORS} to learn from, there are {len(new)}"
        )
    sources = [people, *generators]
    parts: list[list[Heard]] = []
    model = ""
    for done, (source, channel) in enumerate(product(sources, CHANNELS), 1):
        windows, model = listened(source, channel, hub)
        parts.append(windows)
        progress(done, len(sources) * len(CHANNELS), "sources and channels")
    groups = {each.name: each.group or each.name for each in generators}
    table = table_of([one for part in parts for one in part], groups, data)
    pooling = Pooling(
        trim=_TRIM, half_life_s=CONTINUOUS_HALF_LIFE_S, autocorrelation=round(alikeness(parts), 3)
    )
    description = (
        f"{data}: {', '.join(map(str, CHANNELS))}; {len(new)} generators that the network never learnt from"
    )
    if old:
        description += f", {len(old)} ways that it learnt, of other people"
    parameters = fit_signal(
        table, KIND, model=model, version=version, data=description, pooling=pooling, grade="simulated", discount=DISCOUNT, cap=CAP
    )  # fmt: skip
    return Calibration(parameters, table)


def table_of(heard: Sequence[Heard], groups: Mapping[str, str], name: str) -> ScoreTable:
    """One trial a window; its subject is the person, or the group of the generator."""
    attack = np.array([one.source != PEOPLE for one in heard], bool)
    subjects = tuple(
        groups[one.source] if made else f"{PEOPLE}/{one.speaker}"
        for one, made in zip(heard, attack, strict=True)
    )
    species = tuple(one.source if made else "" for one, made in zip(heard, attack, strict=True))
    return ScoreTable(name, np.array([one.score for one in heard]), attack, subjects, subjects, species)


def alikeness(parts: Sequence[Sequence[Heard]]) -> float:
    """How alike successive windows of a voice score, 0..1."""
    return autocorrelation(series for part in parts for series in _series(part))


def _series(part: Sequence[Heard]) -> Iterator[FloatArray]:
    for _, windows in groupby(part, lambda one: one.speaker):
        scores = np.array([one.score for one in windows])
        if len(scores) > 1:
            yield scores
