"""Made-up trials whose error rates are known."""

from __future__ import annotations

import numpy as np

from biometrics.evaluation.lab.trials import Conditions, LabTrial

PEOPLE = ("ann", "bo", "cy", "di")


def trial(
    index: int,
    species: str,
    family: str,
    score: float | None,
    *,
    kind: str = "face_pad",
    split: str = "test",
    renderer: str = "b",
    kbps: int = 1000,
) -> LabTrial:
    """One render of one of four people."""
    person = PEOPLE[index % len(PEOPLE)]
    return LabTrial(
        render=f"{species}-{renderer}-{index:04d}",
        species=species,
        family=family,
        renderer=renderer if family != "bona_fide" else "",
        split=split,
        subject=person,
        other=person,
        conditions=Conditions(kbps, 30.0, 1.0, 20.0),
        scores={} if score is None else {kind: score},
        reasons={kind: "no_face"} if score is None else {},
        models={} if score is None else {kind: "m@1"},
    )


def batch(species: str, family: str, scores: np.ndarray, **more: object) -> list[LabTrial]:
    """A render for each score."""
    return [trial(i, species, family, float(score), **more) for i, score in enumerate(scores)]  # type: ignore[arg-type]


def lab(seed: int = 0, count: int = 120) -> list[LabTrial]:
    """Bona fide about -2, an easy species about 3, and a hard one that half looks like bona fide."""
    rng = np.random.default_rng(seed)
    hard = np.where(
        np.arange(count) // len(PEOPLE) % 2 == 0, rng.normal(-2, 1, count), rng.normal(3, 1, count)
    )
    return [
        *batch("bona_fide", "bona_fide", rng.normal(-2, 1, count)),
        *batch("easy", "presentation", rng.normal(3, 1, count)),
        *batch("hard", "presentation", hard),
    ]
