"""``candor bench``: what a session costs, stage by stage, and how late an assessment comes."""

from __future__ import annotations

import logging
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Annotated, Final, Literal

import numpy as np
import orjson
import typer
from rich.console import Console
from rich.table import Table

from biometrics.template import Template
from interview.analysis.loopback import Latency, measure_latency
from interview.analysis.protocol import AnalysisSpec
from interview.analysis.senses import consents_of
from interview.analysis.stack import Stack
from interview.analysis.stages import StageReport, measure_stages
from interview.media.bench import EdgeCost, measure
from interview.media.recording import probe, read_packets
from interview.media.side import refuse_officer
from interview.native import quiet_native
from interview.settings import Settings
from models.own import own_manifest

METRICS: Final = {
    "edge_cpu_percent": "media edge, both directions, both recorded: CPU, % of one core",
    "edge_fps": "frames a second that each caller receives through it",
    "edge_kbps": "kbit/s that each caller receives through it",
    "stock_cpu_percent": "the same session through aiortc's own MediaRelay and MediaRecorder",
    "stock_fps": "as edge_fps",
    "stock_kbps": "as edge_kbps",
    "latency_p50_ms": "live loopback session: a frame to the first assessment that includes it, median",
    "latency_p95_ms": "95th percentile",
    "latency_p99_ms": "99th percentile",
    "latency_worst_ms": "the latest frame",
    "latency_assessments": "assessments in that session",
    "latency_cadence_level": "how far the analysis had to slow down: 0 is not at all",
    "latency_skips": "stretches of media that the analysis skipped",
    "worker_restart_s": "death of the analysis worker in mid-call to the next assessment, s",
    "analysis_media_s": "length of the clip that was analysed, s",
    "analysis_wall_s": "how long that took, s",
    "analysis_speed": "times real time",
    "analysis_frames": "frames analysed",
    "analysis_peak_mib": "memory of this process at its peak, MiB",
    "analysis_ms_per_s": "CPU, ms a second of media, all stages together",
}
"""What ``--json`` prints, beside one ``stage_<stage>_ms_per_s`` for each stage."""
_HELP = "\n\n".join(
    [
        "Measure what a session costs, stage by stage, and how late an assessment comes.",
        "--json prints one object of numbers:",
        *(f"{name}: {meaning}." for name, meaning in METRICS.items()),
        "stage_<stage>_ms_per_s: CPU of one stage, ms a second of media.",
    ]
)

app = typer.Typer(add_completion=False)


