"""What a coding sheet says of one movement, whichever dataset it is of, and which of the three classes that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from biometrics.errors import EvaluationError
from biometrics.micro.classes import CLASSES, MovementClass

T = TypeVar("T")

_NEGATIVE = ("negative", "disgust", "anger", "contempt", "fear", "sadness", "sad", "repression")
OF_EMOTION: Final[Mapping[str, MovementClass]] = {
    **dict.fromkeys(_NEGATIVE, "negative"),
    **dict.fromkeys(("positive", "happiness", "happy"), "positive"),
    "surprise": "surprise",
}
"""As the MEGC 2019 maps them (See et al. 2019), and CAS(ME)3's spellings; repression is CASME II's. Others, or "others", are left out."""


@dataclass(frozen=True, slots=True)
class Event:
    """One movement. ``frames`` from ``onset`` to offset, in order; ``apex`` None where it has to be found. ``where`` names file and row."""

    where: str
    subject: str
    name: str
    label: MovementClass
    onset: Path
    apex: Path | None
    frames: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Coded:
    """A dataset's movements; how many were left out because of their ``dropped`` emotion; a sentence for each that the sheet or the
    pictures do not hold whole, as every one of these datasets has some."""

    dataset: str
    events: tuple[Event, ...]
    dropped: Mapping[str, int] = field(default_factory=dict)
    refused: tuple[str, ...] = ()


def coded(dataset: str, rows: Iterable[T], read: Callable[[T], Event | str]) -> Coded:
    """What ``read`` makes of each row: a movement, or an emotion that belongs to no class; a row that it refuses (EvaluationError) is
    left out and told. Raises EvaluationError where there is nothing to learn from, with the first refusal."""
    events, dropped, refused = [], Counter[str](), []
    for row in rows:
        try:
            each = read(row)
        except EvaluationError as error:
            refused.append(str(error))
            continue
        if isinstance(each, str):
            dropped[each] += 1
        else:
            events.append(each)
    if not events:
        raise EvaluationError(
            refused[0] if refused else f"{dataset}: no movement there is of class {', '.join(CLASSES)}"
        )
    return Coded(dataset, tuple(events), dict(dropped), tuple(refused))


def class_of(emotion: str) -> MovementClass | None:
    """The class of an emotion as a sheet writes it; None for what belongs to none."""
    return OF_EMOTION.get(emotion.strip().lower())


def numbered(folder: Path, suffixes: tuple[str, ...], where: str) -> dict[int, Path]:
    """The pictures of a folder by the number at the end of their names. Raises EvaluationError where there is none."""
    if not folder.is_dir():
        raise EvaluationError(f"{where}: there is no folder {folder}")
    found = {}
    for path in folder.iterdir():
        digits = path.stem[len(path.stem.rstrip("0123456789")) :]
        if path.suffix.lower() in suffixes and digits:
            found[int(digits)] = path
    if not found:
        raise EvaluationError(f"{where}: {folder} holds no numbered pictures")
    return dict(sorted(found.items()))


def event(
    where: str,
    subject: str,
    name: str,
    label: MovementClass,
    pictures: Mapping[int, Path],
    span: tuple[int, int | None, int | None],
) -> Event:
    """One movement of a sheet: ``span`` the numbers of onset, apex (None: to be found) and offset.

    Where the apex is known nothing is asked of the offset, which some sheets have wrong.
    """
    onset, apex, offset = span
    last = offset if apex is None else apex
    if last is None or last <= onset:
        raise EvaluationError(
            f"{where}: onset {onset}, apex {apex} and offset {offset} do not follow one another"
        )
    for number in (onset, apex):
        if number is not None and number not in pictures:
            raise EvaluationError(f"{where}: picture {number} of {name} is missing")
    frames = tuple(path for number, path in pictures.items() if onset <= number <= last)
    if len(frames) < 2:
        raise EvaluationError(f"{where}: of {name} only picture {onset} is there, and a movement needs two")
    return Event(
        where, subject, name, label, pictures[onset], None if apex is None else pictures[apex], frames
    )
