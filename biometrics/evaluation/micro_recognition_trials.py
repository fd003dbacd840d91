"""Recognition of movements, measured on people who were left out, and what the shipped weights say without having seen anybody."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from biometrics.evaluation.micro_recognition import Recognition, best_epoch, by_dataset, recognition, uar, uf1
from biometrics.evaluation.trials import Progress
from biometrics.facs.units import SIDES
from biometrics.micro.recognition import HALVES, MODEL, WENT, Recogniser
from biometrics.training.micro.flow_maps import read_flow_maps, write_flow_maps
from biometrics.training.micro.samples import Samples
from biometrics.training.micro.synthetic import flows, lessons
from fraudmodel.intervals import Estimate, rate, rate_if_tried
from models.hub import Model, ModelHub
from models.manifest import Manifest

SEEDS: Final = 5
NO_TORCH: Final = (
    "Learning needs torch: pip install 'candor[training]'. Only the weights as they are were measured."
)
QUICK: Final = "A quick look: only the weights as they are were measured."
_QUICK_PEOPLE, _QUICK_EACH = 8, 6
_TIMED = 200
_UNIT_TRIALS, _UNIT_SEED = 600, 99
_WENT_TRULY = 0.2
"""In the map's own unit: what went less far was hardly planted."""
_NAMES = ("synthetic-a", "synthetic-b")


@dataclass(frozen=True, slots=True)
class Learnt:
    """Of what learnt from all subjects but one, asked once after a fixed number of ``epochs``: means over ``seeds`` networks.

    ``each`` UF1 and UAR of every network; ``invalid`` UF1 and UAR that picking each subject's best epoch would give.
    """

    whole: Recognition
    datasets: dict[str, Recognition]
    each: tuple[tuple[float, float], ...]
    invalid: tuple[float, float]
    seeds: int
    epochs: int


@dataclass(frozen=True, slots=True)
class RecognitionFigures:
    """``zero_shot``: the weights as they are; the shipped ones learnt from synthetic movements alone. ``missing``: why there is no ``learnt``."""

    data: str
    model: str
    parameters: int | None
    """Of the shipped network; None where another one is measured."""
    counts: tuple[int, ...]
    zero_shot: Recognition
    zero_shot_datasets: dict[str, Recognition]
    learnt: Learnt | None
    missing: str
    cost_ms: float
    """Median time of one movement here, from its map on."""
    units_right: Estimate | None
    """Of the action units that are told of fresh synthetic movements, those that were planted; None where none is told."""
    units_found: Estimate
    """Of those that were planted, those that are told."""
    shipped: bool = True
    """Whether ``zero_shot`` is of the shipped weights: an institution's own may have learnt from these very people."""

    def as_json(self) -> dict[str, Any]:
        """Figures as plain JSON. ``uf1`` and ``uar`` are of people left out; what picks epochs is called invalid."""
        zero = self.zero_shot.as_json()
        told: dict[str, Any] = {
            "data": self.data,
            "model": self.model,
            "shipped": self.shipped,
            "parameters": self.parameters,
            "n": zero["n"],
            "subjects": zero["subjects"],
            "counts": list(self.counts),
            "zero_shot_uf1": zero["uf1"],
            "zero_shot_uf1_ci": zero["uf1_ci"],
            "zero_shot_uar": zero["uar"],
            "zero_shot_uar_ci": zero["uar_ci"],
            "zero_shot_per_dataset": {name: each.as_json() for name, each in self.zero_shot_datasets.items()},
            "units_precision": None if self.units_right is None else asdict(self.units_right),
            "units_recall": asdict(self.units_found),
            "missing": self.missing,
            "cost_ms": self.cost_ms,
        }
        if self.learnt is not None:
            told |= self.learnt.whole.as_json() | {
                "per_dataset": {name: each.as_json() for name, each in self.learnt.datasets.items()},
                "seeds": self.learnt.seeds,
                "epochs": self.learnt.epochs,
                "each_seed": [list(pair) for pair in self.learnt.each],
                "invalid_best_epoch_uf1": self.learnt.invalid[0],
                "invalid_best_epoch_uar": self.learnt.invalid[1],
            }
        return told


