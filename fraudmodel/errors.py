"""Errors of the fraud model, each with one sentence for a person.

FraudModelError
├── ParametersError   a parameter or policy file that cannot be used: names the file, the line and the field
├── DatasetError      a score table that cannot be used: names the file, the line and the column
└── FitError          a score table from which nothing can be fitted
"""

from __future__ import annotations


class FraudModelError(Exception):
    """Base of this tree. ``str(error)`` is the sentence that a person reads."""


class ParametersError(FraudModelError):
    """A parameter or policy file is missing, malformed or inconsistent. A session never starts with it."""


class DatasetError(FraudModelError):
    """A score table is missing, malformed or lacks a class."""


class FitError(FraudModelError):
    """A score table is sound, but too small or too one-sided to fit from."""
