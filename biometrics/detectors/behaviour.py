"""Which answers leave this applicant's own habits? Compares each with the same person's neutral answers, question by question.

Score: mean winsorised deviation of an answer from the neutral ones, 0..3; greater is further from the own habits. It is worth a second
question and proves nothing: whoever is hurried, tired, or moved by a question answers differently too (docs/decisions/0018).
One observation for each question that is to be checked, at the end of its answer, given again when its movements have been told,
and when later answers changed its p or q.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf
from typing import Final

from biometrics.behaviour.answers import Answer, Mark, answers_of, mark_of
from biometrics.behaviour.comparison import Baseline, Compared, baseline_of, compare
from biometrics.behaviour.features import NAMES, Measured, Unmeasured, measure
from biometrics.behaviour.memory import Memory
from biometrics.behaviour.movements import Movements, known_s
from biometrics.detector import DetectorContext, DetectorSpec
from biometrics.views import FaceView, Fact
from fraudmodel.signals import Abstention, EvidenceRef, Observation, Reading, Reason, SignalKind, Span

KIND = SignalKind("behaviour")
MODEL: Final = "behaviour-2"
SETTLE_S: Final = 3.0
"""After an answer's end: sound and movements are told later than frames."""
EVERY_S: Final = 0.5
"""How often the marks are looked at."""
LATENCY_S: Final = SETTLE_S + EVERY_S
START_S: Final = 1.0
"""By so much a question may be marked before the first frame."""
Q: Final = 0.1
"""The rate of false discoveries at which a question stands out."""
MATERIAL: Final = 0.02
"""An earlier answer is read again when its p or q moved by more, or q crossed `Q`."""

Key = tuple[str, float, float]


