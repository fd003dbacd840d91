"""``candor train``: let a network learn from one's own or licensed data. What it writes is the data's licensee's, and is never shipped."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from biometrics.errors import EvaluationError
from biometrics.evaluation.micro_recognition_trials import SEEDS, Learnt, learnt_figures
from biometrics.evaluation.trials import Progress
from biometrics.face.perception import FacePerception
from biometrics.training.micro.datasets import READERS, measured
from biometrics.training.micro.flow_maps import read_flow_maps
from biometrics.training.micro.samples import Samples
from interview.cli.evaluate import bars, local_hub

FLOW_MAPS, SYNTHETIC = "megc2019", "synthetic"
DATASETS = (FLOW_MAPS, *READERS, SYNTHETIC)
NO_TORCH = "learning needs torch, which is not here: pip install 'candor[training]'"

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Let a network learn from data.")


@app.callback()
def train() -> None:
    """Let a network learn from data."""


@app.command("microexpression")
def microexpression_command(
    dataset: Annotated[str, typer.Option("--dataset", help=f"One of {', '.join(DATASETS)}.")],
    out: Annotated[
        Path, typer.Option("--out", help="Checkpoint to write; the network goes beside it, as .onnx.")
    ],
    root: Annotated[
        Path | None, typer.Option("--root", help="The dataset's folder, as its makers lay it out.")
    ] = None,
    epochs: Annotated[
        int | None, typer.Option("--epochs", min=1, help="How often it sees each movement.")
    ] = None,
    seeds: Annotated[
        int, typer.Option("--seeds", min=0, help="Networks to judge with, each subject left out; 0: none.")
    ] = SEEDS,
) -> None:
    """Recognition of brief movements: judge on people left out, then learn from everybody. Begins with the shipped weights."""
    if dataset not in DATASETS:
        raise EvaluationError(f"there is no dataset {dataset!r}: there are {', '.join(DATASETS)}")
    if find_spec("torch") is None:
        raise EvaluationError(NO_TORCH)
    console = Console()
    if dataset == SYNTHETIC:
        _write(out, _from_nothing())
    else:
        if root is None:
            raise EvaluationError(f"--dataset {dataset} needs --root, its folder")
        with bars() as report:
            samples, refused = _samples(dataset, root, report)
            judged = learnt_figures(samples, report, seeds, epochs) if seeds else None
        for sentence in refused:
            console.print(f"Not used: {sentence}", markup=False)
        if judged is not None:
            console.print(_told(judged), markup=False)
        _write(out, _from_people(samples, epochs))
    console.print(f"{out} and {out.with_suffix('.onnx')} are written.", markup=False)


def _samples(dataset: str, root: Path, report: Progress) -> tuple[Samples, Sequence[str]]:
    if dataset == FLOW_MAPS:
        return read_flow_maps(root).checked(), ()
    found = READERS[dataset](root)
    dropped = [
        f"{count} movements of emotion {emotion!r}, which is of no class"
        for emotion, count in found.dropped.items()
    ]
    with local_hub() as hub, FacePerception(hub) as perception:
        maps = measured(found, perception, report)
    return maps.samples, (*dropped, *maps.refused)


def _from_nothing() -> bytes:
    from biometrics.training.micro.network import state_of
    from biometrics.training.micro.pretrain import pretrained
    from biometrics.training.micro.ship import as_checkpoint

    return as_checkpoint(state_of(pretrained()))


def _from_people(samples: Samples, epochs: int | None) -> bytes:
    from biometrics.training.micro.finetune import EPOCHS, learnt
    from biometrics.training.micro.network import state_of
    from biometrics.training.micro.ship import as_checkpoint
    from biometrics.training.micro.shipped import shipped_members

    return as_checkpoint(state_of(learnt(samples, shipped_members(), 0, epochs or EPOCHS)))


def _write(out: Path, checkpoint: bytes) -> None:
    from models.build.micro_expression import build

    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(checkpoint)
    out.with_suffix(".onnx").write_bytes(build({"checkpoint": checkpoint}))


def _told(judged: Learnt) -> str:
    whole = judged.whole
    return (
        f"People left out: UF1 {whole.uf1.value:.4f} ({whole.uf1.low:.3f} to {whole.uf1.high:.3f}), "
        f"UAR {whole.uar.value:.4f} ({whole.uar.low:.3f} to {whole.uar.high:.3f}); {whole.uf1.n} movements of {whole.subjects} people, "
        f"mean of {judged.seeds} networks after {judged.epochs} epochs."
    )
