"""Earlier interviews, as the motion that they are known again by: whoever plays a recorded interview again is found.

Each fingerprint lies beside its recording and goes with it. An interview is told those of the interviews that were sealed
before the applicant came; they stand in its journal, so that a re-run compares with the same, whatever has been deleted since.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from interview.live.reels import Reels
from interview.live.specification import consents_of
from interview.problems import NotFound, Rejected, Unavailable
from interview.session import Outcome, State
from interview.sessions import Sessions

log = logging.getLogger(__name__)

MOST: Final = 50
"""Earlier interviews that are looked for. Each is some kilobytes of an interview's journal."""
MOST_DECLINED: Final = 25
"""Of those, the latest that were declined come first: a recording that was found out once is tried again. The rest are the latest of all."""
_FILE: Final = "motion.json"


class PastSessions:
    """Blocking. ``fingerprint`` makes a sealed interview's, from its recording; raises Problem where it cannot."""

    def __init__(
        self, sessions: Sessions, reels: Reels, fingerprint: Callable[[str], Mapping[str, Any]]
    ) -> None:
        self._sessions = sessions
        self._reels = reels
        self._fingerprint = fingerprint

    def catch_up(self) -> None:
        """Make one fingerprint that is missing, the latest interview's first. What fails for now is tried again next time."""
        try:
            missing = next(filter(self._missing, self._latest()), None)
            if missing is not None:
                self._make(missing)
        except Unavailable as problem:
            # The service is stopping, or the clerk's process died: no fault of the interview, and not the last try.
            log.warning("an earlier interview cannot be made known again now: %s", problem)
        except OSError:
            log.exception("an earlier interview cannot be made known again now")

    def _missing(self, session_id: str) -> bool:
        recorded = self._reels.finished(session_id, "applicant") is not None
        if not recorded or self._path(session_id).is_file():
            return False
        return "face" in consents_of(self._sessions.get(session_id))

    def of(self, session_id: str) -> Sequence[Mapping[str, Any]]:
        """What this interview is to be told: fingerprints of others, latest first."""
        paths = [self._path(each) for each in self._latest() if each != session_id]
        found = [orjson.loads(path.read_bytes()) for path in paths if path.is_file()]
        return [each for each in found if each["stretches"]]

    def _latest(self) -> list[str]:
        find = self._sessions.repository.interviews.ids_in
        declined = find(State.DECIDED, outcome=Outcome.DECLINE)[: -MOST_DECLINED - 1 : -1]
        latest = find(State.SEALED, State.DECIDED)[: -MOST - 1 : -1]
        return list(dict.fromkeys([*declined, *latest]))[:MOST]

    def _path(self, session_id: str) -> Path:
        return self._reels.folder(session_id) / _FILE

    def _make(self, session_id: str) -> None:
        path = self._path(session_id)
        try:
            made = self._fingerprint(session_id)
        except (Rejected, NotFound) as problem:
            log.warning("session %s cannot be known again: %s", session_id, problem)
            made = {"stretches": []}  # not to be tried for ever
        part = path.with_suffix(".part")
        part.write_bytes(orjson.dumps({"session": session_id, **made}))
        part.replace(path)
