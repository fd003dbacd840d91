"""What each applicant's page has reported about itself: the latest of each kind, for an analysis that begins or begins anew."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, Final

_MOST_SESSIONS: Final = 1000
"""Above this the interview that reported longest ago is forgotten: memory stays bounded."""


class PageReports:
    """The latest report of each event, in the order in which the events first came."""

    def __init__(self) -> None:
        self._sessions: OrderedDict[str, dict[str, Mapping[str, Any]]] = OrderedDict()

    def keep(self, session_id: str, reports: Sequence[Mapping[str, Any]]) -> None:
        """Take reports of an interview's page; each has its ``event``."""
        latest = self._sessions.setdefault(session_id, {})
        self._sessions.move_to_end(session_id)
        for report in reports:
            latest[str(report["event"])] = report
        if len(self._sessions) > _MOST_SESSIONS:
            self._sessions.popitem(last=False)

    def of(self, session_id: str) -> Sequence[Mapping[str, Any]]:
        """What is known of an interview's page."""
        return tuple(self._sessions.get(session_id, {}).values())

    def forget(self, session_id: str) -> None:
        """The interview is over."""
        self._sessions.pop(session_id, None)
