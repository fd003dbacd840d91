"""Which exceptions are sentences for a person, and the sentence."""

from __future__ import annotations

import errno

from biometrics.errors import BiometricsError
from fraudmodel.errors import FraudModelError
from interview.errors import InterviewError
from models.errors import ModelError

_SYSTEM = {
    errno.ENOSPC: "the disk is full: free some space and run the command again",
    errno.EACCES: "no permission: choose a folder that this account may write, or change its rights",
    errno.EROFS: "that file system is read-only: choose another folder",
    errno.ENOENT: "there is no such file or folder",
    errno.EADDRINUSE: "that port is taken: stop what uses it, or choose another with --port",
}


def sentence(error: BaseException) -> str | None:
    """What to tell a person about an expected error; None for one that nobody expected."""
    if isinstance(error, (InterviewError, BiometricsError, FraudModelError, ModelError)):
        return str(error)
    if isinstance(error, OSError) and error.errno in _SYSTEM:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{_SYSTEM[error.errno]}"
    return None
