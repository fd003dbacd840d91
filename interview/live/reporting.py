"""An interview's report out of its record: what was stored, and the faces that its evidence points at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from fraudmodel.signals import Observation
from interview.analysis.observer import Crop, Observer
from interview.analysis.protocol import Output
from interview.analysis.report.render import Language, ModelUsed, observed, render
from interview.analysis.report.words import CONSENTS, OUTCOMES, Shown, Words
from interview.analysis.senses import Parts
from interview.analysis.showing import movements_shown
from interview.consent import PARTS
from interview.media.recording import MediaInfo, probe
from interview.questions.spans import AnswerSpan
from interview.store.records import SessionRecord
from models.manifest import Manifest

_FACES: Final = 6
_FACE_PX: Final = 192
_GONE: Final = "not among the models here now · 现已不在本机模型之中"


@dataclass(frozen=True, slots=True)
class Report:
    """A job: the page in ``language``. ``models`` as ``name@sha256[:8]``; ``facts`` rows for its first table; ``answers``
    when the questions were answered."""

    title: str
    recording: Path
    outputs: tuple[Output, ...]
    models: tuple[str, ...]
    made_at: datetime
    version: str
    language: Language
    facts: tuple[tuple[Words, Shown], ...] = ()
    answers: tuple[AnswerSpan, ...] = ()

    def __call__(self, parts: Parts, /) -> str:
        observer = Observer()
        observer.outputs(self.outputs)
        info = probe(self.recording)
        report = observed(
            observer,
            title=self.title,
            made_at=self.made_at,
            version=self.version,
            duration_s=info.duration_s or 0.0,
            video=_video(info),
            audio=_audio(info),
            models=models_used(self.models, parts.manifest),
            facts=self.facts,
            faces=faces_of(self.recording, self.outputs),
            movements=movements_shown(observer.movements(), self.recording, parts, self.answers),
        )
        return render(report, self.language)


def facts_of(record: SessionRecord) -> tuple[tuple[Words, Shown], ...]:
    """What the first table says of the interview: its number, product, people, times, consent and decision."""
    progress = record.progress
    facts: list[tuple[Words, Shown]] = [
        (Words("Interview", "面谈编号"), record.id),
        (Words("Product", "产品"), record.product),
        (Words("Customer manager", "客户经理"), record.officer_name),
    ]
    if progress.started_at is not None:
        facts.append((Words("Began", "开始时间"), f"{progress.started_at:%Y-%m-%d %H:%M:%S} UTC"))
    if progress.consent is not None:
        parts = [CONSENTS[each] for each in PARTS if each in progress.consent.parts]
        given = Words(", ".join(each.en for each in parts), "、".join(each.zh for each in parts))
        facts.append((Words("Consented to", "已授权"), given))
    if progress.decision is not None:
        outcome, reason = OUTCOMES[progress.decision.outcome.value], progress.decision.reason
        decided = Words(f"{outcome.en}: {reason}", f"{outcome.zh}：{reason}")
        facts.append((Words("Decision", "决定"), decided))
    if record.simulated:
        facts.append((Words("Simulated", "模拟"), Words("the applicant is no person", "申请人并非真人")))
    return tuple(facts)


def models_used(named: Iterable[str], manifest: Manifest) -> list[ModelUsed]:
    """Models named as observations name them, several joined by ``+``: those of the manifest, and of what ships where other weights
    have taken their places. Weights of a known model that are neither are named without a licence."""
    known = {
        f"{entry.name}@{entry.sha256[:8]}": entry
        for entry in (*manifest.entries.values(), *Manifest.default().entries.values())
    }
    wanted = {part for name in named for part in name.split("+")}
    gone = sorted(part for part in wanted - known.keys() if part.partition("@")[0] in manifest.entries)
    return [
        ModelUsed(entry.name, entry.version, entry.sha256, entry.licence, entry.use)
        for name, entry in known.items()
        if name in wanted
    ] + [ModelUsed(name, "", sha256, _GONE, "") for name, _, sha256 in (part.partition("@") for part in gone)]


def faces_of(recording: Path, outputs: Iterable[Output]) -> list[Crop]:
    """A few faces that observations point at, the best of each stretch of the recording, in order of time."""
    seen = [
        each for each in outputs if isinstance(each, Observation) and any(ref.box for ref in each.evidence)
    ]
    chosen = _spread(seen)
    return [crop for each in chosen if (crop := _crop(recording, each)) is not None]


def _spread(observations: Sequence[Observation]) -> list[Observation]:
    if not observations:
        return []
    end = max(each.span.end for each in observations) or 1.0
    best: dict[int, Observation] = {}
    for each in observations:
        stretch = min(int(each.span.end / end * _FACES), _FACES - 1)
        if stretch not in best or each.quality > best[stretch].quality:
            best[stretch] = each
    return [best[stretch] for stretch in sorted(best)]


def _crop(recording: Path, observation: Observation) -> Crop | None:
    box = next(ref.box for ref in observation.evidence if ref.box)
    t = observation.span.end
    image = frame_at(recording, t)
    if image is None:
        return None
    height, width = image.shape[:2]
    left, top = max(0, int(box[0] * width)), max(0, int(box[1] * height))
    right, bottom = int((box[0] + box[2]) * width), int((box[1] + box[3]) * height)
    part = image[top : max(bottom, top + 1), left : max(right, left + 1)]
    if part.size == 0:
        return None
    square = cv2.resize(part, (_FACE_PX, _FACE_PX), interpolation=cv2.INTER_AREA)
    return Crop(t, np.asarray(square, dtype=np.uint8), observation.quality)


def frame_at(recording: Path, t: float) -> NDArray[np.uint8] | None:
    """The first frame at or after ``t`` s of media, (H, W, 3) uint8 BGR; None past the end and where none can be read."""
    with suppress(av.error.FFmpegError), av.open(str(recording), mode="r") as container:
        if not container.streams.video:
            return None
        container.seek(int(t * av.time_base))
        for frame in container.decode(video=0):
            if frame.time is not None and frame.time >= t - 1e-3:
                return np.asarray(frame.to_ndarray(format="bgr24"), dtype=np.uint8)
    return None


def _video(info: MediaInfo) -> str:
    return f"{info.video.codec} {info.video.width_px}x{info.video.height_px}" if info.video else ""


def _audio(info: MediaInfo) -> str:
    return f"{info.audio.codec} {info.audio.sample_rate_hz} Hz" if info.audio else ""
