"""One session's explanation: its reasons by code, and the check to ask for next. Pure: the same state gives the same explanation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fraudmodel.assessment import AbsentSignal, NextCheck
from fraudmodel.checks import Checks, load_checks
from fraudmodel.next_check import Question, best_check, question, worth_of
from fraudmodel.parameters import Parameters
from fraudmodel.reason_codes import Taxonomy, load_taxonomy
from fraudmodel.signals import SignalKind

STEP_NATS = 0.25
"""LLRs are rounded to this before the next check is looked for. What to ask for does not hang on less, and a session that hardly changes
is not worked out anew twice a second."""
_MOST_KNOWN = 256
_MOST_ASKED = 64

Kinds = tuple[SignalKind, ...]
Present = tuple[tuple[SignalKind, int], ...]
Possible = tuple[tuple[str, Kinds], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The documents that explanations are made with."""

    taxonomy: Taxonomy
    checks: Checks


def load_explanation() -> Explanation:
    """The shipped documents. Raises ParametersError where one is wrong."""
    return Explanation(load_taxonomy(), load_checks())


class Adviser:
    """Finds the next check of one session. What it remembers changes no answer: an answer is that of the rounded state alone."""

    def __init__(self, checks: Checks, parameters: Parameters, prior: float) -> None:
        self._checks, self._fusion, self._prior = checks, parameters.fusion, prior
        self._worths = {kind: worth_of(signal) for kind, signal in parameters.signals.items()}
        self._known: dict[tuple[Present, Possible], NextCheck | None] = {}
        self._questions: dict[tuple[Kinds, Kinds], Question] = {}

    def next_check(
        self, present: Mapping[SignalKind, float], absent: Sequence[AbsentSignal]
    ) -> NextCheck | None:
        """The best check given the LLRs in force (nats) and what is absent; None where nothing can be asked for that would change anything."""
        rounded = tuple((kind, round(llr / STEP_NATS)) for kind, llr in present.items())
        possible = tuple(
            (name, mended)
            for name, kinds in self._checks.possible(absent).items()
            if (mended := self._worthy(kinds))
        )
        key = (rounded, possible)
        if key not in self._known:
            if len(self._known) == _MOST_KNOWN:
                self._known.clear()
            self._known[key] = self._worked_out(rounded, possible)
        return self._known[key]

    def _worthy(self, kinds: Kinds) -> Kinds:
        """Those whose measurement would say something: they are calibrated."""
        return tuple(kind for kind in kinds if kind in self._worths)

    def _worked_out(self, rounded: Present, possible: Possible) -> NextCheck | None:
        present = tuple(kind for kind, _ in rounded)
        llrs = [STEP_NATS * steps for _, steps in rounded]

        def expected(kinds: Kinds) -> float:
            return self._question(present, kinds).expected_change(self._prior, llrs)

        return best_check(self._checks, dict(possible), expected)

    def _question(self, present: Kinds, kinds: Kinds) -> Question:
        key = (present, kinds)
        if key not in self._questions:
            if len(self._questions) == _MOST_ASKED:
                self._questions.clear()
            self._questions[key] = question(
                self._fusion, present, {kind: self._worths[kind] for kind in kinds}
            )
        return self._questions[key]
