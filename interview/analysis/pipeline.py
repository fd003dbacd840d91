"""One session: feed items in; readings, assessments and faults out.

The same items give the same outputs, to the bit. Nothing here knows a clock, a path, a thread or the network: live
sessions, recordings and re-runs all pass through this one class.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from biometrics.av.mouth import seen
from biometrics.media import AudioChunk, Frame
from biometrics.micro.told import told
from biometrics.views import FaceView, FarView, SpeechView, View
from biometrics.voice.meter import SpeechMeter
from biometrics.voice.perception import heard
from biometrics.voice.prosody import spoken_pitch
from fraudmodel.signals import Absent, Abstention, Reading, Reason, SignalKind, Span
from interview.analysis.cadence import Cadence
from interview.analysis.decode import AudioDecoder, UndecodableError, VideoDecoder
from interview.analysis.panel import Finding, Panel, message_of
from interview.analysis.protocol import AnalysisSpec, Fault, Output, Resume
from interview.analysis.senses import Assessor, FaceSense, Parts, SpeechSense
from interview.media.journal import FeedItem, Level, Restarted, Told
from interview.media.packets import Kind, Packet
from models.errors import ModelError

log = logging.getLogger(__name__)

ASSESS_EVERY_S = 0.5
METER_EVERY = 2
"""With every second assessment it is said how much speech was heard, where that has changed."""
SILENT_AFTER_S = 3.0
"""A track that gave nothing for this long of the session's media is reported as missing."""

_VIEW: dict[Kind, type[View]] = {"video": FaceView, "audio": SpeechView}
_MISSING: dict[Kind, Reason] = {"video": Reason.NO_VIDEO, "audio": Reason.NO_AUDIO}
_STAGE: dict[Kind, SignalKind] = {
    "video": SignalKind("face_perception"),
    "audio": SignalKind("speech_perception"),
}

_FAR_STAGE = SignalKind("far_sound")

Watch = Callable[[View], None]
"""Called with every view, for reports and measurements. It must not change it."""


