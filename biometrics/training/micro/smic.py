"""SMIC (Li et al. 2013), its high-speed part: ``HS/s01/micro/negative/s1_ne_01/*.bmp``. Folders tell the class; the apex has to be found."""

from __future__ import annotations

from pathlib import Path

from biometrics.errors import EvaluationError
from biometrics.micro.classes import CLASSES
from biometrics.training.micro.events import Coded, Event, coded, numbered

_SUFFIXES = (".bmp", ".jpg", ".png")


def read_smic(root: Path) -> Coded:
    """Every movement. Raises EvaluationError where there is none that can be read."""
    base = next((folder for folder in (root, *sorted(root.rglob("HS"))) if _subjects(folder)), None)
    if base is None:
        raise EvaluationError(f"{root} holds no folder with s01/micro, s02/micro ...")
    clips = [
        (subject.name, label, clip)
        for subject in _subjects(base)
        for label in CLASSES
        for clip in sorted((subject / "micro" / label).glob("*"))
        if clip.is_dir()
    ]
    return coded("smic", clips, lambda each: _event(*each))


def _subjects(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.glob("s*") if (path / "micro").is_dir())


def _event(subject: str, label: str, clip: Path) -> Event:
    frames = tuple(numbered(clip, _SUFFIXES, str(clip)).values())
    if len(frames) < 2:
        raise EvaluationError(f"{clip} holds one picture: a movement needs two")
    (named,) = (each for each in CLASSES if each == label)
    return Event(str(clip), subject, clip.name, named, frames[0], None, frames)
