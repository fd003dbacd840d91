"""``candor train``: let a network learn from one's own or licensed data. What it writes is the data's licensee's, and is never shipped."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryFile
from typing import Annotated, cast

import typer
from rich.console import Console

from biometrics.errors import EvaluationError
from biometrics.evaluation.micro_recognition_trials import SEEDS, Learnt, learnt_figures
from biometrics.evaluation.trials import Progress
from biometrics.face.perception import FacePerception
from biometrics.micro.recognition import MODEL as NETWORK
from biometrics.training.micro.datasets import READERS, measured
from biometrics.training.micro.flow_maps import read_flow_maps
from biometrics.training.micro.samples import Samples
from interview.cli.evaluate import bars, local_hub
from models.cache import file_sha256
from models.manifest import Use
from models.own import FILE, OwnModel, read_own, write_own

FLOW_MAPS, SYNTHETIC = "megc2019", "synthetic"
OWN = "own"
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
    _require_writable(out)
    if find_spec("torch") is None:
        raise EvaluationError(NO_TORCH)
    console = Console()
    if dataset == SYNTHETIC:
        movements = people = 0
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
        movements, people = len(samples), len(samples.people)
        _write(out, _from_people(samples, epochs))
    named = name_own(out.with_suffix(".onnx"), dataset, movements, people)
    console.print(
        f"{out}, {out.with_suffix('.onnx')} and {out.parent / FILE} are written.",
        markup=False,
        soft_wrap=True,
    )
    console.print(how_to_use(out.parent, named), markup=False, soft_wrap=True)


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

    out.write_bytes(checkpoint)
    out.with_suffix(".onnx").write_bytes(build({"checkpoint": checkpoint}))


def _require_writable(out: Path) -> None:
    """What would stop the results from being written is told now, not after hours. Raises EvaluationError, ModelError or OSError."""
    if out.suffix == ".onnx":
        raise EvaluationError(
            f"--out {out} names the checkpoint, and the network goes beside it as .onnx: give it another ending"
        )
    if out.is_dir():
        raise EvaluationError(f"--out {out} is a folder: name a file in it")
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryFile(dir=out.parent):
        pass
    if (out.parent / FILE).exists():
        read_own(out.parent)


def name_own(network: Path, dataset: str, movements: int, people: int) -> OwnModel:
    """Name the network in the ``models.toml`` beside it, for use as far as the data's licence goes. Raises ModelError."""
    if dataset == SYNTHETIC:
        version, licence, use, of = SYNTHETIC, "Apache-2.0", "commercial", "synthetic movements"
    else:
        version, of = f"{dataset}-{movements}", f"{movements} movements of {people} people ({dataset})"
        own = dataset == OWN
        licence, use = (
            ("your own movements", "unclear") if own else (f"licence of {dataset}", "research-only")
        )
    named = OwnModel(
        version=version,
        file=network.name,
        sha256=file_sha256(network),
        licence=licence,
        use=cast(Use, use),
        attribution=f"candor train microexpression, of {of}",
    )
    write_own(network.parent, NETWORK, named)
    return named


def how_to_use(folder: Path, named: OwnModel) -> str:
    """One line for whoever wants to run it."""
    where = f"To use it: CANDOR_OWN_MODELS={folder.absolute()}"
    if named.use == "commercial":
        return f"{where}."
    return (
        f"{where}; its use is {named.use}, which the production profile refuses: "
        f'where you may use it so, write use = "commercial" in {FILE}.'
    )


def _told(judged: Learnt) -> str:
    whole = judged.whole
    return (
        f"People left out: UF1 {whole.uf1.value:.4f} ({whole.uf1.low:.3f} to {whole.uf1.high:.3f}), "
        f"UAR {whole.uar.value:.4f} ({whole.uar.low:.3f} to {whole.uar.high:.3f}); {whole.uf1.n} movements of {whole.subjects} people, "
        f"mean of {judged.seeds} networks after {judged.epochs} epochs."
    )
