"""Everything that is stored, behind one door."""

from __future__ import annotations

from interview.store.audit import AuditStore
from interview.store.challenges import ChallengeStore
from interview.store.confirmed import ConfirmedStore
from interview.store.database import Database, open_database
from interview.store.documents import DocumentStore
from interview.store.interviews import InterviewStore
from interview.store.monitoring import MonitoringStore
from interview.store.outputs import OutputStore
from interview.store.people import PeopleStore
from interview.store.questions import QuestionStore


class Repository:
    """The stores over one database. Safe for use by several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.people = PeopleStore(database)
        self.interviews = InterviewStore(database)
        self.documents = DocumentStore(database)
        self.outputs = OutputStore(database)
        self.challenges = ChallengeStore(database)
        self.questions = QuestionStore(database)
        self.confirmed = ConfirmedStore(database)
        self.monitoring = MonitoringStore(database)
        self.audit = AuditStore(database)

    @classmethod
    def open(cls, url: str) -> Repository:
        """Open and migrate the database at ``url``. Raises ServiceError with a sentence when it cannot."""
        return cls(open_database(url))

    def ping(self) -> None:
        """Raises ServiceError when the database does not answer."""
        self._database.ping()

    def close(self) -> None:
        """Close every connection."""
        self._database.close()
