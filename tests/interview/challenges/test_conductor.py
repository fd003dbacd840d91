"""One call's challenge, from the question to the end: what page, analysis and officer are told, and what is not believed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from fraudmodel.signals import Abstention, Observation, Reason, SignalKind, Span
from interview.challenges.conduct import ANSWER_S, LEAD_S, SILENCE_S
from interview.challenges.conductor import Conductor
from interview.challenges.proof import Claim
from interview.challenges.records import (
    Begin,
    Challenge,
    ChallengeState,
    ChallengeStatus,
    Cue,
    End,
    Kind,
    Show,
)
from interview.challenges.script import script_of
from interview.problems import IllegalStep, NotFound, Problem, Rejected
from interview.store.records import StoredReading
from tests.interview.challenges.fakes import EPOCH_MS, FakeLine, ManualTimer, Page, challenge
from tests.interview.world import START


@dataclass
class Scene:
    """A conductor, and everybody whom it tells."""

    timer: ManualTimer = field(default_factory=ManualTimer)
    told: list[ChallengeStatus] = field(default_factory=list)
    stored: list[Challenge] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page = Page(self.timer)
        self.line = FakeLine(self.timer, page_key=self.page.key.public)
        self.conductor = Conductor(self.line, self.timer, self._publish, self.stored.append, lambda: START)

    def _publish(self, payload: ChallengeStatus | Cue) -> None:
        if isinstance(payload, ChallengeStatus):
            self.told.append(payload)
        else:
            self.page.cues.append(payload)

    @property
    def challenge(self) -> Challenge:
        return self.told[-1].challenge

    def begin(self, **changes: object) -> None:
        one = challenge(page_key=self.page.key.public, **changes)
        self.conductor.begin(one, script_of(one.kind, one.seed))

    def ready(self) -> None:
        self.begin()
        self.timer.go_on(2.0)
        self.conductor.answer("c1", "ready")

    def show(self, after_s: float = LEAD_S) -> None:
        """The page displays the step that it was given last, so long after it was."""
        self.timer.go_on(after_s)
        self.conductor.shown("c1", self.page.claim(self.page.shown[-1].k))

    def play(self, steps: int) -> None:
        """The page displays so many steps, each at its time."""
        for _ in range(steps):
            self.show()
            before = len(self.page.shown)
            self.timer.go_on(1.0 - LEAD_S if before == 1 else 0.5 - LEAD_S)

    def reading(self, kind: str = "flash_challenge", start: float | None = None) -> StoredReading:
        at_s = self.line.now_s()
        return StoredReading(
            7,
            Observation(SignalKind(kind), Span(start if start is not None else at_s, at_s), 1.5, 1.0, "m@1"),
        )

    def refused(self, claim: Claim, kind: type[Problem], code: str, challenge_id: str = "c1") -> None:
        before = (self.challenge, list(self.line.told))
        with pytest.raises(kind) as refused:
            self.conductor.shown(challenge_id, claim)
        assert refused.value.code == code
        assert (self.challenge, self.line.told) == before


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_whole_flash_challenge(scene: Scene) -> None:
    scene.ready()
    scene.play(34)
    scene.timer.go_on(1.0)
    shows = scene.page.shown
    assert [show.k for show in shows] == list(range(-1, 33))
    assert [show.after_ms for show in shows] == [0, 1000] + [500] * 32
    assert [step.colour for step in script_of("flash", challenge().seed).steps] == [
        show.colour for show in shows
    ]
    assert isinstance(scene.page.cues[0], Begin)
    assert scene.page.end == End("c1", "done")
    assert scene.line.said() == [("begin", None), *(("show", k) for k in range(-1, 33)), ("end", "done")]
    assert scene.timer.pending == []
    done = scene.challenge
    assert (done.state, done.step, done.started_s) == (ChallengeState.DONE, 32, 52.0)
    assert [ack.k for ack in done.acks] == list(range(-1, 33))
    assert [one.state for one in scene.stored] == ["running", "done"]
    assert scene.stored[-1] == done
    assert done.ended_s == scene.line.told[-1].t_ms / 1000


def test_facts_carry_the_seed_and_when_each_step_was_displayed(scene: Scene) -> None:
    scene.ready()
    scene.show(0.25)
    begin, show = scene.line.told
    assert (begin.topic, begin.t_ms) == ("flash", 52_000)
    assert begin.values == {"event": "begin", "challenge": "c1", "seed": challenge().seed.hex(), "chips": 32}
    assert (show.topic, show.t_ms) == ("flash", 52_250)
    assert show.values == {"event": "show", "challenge": "c1", "k": -1, "clock": "sender", "shown_s": 52.25}


def test_display_time_is_the_pages_not_the_arrivals(scene: Scene) -> None:
    scene.ready()
    scene.timer.go_on(0.4)
    scene.conductor.shown("c1", scene.page.claim(-1, shown_at_ms=EPOCH_MS + 1_002_150.0))
    ack = scene.challenge.acks[0]
    assert (ack.pushed_s, ack.shown_s, ack.arrived_s, ack.clock) == (52.0, 52.15, 52.4, "sender")


@pytest.mark.parametrize(("ahead_ms", "synced"), [(0.0, False), (350.0, True), (-1250.0, True), (1e10, True)])
def test_a_page_clock_that_is_unknown_or_cannot_be_right_is_not_used(
    scene: Scene, ahead_ms: float, synced: bool
) -> None:
    scene.line.synced = synced
    scene.ready()
    scene.timer.go_on(0.2)
    scene.conductor.shown("c1", scene.page.claim(-1, shown_at_ms=EPOCH_MS + 1_002_200.0 + ahead_ms))
    assert (scene.challenge.acks[0].shown_s, scene.challenge.acks[0].clock) == (52.2, "arrival")
    assert scene.line.told[-1].values["clock"] == "arrival"


def test_no_chip_is_known_to_the_page_long_before_it_is_displayed(scene: Scene) -> None:
    scene.ready()
    scene.show()
    scene.timer.go_on(1.0 - LEAD_S - 0.001)
    assert [show.k for show in scene.page.shown] == [-1]
    scene.timer.go_on(0.002)
    assert [show.k for show in scene.page.shown] == [-1, 0]
    scene.timer.go_on(SILENCE_S)
    assert [show.k for show in scene.page.shown] == [-1, 0]


def test_nobody_answers_in_time(scene: Scene) -> None:
    scene.begin()
    scene.timer.go_on(ANSWER_S)
    assert (scene.challenge.state, scene.challenge.started_s) == (ChallengeState.EXPIRED, None)
    assert scene.line.said() == [("end", "expired")]
    with pytest.raises(IllegalStep, match="over"):
        scene.conductor.answer("c1", "ready")


def test_page_that_falls_silent_has_not_seen_it(scene: Scene) -> None:
    scene.ready()
    scene.play(3)
    scene.timer.go_on(SILENCE_S + LEAD_S)
    assert (scene.challenge.state, scene.challenge.step) == (ChallengeState.UNSEEN, 2)
    assert scene.page.end == End("c1", "unseen")
    scene.refused(scene.page.claim(2), IllegalStep, "challenge_over")


@pytest.mark.parametrize(
    ("answer", "state", "detail"),
    [
        ("refused", "refused", ""),
        ("reduced_motion", "spared", "reduced_motion"),
        ("photosensitive", "spared", "photosensitive"),
    ],
)
def test_applicant_who_does_not_take_it(scene: Scene, answer: str, state: str, detail: str) -> None:
    scene.begin()
    scene.conductor.answer("c1", answer)  # type: ignore[arg-type]
    assert (scene.challenge.state, scene.challenge.detail) == (state, detail)
    assert scene.line.told[0].values == {"event": "end", "challenge": "c1", "how": state, "detail": detail}
    assert scene.page.cues == [scene.page.cues[0], End("c1", state)]  # type: ignore[arg-type]
    assert scene.timer.pending == []


def test_one_answer(scene: Scene) -> None:
    scene.ready()
    with pytest.raises(IllegalStep, match="answered already"):
        scene.conductor.answer("c1", "ready")
    with pytest.raises(NotFound):
        scene.conductor.answer("c2", "ready")


@pytest.mark.parametrize(
    ("answer", "state", "detail"),
    [("refused", "refused", "stopped"), ("photosensitive", "spared", "photosensitive")],
)
def test_applicant_who_has_had_enough(scene: Scene, answer: str, state: str, detail: str) -> None:
    scene.ready()
    scene.conductor.answer("c1", answer)  # type: ignore[arg-type]
    assert (scene.challenge.state, scene.challenge.detail) == (state, detail)
    assert (scene.page.cues[-1], scene.timer.pending) == (End("c1", state), [])  # type: ignore[arg-type]
    with pytest.raises(IllegalStep):
        scene.conductor.answer("c1", "ready")


def test_acknowledgements_that_are_not_believed(scene: Scene) -> None:
    scene.begin()
    scene.refused(scene.page.claim(-1), IllegalStep, "out_of_step")
    scene.conductor.answer("c1", "ready")
    right = scene.page.claim(-1)
    scene.refused(scene.page.claim(0), IllegalStep, "out_of_step")
    scene.refused(scene.page.claim(-1, visible=False), Rejected, "page_hidden")
    scene.refused(replace(right, width=right.width + 1), Rejected, "bad_signature")
    scene.refused(right, NotFound, "not_found", "c2")
    stranger = Page(scene.timer, cues=scene.page.cues)
    scene.refused(stranger.claim(-1), Rejected, "bad_signature")
    scene.conductor.shown("c1", right)
    scene.refused(right, Rejected, "time_went_back")
    scene.timer.go_on(0.1)
    scene.refused(scene.page.claim(-1), IllegalStep, "out_of_step")
    scene.line.fingerprint = "sha-256 00"
    scene.timer.go_on(1.0)
    scene.refused(scene.page.claim(0), IllegalStep, "other_connection")


def test_signature_of_another_challenge_is_not_believed(scene: Scene) -> None:
    scene.ready()
    elsewhere = Page(scene.timer, scene.page.key, [Begin("c1", "flash", "00" * 32, 32)])
    scene.refused(elsewhere.claim(-1), Rejected, "bad_signature")


def test_reconnect_with_another_certificate_voids_it(scene: Scene) -> None:
    scene.ready()
    scene.conductor.rebound()
    assert scene.challenge.open
    scene.line.fingerprint = "sha-256 00"
    scene.conductor.rebound()
    assert (scene.challenge.state, scene.challenge.detail) == (ChallengeState.CANCELLED, "reconnected")


def test_observation_before_the_end_spares_the_rest(scene: Scene) -> None:
    scene.ready()
    scene.play(18)
    scene.conductor.heard(scene.reading())
    assert (scene.challenge.state, scene.challenge.detail, scene.challenge.step) == ("done", "decided", 17)
    assert scene.told[-1].result == scene.reading()
    assert scene.page.end == End("c1", "done")
    assert scene.timer.pending == []


def test_observation_at_the_end_is_the_result(scene: Scene) -> None:
    scene.ready()
    scene.play(34)
    scene.timer.go_on(1.0)
    result = scene.reading(start=scene.challenge.started_s)
    scene.conductor.heard(result)
    assert scene.told[-1] == ChallengeStatus(scene.challenge, result)
    late = StoredReading(9, Abstention(SignalKind("flash_challenge"), Span(60, 61), Reason.AMBIENT_LIGHT))
    scene.conductor.heard(late)
    assert scene.told[-1].result == result


def test_reading_of_another_kind_or_time_is_not_its_result(scene: Scene) -> None:
    scene.conductor.heard(scene.reading())
    scene.begin()
    scene.conductor.heard(scene.reading())
    scene.conductor.answer("c1", "ready")
    count = len(scene.told)
    scene.timer.go_on(0.5)
    scene.conductor.heard(scene.reading("face_match"))
    before = Observation(SignalKind("flash_challenge"), Span(1.0, 2.0), 0.0, 1.0, "m@1")
    scene.conductor.heard(StoredReading(1, before))
    unasked = Abstention(SignalKind("flash_challenge"), Span(50.0, 50.5), Reason.NOT_CHALLENGED)
    scene.conductor.heard(StoredReading(2, unasked))
    assert len(scene.told) == count
    assert scene.challenge.open


def test_abstention_meanwhile_is_shown_and_ends_nothing(scene: Scene) -> None:
    scene.ready()
    at_s = scene.line.now_s()
    dark = StoredReading(3, Abstention(SignalKind("flash_challenge"), Span(at_s, at_s), Reason.TOO_DARK))
    scene.conductor.heard(dark)
    assert (scene.challenge.open, scene.told[-1].result) == (True, dark)


@pytest.mark.parametrize("happens", [lambda scene: None, lambda scene: scene.ready()])
def test_end_is_once_and_harmless_where_nothing_is_open(
    scene: Scene, happens: Callable[[Scene], None]
) -> None:
    scene.conductor.end("cancelled", "officer")
    scene.conductor.rebound()
    assert scene.told == []
    happens(scene)
    scene.conductor.end("cancelled", "officer")
    scene.conductor.end("unseen")
    assert [one.state for one in scene.stored] in ([], ["running", "cancelled"])


def test_next_challenge_begins_afresh(scene: Scene) -> None:
    scene.ready()
    scene.play(2)
    scene.conductor.end("cancelled", "officer")
    scene.conductor.begin(
        challenge(id="c2", seed=b"x" * 32, page_key=scene.page.key.public), script_of("flash", b"x" * 32)
    )
    scene.conductor.answer("c2", "ready")
    first = Show("c2", -1, 0, scene.page.shown[0].colour)
    assert scene.page.shown[-1] == first
    scene.timer.go_on(0.1)
    scene.conductor.shown("c2", scene.page.claim(-1))
    assert [ack.k for ack in scene.challenge.acks] == [-1]


@pytest.mark.parametrize(("kind", "steps"), [("pose", 6), ("digits", 8)])
def test_steps_of_other_kinds_go_the_same_way(scene: Scene, kind: Kind, steps: int) -> None:
    scene.begin(kind=kind, steps=steps)
    scene.conductor.answer("c1", "ready")
    while not isinstance(scene.page.cues[-1], End):
        scene.show(0.1)
        scene.timer.go_on(2.1 - LEAD_S)
    assert (scene.challenge.state, scene.challenge.step) == (ChallengeState.DONE, steps)
    assert {told.topic for told in scene.line.told} == {kind}
    assert scene.line.told[0].values == {"event": "begin", "challenge": "c1", "seed": challenge().seed.hex()}
    assert scene.line.said() == [("begin", None), *(("show", k) for k in range(steps)), ("end", "done")]
    assert all((show.direction if kind == "pose" else show.digit) for show in scene.page.shown)
