"""One call's place in the analysis: taken before the call, given up or brought to its end after it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from interview.analysis.feeding import Event, Listener
from interview.analysis.protocol import AnalysisSpec, Resume
from interview.analysis.supervisor import Feed
from interview.calls import AnalysisStatus
from interview.live.outlet import Batch, Outlet
from interview.live.specification import consents_of, resume_of, spec_of
from interview.media.journal import Told
from interview.media.packets import Packet
from interview.sessions import Sessions
from interview.store.records import SessionRecord, StoredAssessment, StoredReading, StoredSpeech

log = logging.getLogger(__name__)

OpenFeed = Callable[[AnalysisSpec, Listener, Resume | None], Feed]
LAST_OUTPUTS_S: Final = 20.0
"""How long the last outputs may take: a worker that dies just then is replaced and fed again within it."""


class Analysing:
    """Lives on the event loop; ``tell`` and ``heard`` are called on the supervisor's thread, ``heard`` with every reading.

    ``patience_s`` bounds the wait for an end.
    """

    def __init__(
        self,
        session_id: str,
        sessions: Sessions,
        open_feed: OpenFeed,
        tell: Callable[[Event], None],
        patience_s: float = LAST_OUTPUTS_S,
        heard: Callable[[StoredReading], None] = lambda stored: None,
    ) -> None:
        self._id = session_id
        self._sessions = sessions
        self._open_feed = open_feed
        self._tell = tell
        self._patience_s = patience_s
        self._heard = heard
        self._taken_for: tuple[frozenset[str], frozenset[tuple[str, int]]] | None = None
        """The consent, and the versions of the references, that the place was taken with."""
        self._feed: Feed | None = None
        self._outlet: Outlet | None = None

    async def ready(self, record: SessionRecord) -> None:
        """Take a place with what the record says now. Raises ServiceError where every worker is full.

        Before the interview begins the applicant may change what they consent to, and the officer what they are compared with: then
        the place is taken anew.
        """
        used = frozenset((each.modality, each.version) for each in record.references if record.uses(each))
        wanted = (consents_of(record), used)
        if self._feed is not None and wanted == self._taken_for:
            return
        await self.give_up()
        spec, resume, count = await asyncio.to_thread(self._preparation, record)
        self._outlet = Outlet(count, self._announce, self._tell)
        self._feed, self._taken_for = self._open_feed(spec, self._outlet, resume), wanted

    def put(self, packet: Packet) -> None:
        """Hand over one packet: the applicant's, or the officer's sound, of kind ``far``."""
        if self._feed is not None:
            self._feed.put(packet)

    def tell(self, told: Told) -> None:
        """Hand over a fact about the applicant's page, network or challenge."""
        if self._feed is not None:
            self._feed.tell(told)

    def status(self) -> AnalysisStatus:
        """How the analysis keeps up."""
        if self._feed is None:
            return AnalysisStatus()
        feed = self._feed.status()
        return AnalysisStatus(feed.state, feed.level, feed.lag_s)

    def take(self) -> Batch:
        """What the analysis gave since the last time; once its place is given up, all that there will ever be."""
        return self._outlet.take(last=self._feed is None) if self._outlet is not None else Batch()

    async def finish(self) -> bool:
        """Let it take what it was fed and give its last outputs; False where it did not in time."""
        in_time = self._feed is None or await self._ended(self._feed)
        await self.give_up()
        return in_time

    async def give_up(self) -> None:
        """Leave the place; what was not acknowledged was never analysed. Idempotent."""
        if self._feed is not None:
            self._feed.close()
            await self._ended(self._feed)
        self._feed = None

    def _announce(self, stored: StoredReading | StoredAssessment | StoredSpeech) -> None:
        self._sessions.announce(self._id, stored)
        if isinstance(stored, StoredReading):
            self._heard(stored)

    async def _ended(self, feed: Feed) -> bool:
        try:
            async with asyncio.timeout(self._patience_s):
                # Shielded: to cancel the future would tell the supervisor that the session has ended already.
                await asyncio.shield(asyncio.wrap_future(feed.finish()))
        except TimeoutError:
            log.error("session %s: the analysis did not finish within %.0f s", self._id, self._patience_s)
            return False
        return True

    def _preparation(self, record: SessionRecord) -> tuple[AnalysisSpec, Resume | None, int]:
        outputs, store = self._sessions.repository.outputs, self._sessions.repository
        resume = resume_of(outputs.all(record.id)) if outputs.count(record.id) else None
        spec = spec_of(record, store.interviews.templates(record.id), store.documents.rulebook(record.id))
        return spec, resume, outputs.count(record.id)