@app.command(help=_HELP)
def bench(
    clip: Annotated[
        Path | None,
        typer.Option(
            "--clip",
            help="A recording of a person talking, to analyse and to send; the demo applicant where none is given.",
        ),
    ] = None,
    seconds: Annotated[
        float, typer.Option("--seconds", min=5.0, help="Length of each live measurement.")
    ] = 20.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Measure what a session costs, stage by stage, and how late an assessment comes."""
    settings = Settings()
    if clip is None:
        clip = _demo_clip(settings)
    refuse_officer(probe(clip).side)
    stack = Stack(settings.cache_dir, settings.profile, own_manifest(settings.own_models, settings.profile))
    logging.getLogger("interview").setLevel(logging.ERROR)  # a worker's death is part of the measurement
    progress, console = Console(stderr=True), Console()
    with quiet_native(), progress.status("") as status:
        status.update(f"Media edge, {seconds:.0f} s")
        edge = measure("candor", seconds)
        status.update(f"The same through stock aiortc, {seconds:.0f} s")
        stock = measure("stock aiortc", seconds)
        status.update(f"A live session, {seconds:.0f} s")
        latency = measure_latency(clip, seconds, _spec(stack), stack)
        status.update("Analysis, stage by stage")
        stages = _stages(clip, stack)
    if as_json:
        console.print_json(orjson.dumps(flat(edge, stock, latency, stages)).decode())
        return
    for table in (_edge_table(edge, stock), _latency_table(latency), _stage_table(stages)):
        console.print(table)


def _demo_clip(settings: Settings) -> Path:
    from interview.demo.prepare import prepare

    with redirect_stdout(sys.stderr), quiet_native():
        return prepare(settings).clip


def flat(edge: EdgeCost, stock: EdgeCost, latency: Latency, stages: StageReport) -> dict[str, float]:
    """Every figure by its name in ``METRICS``."""
    return {
        "edge_cpu_percent": edge.cpu_percent,
        "edge_fps": edge.fps,
        "edge_kbps": edge.kbps,
        "stock_cpu_percent": stock.cpu_percent,
        "stock_fps": stock.fps,
        "stock_kbps": stock.kbps,
        "latency_p50_ms": 1000 * latency.p50_s,
        "latency_p95_ms": 1000 * latency.p95_s,
        "latency_p99_ms": 1000 * latency.p99_s,
        "latency_worst_ms": 1000 * latency.worst_s,
        "latency_assessments": latency.assessments,
        "latency_cadence_level": latency.level,
        "latency_skips": latency.skips,
        "worker_restart_s": latency.restart_s,
        "analysis_media_s": stages.media_s,
        "analysis_wall_s": stages.wall_s,
        "analysis_speed": stages.speed,
        "analysis_frames": stages.frames,
        "analysis_peak_mib": stages.peak_mib,
        "analysis_ms_per_s": sum(each.ms_per_s for each in stages.stages),
        **{f"stage_{each.stage.replace(' ', '_')}_ms_per_s": each.ms_per_s for each in stages.stages},
    }


def _spec(stack: Stack) -> AnalysisSpec:
    """Every detector at work. The references are nobody's: they cost what a real one costs."""
    parts = stack()
    try:
        references = {
            "face": _nobody("face", 128, str(parts.hub.get("dlib_resnet").id)),
            "voice": _nobody("voice", 192, str(parts.hub.get("campplus").id)),
        }
        return AnalysisSpec("bench", references, consents_of(parts.detectors))
    finally:
        parts.close()


def _nobody(modality: Literal["face", "voice"], length: int, model: str) -> Template:
    vector = np.random.default_rng(0).standard_normal(length).astype(np.float32)
    return Template(modality, vector / np.linalg.norm(vector), model)


def _stages(clip: Path, stack: Stack) -> StageReport:
    parts = stack()
    try:
        return measure_stages(read_packets(clip), _spec(stack), parts)
    finally:
        parts.close()


def _edge_table(edge: EdgeCost, stock: EdgeCost) -> Table:
    table = Table(
        title="Media edge: one session, both directions, both recorded, 640x480 at 30 fps",
        title_justify="left",
    )
    table.add_column("")
    for heading in ("% of one core", "fps received", "kbit/s received"):
        table.add_column(heading, justify="right")
    for each in (edge, stock):
        table.add_row(each.way, f"{each.cpu_percent:.1f}", f"{each.fps:.1f}", f"{each.kbps:.0f}")
    return table


def _latency_table(latency: Latency) -> Table:
    table = Table(
        title="Live loopback session: a frame to the first assessment that includes it", title_justify="left"
    )
    for heading in (
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "worst ms",
        "assessments",
        "highest cadence level",
        "skips",
        "worker restart s",
    ):
        table.add_column(heading, justify="right")
    times = (latency.p50_s, latency.p95_s, latency.p99_s, latency.worst_s)
    table.add_row(
        *(f"{1000 * each:.0f}" for each in times),
        str(latency.assessments), str(latency.level), str(latency.skips),
        f"{latency.restart_s:.1f}",
    )  # fmt: skip
    return table


def _stage_table(stages: StageReport) -> Table:
    title = (
        f"Analysis: {stages.media_s:.1f} s in {stages.wall_s:.1f} s ({stages.speed:.1f} times real time), "
        f"{stages.frames} frames, peak memory {stages.peak_mib:.0f} MiB"
    )
    table = Table(title=title, title_justify="left")
    table.add_column("Stage")
    table.add_column("CPU ms a second of media", justify="right")
    for each in stages.stages:
        table.add_row(each.stage, f"{each.ms_per_s:.1f}")
    table.add_row("together", f"{sum(each.ms_per_s for each in stages.stages):.1f}", style="bold")
    return table
