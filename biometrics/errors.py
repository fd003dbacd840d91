"""What can go wrong between media and a signal, each with one sentence for a person.

BiometricsError
├── CatalogueError      a detector module that cannot be loaded, or two of the same kind
├── CohortError         a cohort of voices made with another encoder, too small or damaged
├── EnrolmentError      a reference that cannot be used: no face, not enough speech, too noisy ...
└── EvaluationError     labelled data that cannot be evaluated: a missing folder, a wrong column ...

What a detector cannot measure is no error: it is an abstention with a reason.
"""

from __future__ import annotations

from fraudmodel.signals import Reason


class BiometricsError(Exception):
    """Base of this tree. ``str(error)`` is the sentence that a person reads."""


class CatalogueError(BiometricsError):
    """A detector module that cannot be loaded, or whose kind another one has. Fatal: no evidence goes missing unsaid."""


class CohortError(BiometricsError):
    """A cohort of voices that cannot be used. Says why."""


class EnrolmentError(BiometricsError):
    """A photo or recording that cannot become a biometric reference. Says what to do instead; ``reason`` where one fits."""

    def __init__(self, sentence: str, reason: Reason | None = None) -> None:
        super().__init__(sentence)
        self.reason = reason


class EvaluationError(BiometricsError):
    """Labelled data that cannot be evaluated. Names the file or folder, and what is wrong with it."""
