"""Which exceptions are sentences for a person, and the sentence."""

from __future__ import annotations

import errno

from biometrics.errors import BiometricsError
from fraudmodel.errors import FraudModelError
from interview.errors import InterviewError
from models.errors import ModelError

_LONGEST_NAME = 120
_SYSTEM = {
    errno.ENOSPC: "the disk is full: free some space and run the command again",
    errno.EACCES: "no permission: choose a folder that this account may write, or change its rights",
    errno.EROFS: "that file system is read-only: choose another folder",
    errno.EPERM: "that is not permitted: choose a folder that this account may write, or change its rights",
    errno.ENOENT: "there is no such file or folder",
    errno.EISDIR: "that is a folder, and a file is needed",
    errno.ENOTDIR: "a part of that path is a file, and a folder is needed",
    errno.EEXIST: "that is a file, and a folder is needed",
    errno.ENAMETOOLONG: "that name is too long for this file system",
    errno.EMFILE: "too many files are open: raise the limit with ulimit -n",
    errno.EADDRINUSE: "that port is taken: stop what uses it, or choose another with --port",
}


def sentence(error: BaseException) -> str | None:
    """What to tell a person about an expected error; None for one that nobody expected."""
    if isinstance(error, (InterviewError, BiometricsError, FraudModelError, ModelError)):
        return str(error)
    if isinstance(error, OSError) and error.errno in _SYSTEM:
        where = f"{_short(str(error.filename))}: " if error.filename else ""
        return f"{where}{_SYSTEM[error.errno]}"
    return None


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
