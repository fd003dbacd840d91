"""Refusals that a person reads in their own language: a code for programs, one sentence in English and one in Chinese.

InterviewError
└── SessionError
    └── Problem
        ├── NotFound            no such session, user, product or recording
        ├── IllegalStep         the session's state does not allow this step
        ├── ConsentNeeded       the interview cannot go on without this part of the consent
        ├── EnrolmentRefused    a photo or recording that cannot become a reference
        ├── LinkRefused         an applicant's link: forged, expired, replaced, or opened in another browser
        ├── SignInFailed        wrong name or password, or an account that is switched off
        ├── NotAllowed          signed in, but not this person's to do
        ├── Rejected            a value that cannot be taken
        └── Unavailable         the media edge or the analysis cannot take this now
"""

from __future__ import annotations

from interview.errors import SessionError


class Problem(SessionError):
    """A refusal. ``code`` is stable and for programs; ``message`` and ``message_zh`` are for people."""

    code = "problem"

    def __init__(self, message: str, message_zh: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.message_zh = message_zh
        if code is not None:
            self.code = code


class NotFound(Problem):
    """There is no such thing, or it is not this person's to see."""

    code = "not_found"


class IllegalStep(Problem):
    """The session's state does not allow this step."""

    code = "illegal_step"


class ConsentNeeded(Problem):
    """The interview cannot go on without this part of the consent; everything filled in stays."""

    code = "consent_needed"


class EnrolmentRefused(Problem):
    """A photo or recording that cannot become a biometric reference. ``field`` names the form's field."""

    code = "enrolment_failed"

    def __init__(self, message: str, message_zh: str, *, field: str = "id_photo") -> None:
        super().__init__(message, message_zh)
        self.field = field


class LinkRefused(Problem):
    """An applicant's link that cannot be used.

    Codes: ``link_invalid``, ``link_expired``, ``link_used``, ``link_replaced``, ``link_unopened``.
    """

    code = "link_invalid"


class SignInFailed(Problem):
    """Wrong name or password, or the account is switched off: which of them is not said."""

    code = "sign_in_failed"


class NotAllowed(Problem):
    """Signed in, but not this person's to do."""

    code = "not_allowed"


class Rejected(Problem):
    """A value that cannot be taken, and what would be."""

    code = "rejected"


class Unavailable(Problem):
    """The media edge or the analysis cannot take this now; says when to try again."""

    code = "unavailable"
