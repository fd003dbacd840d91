"""What a worker owes to the sessions that it hosts, seen from its pipe."""

from __future__ import annotations

from multiprocessing import get_context

import pytest

from interview.analysis.protocol import Resume
from interview.analysis.worker import Close, Done, Finish, Open, Outward, Stop, serve
from tests.interview.analysis.fakes import SPEC, FakeFaceSense, FakeHub, parts


@pytest.mark.parametrize("end", [Finish, Close])
def test_sessions_that_are_ending_have_ended_when_the_worker_stops(end: type[Finish] | type[Close]) -> None:
    """They still use what the worker closes next, and MediaPipe cannot be closed once the interpreter ends."""
    senses: list[FakeFaceSense] = []

    def face(hub: object) -> FakeFaceSense:
        senses.append(FakeFaceSense(FakeHub()))
        return senses[-1]

    hosted = parts(face=face)
    ours, theirs = get_context("spawn").Pipe()
    said: list[Outward] = []
    for handle in range(40):
        ours.send(Open(handle, SPEC, Resume(), 0))
        ours.send(end(handle))
    ours.send(Stop())
    serve(theirs, hosted, said.append)
    assert len(senses) == 40
    assert all(sense.closed for sense in senses)
    finished = [message.handle for message in said if isinstance(message, Done) and message.finished]
    assert sorted(finished) == (list(range(40)) if end is Finish else [])
