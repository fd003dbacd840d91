"""What a comparison experiment leaves behind: trials, and what could not be tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Progress = Callable[[int, int, str], None]
"""Called with done, total and what is being done."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One comparison of a probe with a reference.

    ``statistic`` the probe's pooled raw score, greater = more attack-like, of ``observations`` readings;
    ``covariates`` their means. Subjects are people, ``reference`` and ``probe`` name the very samples.
    """

    reference_subject: str
    probe_subject: str
    reference: str
    probe: str
    statistic: float
    observations: int
    covariates: Mapping[str, float]

    @property
    def mated(self) -> bool:
        """Whether both samples are of one person."""
        return self.reference_subject == self.probe_subject


@dataclass(frozen=True, slots=True)
class Experiment:
    """Trials under one condition, with what failed before a comparison was possible.

    ``model`` the encoder, as ``name@sha256[:8]``; ``condition`` says how the probes were made; ``failed_enrolments``
    of ``references`` and ``failed_acquisitions`` of ``probes`` could not be used (FTE, FTA).
    """

    model: str
    condition: str
    trials: tuple[Trial, ...]
    references: int
    failed_enrolments: int
    probes: int
    failed_acquisitions: int

    @property
    def subjects(self) -> tuple[str, ...]:
        """Everybody who took part, sorted."""
        everybody = {trial.reference_subject for trial in self.trials}
        return tuple(sorted(everybody | {trial.probe_subject for trial in self.trials}))


def merged(experiments: Sequence[Experiment], condition: str) -> Experiment:
    """The trials of several conditions as one experiment. The references are the same in each, and counted once."""
    return Experiment(
        model=experiments[0].model,
        condition=condition,
        trials=tuple(trial for experiment in experiments for trial in experiment.trials),
        references=experiments[0].references,
        failed_enrolments=experiments[0].failed_enrolments,
        probes=sum(experiment.probes for experiment in experiments),
        failed_acquisitions=sum(experiment.failed_acquisitions for experiment in experiments),
    )
