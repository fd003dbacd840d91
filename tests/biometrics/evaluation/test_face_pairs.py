from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.errors import EvaluationError
from biometrics.evaluation.calibrating import calibrate_face
from biometrics.evaluation.face_pairs import FaceTrials, Pair, people, photos, read_pairs
from biometrics.face.boxes import Image
from biometrics.views import Face
from fraudmodel.signals import Reason
from tests.biometrics.face.fakes import EncoderHub, a_face


class SeesAllButBlack:
    """Sees the same good face in every photo, and none in a black one."""

    def locate_still(self, image: Image) -> Face | Reason:
        return a_face() if image.any() else Reason.NO_FACE


def silent(done: int, total: int, what: str) -> None:
    """Nobody watches."""


def photograph(folder: Path, name: str, person: int, shot: int) -> None:
    """Noise that a person brings, and a little that a shot adds."""
    person_noise = np.random.default_rng(person).integers(0, 200, (480, 640, 3))
    shot_noise = np.random.default_rng(1000 + shot).integers(0, 40, (480, 640, 3))
    blurred = cv2.blur((person_noise + shot_noise).astype(np.float32), (25, 25))
    cv2.imwrite(str(folder / name), np.clip((blurred - 118) * 12 + 118, 1, 255).astype(np.uint8))


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("album")
    names = {f"p{person}s{shot}.png": person for person in range(6) for shot in range(2)}
    for number, (name, person) in enumerate(names.items()):
        photograph(folder, name, person, number)
    lines = [
        f"{one},{other},{'Yes' if names[one] == names[other] else 'No'}"
        for one in names
        for other in names
        if one < other
    ]
    (folder / "pairs.csv").write_text("\n".join(["file_x,file_y,Decision", *lines]))
    return folder


def write(folder: Path, *lines: str) -> Path:
    path = folder / "pairs.csv"
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_pairs_are_read_with_their_lines(tmp_path: Path) -> None:
    path = write(tmp_path, "file_x,file_y,Decision", "a.jpg,b.jpg,Yes", "a.jpg,c.jpg,No")
    assert read_pairs(path) == [Pair("a.jpg", "b.jpg", True, 2), Pair("a.jpg", "c.jpg", False, 3)]
    assert photos(read_pairs(path)) == ("a.jpg", "b.jpg", "c.jpg")


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["file_x,Decision", "a,Yes"], "line 1: the column file_y is missing"),
        (
            ["file_x,file_y,Decision", "a,b,Yes", "a,c,perhaps"],
            'line 3: Decision must be Yes or No, it is "perhaps"',
        ),
        (["file_x,file_y,Decision", "a,b"], "line 2: Decision must be Yes or No"),
        ([], "line 1: the column file_x is missing"),
    ],
)
def test_a_wrong_line_is_named(lines: list[str], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=sentence):
        read_pairs(write(tmp_path, *lines))


def test_a_missing_list_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"pairs\.csv cannot be read"):
        read_pairs(tmp_path / "pairs.csv")


def test_people_follow_from_chains_of_yes() -> None:
    pairs = [
        Pair("a", "b", True, 2),
        Pair("c", "d", True, 3),
        Pair("b", "c", True, 4),
        Pair("a", "e", False, 5),
    ]
    assert people(pairs) == {"a": "a", "b": "a", "c": "a", "d": "a", "e": "e"}


def test_pairs_that_contradict_each_other_are_refused() -> None:
    pairs = [Pair("a", "b", True, 2), Pair("b", "c", True, 3), Pair("a", "c", False, 4)]
    with pytest.raises(EvaluationError, match="line 4: a and c are of two people here"):
        people(pairs)


@given(st.lists(st.sampled_from("abc"), min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_people_are_found_in_any_order_of_lines(who: list[str], random: object) -> None:
    pairs = [
        Pair(f"{i}", f"{j}", who[i] == who[j], 2 + i * len(who) + j)
        for i in range(len(who))
        for j in range(i + 1, len(who))
    ]
    random.shuffle(pairs)  # type: ignore[attr-defined]
    found = people(pairs)
    for i, one in enumerate(who):
        for j, other in enumerate(who):
            assert (found[str(i)] == found[str(j)]) == (one == other)


def test_every_pair_becomes_a_trial(album: Path) -> None:
    experiment = FaceTrials(album, EncoderHub(), SeesAllButBlack(), silent).experiment()
    assert len(experiment.trials) == 66
    assert sum(t.mated for t in experiment.trials) == 6
    assert len(experiment.subjects) == 6
    mated = [t.statistic for t in experiment.trials if t.mated]
    others = [t.statistic for t in experiment.trials if not t.mated]
    assert max(mated) < min(others)
    assert experiment.model == "dlib_resnet@dddddddd"


def test_photos_without_a_face_are_counted(album: Path, tmp_path: Path) -> None:
    for name in ("p0s0.png", "p0s1.png", "p1s0.png"):
        (tmp_path / name).write_bytes((album / name).read_bytes())
    cv2.imwrite(str(tmp_path / "black.png"), np.zeros((480, 640, 3), np.uint8))
    write(
        tmp_path,
        "file_x,file_y,Decision",
        *("p0s0.png,p0s1.png,Yes", "p0s0.png,p1s0.png,No", "p0s0.png,black.png,No", "black.png,p1s0.png,No"),
    )
    experiment = FaceTrials(tmp_path, EncoderHub(), SeesAllButBlack(), silent).experiment()
    assert (experiment.references, experiment.failed_enrolments) == (4, 1)
    assert (experiment.probes, experiment.failed_acquisitions) == (3, 1)
    assert len(experiment.trials) == 2


def test_a_photo_that_is_missing_or_broken_is_named(tmp_path: Path) -> None:
    write(tmp_path, "file_x,file_y,Decision", "a.png,b.png,No")
    with pytest.raises(EvaluationError, match=r"a\.png cannot be read, though pairs\.csv names it"):
        FaceTrials(tmp_path, EncoderHub(), SeesAllButBlack(), silent)
    (tmp_path / "a.png").write_bytes(b"no picture")
    with pytest.raises(EvaluationError, match=r"a\.png: The file is no picture"):
        FaceTrials(tmp_path, EncoderHub(), SeesAllButBlack(), silent)


def test_a_fit_on_photos_tells_people_apart(album: Path) -> None:
    fitted = calibrate_face(album, EncoderHub(), SeesAllButBlack(), "album", "7", silent)
    signal = fitted.parameters
    assert signal.kind == "face_match"
    assert signal.data.name == "album: photo against photo"
    assert (signal.data.bona_fide, signal.data.attack) == (6, 60)
    for score, attack in zip(fitted.table.scores, fitted.table.attack, strict=True):
        assert (signal.calibrator.llr(float(score), {}) > 0) == attack
