"""``candor evaluate``: error rates of the comparisons on labelled data, each with its interval and N."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table

from biometrics.errors import EvaluationError
from biometrics.evaluation import (
    behaviour_trials,
    digits_trials,
    enrolment_trials,
    pose_trials,
    rppg_clips,
    rppg_trials,
)
from biometrics.evaluation.behaviour_voices import voices_of
from biometrics.evaluation.change_trials import change_figures
from biometrics.evaluation.digits_voices import ROOT, people, voices
from biometrics.evaluation.face_pairs import FaceTrials
from biometrics.evaluation.figures import Figures, figures
from biometrics.evaluation.flash_trials import FULL, QUICK, flash_figures
from biometrics.evaluation.micro_recognition_trials import SEEDS
from biometrics.evaluation.second_voice_trials import second_voice_figures
from biometrics.evaluation.trials import Progress as Report
from biometrics.evaluation.voice_pairs import read_sittings
from biometrics.face.perception import FacePerception
from fraudmodel.parameters import DEFAULT
from interview.cli import evaluate_voice, evaluate_voice_pad
from interview.cli.evaluate_av import evaluate_av
from interview.cli.evaluate_behaviour import print_behaviour
from interview.cli.evaluate_change import print_change
from interview.cli.evaluate_digits import print_digits
from interview.cli.evaluate_enrolment import print_enrolment
from interview.cli.evaluate_flash import print_flash
from interview.cli.evaluate_fusion import FULL as FUSION_FULL
from interview.cli.evaluate_fusion import QUICK as FUSION_QUICK
from interview.cli.evaluate_fusion import evaluate as evaluate_fusion
from interview.cli.evaluate_fusion import print_fusion
from interview.cli.evaluate_microexpression import Recognising, Spotting, evaluate_microexpression
from interview.cli.evaluate_pose import print_pose
from interview.cli.evaluate_rppg import print_rppg
from interview.cli.evaluate_sasv import COUNTERMEASURE, evaluate_sasv
from interview.cli.evaluate_second_voice import print_second_voice
from interview.cli.fusion_table import BeginFrom, evidence_of
from interview.cli.table_file import TableFile, table_of
from interview.native import quiet_native
from interview.settings import Settings
from models.cache import default_cache_dir
from models.local_hub import LocalHub
from models.own import own_manifest

_LEAST_WIDTH = 200

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Measure error rates on labelled data.")

Data = Annotated[Path, typer.Option("--data", help="Folder of labelled media.")]
AsJson = Annotated[
    bool,
    typer.Option(
        "--json",
        help="Print one JSON object instead of tables; a figure is its value, with low and high (95 %) and n.",
    ),
]


@app.command("voice")
def voice_command(
    data: Data,
    opus_kbps: Annotated[
        int | None,
        typer.Option(
            min=6,
            max=510,
            help="Only this bit rate of the call, kbit/s, in place of 16, 24 and 32. As recorded, noise and a phone's microphone are "
            "measured besides.",
        ),
    ] = None,
    encoder: Annotated[
        evaluate_voice.Encoder,
        typer.Option(help="ecapa: the second encoder, of `candor models build ecapa`."),
    ] = "campplus",
    quick: Annotated[
        bool, typer.Option("--quick", help="Four speakers, one condition: to see that it works.")
    ] = False,
    html: Annotated[
        Path | None, typer.Option("--html", help="Also write a page with DET curves here.")
    ] = None,
    normalisations: Annotated[
        bool,
        typer.Option(
            "--normalisations",
            help="Instead: the same trials normalised by a cohort (Z, T, S, adaptive S), in other channels too. In JSON: "
            "normalisations, with d_prime, eer, min_dcf, cllr, cllr_moved, fmr_moved and fnmr_moved.",
        ),
    ] = False,
    cohort: Annotated[
        Path | None,
        typer.Option(
            "--cohort", help="A cohort file for --normalisations; the shipped one where none is given."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare every speaker with every other: one sub-folder of audio for each speaker."""
    others = {
        "--encoder": encoder != "campplus",
        "--opus-kbps": opus_kbps is not None,
        "--html": html is not None,
    }
    evaluate_voice.check_options(normalisations, cohort, [name for name, given in others.items() if given])
    channels = evaluate_voice.CHANNELS_KBPS if opus_kbps is None else (None, opus_kbps)
    wanted = evaluate_voice.QUICK if quick else evaluate_voice.conditions(channels)
    speakers = evaluate_voice.QUICK_SPEAKERS if quick else None
    with local_hub() as hub, bars() as report:
        if normalisations:
            compared = evaluate_voice.compare_normalisations(data, hub, cohort, report, quick=quick)
            evaluate_voice.print_normalisations(compared, data.name, as_json=as_json)
            return
        rows, gaps = evaluate_voice.measure(data, hub, encoder, wanted, report, speakers)
    if html is not None:
        evaluate_voice.write_page(html, rows, data.name, f"candor evaluate voice --data {data.name}")
    _print(rows, "voice_match", data.name, as_json=as_json, gaps=gaps)


