"""``candor analyze``: a recording's fraud assessment on the terminal, as JSON lines and as a page."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Final

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from biometrics.errors import EnrolmentError
from biometrics.template import Template
from fraudmodel.parameters import DEFAULT
from fraudmodel.rulebook import Rulebook
from fraudmodel.signals import Abstention, Observation
from interview.analysis.codec import assessment_to_json, to_json
from interview.analysis.observer import Point
from interview.analysis.protocol import AnalysisSpec, Fault, Output
from interview.analysis.recorded import Analysis, analyse
from interview.analysis.report.render import Language, ModelUsed, observed, render
from interview.analysis.senses import Parts, consents_of
from interview.analysis.showing import MovementShown, movements_shown
from interview.analysis.stack import Stack
from interview.analysis.used import WitnessedHub
from interview.cli.files import content
from interview.cli.tables import assessment_tables
from interview.errors import MediaError
from interview.jurisdiction import Jurisdiction, Place, jurisdiction
from interview.live.enrolling import Enrol, Refusal
from interview.media.journal import Told
from interview.media.recording import AudioInfo, MediaInfo, VideoInfo, probe
from interview.media.side import refuse_officer
from interview.native import quiet_native
from interview.questions.spans import spans_told
from interview.questions.templates import load_templates
from interview.questions.timing import parse_timing, require_within
from interview.rules import load_rules
from interview.settings import Settings
from models.own import own_manifest

_PHOTO_MB: Final = 64
_VOICE_MB: Final = 512
_TIMING_MB: Final = 4

app = typer.Typer(add_completion=False)


@app.command()
def analyze(
    media: Annotated[Path, typer.Argument(help="A recording: MP4, MOV, WebM, MKV, WAV ...")],
    id_photo: Annotated[
        Path | None, typer.Option(help="The applicant's ID photo, to compare the face with.")
    ] = None,
    voice_reference: Annotated[
        Path | None, typer.Option(help="A recording of the applicant alone, to compare the voice with.")
    ] = None,
    questions: Annotated[
        Path | None,
        typer.Option(
            help="When questions were asked (JSON), to compare answers with the applicant's neutral ones."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for assessment.json, observations.jsonl and report.html.")
    ] = None,
    prior: Annotated[
        float | None,
        typer.Option(min=1e-6, max=0.5, help="Fraud prevalence to start from; CANDOR_PRIOR by default."),
    ] = None,
    place: Annotated[
        Place | None,
        typer.Option(
            "--jurisdiction",
            help="What may be analysed where this was recorded: eu leaves behaviour out; CANDOR_JURISDICTION by default.",
        ),
    ] = None,
    product: Annotated[
        str,
        typer.Option(
            help="The loan product: whose policy, where CANDOR_POLICY is a folder with one for each."
        ),
    ] = "",
    language: Annotated[str, typer.Option(help="The report's first language: en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Analyse a recording and print its fraud assessment."""
    chosen: Language = _language(language)
    info = probe(media)
    refuse_officer(info.side)
    console = Console()
    settings = Settings()
    rulebook = load_rules(settings.parameters, settings.policy).rulebook(product or DEFAULT)
    told = _questions(questions, info, settings)
    with ExitStack() as stack:
        folder = _folder(out)
        stack.enter_context(quiet_native())
        parts, hub = _parts(settings)
        stack.callback(parts.close)
        given = references_of(parts, id_photo, voice_reference)
        where = jurisdiction(place or settings.jurisdiction)
        start = prior if prior is not None else settings.prior
        spec = _spec(parts, given, rulebook, media.name, start, where)
        analysis = _run(stack, media, info, spec, parts, folder, told, quiet=as_json)
        moved = _moved(media, analysis, parts, told) if folder is not None else []
    if questions is not None and info.duration_s is None:
        require_within(told, analysis.duration_s, questions.name)
    result = _result(media, info, analysis, hub)
    if folder is not None:
        (folder / "assessment.json").write_bytes(orjson.dumps(result, option=orjson.OPT_INDENT_2))
        (folder / "report.html").write_text(_page(media, info, analysis, hub, chosen, moved), "utf-8")
    if as_json:
        console.print_json(orjson.dumps(result).decode())
    else:
        for renderable in assessment_tables(analysis, info, media.name, folder):
            console.print(renderable)


def _language(text: str) -> Language:
    if text == "en":
        return "en"
    if text == "zh":
        return "zh"
    raise MediaError(f"The report speaks en and zh, not {text}.")


def _questions(path: Path | None, info: MediaInfo, settings: Settings) -> tuple[Told, ...]:
    """The marks of a timing file. Raises ParametersError or MediaError."""
    if path is None:
        return ()
    try:
        text = content(path, _TIMING_MB).decode()
    except UnicodeDecodeError as error:
        raise MediaError(f"{path.name} is no timing of questions: {error.reason}") from error
    told = parse_timing(text, path.name, load_templates(settings.templates))
    require_within(told, info.duration_s, path.name)
    return told


