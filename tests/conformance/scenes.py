"""Views for the conformance suite: short synthetic sessions, good and bad, and a model of any shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biometrics.challenges.flash import flash_plan
from biometrics.challenges.pose import pose_plan
from biometrics.evaluation import digits_scene, pose_tracks, rppg_scene
from biometrics.evaluation.flash_scene import Conditions, flash_views, shown_times
from biometrics.media import Frame
from biometrics.template import Template
from biometrics.views import Face, FaceQuality, FaceView, Fact, FarView, HeadPose, SpeechView
from fraudmodel.signals import Reason, Span
from models.hub import Model, ModelId, Rows
from models.manifest import Manifest, ModelEntry
from tests.biometrics.face.fakes import FRONTAL, GOOD, a_face

HOP_S = 0.512
RATE_HZ = 16_000
FPS = 20.0
_IMAGES = [np.random.default_rng(seed).integers(0, 256, (480, 640, 3), np.uint8) for seed in range(3)]


@dataclass(frozen=True, slots=True)
class Scene:
    """A session's views of one type, with the facts that a detector is told between them."""

    view: type
    views: Callable[[], Sequence[Any]]


class AnyModel:
    """A model of the manifest's shapes whose rows are fixed random projections of its inputs' statistics, in 0..1."""

    def __init__(self, entry: ModelEntry) -> None:
        self._entry = entry
        self.id = ModelId(entry.name, entry.version, entry.sha256, "cpu")

    def __call__(self, *inputs: Rows) -> tuple[Rows, ...]:
        for spec, array in zip(self._entry.inputs, inputs, strict=True):
            assert array.dtype == np.dtype(spec.dtype), f"{self._entry.name}: {spec.name} is {array.dtype}"
            assert spec.accepts(array.shape), f"{self._entry.name}: {spec.name} is {array.shape}"
        rows = [self._row([array[k] for array in inputs]) for k in range(len(inputs[0]))]
        return tuple(np.stack(outputs) for outputs in zip(*rows, strict=True))

    def _row(self, inputs: Sequence[Rows]) -> list[NDArray[Any]]:
        seed = [int(1e4 * abs(float(np.mean(array)))) for array in inputs]
        rng = np.random.default_rng(seed)
        return [
            rng.uniform(0.05, 0.95, [max(size, 1) for size in spec.shape[1:]]).astype(spec.dtype)
            for spec in self._entry.outputs
        ]


def any_model(name: str) -> Model:
    """A stand-in for a model of the manifest."""
    return AnyModel(Manifest.default().entry(name))


def references(models: Mapping[str, Model]) -> dict[str, Template]:
    """A face and a voice reference that fit whichever encoder is among the models."""
    found = {}
    for modality, name, length in (("face", "dlib_resnet", 128), ("voice", "campplus", 192)):
        if name in models:
            vector = np.random.default_rng(length).normal(size=length).astype(np.float32)
            found[modality] = Template(
                "face" if modality == "face" else "voice",
                vector / np.linalg.norm(vector),
                str(models[name].id),
            )
    return found


def faces(
    seconds: float, face: Callable[[float], Face | None], reason: Reason | None = None, fps: float = FPS
) -> Callable[[], list[FaceView]]:
    """Views at a steady rate."""

    def views() -> list[FaceView]:
        times = [k / fps for k in range(int(seconds * fps))]
        return [_view(t, face(t), reason, fps) for t in times]

    return views


def _view(t: float, face: Face | None, reason: Reason | None, fps: float) -> FaceView:
    frame = Frame(t, round(t * fps), _IMAGES[int(t) % len(_IMAGES)])
    return FaceView(frame, face, None if face else reason, 0, fps)


def only(pose: HeadPose = FRONTAL, quality: FaceQuality = GOOD) -> Callable[[float], Face]:
    """The same face in every frame."""
    return lambda _: a_face(pose=pose, quality=quality)


