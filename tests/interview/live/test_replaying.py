"""A movement of a recording shown again: out of a real WebM, with a sense that needs no models."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from biometrics.micro.movement import Movement
from interview.analysis.movements import movement_of
from interview.calls import MovementReplay
from interview.errors import MediaError
from interview.live.replaying import RecentReplays, ShowAgain
from tests.interview.analysis.fakes import parts
from tests.interview.analysis.moving import APEX, FPS, OFFSET, ONSET, SeesFace, SeesNobody, movement, record

NONE = np.zeros((1, 1, 3), np.uint8)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("recording") / "applicant.webm")


def planted() -> Movement:
    found = movement_of(movement())
    assert found is not None
    return found


@pytest.fixture(scope="module")
def shown(recording: Path) -> MovementReplay:
    made = ShowAgain(recording, planted())(parts(face=SeesFace))
    assert made is not None
    return made


def tile(replay: MovementReplay, index: int, *, magnified: bool) -> np.ndarray[Any, Any]:
    """One picture of the sheet, as the console cuts it out."""
    sheet = cv2.imdecode(np.frombuffer(replay.jpeg, np.uint8), cv2.IMREAD_COLOR)
    rows = -(-len(replay.times) // replay.columns)
    row, column = divmod(index, replay.columns)
    top, left = (row + rows * magnified) * replay.tile_px, column * replay.tile_px
    return np.asarray(sheet if sheet is not None else NONE)[
        top : top + replay.tile_px, left : left + replay.tile_px
    ]


def test_span_is_shown_with_what_lies_around_it(shown: MovementReplay) -> None:
    assert shown.times[0] == pytest.approx(ONSET / FPS - 0.3, abs=1 / FPS)
    assert shown.times[-1] == pytest.approx(OFFSET / FPS + 0.3, abs=1 / FPS)
    places = [shown.times[index] for index in (shown.onset, shown.apex, shown.offset)]
    assert places == pytest.approx([n / FPS for n in (ONSET, APEX, OFFSET)])


def test_apex_is_magnified_and_rest_is_not(shown: MovementReplay) -> None:
    def differs(index: int) -> float:
        seen, larger = (tile(shown, index, magnified=each).astype(float) for each in (False, True))
        return float(np.quantile(np.abs(larger - seen).mean(axis=2), 0.99))

    assert shown.factor >= 2.0
    assert differs(shown.apex) > 3.0 * differs(0)


def test_job_and_what_it_gives_travel_between_processes(shown: MovementReplay, recording: Path) -> None:
    assert pickle.loads(pickle.dumps(shown)) == shown  # noqa: S301 - written by this line
    job = ShowAgain(recording, planted())
    assert pickle.loads(pickle.dumps(job)) == job  # noqa: S301 - written by this line


def test_without_a_face_there_is_nothing_and_without_a_recording_it_is_said(recording: Path) -> None:
    assert ShowAgain(recording, planted())(parts(face=SeesNobody)) is None
    with pytest.raises(MediaError, match=r"gone\.webm"):
        ShowAgain(recording.with_name("gone.webm"), planted())(parts(face=SeesFace))


def test_the_last_few_are_kept() -> None:
    kept = RecentReplays()
    replays = [MovementReplay((float(n),), 0, 0, 0, 8.0, 8, 256, b"") for n in range(9)]
    for seq, each in enumerate(replays[:8]):
        kept.keep("s1", seq, each)
    assert kept.get("s1", 0) is replays[0]
    kept.keep("s1", 8, replays[8])
    assert [kept.get("s1", seq) is not None for seq in range(9)] == [True, False, *[True] * 7]
    assert kept.get("s2", 0) is None
