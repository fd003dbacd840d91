"""Face trials from a folder of photos and its `pairs.csv`, scored exactly as `face_match` scores a frame.

``pairs.csv`` has the columns ``file_x``, ``file_y`` and ``Decision`` (Yes: one person, No: two). Who is who follows
from the Yes pairs: photos joined by them, directly or through others, are of one person.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from biometrics.detector import DetectorContext
from biometrics.detectors import face_match
from biometrics.enrolment import Stills, enrol_face
from biometrics.errors import EnrolmentError, EvaluationError
from biometrics.evaluation.trials import Experiment, Progress, Trial
from biometrics.face.boxes import Image
from biometrics.face.photo import PhotoError, read_photo
from biometrics.media import Frame
from biometrics.template import Template
from biometrics.views import FaceView
from fraudmodel.signals import Absent, Observation, Reason
from models.hub import Model, ModelHub

_COLUMNS = ("file_x", "file_y", "Decision")
_DECISIONS = {"Yes": True, "No": False}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two photos, by file name, of one person (``mated``) or of two; ``line`` of the file that says so."""

    reference: str
    probe: str
    mated: bool
    line: int


def read_pairs(path: Path) -> list[Pair]:
    """Read a list of labelled pairs. Raises EvaluationError with the line that is wrong."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError:
        raise EvaluationError(f"{path} cannot be read: give a folder of photos with its pairs.csv") from None
    except UnicodeDecodeError:
        raise EvaluationError(f"{path} is not text in UTF-8: save it as CSV in UTF-8") from None
    reader = csv.DictReader(text.splitlines())
    if missing := [column for column in _COLUMNS if column not in (reader.fieldnames or ())]:
        raise EvaluationError(f"{path}, line 1: the column {missing[0]} is missing")
    return [_pair(row, path, reader.line_num) for row in reader]


def _pair(row: dict[str, str], path: Path, line: int) -> Pair:
    decision = row["Decision"] or ""
    if decision not in _DECISIONS:
        raise EvaluationError(f'{path}, line {line}: Decision must be Yes or No, it is "{decision}"')
    return Pair(row["file_x"], row["file_y"], _DECISIONS[decision], line)


def people(pairs: Sequence[Pair]) -> dict[str, str]:
    """Who each photo shows, named after the person's first photo. Raises EvaluationError where pairs contradict."""
    groups: dict[str, set[str]] = {}
    for pair in pairs:
        for photo in (pair.reference, pair.probe):
            groups.setdefault(photo, {photo})
    for pair in pairs:
        if pair.mated:
            joined = groups[pair.reference] | groups[pair.probe]
            groups.update(dict.fromkeys(joined, joined))
    for pair in pairs:
        if not pair.mated and pair.probe in groups[pair.reference]:
            raise EvaluationError(
                f"pairs.csv, line {pair.line}: {pair.reference} and {pair.probe} are of two people here, and of one "
                "person by the other lines"
            )
    return {photo: min(group) for photo, group in groups.items()}


def photos(pairs: Iterable[Pair]) -> tuple[str, ...]:
    """Every photo once, in order of appearance."""
    return tuple(dict.fromkeys(name for pair in pairs for name in (pair.reference, pair.probe)))


class FaceTrials:
    """Enrols every photo as an ID photo would be, and shows every photo as a frame of a call would be shown."""

    def __init__(self, folder: Path, hub: ModelHub, perception: Stills, progress: Progress) -> None:
        self._pairs = read_pairs(folder / "pairs.csv")
        self._people = people(self._pairs)
        self._models: dict[str, Model] = {name: hub.get(name) for name in face_match.DETECTOR.models}
        self._references: dict[str, Template] = {}
        self._views: dict[str, FaceView] = {}
        names = photos(self._pairs)
        for done, name in enumerate(names):
            progress(done, len(names), "reading photos")
            content, image = _read(folder / name)
            self._views[name] = _as_frame(image, perception)
            try:
                self._references[name] = enrol_face(content, perception, hub)
            except EnrolmentError:
                continue  # counted as a failure to enrol
        progress(len(names), len(names), "reading photos")

    def experiment(self) -> Experiment:
        """Every pair whose reference could be enrolled and whose probe could be measured."""
        compared = [(pair, self._compare(pair)) for pair in self._pairs if pair.reference in self._references]
        trials = tuple(self._trial(pair, reading) for pair, reading in compared if reading is not None)
        return Experiment(
            model=str(self._models["dlib_resnet"].id),
            condition="photo against photo",
            trials=trials,
            references=len(self._views),
            failed_enrolments=len(self._views) - len(self._references),
            probes=len(compared),
            failed_acquisitions=len(compared) - len(trials),
        )

    def _compare(self, pair: Pair) -> Observation | None:
        context = DetectorContext(self._models, {"face": self._references[pair.reference]})
        detector = face_match.DETECTOR.build(context)
        if isinstance(detector, Absent):
            raise EvaluationError(f"face_match cannot compare with {pair.reference}: {detector.detail}")
        readings = [*detector.observe(self._views[pair.probe]), *detector.finish()]
        return next((reading for reading in readings if isinstance(reading, Observation)), None)

    def _trial(self, pair: Pair, reading: Observation) -> Trial:
        return Trial(
            reference_subject=self._people[pair.reference],
            probe_subject=self._people[pair.probe],
            reference=pair.reference,
            probe=pair.probe,
            statistic=reading.score,
            observations=1,
            covariates=reading.covariates,
        )


def _read(path: Path) -> tuple[bytes, Image]:
    try:
        content = path.read_bytes()
        return content, read_photo(content)
    except OSError:
        raise EvaluationError(f"{path} cannot be read, though pairs.csv names it") from None
    except PhotoError as error:
        raise EvaluationError(f"{path}: {error}") from None


def _as_frame(image: Image, perception: Stills) -> FaceView:
    face = perception.locate_still(image)
    frame = Frame(0.0, 0, image)
    if isinstance(face, Reason):
        return FaceView(frame, None, face, 0, 30.0)
    return FaceView(frame, face, None, 0, 30.0)
