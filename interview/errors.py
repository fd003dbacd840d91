"""Errors of sessions and of the command line, each with one sentence for a person.

InterviewError
├── MediaError          an input that cannot be read, or holds nothing to analyse
├── SessionError        no such session, or not allowed in its state
└── ServiceError        the service cannot start or be reached
"""

from __future__ import annotations


class InterviewError(Exception):
    """Base of this tree. ``str(error)`` is the sentence that a person reads."""


class MediaError(InterviewError):
    """An input that cannot be read, or that holds nothing to analyse."""


class SessionError(InterviewError):
    """A session that does not exist, or a step that its state does not allow."""


class ServiceError(InterviewError):
    """The service cannot start, or cannot be reached."""