def _folder(out: Path | None) -> Path | None:
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    return out


def _parts(settings: Settings) -> tuple[Parts, WitnessedHub]:
    """The real parts, with a hub that remembers which models were used."""
    opened = Stack(
        settings.cache_dir, settings.profile, own_manifest(settings.own_models, settings.profile)
    )()
    hub = WitnessedHub(opened.hub, opened.manifest)
    return replace(opened, hub=hub), hub


def references_of(parts: Parts, id_photo: Path | None, voice: Path | None) -> dict[str, Template]:
    """The references that files give. Raises EnrolmentError with what is in the way."""
    made = Enrol(
        content(id_photo, _PHOTO_MB) if id_photo else None, content(voice, _VOICE_MB) if voice else None
    )(parts)
    if isinstance(made, Refusal):
        raise EnrolmentError(made.sentence, made.reason)
    return {each.modality: each for each in (made.face, made.voice) if each is not None}


def _spec(
    parts: Parts, references: dict[str, Template], rulebook: Rulebook, name: str, prior: float, where: Jurisdiction
) -> AnalysisSpec:  # fmt: skip
    """Who hands in a recording answers for the consent to analyse all of it."""
    return AnalysisSpec(
        session_id=name,
        references=references,
        consents=consents_of(parts.detectors),
        rulebook=rulebook,
        prior=prior,
        channels_off=where.channels_off,
        jurisdiction=where.name,
    )


def _run(
    stack: ExitStack, media: Path, info: MediaInfo, spec: AnalysisSpec, parts: Parts, folder: Path | None, told: Sequence[Told], *, quiet: bool
) -> Analysis:  # fmt: skip
    bar = stack.enter_context(
        Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=quiet,
        )
    )
    task = bar.add_task(media.name, total=info.duration_s)
    lines = stack.enter_context((folder / "observations.jsonl").open("wb")) if folder else None
    return analyse(
        media,
        spec,
        parts,
        told=told,
        on_outputs=lambda outputs: _write(lines, outputs),
        on_progress=lambda t: bar.update(task, completed=t),
    )


def _write(lines: BinaryIO | None, outputs: list[Output]) -> None:
    if lines is None:
        return
    for output in outputs:
        if isinstance(output, (Observation, Abstention, Fault)):
            lines.write(orjson.dumps(to_json(output)) + b"\n")


def _result(media: Path, info: MediaInfo, analysis: Analysis, hub: WitnessedHub) -> dict[str, Any]:
    observer = analysis.observer
    if observer.last is None:
        raise MediaError(f"{media.name} gave no assessment.")
    summary = observer.summary()
    return {
        "version": version("candor"),
        "media": {
            "file": media.name,
            "duration_s": analysis.duration_s,
            "video": _video(info.video),
            "audio": _audio(info.audio),
            "damage": analysis.damage,
        },
        "assessment": assessment_to_json(observer.last),
        "perception": {
            "frames_analysed": summary.frames,
            "frames_with_face": summary.faces,
            "face_share": summary.face_share,
            "sound_s": summary.sound_s,
            "speech_s": summary.speech_s,
            "usable_speech_s": observer.speech.usable_s if observer.speech else None,
        },
        "history": [_point(each) for each in observer.history()],
        "faults": [to_json(each) for each in observer.faults],
        "models": [
            {
                "name": each.name,
                "version": each.version,
                "sha256": each.sha256,
                "licence": each.licence,
                "use": each.use,
            }
            for each in _models(hub)
        ],
    }


def _point(point: Point) -> dict[str, float]:
    return {"t": point.t, "probability": point.probability, "low": point.low, "high": point.high}


def _moved(media: Path, analysis: Analysis, parts: Parts, told: Sequence[Told]) -> list[MovementShown]:
    return movements_shown(analysis.observer.movements(), media, parts, spans_told(told))


def _page(
    media: Path, info: MediaInfo, analysis: Analysis, hub: WitnessedHub, language: Language, moved: Sequence[MovementShown]
) -> str:  # fmt: skip
    report = observed(
        analysis.observer,
        title=media.name,
        made_at=datetime.now(UTC),
        version=version("candor"),
        duration_s=analysis.duration_s,
        video=_video(info.video),
        audio=_audio(info.audio),
        models=_models(hub),
        damage=analysis.damage,
        movements=moved,
    )
    return render(report, language)


def _models(hub: WitnessedHub) -> list[ModelUsed]:
    return [ModelUsed(each.name, each.version, each.sha256, each.licence, each.use) for each in hub.used()]


def _video(video: VideoInfo | None) -> str:
    if video is None:
        return ""
    rate = f", {video.fps:.2f} fps" if video.fps else ""
    return f"{video.codec} {video.width_px}x{video.height_px}{rate}"


def _audio(audio: AudioInfo | None) -> str:
    return f"{audio.codec} {audio.sample_rate_hz} Hz, {audio.channels} ch" if audio else ""