def blinks_out(t: float) -> Face | None:
    """There for two seconds, gone for one, back as a new track."""
    return a_face(track=1 + int(t // 3)) if t % 3 < 2 else None


def tiny() -> list[FaceView]:
    """Frames of a few pixels, in which no face was looked for."""
    views = faces(4.0, lambda _: None, Reason.NO_FACE)()
    return [
        replace(view, frame=replace(view.frame, image=np.zeros((1 + k % 5, 3, 3), np.uint8)))
        for k, view in enumerate(views)
    ]


def over_the_edge() -> list[FaceView]:
    """A good face whose box reaches beyond the frame."""
    face = replace(a_face(), box=(-60.0, -40.0, 900.0, 700.0))
    return faces(4.0, lambda _: face)()


def speech(
    seconds: float, active: Callable[[float], bool], loudness: float, lost_s: float = 0.0
) -> Callable[[], list[SpeechView]]:
    """Hops of noise shaped by loudness, with speech where ``active`` says so."""

    def views() -> list[SpeechView]:
        return list(_hops(seconds, active, loudness, lost_s))

    return views


def _hops(
    seconds: float, active: Callable[[float], bool], loudness: float, lost_s: float
) -> Iterator[SpeechView]:
    rng = np.random.default_rng(11)
    samples = round(HOP_S * RATE_HZ)
    for k in range(int(seconds / HOP_S)):
        t = k * HOP_S
        speaks = active(t)
        level = loudness if speaks else loudness * 1e-3
        noise = np.clip(rng.normal(0, max(level, 1e-9), samples), -1, 1).astype(np.float32)
        probability = np.full(samples // 512, 0.95 if speaks else 0.02, np.float32)
        yield SpeechView(
            Span(t, t + HOP_S), noise if loudness else noise * 0, probability, lost_s if k % 8 == 4 else 0
        )


def beside_the_officer() -> list[SpeechView | FarView]:
    """Somebody speaks; the officer's track is there, and speaks in between."""
    near = speech(24.0, lambda t: t % 5 > 1.5, 0.1)()
    far = [
        FarView(view.span, view.samples[::-1] if view.speech[0] < 0.5 else view.samples * 0, 0.0)
        for view in near
    ]
    return [view for pair in zip(far, near, strict=True) for view in pair]


@cache
def coloured_light(told: str) -> tuple[FaceView | Fact, ...]:
    """A challenge that is "followed", "ignored" by the face, or "refused"; facts come 0.3 s late, between the views."""
    plan = flash_plan(b"conformance", 16)
    shown = shown_times(plan, 0.5)
    ignored = Conditions(snr_db=None, fps=FPS)
    conditions = ignored if told == "ignored" else Conditions(snr_db=0.0, drift=0.1, fps=FPS)
    views = list(flash_views(plan, shown, conditions, np.random.default_rng(5)))
    begin = {"event": "begin", "challenge": "c", "seed": b"conformance".hex(), "chips": 16}
    facts = [Fact(0.5, "flash", begin)]
    for k, t in enumerate(shown, start=-1):
        facts.append(Fact(t, "flash", {"event": "show", "challenge": "c", "k": k, "shown_s": t}))
    end = {"event": "end", "challenge": "c", "how": "done", "detail": ""}
    if told == "refused":
        facts, end = [], end | {"how": "refused"}
    facts.append(Fact(shown[-1] + 0.5, "flash", end))
    late = [(fact.t + 0.3, fact) for fact in facts]
    both: list[tuple[float, FaceView | Fact]] = [*((view.t, view) for view in views), *late]
    return tuple(item for _, item in sorted(both, key=lambda pair: pair[0]))


def sunset() -> list[FaceView | Fact]:
    """A good face in a room whose light goes out after twelve seconds, over steady packets."""
    dark = np.full((480, 640, 3), 20, np.uint8)
    views = [
        view if view.t < 12.0 else replace(view, frame=replace(view.frame, image=dark))
        for view in faces(24.0, only())()
    ]
    return sorted([*views, *packets(24.0)], key=lambda item: item.t)


def packets(seconds: float) -> list[Fact]:
    """What the media edge tells of a camera at 30 frames a second, every ten seconds."""
    values = {"video_ticks": [2970, 2970, 3060] * 100, "span_s": 10.0, "kbps": 900.0, "reports": 12}
    unknown = {"video_ppm": None, "audio_ppm": None, "video_error_ppm": None, "audio_error_ppm": None}
    return [Fact(t, "transport", values | unknown) for t in np.arange(10.0, seconds, 10.0).tolist()]


def page(label: str) -> list[Fact]:
    """What a page reports of a camera of this name."""
    camera = {
        "event": "camera",
        "label": label,
        "track_class": "MediaStreamTrack",
        "user_agent": "Chrome/140",
    }
    probe = {
        "height": 480,
        "frame_rate": 30,
        "got_height": 480,
        "got_frame_rate": 30,
        "took_ms": 8,
        "error": "",
    }
    stats: dict[str, Any] = {"event": "stats", "frames_per_second": 30.0, "frames": 300}
    reports: tuple[dict[str, Any], ...] = (
        camera,
        {"event": "probe", "tries": [probe]},
        stats,
        {"event": "visibility", "hidden": True},
    )
    return [Fact(0.1 * k, "page", values) for k, values in enumerate(reports)]


@cache
def arrows() -> tuple[FaceView | Fact, ...]:
    """A head-pose challenge that the head follows; facts come 0.3 s late."""
    plan = pose_plan(b"conformance")
    shown = pose_tracks.shown_times(plan, 1.0)
    habits = pose_tracks.Habits(fps=FPS)
    order = [step.direction for step in plan.steps]
    t, angles = pose_tracks.pose_track(order, shown, habits, np.random.default_rng(6))
    views = [(view.t, view) for view in pose_tracks.pose_views(t, angles, FPS)]
    late = [(fact.t + 0.3, fact) for fact in pose_tracks.pose_facts(b"conformance", shown)]
    both: list[tuple[float, FaceView | Fact]] = [*views, *late]
    return tuple(item for _, item in sorted(both, key=lambda pair: pair[0]))


@cache
def pulse() -> tuple[FaceView, ...]:
    """Skin with a strong pulse before a wall without one, uncoded."""
    scene = rppg_scene.Scene(green=0.01, fps=FPS, duration_s=20.6, scale=0.5)
    frames, places = rppg_scene.pictures(scene, np.random.default_rng(7))
    return tuple(rppg_scene.views(scene, frames, places, None))


@cache
def digits_read(told: str) -> tuple[SpeechView | Fact, ...]:
    """A digits challenge that is answered with bursts of noise; facts come 0.3 s late. "refused": only its end."""
    seed = b"conformance"
    facts = digits_scene.facts(seed) if told == "done" else digits_scene.facts(seed, told)[-1:]
    shown = [float(fact.values["shown_s"]) for fact in facts if "shown_s" in fact.values]
    rng = np.random.default_rng(12)
    sound = rng.normal(0.0, 1e-4, round(24 * HOP_S * RATE_HZ)).astype(np.float32)
    for k, t in enumerate(shown):
        first = round((t + 0.45 + 0.04 * (k % 3)) * RATE_HZ)
        sound[first : first + 5600] += rng.normal(0.0, 0.1, 5600).astype(np.float32)
    loud = np.square(sound.reshape(-1, 512)).mean(axis=1) > 1e-4
    views = [
        SpeechView(
            Span(k * HOP_S, (k + 1) * HOP_S),
            sound[k * 8192 : (k + 1) * 8192],
            np.where(loud[k * 16 : (k + 1) * 16], 0.95, 0.02).astype(np.float32),
            0.0,
        )
        for k in range(24)
    ]
    both: list[tuple[float, SpeechView | Fact]] = [*((view.t, view) for view in views)]
    both += [(fact.t + 0.3, fact) for fact in facts]
    return tuple(item for _, item in sorted(both, key=lambda pair: pair[0]))


@cache
def talking(voice: str) -> tuple[FaceView | Fact, ...]:
    """A face that talks for 24 s and is heard: by its "own" voice, or "over a still mouth"."""
    seconds = 24.0
    t = np.arange(0.0, seconds, 0.04)
    opening = 0.08 * np.abs(np.sin(2 * np.pi * 1.7 * t + 2.0 * np.sin(0.9 * t)))
    views = []
    for k, at in enumerate(t.tolist()):
        face = a_face(width=260.0)
        landmarks = face.landmarks.copy()
        if voice == "own":
            landmarks[17, 1] += 120.0 * opening[k]
        landmarks[[78, 308]] = landmarks[[13, 14]] + np.array([[-40.0, 0, 0], [40.0, 0, 0]], np.float32)
        views.append(FaceView(Frame(at, k, _IMAGES[0]), replace(face, landmarks=landmarks), None, 0, 25.0))
    facts: list[FaceView | Fact] = []
    for start in np.arange(0.0, seconds - HOP_S, HOP_S).tolist():
        steps = start + (np.arange(32) + 0.5) * 0.016
        levels = np.repeat(-60.0 + 400.0 * np.interp(steps, t, opening)[:, np.newaxis], 6, axis=1)
        values: dict[str, Any] = {
            "from_s": start, "to_s": start + HOP_S, "speech_s": HOP_S, "speech": [0.95] * 16,
            "step_s": 0.016, "levels_db": levels.tolist(),
        }  # fmt: skip
        facts.append(Fact(start + HOP_S, "speech", values))
    return tuple(sorted([*views, *facts], key=lambda item: item.t))


@cache
def questions() -> tuple[FaceView | Fact, ...]:
    """Eight questions with spoken answers, 18 s each; every third is to be checked, the others are neutral. Marks come 0.3 s late."""
    asked_every_s, count = 18.0, 8
    views = faces(asked_every_s * count + 4.0, only(), fps=4.0)()
    late: list[tuple[float, Fact]] = []
    for k in range(count):
        role = "probe" if k % 3 == 2 else "baseline"
        values = {"question": f"q{k}", "number": k + 1, "role": role, "event": "asked"}
        late.append((asked_every_s * k + 1.0 + 0.3, Fact(asked_every_s * k + 1.0, "question", values)))
    for start in np.arange(0.0, asked_every_s * count, HOP_S).tolist():
        speaks = 2.0 + 0.3 * (start // asked_every_s) < start % asked_every_s < 17.0 and start % 4.0 > 0.7
        late.append((start + HOP_S, _spoken(start, speaks)))
    both: list[tuple[float, FaceView | Fact]] = [*((view.t, view) for view in views), *late]
    return tuple(item for _, item in sorted(both, key=lambda pair: pair[0]))


def _spoken(start: float, speaks: bool) -> Fact:
    """A hop of speech as the pipeline tells of it: four syllables a second."""
    steps = start + (np.arange(32) + 0.5) * 0.016
    level = -40.0 + 10.0 * np.sin(2 * np.pi * 4.0 * steps) if speaks else np.full(32, -80.0)
    values: dict[str, Any] = {
        "from_s": start, "to_s": start + HOP_S, "speech_s": HOP_S * speaks,
        "speech": [0.95 if speaks else 0.02] * 16,
        "step_s": 0.016, "levels_db": np.repeat(level[:, np.newaxis], 6, axis=1).tolist(),
    }  # fmt: skip
    return Fact(start + HOP_S, "speech", values)


SCENES = {
    "a good face": Scene(FaceView, faces(24.0, only())),
    "a face that comes and goes": Scene(FaceView, faces(12.0, blinks_out, Reason.NO_FACE)),
    "a good face at 5 fps": Scene(FaceView, faces(24.0, only(), fps=5.0)),
    "a face over the edge": Scene(FaceView, over_the_edge),
    "coloured light that the face follows": Scene(FaceView, lambda: coloured_light("followed")),
    "coloured light that the face ignores": Scene(FaceView, lambda: coloured_light("ignored")),
    "coloured light that the applicant refused": Scene(FaceView, lambda: coloured_light("refused")),
    "a good face over steady packets": Scene(
        FaceView, lambda: sorted([*faces(24.0, only())(), *packets(24.0)], key=lambda item: item.t)
    ),
    "a face whose light goes out": Scene(FaceView, sunset),
    "a page with a webcam": Scene(Fact, lambda: page("Integrated Camera (04f2:b6d0)")),
    "a page with a virtual camera": Scene(Fact, lambda: [*page("OBS Virtual Camera"), *packets(24.0)]),
    "a page that says nothing": Scene(Fact, lambda: packets(24.0)),
    "a page that is only hidden": Scene(
        Fact, lambda: [Fact(t, "page", {"event": "visibility", "hidden": True}) for t in (1.0, 9.0, 18.0)]
    ),
    "arrows that the head follows": Scene(FaceView, arrows),
    "skin with a pulse": Scene(FaceView, pulse),
    "a mouth that speaks": Scene(FaceView, lambda: talking("own")),
    "a voice over a still mouth": Scene(FaceView, lambda: talking("over a still mouth")),
    "questions with spoken answers": Scene(FaceView, questions),
    "no face": Scene(FaceView, faces(5.0, lambda _: None, Reason.NO_FACE)),
    "several faces": Scene(FaceView, faces(5.0, lambda _: None, Reason.SEVERAL_FACES)),
    "tiny frames": Scene(FaceView, tiny),
    "a tiny face": Scene(FaceView, faces(5.0, only(quality=replace(GOOD, inter_ocular_px=3.0)))),
    "somebody speaks": Scene(SpeechView, speech(24.0, lambda t: t % 5 > 1.5, 0.1)),
    "somebody speaks over a bad line": Scene(
        SpeechView, speech(24.0, lambda t: t % 5 > 1.5, 0.1, lost_s=0.3)
    ),
    "somebody speaks beside the officer": Scene(SpeechView, beside_the_officer),
    "silence": Scene(SpeechView, speech(24.0, lambda _: False, 0.0)),
    "background noise": Scene(SpeechView, speech(24.0, lambda _: False, 0.05)),
    "digits that are answered": Scene(SpeechView, lambda: digits_read("done")),
    "digits that the applicant refused": Scene(SpeechView, lambda: digits_read("refused")),
    "a single word": Scene(SpeechView, speech(24.0, lambda t: 5.0 < t < 5.6, 0.1)),
}
ABSENCES = (
    "no face",
    "several faces",
    "tiny frames",
    "silence",
    "background noise",
    "a page that is only hidden",
)
"""Where no detector of today has anything to measure. "a tiny face" is not among them: some need only that one is there."""