@app.command("face")
def face_command(data: Data, as_json: AsJson = False) -> None:
    """Compare the photos of a folder as its pairs.csv says: file_x, file_y, Decision (Yes or No)."""
    with local_hub() as hub, FacePerception(hub) as perception, bars() as report:
        experiment = FaceTrials(data, hub, perception, report).experiment()
        rows = [figures(experiment, data.name)]
    _print(rows, "face_match", data.name, as_json=as_json)


@app.command("flash")
def flash_command(
    quick: Annotated[bool, typer.Option("--quick", help="A few sessions: to see that it works.")] = False,
    as_json: AsJson = False,
) -> None:
    """Simulate coloured-light challenges: who follows is believed, who does not is not, and no code flashes."""
    with bars() as report:
        measured = flash_figures(QUICK if quick else FULL, report)
    print_flash(measured, as_json=as_json)


@app.command("pose")
def pose_command(
    quick: Annotated[bool, typer.Option("--quick", help="A few sessions: to see that it works.")] = False,
    as_json: AsJson = False,
) -> None:
    """Simulate head-pose challenges: heads that follow, that ignore it, that follow another order, and scripted ones."""
    with bars() as report:
        measured = pose_trials.pose_figures(pose_trials.QUICK if quick else pose_trials.FULL, report)
    print_pose(measured, as_json=as_json)


@app.command("digits")
def digits_command(
    root: Annotated[
        Path,
        typer.Option(
            "--root", help="Folder with asterisk/sounds and gcin-voice/ogg, as packages install them."
        ),
    ] = ROOT,
    speech: Annotated[
        Path | None, typer.Option("--speech", help="Folder of speakers, who say other things than digits.")
    ] = None,
    recordings: Annotated[
        Path | None,
        typer.Option(
            "--recordings",
            help="Folder of DIGIT_SPEAKER_TAKE.wav (Free Spoken Digit Dataset, AudioMNIST): only its people speak.",
        ),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="One session each: to see that it works.")] = False,
    as_json: AsJson = False,
) -> None:
    """Simulate spoken-digit challenges in every voice that is installed: read, read by a machine, another order, other words."""
    words = None if speech is None else np.concatenate([one.samples for one in read_sittings(speech)])
    sessions = digits_trials.QUICK if quick else digits_trials.FULL
    found = voices(root) if recordings is None else people(recordings)
    with local_hub() as hub, bars() as report:
        measured = digits_trials.digits_figures(sessions, found, hub, report, words)
    print_digits(measured, as_json=as_json)


@app.command("rppg")
def rppg_command(
    data: Annotated[
        Path | None,
        typer.Option("--data", help="Folder with clips/*.mp4, to be read besides, at several bit rates."),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="One scene each: to see that it works.")] = False,
    as_json: AsJson = False,
) -> None:
    """Paint skin with a known pulse, code it as a call does, and see what is left of the pulse at each bit rate."""
    files = [] if data is None else rppg_clips.clip_files(data)
    scenes, kbps = (
        (rppg_trials.QUICK, rppg_trials.QUICK_KBPS) if quick else (rppg_trials.FULL, rppg_trials.KBPS)
    )
    with local_hub() as hub, bars() as report:
        clips = rppg_clips.clip_rows(files, hub, report)
        measured = rppg_trials.rppg_figures(scenes, kbps, report, clips)
    print_rppg(measured, as_json=as_json)


@app.command("second-voice")
def second_voice_command(
    data: Data,
    quick: Annotated[bool, typer.Option("--quick", help="A few short calls: to see that it works.")] = False,
    as_json: AsJson = False,
) -> None:
    """Simulate calls of a folder's speakers: is another voice found in the applicant's pauses, and the officer's echo left out?"""
    with local_hub() as hub, bars() as report:
        measured = second_voice_figures(data, hub, report, quick=quick)
    print_second_voice(measured, as_json=as_json)


