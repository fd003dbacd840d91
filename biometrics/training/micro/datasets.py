"""The datasets that recognition can learn from, by name: from a folder to maps. Needs no torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from biometrics.errors import EvaluationError
from biometrics.evaluation.trials import Progress
from biometrics.face.perception import FacePerception
from biometrics.micro.align import Grey, place_of, straight
from biometrics.micro.classes import CLASSES
from biometrics.micro.maps import Maps
from biometrics.micro.recognition import event_map
from biometrics.training.micro.casme2 import read_casme2
from biometrics.training.micro.casme3 import read_casme3
from biometrics.training.micro.events import Coded, Event
from biometrics.training.micro.own import read_own
from biometrics.training.micro.samm import read_samm
from biometrics.training.micro.samples import Samples
from biometrics.training.micro.smic import read_smic
from fraudmodel.signals import Reason

READERS: Final[Mapping[str, Callable[[Path], Coded]]] = {
    "casme2": read_casme2,
    "samm": read_samm,
    "smic": read_smic,
    "casme3": read_casme3,
    "own": read_own,
}


@dataclass(frozen=True, slots=True)
class Measured:
    """``samples``, and a sentence for each movement that could not be measured."""

    samples: Samples
    refused: tuple[str, ...]


def measured(found: Coded, perception: FacePerception, report: Progress) -> Measured:
    """The maps of a dataset's movements. Raises EvaluationError where too few can be measured to learn from."""
    maps: list[Maps] = []
    kept: list[Event] = []
    refused = list(found.refused)
    for number, each in enumerate(found.events):
        report(number, len(found.events), found.dataset)
        try:
            one = _map(each, perception)
        except EvaluationError as error:
            refused.append(str(error))
            continue
        if isinstance(one, Reason):
            refused.append(
                f"{each.where}: {each.onset.name} shows no face that can be measured ({one.value})"
            )
        else:
            maps.append(one)
            kept.append(each)
    report(len(found.events), len(found.events), found.dataset)
    if not kept:
        raise EvaluationError(f"{found.dataset}: no movement there can be measured; the first: {refused[0]}")
    samples = Samples(
        np.concatenate(maps),
        np.array([CLASSES.index(each.label) for each in kept], np.intp),
        np.array([f"{found.dataset}/{each.subject}" for each in kept]),
        np.array([found.dataset] * len(kept)),
    )
    return Measured(samples.checked(), tuple(refused))


def _map(each: Event, perception: FacePerception) -> Maps | Reason:
    """Both pictures are laid straight as the first one's skull lies: a brief movement is over before a head has gone far."""
    picture = _picture(each.onset, each.where)
    face = perception.locate_still(picture)
    if isinstance(face, Reason):
        return face
    place = place_of(face.landmarks)
    onset = straight(picture, place)
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)

    def moved(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        apex: Grey = straight(_picture(path, each.where), place)
        return np.asarray(flow.calc(onset, apex, np.zeros((*onset.shape, 2), np.float32)), np.float32)

    if each.apex is not None:
        return event_map(moved(each.apex))
    return event_map(max((moved(path) for path in each.frames[1:]), key=_far))


def _far(flow: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> float:
    """How far a face has moved in itself: the mean way of its places against what they have in common."""
    own = flow - np.median(flow, axis=(0, 1))
    return float(np.hypot(own[..., 0], own[..., 1]).mean())


def _picture(path: Path, where: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    picture = cv2.imread(str(path))
    if picture is None:
        raise EvaluationError(f"{where}: {path} is no picture")
    return np.asarray(picture, np.uint8)
