"""Which burst answers which digit, and how soon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, stdev
from typing import Final

from biometrics.digits.bursts import Burst
from biometrics.digits.run import Prompt

FASTEST_S: Final = 0.12
"""Nobody names a digit sooner after it appeared: such speech is made by whatever reads the digit, or began before it."""
ANSWER_S: Final = (0.10, 1.0)
"""A digit is answered so long after it appeared. People take 0.25-0.9 s; the windows of successive digits just do not overlap."""
EARLY_S: Final = (-0.40, 0.50)
"""Where speech that does not wait for the digit is looked for."""
LEAST_LATENCIES: Final = 5


@dataclass(frozen=True, slots=True)
class Answers:
    """For each prompt the index of the burst that answers it, None where it is missing; ``extra`` bursts answer nothing."""

    which: tuple[int | None, ...]
    latencies_s: tuple[float, ...]
    extra: int

    @property
    def missing(self) -> int:
        return sum(one is None for one in self.which)

    @property
    def latency_s(self) -> float:
        """Mean over the digits that were answered."""
        return mean(self.latencies_s) if self.latencies_s else 0.0

    @property
    def latency_sd_s(self) -> float:
        return stdev(self.latencies_s) if len(self.latencies_s) > 1 else 0.0

    @property
    def cv(self) -> float | None:
        """Coefficient of variation of the latency; None for too few, or where they are no latencies."""
        if len(self.latencies_s) < LEAST_LATENCIES or self.latency_s < FASTEST_S:
            return None
        return self.latency_sd_s / self.latency_s


def answers(
    heard: Sequence[Burst], prompts: Sequence[Prompt], window: tuple[float, float] = ANSWER_S
) -> Answers:
    """The first burst that begins in each prompt's window."""
    which: list[int | None] = []
    latencies: list[float] = []
    for prompt in prompts:
        found = (
            k
            for k, burst in enumerate(heard)
            if window[0] <= burst.start - prompt.shown_s < window[1] and k not in which
        )
        k = next(found, None)
        which.append(k)
        if k is not None:
            latencies.append(heard[k].start - prompt.shown_s)
    return Answers(tuple(which), tuple(latencies), len(heard) - len(latencies))
