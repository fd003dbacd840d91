"""The window's law: recording and journal always give back exactly what the surviving workers took."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from interview.analysis.window import OVERFLOW_LAG_S, Window
from interview.media.journal import Entry, FeedItem, Level, Restarted, Skipped, Told, Took, took
from interview.media.packets import Kind, Packet


def packet(pts_ms: int, keyframe: bool = False, kind: Kind = "video") -> Packet:
    return Packet(kind, "vp8", pts_ms, keyframe, b"x")


def stream(seconds: float, keyframe_every_ms: int = 1000) -> list[Packet]:
    video = [packet(40 * i, keyframe=40 * i % keyframe_every_ms == 0) for i in range(round(seconds * 25))]
    audio = [packet(20 * i, kind="audio") for i in range(round(seconds * 50))]
    return sorted([*video, *audio], key=lambda each: (each.pts_ms, each.kind))


def with_officer(packets: list[Packet]) -> list[Packet]:
    """The same with the officer's sound between."""
    far = [packet(7 + 20 * i, kind="far") for i in range(packets[-1].pts_ms // 20)]
    return sorted([*packets, *far], key=lambda each: (each.pts_ms, each.kind))


def replayed(recording: list[Packet], entries: list[Entry]) -> list[FeedItem]:
    """What a re-run feeds: written here once more, independently of the product's reader."""
    by_name = {(each.kind, each.pts_ms): each for each in recording}
    items: list[FeedItem] = []
    for entry in entries:
        match entry:
            case Took(kind, pts_ms, lost_ms):
                items.append(replace(by_name[kind, pts_ms], lost_ms=lost_ms))
            case Level() | Restarted():
                items.append(entry)
            case Skipped():
                continue
    return items


def test_everything_kept_is_journaled_in_order_once_acknowledged() -> None:
    window, sent = Window(), []
    for each in stream(2.0):
        sent += window.put(each)
        window.acknowledge(len(sent))
    assert sent == stream(2.0)
    assert window.idle


def test_nothing_is_journaled_before_its_acknowledgement() -> None:
    window = Window()
    for each in stream(0.2):
        window.put(each)
    assert window.acknowledge(0) == []
    assert window.acknowledge(2) == [took(each) for each in stream(0.2)[:2]]


def test_far_behind_video_is_dropped_to_a_keyframe_and_audio_never() -> None:
    window, sent = Window(), []
    for each in stream(8.0):
        sent += window.put(each)
    video = [each for each in sent if isinstance(each, Packet) and each.kind == "video"]
    audio = [each for each in sent if isinstance(each, Packet) and each.kind == "audio"]
    assert len(audio) == 400
    assert video[-1].t <= OVERFLOW_LAG_S
    assert not window.wants_keyframe()
    window.acknowledge(len(sent))
    assert window.wants_keyframe()
    assert not window.wants_keyframe()
    more = window.put(packet(8040)) + window.put(packet(8080, keyframe=True))
    taken = next(each for each in more if isinstance(each, Packet))
    assert (taken.pts_ms, taken.keyframe) == (8080, True)
    assert taken.lost_ms == 8080 - (video[-1].pts_ms + 40)
    assert Skipped("video", video[-1].pts_ms + 40, 8080) in window.acknowledge(window.acknowledged + 99)


def test_the_officers_sound_is_never_dropped_either() -> None:
    window, sent = Window(), []
    for each in with_officer(stream(8.0)):
        sent += window.put(each)
    kinds = [each.kind for each in sent if isinstance(each, Packet)]
    assert (kinds.count("audio"), kinds.count("far")) == (400, 399)


def test_lag_raises_the_level_and_the_level_is_on_record() -> None:
    window, sent, entries = Window(), [], []
    for each in stream(3.0):
        sent += window.put(each)
    entries = window.acknowledge(len(sent))
    assert [each for each in entries if isinstance(each, Level)] == [Level(1), Level(2), Level(3)]


def test_a_restart_sends_again_what_was_not_acknowledged() -> None:
    window = Window()
    sent = [item for each in stream(1.0) for item in window.put(each)]
    window.acknowledge(30)
    assert window.restart() == [Restarted(), *sent[30:]]
    assert window.restart() == [Restarted(), *sent[30:]]


def test_a_restart_begins_at_the_level_that_is_waiting_or_at_full() -> None:
    window, sent = Window(), []
    for each in stream(3.0):
        sent += window.put(each)
    window.restart()
    assert window.level == 3
    window.acknowledge(len(sent) + 1)
    window.restart()
    assert window.level == 0


def test_what_killed_its_worker_twice_becomes_a_skip() -> None:
    window = Window()
    for each in stream(1.0):
        window.put(each)
    window.acknowledge(10)
    window.drop()
    assert window.restart() == [Restarted()]
    rest = [item for each in stream(3.0) if each.pts_ms >= 1000 for item in window.put(each)]
    first = {item.kind: item for item in reversed(rest) if isinstance(item, Packet)}
    assert {kind: item.lost_ms for kind, item in first.items()} == {"audio": 860, "video": 880}
    journal = window.acknowledge(window.acknowledged + 1 + len(rest))
    skips = {each.kind: each for each in journal if isinstance(each, Skipped)}
    assert skips["video"].to_ms == 1000
    assert skips["audio"].to_ms == 1000


def test_the_end_closes_an_open_gap() -> None:
    window = Window()
    sent = [item for each in stream(6.0) for item in window.put(each)]
    window.acknowledge(len(sent))
    (skip,) = window.close()
    assert isinstance(skip, Skipped)
    assert skip.to_ms == 5981
    assert window.close() == []


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(1, 60)),
        st.tuples(st.just("ack"), st.integers(0, 120)),
        st.tuples(st.sampled_from(["die", "drop"]), st.just(0)),
    ),
    max_size=40,
)


@settings(deadline=None)
@example([("put", 60), ("put", 60), ("put", 60), ("put", 60), ("drop", 0)])
@given(STEPS)
def test_journal_and_recording_give_what_the_surviving_workers_took(steps: list[tuple[str, int]]) -> None:
    recording = with_officer(stream(30.0))
    window, put = Window(), 0
    flight: list[FeedItem] = []
    took_part: list[FeedItem] = []
    entries: list[Entry] = []
    for step, count in [*steps, ("ack", 10**6)]:
        if step == "put":
            for each in recording[put : put + count]:
                flight += window.put(each)
            put = min(put + count, len(recording))
        elif step == "ack":
            done = flight[:count]
            flight = flight[count:]
            took_part += done
            entries += window.acknowledge(window.acknowledged + len(done))
        else:
            if step == "drop":
                window.drop()
            flight = window.restart()
    entries += window.close()
    assert replayed(recording, entries) == took_part
    skipped = sum(
        skip.from_ms <= each.pts_ms < skip.to_ms and each.kind == skip.kind
        for skip in entries
        if isinstance(skip, Skipped)
        for each in recording[:put]
    )
    taken = sum(isinstance(item, Packet) for item in took_part)
    assert taken + skipped == put


def test_a_fact_is_journaled_where_it_was_told_even_while_video_is_dropped() -> None:
    window = Window()
    sent = [item for each in stream(6.0) for item in window.put(each)]
    told = Told("flash", 5900, {"event": "end"})
    sent.append(window.tell(told))
    entries = window.acknowledge(len(sent))
    assert sent[-1] == told
    assert [each for each in entries if isinstance(each, Told)] == [told]
    assert window.idle
