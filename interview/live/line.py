"""The applicant's end of a live call: whom a challenge is bound to, its clock, and what its page reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from interview.challenges.proof import fingerprint_of
from interview.media.gateway import MediaSession, Role, TransportReport
from interview.media.journal import Told


class ApplicantLine:
    """Implements the `Line` of `interview.challenges.conductor` and of `interview.questions.service`. Lives on the event loop.

    ``tell`` hands a fact to the analysis; ``there`` says whether the applicant's media arrive.
    """

    def __init__(
        self,
        session_id: str,
        media: MediaSession,
        tell: Callable[[Told], None],
        there: Callable[[], bool],
        analysed: Callable[[], bool],
    ) -> None:
        self.id = session_id
        self.fingerprint = ""
        self.page_key: str | None = None
        self._media = media
        self._tell = tell
        self._there = there
        self._analysed = analysed
        self.past: Sequence[Mapping[str, Any]] = ()
        """Fingerprints of earlier interviews, that this one is compared with."""
        self._questions: list[Told] = []
        self._recorded = False

    @property
    def reachable(self) -> bool:
        """Whether the applicant is connected and recorded."""
        return self._recorded and self._there()

    @property
    def analysed(self) -> bool:
        """Whether the analysis watches, or is about to again."""
        return self._recorded and self._analysed()

    def bind(self, offer_sdp: str, page_key: str | None) -> None:
        """This offer was answered: the connection that it describes is the applicant's."""
        self.fingerprint, self.page_key = fingerprint_of(offer_sdp), page_key

    def begin(self, reports: Sequence[Mapping[str, Any]], questions: Sequence[Told] = ()) -> None:
        """The recording began; ``reports`` is what the page reported before, ``questions`` what was marked before a restart."""
        self._recorded = True
        self._questions = list(questions)
        self.tell_again(reports)

    def tell_again(self, reports: Sequence[Mapping[str, Any]]) -> None:
        """Detectors that are new: tell them what those before them knew."""
        if self._recorded:
            t_ms = max(0, round(1000 * (self.now_s() or 0.0)))
            for each in self.past:
                self._tell(Told("past", t_ms, each))
            for told in self._questions:
                self._tell(told)
        self.tell_page(reports)

    def tell(self, told: Told) -> None:
        """A fact for the analysis."""
        self._tell(told)

    def tell_question(self, told: Told) -> None:
        """The officer marked a question: a fact that detectors which are new must hear too, at its own time."""
        self._questions.append(told)
        self._tell(told)

    def tell_page(self, reports: Sequence[Mapping[str, Any]]) -> None:
        """What the page reports about itself now; before the recording begins nothing is told."""
        if self._recorded:
            t_ms = max(0, round(1000 * (self.now_s() or 0.0)))
            for report in reports:
                self._tell(Told("page", t_ms, report))

    def tell_transport(self, role: Role, report: TransportReport) -> None:
        """From the media edge: how a side's packets came. The officer's are nobody's business."""
        if role == "applicant":
            self._tell(Told("transport", round(1000 * report.t), report.values()))

    def now_s(self) -> float | None:
        """Media time now; None before the recording began."""
        return self._media.now_s()

    def page_time_s(self, unix_s: float) -> float | None:
        """Media time of an instant on the clock of the applicant's machine; None before its first sender report."""
        return self._media.sender_time_s("applicant", unix_s)
