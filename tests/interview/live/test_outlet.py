"""What the analysis gives: announced in order, and stored only together with what it was given for."""

from __future__ import annotations

import queue
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudmodel.signals import SignalKind
from interview.analysis.feeding import Event
from interview.analysis.protocol import Fault, Output
from interview.live.outlet import Batch, Outlet
from interview.media.journal import Entry, Level, Took, decode
from interview.store.records import StoredAssessment, StoredReading, StoredSpeech
from tests.interview.world import abstention, assessment, observation

Stored = StoredReading | StoredAssessment | StoredSpeech
KINDS: list[Output] = [
    observation(),
    abstention(),
    assessment(0.5),
    Fault(SignalKind("face_pad"), 1.0, "broke"),
]
acknowledgements = st.lists(
    st.tuples(st.integers(0, 3), st.lists(st.sampled_from(KINDS), max_size=3), st.booleans())
)


def test_place_in_the_record_counts_faults_that_nobody_is_told_of() -> None:
    told: list[Stored] = []
    outlet = Outlet(7, told.append, lambda event: None)
    outlet.on_output(KINDS, 1)
    outlet.on_output([assessment(1.0)], 2)
    assert [(type(stored), stored.seq) for stored in told] == [
        (StoredReading, 7),
        (StoredReading, 8),
        (StoredAssessment, 9),
        (StoredAssessment, 11),
    ]


def test_announcement_that_fails_shifts_no_later_place() -> None:
    told: list[Stored] = []

    def announce(stored: Stored) -> None:
        if stored.seq == 0:
            raise RuntimeError("nobody listens")
        told.append(stored)

    outlet = Outlet(0, announce, lambda event: None)
    with pytest.raises(RuntimeError):
        outlet.on_output([observation(), observation()], 1)
    outlet.on_output([observation()], 2)
    assert [stored.seq for stored in told] == [2]
    assert len(outlet.take().outputs) == 3


def test_entries_wait_for_their_outputs() -> None:
    outlet = Outlet(0, lambda stored: None, lambda event: None)
    outlet.on_journal(Took("video", 0))
    assert not outlet.take()
    outlet.on_output([observation()], 1)
    outlet.on_journal(Took("video", 33))
    assert outlet.take() == Batch((observation(),), (Took("video", 0),))
    assert not outlet.take()
    assert outlet.take(last=True) == Batch((), (Took("video", 33),))


@dataclass
class Told:
    """What was handed over, batch by batch."""

    batches: list[Batch]

    @property
    def whole(self) -> Batch:
        whole = Batch()
        for batch in self.batches:
            whole = whole.then(batch)
        return whole


@given(acknowledgements)
def test_every_batch_ends_with_the_outputs_of_its_last_entry(
    steps: list[tuple[int, list[Output], bool]],
) -> None:
    outlet = Outlet(0, lambda stored: None, lambda event: None)
    told = Told([])
    entries: list[Entry] = []
    outputs: list[Output] = []
    complete: dict[int, int] = {0: 0}
    for count, given_outputs, take in steps:
        for _ in range(count):
            entries.append(Took("audio", len(entries) * 20))
            outlet.on_journal(entries[-1])
        if given_outputs:
            outlet.on_output(given_outputs, len(entries))
            outputs += given_outputs
            complete[len(entries)] = len(outputs)
        if take:
            told.batches.append(outlet.take())
            assert complete[len(told.whole.entries)] == len(told.whole.outputs)
    told.batches.append(outlet.take(last=True))
    assert told.whole == Batch(tuple(outputs), tuple(entries))


def test_batch_as_lines_of_the_journal() -> None:
    batch = Batch((), (Took("video", 5, 40), Level(2)))
    assert [decode(line) for line in batch.journal.splitlines()] == [Took("video", 5, 40), Level(2)]
    assert (bool(batch), bool(Batch()), bool(Batch((observation(),)))) == (True, False, True)


def test_events_are_passed_on() -> None:
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    Outlet(0, lambda stored: None, events.put).on_event(Event.GAVE_UP)
    assert events.get_nowait() is Event.GAVE_UP