class Pipeline:
    """Analyses one session, from one thread.

    ``resume`` carries what an earlier, lost pipeline of the session had given: its readings still count, and the
    assessments go on after the last one. With a ``watch``, all that the applicant agreed to is perceived, even what no
    detector reads. Raises what ``parts.assessor`` raises.
    """

    def __init__(
        self, spec: AnalysisSpec, parts: Parts, resume: Resume | None = None, watch: Watch | None = None
    ) -> None:
        resume = resume or Resume()
        self._spec = spec
        self._parts = parts
        self._watch = watch
        self._assessed = resume.assessed
        self._metered = resume.speech
        self._face: FaceSense | None = None
        self._speech: SpeechSense | None = None
        self._begin()
        self._assessor: Assessor = parts.assessor(spec, self._panel.expected)
        for reading in resume.readings:
            self._count(reading)
        if resume.sequential is not None:
            self._assessor.go_on(resume.sequential)

    def feed(self, item: FeedItem) -> list[Output]:
        """Take one item; give what became ready, in a fixed order: readings and faults, then at most one meter and one assessment."""
        match item:
            case Level(level):
                self._fresh = False
                self._cadence.level = level
                return []
            case Restarted():
                return self._restart()
            case Told():
                self._fresh = False
                return self._recorded(self._panel.learn(item.fact))
            case Packet(kind="far"):
                return self._overhear(item)
            case Packet():
                return self._take(item)

    def finish(self) -> list[Output]:
        """End of media: what was held back, then the last assessment. Nothing may be fed afterwards."""
        outputs = self._recorded(self._last_findings())
        outputs += self._measured(max(self._media_s, self._assessed * ASSESS_EVERY_S))
        outputs.append(self._assessor.assess(max(self._media_s, self._assessed * ASSESS_EVERY_S)))
        self.close()
        return outputs

    def undecoded(self) -> dict[Kind, int]:
        """How many packets of each kind could not be decoded so far."""
        return {"video": self._video.refused, "audio": self._audio.refused}

    def warm(self) -> None:
        """Open perception before the first packet, so that a live session does not begin behind. Optional."""
        try:
            if self._wanted(FaceView):
                self._face = self._face or self._parts.face(self._parts.hub)
            if self._wanted(SpeechView):
                self._speech = self._speech or self._parts.speech(self._parts.hub)
        except Exception as error:  # noqa: BLE001 - it fails again at the first frame, and is reported there
            log.warning("perception could not be opened ahead: %s", message_of(error))

    def close(self) -> None:
        """Give up what perception holds. Idempotent; `finish` does it too."""
        if self._face is not None:
            self._face.close()
        self._face = None
        self._speech = None

    def _begin(self) -> None:
        self._panel = Panel(self._spec, self._parts.hub, self._parts.detectors)
        self._cadence = Cadence()
        self._video = VideoDecoder(self._cadence.due)
        self._audio = AudioDecoder()
        self._far = AudioDecoder()
        self._meter = SpeechMeter(self._metered)
        self._metering = False
        self._media_s = 0.0
        self._perceived_to: dict[Kind, float] = {}
        self._silent_since: dict[Kind, float] = {}
        self._faults: list[Finding] = list(self._panel.faults)
        self._fresh = True

    def _restart(self) -> list[Output]:
        if not self._fresh:
            self.close()
            self._begin()
        return []

    def _take(self, packet: Packet) -> list[Output]:
        self._fresh = False
        if not self._silent_since:
            self._silent_since = {"video": max(packet.t, 0.0), "audio": max(packet.t, 0.0)}
        findings = self._faults
        self._faults = []
        findings += self._perceive(packet)
        self._media_s = max(self._media_s, packet.t)
        findings += self._silences()
        outputs = self._recorded(findings)
        due = int(self._media_s / ASSESS_EVERY_S)
        if due > self._assessed:
            self._assessed = due
            if due % METER_EVERY == 0:
                outputs += self._measured(due * ASSESS_EVERY_S)
            outputs.append(self._assessor.assess(due * ASSESS_EVERY_S))
        return outputs

    def _overhear(self, packet: Packet) -> list[Output]:
        """The officer's sound: no time passes with it, nothing is assessed for it, and without anybody to hear it it is not decoded."""
        self._fresh = False
        if not self._panel.far_kinds():
            return []
        return self._recorded(self._overheard(packet))

    def _overheard(self, packet: Packet) -> Iterator[Finding]:
        try:
            for chunk in self._far.feed(packet):
                yield from self._panel.overhear(
                    FarView(Span(chunk.t, chunk.end), chunk.samples, chunk.lost_s)
                )
        except UndecodableError as error:
            yield from self._panel.deafen(max(packet.t, 0.0), Reason.NO_OFFICER_TRACK, str(error))
        except Exception as error:
            log.exception("the officer's sound failed at %.3f s of media", packet.t)
            yield Fault(_FAR_STAGE, packet.t, message_of(error))
            yield from self._panel.deafen(max(packet.t, 0.0), Reason.DETECTOR_FAILED, type(error).__name__)

    def _recorded(self, findings: Iterable[Finding]) -> list[Output]:
        outputs: list[Output] = []
        for finding in findings:
            if not isinstance(finding, Fault):
                self._count(finding)
            outputs.append(finding)
        return outputs

    def _count(self, reading: Reading) -> None:
        """A detector that failed says nothing from then on, not even what it had measured before."""
        self._assessor.add(reading)
        if isinstance(reading, Abstention) and reading.reason is Reason.DETECTOR_FAILED:
            self._assessor.withdraw(reading.kind, Absent(reading.reason, reading.detail))

    def _perceive(self, packet: Packet) -> Iterator[Finding]:
        if not self._wanted(_VIEW[packet.kind]):
            return
        if packet.kind == "video":
            yield from self._guarded("video", packet.t, self._seen(self._video.feed(packet)))
        else:
            yield from self._guarded("audio", packet.t, self._heard(self._audio.feed(packet)))

    def _wanted(self, view: type[View]) -> bool:
        return self._panel.watches(view) or (self._watch is not None and self._panel.may_watch(view))

    def _guarded(self, kind: Kind, t: float, findings: Iterator[Finding]) -> Iterator[Finding]:
        """Pass on what a stage finds; where the stage cannot go on, say why, and stop what reads from it."""
        try:
            yield from findings
        except UndecodableError as error:
            yield from self._stop(kind, t, _MISSING[kind], str(error))
        except ModelError as error:
            yield from self._stop(kind, t, Reason.MODEL_NOT_INSTALLED, str(error))
        except Exception as error:
            log.exception("%s failed at %.3f s of media", _STAGE[kind], t)
            yield Fault(_STAGE[kind], t, message_of(error))
            yield from self._stop(kind, t, Reason.DETECTOR_FAILED, type(error).__name__)

    def _seen(self, frames: Iterable[Frame]) -> Iterator[Finding]:
        for frame in frames:
            if self._face is None:
                self._face = self._parts.face(self._parts.hub)
            yield from self._show("video", self._face.observe(frame))

    def _heard(self, chunks: Iterable[AudioChunk]) -> Iterator[Finding]:
        for chunk in chunks:
            if self._speech is None:
                self._speech = self._parts.speech(self._parts.hub)
            for view in self._speech.feed(chunk):
                yield from self._show("audio", view)

    def _ended(self) -> Iterator[Finding]:
        yield from self._heard(self._audio.finish())
        if self._speech is not None:
            for view in self._speech.finish():
                yield from self._show("audio", view)

    def _show(self, kind: Kind, view: FaceView | SpeechView) -> Iterator[Finding]:
        self._perceived_to[kind] = self._silent_since[kind] = view.t
        if self._watch is not None:
            self._watch(view)
        findings = list(self._panel.observe(view))
        yield from findings
        yield from self._passed_on(findings)
        if isinstance(view, SpeechView):
            self._meter.push(view)
            self._metering = True
            yield from self._panel.learn(heard(view))
            if self._panel.wants("prosody"):
                yield from self._panel.learn(spoken_pitch(view))
        elif self._panel.wants("mouth"):
            yield from self._panel.learn(seen(view))

    def _passed_on(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Tell who wants to know which movements of the face were found, once every detector has seen the view."""
        if not self._panel.wants("movement"):
            return
        for finding in findings:
            for fact in () if isinstance(finding, Fault) else told(finding):
                yield from self._panel.learn(fact)

    def _measured(self, t: float) -> list[Output]:
        """The meter of speech at ``t``, where it shows something new."""
        now = self._meter.heard(t)
        before = self._metered
        if not self._metering or (before is not None and replace(now, t=before.t) == before):
            return []
        self._metered = now
        return [now]

    def _stop(self, kind: Kind, t: float, reason: Reason, detail: str) -> Iterator[Finding]:
        yield from self._panel.blind(_VIEW[kind], max(t, 0.0), reason, detail)

    def _silences(self, at_end: bool = False) -> Iterator[Finding]:
        """Tracks that have given nothing for a while, so that absence has its reason and not just no reading."""
        for kind, since in self._silent_since.items():
            never = at_end and kind not in self._perceived_to
            if self._media_s > since and (never or self._media_s - since > SILENT_AFTER_S):
                self._silent_since[kind] = self._media_s
                for signal in self._panel.kinds(_VIEW[kind]):
                    yield Abstention(signal, Span(since, self._media_s), _MISSING[kind])

    def _last_findings(self) -> Iterator[Finding]:
        yield from self._faults
        yield from self._guarded("video", self._media_s, self._seen(self._video.finish()))
        yield from self._guarded("audio", self._media_s, self._ended())
        yield from self._silences(at_end=True)
        for finding in self._panel.finish(self._media_s, last="movement"):
            yield finding
            yield from self._passed_on([finding])