def recognition_figures(
    data: Path | None, hub: ModelHub, report: Progress, *, quick: bool, seeds: int = SEEDS
) -> RecognitionFigures:
    """Measure on a folder of flow maps; where none is given, on synthetic ones that are made now. ``quick`` learns nothing."""
    samples = _synthetic() if data is None else read_flow_maps(data).checked()
    model = hub.get(MODEL)
    told = np.asarray(model(samples.maps)[0].argmax(axis=1), np.intp)[np.newaxis]
    shipped = model.id.sha256 == Manifest.default().entry(MODEL).sha256
    right, found = unit_rates(model)
    missing = QUICK if quick else "" if find_spec("torch") else NO_TORCH
    return RecognitionFigures(
        data="synthetic movements" if data is None else str(data),
        model=str(model.id),
        parameters=_parameters() if shipped else None,
        counts=tuple(np.bincount(samples.classes).tolist()),
        zero_shot=recognition(samples.classes, told, samples.subjects),
        zero_shot_datasets=by_dataset(samples.classes, told, samples.subjects, samples.datasets),
        learnt=None if missing else learnt_figures(samples, report, seeds),
        missing=missing,
        cost_ms=_cost_ms(model, samples),
        units_right=right,
        units_found=found,
        shipped=shipped,
    )


def unit_rates(model: Model) -> tuple[Estimate | None, Estimate]:
    """Of the action units that are told of `_UNIT_TRIALS` fresh synthetic movements, how many were planted, and the other way round.

    A unit counts once, whichever of its halves went; intervals as if units were independent, which those of one movement are not.
    """
    fresh = lessons(_UNIT_TRIALS, _UNIT_SEED)
    told = [
        [found.units[half] >= WENT for half in HALVES] for found in Recogniser(model).recognised(fresh.maps)
    ]
    says = np.array(told).reshape(len(told), -1, len(SIDES)).any(axis=2)
    went = (np.expm1(fresh.units) >= _WENT_TRULY).reshape(len(told), -1, len(SIDES)).any(axis=2)
    both = int((says & went).sum())
    return rate_if_tried(both, int(says.sum())), rate(both, int(went.sum()))


def learnt_figures(samples: Samples, report: Progress, seeds: int, epochs: int | None = None) -> Learnt:
    """Leave every subject out, ``seeds`` times, beginning with the shipped weights. Needs torch."""
    from biometrics.training.micro.finetune import EPOCHS, left_out
    from biometrics.training.micro.shipped import shipped_members

    runs = []
    for seed in range(seeds):
        report(seed, seeds, "networks")
        runs.append(
            left_out(samples, shipped_members(), seed, epochs or EPOCHS).log_probabilities.argmax(axis=2)
        )
    report(seeds, seeds, "networks")
    return judged(samples, np.stack(runs))


def judged(samples: Samples, runs: NDArray[np.intp]) -> Learnt:
    """What the classes told after each epoch (seeds, epochs, n) amount to: the last epoch counts, whatever the others say."""
    truth, told = samples.classes, runs[:, -1]
    peeked = [best_epoch(truth, epochs, samples.subjects) for epochs in runs]
    return Learnt(
        whole=recognition(truth, told, samples.subjects),
        datasets=by_dataset(truth, told, samples.subjects, samples.datasets),
        each=tuple((uf1(truth, seed), uar(truth, seed)) for seed in told),
        invalid=(
            float(np.mean([uf1(truth, p) for p in peeked])),
            float(np.mean([uar(truth, p) for p in peeked])),
        ),
        seeds=runs.shape[0],
        epochs=runs.shape[1],
    )


def _cost_ms(model: Model, samples: Samples) -> float:
    taken = []
    for number in range(_TIMED):
        one = samples.maps[number % len(samples)][np.newaxis]
        begun = perf_counter()
        model(one)
        taken.append(perf_counter() - begun)
    return 1000.0 * float(np.median(taken))


def _parameters() -> int:
    from biometrics.training.micro.shipped import shipped_state

    return sum(value.size for value in shipped_state().values())


def _synthetic() -> Samples:
    """A few people's movements, written as the composite is and read back."""
    count = _QUICK_PEOPLE * _QUICK_EACH
    made = flows(count, np.random.default_rng(0))
    labels = [
        {
            "dataset": _NAMES[number % len(_NAMES)],
            "sub": f"{number % _QUICK_PEOPLE:02d}",
            "filename_o": f"{number:03d}",
            "label": str(label),
        }
        for number, label in enumerate(made.classes)
    ]
    with TemporaryDirectory(prefix="candor-") as folder:
        write_flow_maps(Path(folder), list(zip(made.u, made.v, made.strain, strict=True)), labels)
        return read_flow_maps(Path(folder))