class Behaviour:
    """Follows one session's questions."""

    def __init__(self) -> None:
        self._memory = Memory()
        self._movements = Movements()
        self._marks: list[Mark] = []
        self._answers: dict[Key, Measured | Unmeasured] = {}
        self._given: dict[str, Compared] = {}
        self._counted: set[Key] = set()
        self._now: float | None = None
        self._told_s = self._compared_s = -inf
        self._next_s = 0.0
        self._over = False

    def observe(self, view: FaceView, /) -> Iterable[Reading]:
        """Remember a frame; give what became ready."""
        first = self._now is None
        self._told_s = -inf if self._now is None else self._now
        self._now = view.t
        self._memory.see(view)
        if first:
            self._next_s = view.t + EVERY_S
            none = self._abstain(Span(view.t, view.t), Reason.SHORT_BASELINE, "no question was marked")
            return [] if self._marks else [none]
        if view.t < self._next_s:
            return []
        self._next_s = view.t + EVERY_S
        return self._settle(view.t, SETTLE_S)

    def learn(self, fact: Fact, /) -> Iterable[Reading]:
        """Hear of a mark, of speech, of its pitch, or of a movement."""
        if fact.topic == "speech":
            self._memory.hear(fact)
        elif fact.topic == "prosody":
            self._memory.pitch(fact)
        elif fact.topic == "movement":
            self._movements.learn(fact)
        else:
            mark = mark_of(fact)
            self._marks += [] if mark is None else [mark]
        return []

    def finish(self) -> Iterable[Reading]:
        """Measure the last answer, and read each question as all the answers leave it. Idempotent."""
        if self._now is None or self._over:
            return []
        self._over = True
        # Whoever finds movements has been finished before: nothing more will be told of them.
        self._told_s = inf
        return self._settle(self._now, 0.0, last=True)

    def _settle(self, now: float, wait_s: float, *, last: bool = False) -> list[Reading]:
        """Measure the answers that ended ``wait_s`` ago or earlier, and compare where others count than before, or movements of one have
        become known."""
        answers = answers_of(self._marks, now)
        new = [
            self._measure(answer)
            for answer in answers
            if (last or answer.closed)
            and answer.span.end + wait_s <= now
            and _key(answer) not in self._answers
        ]
        measured = self._current(answers)
        moved = any(self._compared_s < known_s(each.answer.span) <= self._told_s for each in measured)
        counts = {_key(each.answer) for each in measured}
        if not (new or moved or last or counts != self._counted):
            return []
        self._compared_s, self._counted = self._told_s, counts
        baseline = baseline_of(measured)
        readings = self._taken_back(answers)
        readings += [
            self._abstain(each.answer.span, each.reason, f"question {each.answer.number}: {each.detail}")
            for each in new
            if isinstance(each, Unmeasured)
        ]
        compared = compare(measured, self._movements, self._told_s)
        readings += self._unread(new, baseline, compared)
        return [*readings, *self._read(compared, baseline, last)]

    def _measure(self, answer: Answer) -> Measured | Unmeasured:
        """Once for each answer. Where a mark that was taken back makes an old one longer, what was measured of it stays."""
        if answer.span.start >= self._memory.since_s - START_S:
            found = measure(answer, self._memory)
        else:
            began = (each for each in self._answers.values() if each.answer.span.start == answer.span.start)
            found = next(began, Unmeasured(answer, Reason.MEDIA_LOST, "before what the analysis remembers"))
        self._answers[_key(answer)] = found
        return found

    def _current(self, answers: Iterable[Answer]) -> list[Measured]:
        """What was measured of the answers that still count."""
        found = (self._answers.get(_key(answer)) for answer in answers)
        return [each for each in found if isinstance(each, Measured)]

    def _taken_back(self, answers: Iterable[Answer]) -> list[Reading]:
        """Of each answer that was read and counts no more, because its question was withdrawn or asked again, that it is so."""
        stand = {(each.question, each.span.start) for each in answers}
        read = [each.measured.answer for each in self._given.values()]
        gone = [each for each in read if (each.question, each.span.start) not in stand]
        for each in gone:
            del self._given[each.question]
        return [self._abstain(each.span, Reason.WITHDRAWN, f"question {each.number}") for each in gone]

    def _unread(
        self, new: Iterable[Measured | Unmeasured], baseline: Baseline, compared: Iterable[Compared]
    ) -> list[Reading]:
        """Of each new answer that was measured, and that nothing is compared with, why not."""
        read = {each.measured.answer.question for each in compared}
        found: list[Reading] = []
        for each in new:
            if isinstance(each, Unmeasured) or each.answer.question in read:
                continue
            if not baseline.enough:
                found.append(self._abstain(each.answer.span, Reason.SHORT_BASELINE, str(baseline)))
            elif each.answer.role == "probe":
                detail = f"question {each.answer.number}: too few of {len(NAMES)} features could be measured"
                found.append(self._abstain(each.answer.span, Reason.NOT_YET, detail))
        return found

    def _read(self, compared: list[Compared], baseline: Baseline, last: bool) -> list[Reading]:
        """The questions that are new, or that later answers changed."""
        newest = max((each.measured.answer.span.end for each in compared), default=0.0)
        changed = [each for each in compared if self._changed(each, last)]
        self._given |= {each.measured.answer.question: each for each in changed}
        return [interpret(each, baseline, self._span(each.measured.answer.span, newest)) for each in changed]

    def _changed(self, now: Compared, last: bool) -> bool:
        before = self._given.get(now.measured.answer.question)
        if before is None or before.measured is not now.measured or before.values.keys() != now.values.keys():
            return True
        if last:
            return now != before
        moved = max(abs(now.p - before.p), abs(now.q - before.q))
        return moved > MATERIAL or (now.q <= Q) != (before.q <= Q)

    def _span(self, own: Span, newest_s: float = 0.0) -> Span:
        """From the answer to the newest that it was compared with, or to where a reading may still end."""
        now = self._now or 0.0
        return Span(own.start, min(max(own.end, newest_s, now - LATENCY_S), max(now, own.start)))

    def _abstain(self, own: Span, reason: Reason, detail: str) -> Abstention:
        return Abstention(KIND, self._span(own), reason, detail)


def interpret(compared: Compared, baseline: Baseline, span: Span) -> Observation:
    """One question's reading. Its evidence is the answer; ``span`` reaches to the newest answer that it was compared with."""
    answer = compared.measured.answer
    return Observation(
        KIND,
        span,
        score=compared.score,
        quality=len(compared.z) / len(NAMES),
        model=MODEL,
        evidence=(EvidenceRef("video", answer.span), EvidenceRef("audio", answer.span)),
        covariates={
            "question_number": float(answer.number),
            "p": compared.p,
            "p_least": 1.0 / (baseline.answers + 1),
            "q": compared.q,
            "session_p": compared.session_p,
            "answers": float(compared.probes),
            "baseline_answers": float(baseline.answers),
            "baseline_s": baseline.seconds,
            **compared.values,
            **{f"z_{name}": value for name, value in compared.z.items()},
        },
    )


def _key(answer: Answer) -> Key:
    return answer.question, answer.span.start, answer.span.end


def build(context: DetectorContext) -> Behaviour:
    """It needs no model and no reference."""
    return Behaviour()


DETECTOR = DetectorSpec(
    kind=KIND,
    view=FaceView,
    models=(),
    consent="behaviour",
    latency_s=LATENCY_S,
    build=build,
    topics=("question", "speech", "prosody", "movement"),
    also=("face", "voice"),
)
