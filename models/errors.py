"""What can go wrong with a model, each with one sentence for a person.

ModelError
├── UnknownModel          no such name in the manifest
├── ModelNotInstalled     its file is not here and its source cannot be reached
├── ModelCorrupt          its file has another hash than the manifest
└── ModelNotAllowed       its licence is not for this profile
"""

from __future__ import annotations


class ModelError(Exception):
    """Base of this tree. ``str(error)`` is the sentence that a person reads."""


class UnknownModel(ModelError):
    """The manifest has no model of that name."""


class ModelNotInstalled(ModelError):
    """The file is not in the cache and could not be obtained."""


class ModelCorrupt(ModelError):
    """The file's SHA-256 differs from the manifest's. It is never used."""


class ModelNotAllowed(ModelError):
    """The licence forbids this use: research-only or unclear in a production profile."""