@app.command("voice-pad")
def voice_pad_command(
    data: Data,
    spoof: Annotated[
        list[str],
        typer.Option("--spoof", help="NAME=FOLDER of a generator's speech; may be repeated."),
    ],
    original: Annotated[
        list[str] | None,
        typer.Option(
            "--original",
            help="NAME=FOLDER of real speech of the voices that the generator NAME learnt; may be repeated. Against it a difference between "
            "recordings cannot pass for one between people and machines.",
        ),
    ] = None,
    model: Annotated[
        evaluate_voice_pad.Network,
        typer.Option(
            "--model", help="aasist_l: the published network instead, of `candor models build aasist_l`."
        ),
    ] = "pad_voice",
    quick: Annotated[
        bool, typer.Option("--quick", help="20 s of each voice, one channel: to see that it works.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Is machine-made speech told from people's? A folder of people, and one for each generator; a sub-folder a voice."""
    with local_hub() as hub, bars() as report:
        measured = evaluate_voice_pad.measure(data, spoof, original or [], hub, model, report, quick=quick)
    evaluate_voice_pad.print_voice_pad(measured, as_json=as_json)


@app.command("sasv")
def sasv_command(
    data: Data,
    countermeasure: Annotated[
        str, typer.Option("--countermeasure", help="Model that tells machine-made speech.")
    ] = COUNTERMEASURE,
    quick: Annotated[
        bool, typer.Option("--quick", help="Four speakers, two generators: to see that it works.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Try impostors and spoofs of every speaker: does verification with a countermeasure keep both out? One sub-folder a speaker."""
    with local_hub() as hub, bars() as report:
        evaluate_sasv(data, hub, countermeasure, report, quick=quick, as_json=as_json)


@app.command("voice-change")
def voice_change_command(
    data: Data,
    quick: Annotated[bool, typer.Option("--quick", help="A few calls: to see that it works.")] = False,
    as_json: AsJson = False,
) -> None:
    """Simulate calls of a folder's speakers: how soon is another speaker noticed, and how often where there is none?"""
    with local_hub() as hub, bars() as report:
        measured = change_figures(data, hub, report, quick=quick)
    print_change(measured, as_json=as_json)


@app.command("enrolment")
def enrolment_command(data: Data, as_json: AsJson = False) -> None:
    """Enrol a folder's speakers, alone and with an utterance of another: is a second voice noticed?"""
    with local_hub() as hub, bars() as report:
        measured = enrolment_trials.measure(read_sittings(data), hub, report)
    print_enrolment(measured, as_json=as_json)


@app.command("av")
def av_command(
    data: Annotated[
        Path, typer.Option("--data", help="Folder with clips/*.mp4: talking people with their sound.")
    ],
    quick: Annotated[bool, typer.Option("--quick", help="A few trials: to see that it works.")] = False,
    html: Annotated[Path | None, typer.Option("--html", help="File for a page with DET curves.")] = None,
    as_json: AsJson = False,
) -> None:
    """Move and exchange the sound of talking people: is its offset read, is another's noticed, is a still face?"""
    with local_hub() as hub, bars() as report:
        evaluate_av(data, hub, report, quick=quick, html=html, as_json=as_json)


@app.command("behaviour")
def behaviour_command(
    speech: Annotated[
        Path | None,
        typer.Option(
            "--speech", help="Folder of speakers, whose utterances are answers too: one sub-folder each."
        ),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A few interviews: to see that it works.")] = False,
    as_json: AsJson = False,
) -> None:
    """Simulate interviews: are the p-values of answers like all others uniform, are moved ones found, is reading told from glancing?"""
    sessions = behaviour_trials.QUICK if quick else behaviour_trials.FULL
    with local_hub() as hub, bars() as report:
        voices = None if speech is None else voices_of(speech, hub, report)
        people = () if voices is None else voices.people
        measured = behaviour_trials.behaviour_figures(sessions, report, people)
    print_behaviour(measured, voices, as_json=as_json)


@app.command("microexpression")
def microexpression_command(
    data: Annotated[
        Path | None,
        typer.Option(
            "--data",
            help="Folder of flow maps as the MEGC 2019 composite has them (labels.csv, flow_28x28/): leave every subject out.",
        ),
    ] = None,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="For --data: networks to learn.")] = SEEDS,
    spotting: Annotated[
        bool,
        typer.Option(
            "--spotting", help="Plant movements in faces, code them as a call does, and see which are found."
        ),
    ] = False,
    faces: Annotated[
        Path | None,
        typer.Option("--faces", help="For --spotting: folder of photos whose faces are moved."),
    ] = None,
    face: Annotated[
        list[str] | None,
        typer.Option(
            "--face", help="For --spotting: only this photo of --faces, by its name; may be repeated."
        ),
    ] = None,
    clips: Annotated[
        Path | None,
        typer.Option(
            "--clips",
            help="For --spotting: folder of *.mp4 of talking people, for false events.",
        ),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A few trials: to see that it works.")] = False,
    as_json: AsJson = False,
) -> None:
    """Brief movements of the face: are they found (--spotting), and is told which kind they are (--data)? --quick alone tries the latter."""
    if not spotting and (faces or face or clips):
        raise EvaluationError("--faces, --face and --clips are for --spotting: give it too.")
    wanted = Spotting(faces, tuple(face or ()), clips) if spotting else None
    recognising = Recognising(data, seeds) if data is not None or (quick and not spotting) else None
    with local_hub() as hub, bars() as report:
        evaluate_microexpression(wanted, recognising, hub, report, quick=quick, as_json=as_json)


@app.command("fusion")
def fusion_command(
    table: TableFile = None,
    parameters: BeginFrom = DEFAULT,
    quick: Annotated[
        bool,
        typer.Option("--quick", help="The first interviews, two species left out: to see that it works."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Fit the fusion on some people of a table of interviews and judge it on the others: calibrated, better than simpler ones, lawful?"""
    evidence = evidence_of(table_of(table, quick=quick), parameters)
    with bars() as report:
        found = evaluate_fusion(evidence, FUSION_QUICK if quick else FUSION_FULL, report, quick=quick)
    print_fusion(found, as_json=as_json)


@contextmanager
def local_hub() -> Iterator[LocalHub]:
    """The models of this machine, as the settings say; their libraries keep to themselves what they log."""
    settings = Settings()
    cache_dir = settings.cache_dir or default_cache_dir()
    manifest = own_manifest(settings.own_models, settings.profile)
    with quiet_native(), LocalHub(manifest, cache_dir, profile=settings.profile) as hub:
        yield hub


@contextmanager
def bars() -> Iterator[Report]:
    """One progress bar for each thing that is reported, on stderr."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def report(done: int, total: int, what: str) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=total)
            progress.update(tasks[what], completed=done, total=total)

        yield report


def _print(
    rows: Sequence[Figures], signal: str, data: str, *, as_json: bool, gaps: Sequence[str] = ()
) -> None:
    if as_json:
        conditions = [row.as_json() for row in rows]
        found = {"data": data, "signal": signal, "conditions": conditions, "not_supported": list(gaps)}
        typer.echo(json.dumps(found, indent=2))
        return
    console = Console(width=max(_LEAST_WIDTH, Console().width))
    console.print(f"{signal} on {data}: {rows[0].subjects} people, {rows[0].model}", markup=False)
    console.print(table(rows))
    for gap in gaps:
        console.print(f"Not measured: {gap}", markup=False)
    console.print(
        "95 % intervals over people. Trials that share people resemble each other: N is how many independent trials "
        "the smaller class is worth,\nand the upper limit of the EER is what no error, or few, in N trials leave possible."
    )


def table(rows: Sequence[Figures]) -> Table:
    """One row for each condition; every figure as value [low, high]."""
    columns = (
        "probes",
        "EER %",
        "minDCF",
        "Cllr bit",
        "unbounded",
        "Cllr_min bit",
        "mated",
        "non-mated",
        "N",
        "FTE %",
        "FTA %",
    )
    grid = Table(*columns, box=SIMPLE)
    for row in rows:
        grid.add_row(
            row.condition,
            evaluate_voice.interval(row.eer, 100),
            evaluate_voice.interval(row.min_dcf),
            evaluate_voice.interval(row.cllr),
            evaluate_voice.interval(row.cllr_unbounded),
            evaluate_voice.interval(row.cllr_min),
            str(row.mated),
            str(row.non_mated),
            f"{row.independent:.0f}",
            evaluate_voice.interval(row.fte, 100),
            evaluate_voice.interval(row.fta, 100),
        )
    return grid
