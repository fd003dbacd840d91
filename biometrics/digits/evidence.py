"""From fit and timing to a likelihood ratio, on assumptions that are written down here.

Three ways to speak: a person who reads the digits as they appear; speech that does not depend on them, as a recording; and a
machine that reads them. What is said in a language that is not understood supports nothing, and never counts against anybody.
"""

from __future__ import annotations

from math import exp, log
from typing import Final

FOLLOWED_P: Final = 2.5e-3
"""Share of all orders that may fit as well as the shown one."""
LEAST_ANSWERED: Final = 0.6
"""Share of the digits that must be answered besides."""
SHAPE: Final = 0.2
"""Of the density of the p-value where the digits are read, SHAPE * p ^ (SHAPE - 1): a p-to-e calibrator (Vovk & Wang 2021), so
that speech that does not depend on the digits seldom earns much by it, whatever the shape. Assumed."""
MISUNDERSTOOD: Final = 0.1
"""Share of honest people who do not read the digits as they appear. Assumed."""
READ_BY_MACHINE: Final = 0.3
"""Share of attacks in which a machine reads the digits. Assumed."""
PERSON_CV: Final = (0.17, 0.45)
MACHINE_CV: Final = (0.035, 0.5)
"""Median and logarithmic spread of the latency's coefficient of variation. Assumed; they cross at 0.08."""
REGULAR_PEOPLE: Final = 0.05
"""Share of people who are as regular as a machine, since the digits come at an even pace. Assumed: regularity never weighs
more than a factor of twenty."""


def content_ratio(p_value: float) -> float:
    """Density of the p-value where digits are read against where they are not, never below 1."""
    return max(SHAPE * exp((SHAPE - 1.0) * log(p_value)), 1.0)


def regularity(cv: float | None) -> float:
    """Density of a coefficient of variation of a machine against that of people; 1 where it is not known."""
    if cv is None:
        return 1.0
    machine, person = (_lognormal(max(cv, 0.005), *shape) for shape in (MACHINE_CV, PERSON_CV))
    return machine / ((1.0 - REGULAR_PEOPLE) * person + REGULAR_PEOPLE * machine)


def log_ratio(p_value: float, cv: float | None, too_fast: bool) -> float:
    """log p(what was heard | no person reads) - log p(... | a person reads); what is faster than anybody is no fit.

    Never below 0 where the content fits nothing: uneven speech alone shows nobody who reads.
    """
    fit = 1.0 if too_fast else content_ratio(p_value)
    regular = 1.0 / REGULAR_PEOPLE if too_fast else regularity(cv)
    attack = (1.0 - READ_BY_MACHINE) + READ_BY_MACHINE * fit * regular
    return log(max(attack, 1.0)) - log((1.0 - MISUNDERSTOOD) * fit + MISUNDERSTOOD)


def followed(p_value: float, answered: int, digits: int, too_fast: bool) -> bool:
    """Whether a challenge counts as followed."""
    return p_value <= FOLLOWED_P and answered >= LEAST_ANSWERED * digits and not too_fast


def _lognormal(value: float, middle: float, spread: float) -> float:
    """Density by the logarithm of the value; the constant cancels."""
    return exp(-0.5 * (log(value / middle) / spread) ** 2) / spread
