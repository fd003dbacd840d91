"""When nobody could see the applicant's page, as the page itself reports it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from biometrics.views import Fact
from fraudmodel.signals import Span

_MOST: Final = 50


class HiddenPage:
    """Remembers when a session's page was hidden: what a challenge displayed then, nobody saw."""

    def __init__(self) -> None:
        self._parts: list[Span] = []
        self._since: float | None = None

    def learn(self, fact: Fact) -> None:
        """Hear what the page says of its visibility; of anything else only that it begins anew, and so is in sight.

        A page that is left while hidden, as a phone's browser leaves it, never says that it came back.
        """
        event = fact.values.get("event")
        if event not in ("visibility", "camera"):
            return
        if event == "visibility" and fact.values.get("hidden") is True:
            self._since = fact.t if self._since is None else self._since
        elif self._since is not None:
            self._parts.append(Span(self._since, max(fact.t, self._since)))
            self._since = None
            del self._parts[:-_MOST]

    def parts(self, end: float) -> Sequence[Span]:
        """When it was hidden, up to ``end``."""
        since = self._since
        return [*self._parts, Span(since, end)] if since is not None and since < end else list(self._parts)

    def overlaps(self, span: Span) -> bool:
        """Whether it was hidden at any time of ``span``."""
        return any(part.overlaps(span) for part in self.parts(span.end))
