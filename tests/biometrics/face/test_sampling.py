from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.face.quality import COMPARE
from biometrics.face.sampling import FaceSampler, evidence
from biometrics.views import Face
from fraudmodel.signals import Abstention, Reason, SignalKind, Span
from tests.biometrics.face.fakes import GOOD, a_face, a_view

KIND = SignalKind("any")
DARK = a_face(quality=replace(GOOD, luma=10.0))
BLURRED = a_face(quality=replace(GOOD, sharpness=1.0))


def run(frames: list[tuple[float, Face | None]]) -> tuple[list[float], list[Abstention]]:
    sampler = FaceSampler(KIND, 1.0, COMPARE)
    taken, missed = [], []
    for t, face in frames:
        abstentions, good = sampler.push(a_view(t, face))
        missed += abstentions
        if good is not None:
            taken.append(t)
    return taken, missed + sampler.finish()


def test_the_first_good_face_of_each_second_is_taken() -> None:
    taken, missed = run([(k * 0.25, a_face()) for k in range(12)])
    assert taken == [0.0, 1.0, 2.0]
    assert missed == []


def test_bad_frames_before_a_good_one_are_no_abstention() -> None:
    taken, missed = run([(0.0, DARK), (0.3, None), (0.6, a_face()), (0.9, DARK), (1.1, a_face())])
    assert taken == [0.6, 1.1]
    assert missed == []


def test_a_second_without_a_good_face_says_most_of_its_reasons() -> None:
    frames = [(0.0, DARK), (0.3, BLURRED), (0.6, BLURRED), (0.9, None), (1.2, a_face())]
    taken, missed = run(frames)
    assert taken == [1.2]
    assert missed == [Abstention(KIND, Span(0.0, 0.9), Reason.BLURRED)]


def test_the_end_closes_the_last_second_once() -> None:
    sampler = FaceSampler(KIND, 1.0, COMPARE)
    sampler.push(a_view(5.2, None))
    sampler.push(a_view(5.4, None))
    assert sampler.finish() == [Abstention(KIND, Span(5.2, 5.4), Reason.NO_FACE)]
    assert sampler.finish() == []


def test_asked_again_it_takes_another_face_in_the_same_second() -> None:
    sampler = FaceSampler(KIND, 1.0, COMPARE)
    assert sampler.push(a_view(0.0, a_face()))[1] is not None
    assert sampler.push(a_view(0.2, a_face()))[1] is None
    sampler.again()
    assert sampler.push(a_view(0.4, a_face()))[1] is not None


@given(st.lists(st.tuples(st.floats(0.01, 3.0), st.sampled_from([a_face(), DARK, None])), max_size=30))
def test_every_second_that_was_seen_has_a_face_or_an_abstention_and_never_both(
    steps: list[tuple[float, Face | None]],
) -> None:
    t, frames = 0.0, []
    for gap, face in steps:
        t += gap
        frames.append((t, face))
    taken, missed = run(frames)
    seen = {int(t) for t, _ in frames}
    by_face, by_abstention = [int(t) for t in taken], [int(one.span.start) for one in missed]
    assert sorted(by_face + by_abstention) == sorted(seen)


def test_evidence_is_the_face_as_shares_of_the_frame_cut_at_its_edge() -> None:
    face = replace(a_face(), box=(-64.0, 120.0, 192.0, 480.0))
    (where,) = evidence(a_view(3.0, face), face)
    assert where.media == "video"
    assert where.span == Span(3.0, 3.0)
    assert where.box == pytest.approx((0.0, 0.25, 0.2, 0.75))
