"""The event hub: order, bounds, return after a loss, and that nobody waits for a slow watcher."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Thread

from hypothesis import given
from hypothesis import strategies as st

from interview.calls import AnalysisStatus, CallStatus
from interview.challenges.records import Begin, ChallengeStatus, End, Show
from interview.events import Event, EventHub, Payload, Watcher
from interview.store.records import StoredAssessment, StoredReading
from tests.interview.challenges.fakes import challenge
from tests.interview.world import START, Clock, assessment, observation


def hub(capacity: int = 8) -> EventHub:
    return EventHub(Clock().now, capacity)


def nothing() -> None:
    """A wake-up that nobody needs."""


def reading(seq: int) -> StoredReading:
    return StoredReading(seq, observation(float(seq)))


def scored(seq: int) -> StoredAssessment:
    return StoredAssessment(seq, assessment(float(seq)))


def call(lag_s: float) -> CallStatus:
    return CallStatus(analysis=AnalysisStatus("running", 0, lag_s))


def asked(step: int) -> ChallengeStatus:
    return ChallengeStatus(challenge(step=step))


def chips(*ks: int) -> list[Payload]:
    return [Show("c1", k, 500, "#30a7fa") for k in ks]


def payloads(events: list[Event]) -> list[Payload]:
    return [event.payload for event in events]


def test_everyone_who_watches_is_told_in_order() -> None:
    events = hub()
    watchers = [events.watch("s", nothing) for _ in range(3)]
    for seq in range(3):
        events.publish("s", reading(seq))
    for watcher in watchers:
        assert payloads(watcher.take()) == [reading(0), reading(1), reading(2)]
        assert watcher.take() == []


def test_sessions_do_not_hear_each_other() -> None:
    events = hub()
    here, there = events.watch("here", nothing), events.watch("there", nothing)
    events.publish("here", reading(1))
    assert (len(here.take()), there.take()) == (1, [])


def test_wake_is_called_for_every_event_and_for_closing() -> None:
    woken: list[int] = []
    events = hub()
    watcher = events.watch("s", lambda: woken.append(1))
    events.publish("s", reading(1))
    events.publish("s", scored(2))
    events.close()
    assert len(woken) == 3
    assert watcher.closed


def test_slow_watcher_gets_the_latest_assessment_and_the_newest_readings() -> None:
    events = hub(capacity=4)
    slow = events.watch("s", nothing)
    for seq in range(100):
        events.publish("s", reading(2 * seq))
        events.publish("s", scored(2 * seq + 1))
    assert payloads(slow.take()) == [reading(192), reading(194), reading(196), reading(198), scored(199)]


@given(st.lists(st.sampled_from(["reading", "assessment", "call"]), max_size=60), st.integers(1, 5))
def test_ids_only_grow_and_no_queue_outgrows_its_bound(names: list[str], capacity: int) -> None:
    events = EventHub(Clock().now, capacity)
    watcher = events.watch("s", nothing)
    made: dict[str, Callable[[int], Payload]] = {
        "reading": reading,
        "assessment": scored,
        "call": lambda seq: call(float(seq)),
    }
    ids = [events.publish("s", made[name](seq)).id for seq, name in enumerate(names)]
    assert ids == sorted(set(ids))
    waiting = watcher.take()
    assert [event.id for event in waiting] == sorted(event.id for event in waiting)
    assert len(waiting) <= capacity + 2
    late = events.watch("s", nothing)
    assert late.take() == waiting


def test_returning_watcher_gets_what_it_missed_and_nothing_twice() -> None:
    events = hub()
    seen = [events.publish("s", reading(seq)) for seq in range(3)]
    back = events.watch("s", nothing, last_id=seen[1].id)
    assert payloads(back.take()) == [reading(2)]
    assert events.watch("s", nothing, last_id=seen[2].id).take() == []


def test_id_of_an_earlier_run_of_the_service_brings_everything_that_is_known() -> None:
    clock = Clock()
    before = EventHub(clock.now)
    old = before.publish("s", reading(0))
    clock.go_on(seconds=5)
    after = EventHub(clock.now)
    after.publish("s", scored(1))
    assert payloads(after.watch("s", nothing, last_id=old.id).take()) == [scored(1)]


def test_id_from_the_future_is_not_ours() -> None:
    events = hub()
    events.publish("s", scored(1))
    far = int((START + timedelta(days=365)).timestamp() * 1000)
    assert payloads(events.watch("s", nothing, last_id=far).take()) == [scored(1)]


def test_unwatched_hears_nothing_more_and_unwatching_twice_is_harmless() -> None:
    events = hub()
    watcher = events.watch("s", nothing)
    events.unwatch("s", watcher)
    events.unwatch("s", watcher)
    events.unwatch("never seen", watcher)
    events.publish("s", reading(1))
    assert watcher.take() == []


def test_forgotten_session_keeps_its_watchers() -> None:
    events = hub()
    watcher = events.watch("s", nothing)
    events.publish("s", scored(1))
    events.publish("s", reading(2))
    events.publish("s", call(1.0))
    events.forget("s")
    assert events.watch("s", nothing).take() == []
    events.publish("s", scored(2))
    assert payloads(watcher.take()) == [reading(2), call(1.0), scored(2)]


def test_watching_a_closed_hub_ends_at_once() -> None:
    events = hub()
    events.close()
    assert events.watch("s", nothing).closed


def test_threads_publishing_at_once_lose_nothing() -> None:
    events = EventHub(Clock().now, capacity=1000)
    watcher: Watcher = events.watch("s", nothing)
    threads = [
        Thread(target=lambda base=base: [events.publish("s", reading(base + n)) for n in range(100)])
        for base in range(0, 400, 100)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = watcher.take()
    assert len({event.id for event in taken}) == 400
    assert sorted(event.payload.seq for event in taken if isinstance(event.payload, StoredReading)) == list(
        range(400)
    )


def test_slow_page_gets_every_cue_in_order_and_a_slow_officer_the_latest_state() -> None:
    events = hub(capacity=2)
    slow = events.watch("s", nothing)
    cues: list[Payload] = [Begin("c1", "flash", "ab", 32), *chips(*range(-1, 33)), End("c1", "done")]
    for step, cue in enumerate(cues):
        events.publish("s", cue)
        events.publish("s", asked(step))
    assert payloads(slow.take()) == [*cues, asked(len(cues) - 1)]


def test_late_page_is_asked_but_never_shown_a_chip_that_is_past() -> None:
    events = hub()
    begin, end = Begin("c1", "flash", "ab", 32), End("c1", "unseen")
    first = events.publish("s", begin)
    assert payloads(events.watch("s", nothing).take()) == [begin]
    assert events.watch("s", nothing, last_id=first.id).take() == []
    for cue in chips(-1, 0, 1):
        events.publish("s", cue)
    late = events.watch("s", nothing)
    back = events.watch("s", nothing, last_id=first.id)
    assert (late.take(), back.take()) == ([], [])
    events.publish("s", chips(2)[0])
    events.publish("s", end)
    assert payloads(late.take()) == payloads(back.take()) == [chips(2)[0], end]
    assert payloads(events.watch("s", nothing).take()) == [end]
    events.forget("s")
    assert events.watch("s", nothing).take() == []
