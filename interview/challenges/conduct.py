"""How one challenge goes on: who has to act by when. Pure: it is told the time, on any steady clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from interview.challenges.script import Script, Step

ANSWER_S: Final = 30.0
"""A challenge that nobody answers for so long has expired."""
LEAD_S: Final = 0.12
"""A step reaches the page so long before it is displayed: enough for a network, too little to render a reply to it."""
SILENCE_S: Final = 3.0
"""A page that does not acknowledge a step for so long does not show it."""

Due = Step | Literal["expired", "unseen", "done"]
"""What is to happen: a step goes to the page, or the challenge ends."""


class OutOfStep(ValueError):
    """An acknowledgement that is not of the step that the page was given last."""


@dataclass(slots=True)
class Conduct:
    """One challenge from its issue at ``issued_s`` to its end. Each step waits for the acknowledgement of the one before."""

    script: Script
    issued_s: float
    _started: bool = False
    _pushed: int = 0
    _shown: int = 0
    _due_s: float = field(init=False)

    def __post_init__(self) -> None:
        self._due_s = self.issued_s + ANSWER_S

    @property
    def due_s(self) -> float:
        """When `due` has something, unless the page says something before."""
        return self._due_s

    @property
    def shown(self) -> int:
        """How many steps of the plan were displayed, without lead-in and tail."""
        return sum(0 <= step.k < self.script.count for step in self.script.steps[: self._shown])

    def start(self, now_s: float) -> None:
        """The applicant is ready: the first step is due at once."""
        self._started, self._due_s = True, now_s

    def acknowledge(self, k: int, now_s: float) -> None:
        """The page displayed step ``k``. Raises OutOfStep for any but the one that it was given last, and for a second time."""
        if self._shown == self._pushed or k != self.script.steps[self._shown].k:
            raise OutOfStep(f"step {k} is not the one that is being displayed")
        self._shown += 1
        if self._shown == len(self.script.steps):
            self._due_s = now_s + self.script.tail_s
        else:
            self._due_s = now_s + max(0.0, self.script.steps[self._shown].after_s - LEAD_S)

    def due(self, now_s: float) -> Due | None:
        """What is to happen now, once: call it again until it gives None or an end."""
        if now_s < self._due_s:
            return None
        if not self._started:
            return "expired"
        if self._shown < self._pushed:
            return "unseen"
        if self._shown == len(self.script.steps):
            return "done"
        step = self.script.steps[self._pushed]
        self._pushed += 1
        self._due_s = now_s + LEAD_S + SILENCE_S
        return step
