"""Audio in, hops of audio with their speech activity out: computed once for every detector that listens."""

from __future__ import annotations

import numpy as np

from biometrics.media import AudioChunk
from biometrics.views import Fact, SpeechView
from biometrics.voice import envelope
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples, warm_up
from biometrics.voice.segments import SPEECH
from biometrics.voice.vad import VAD_FRAME, VoiceActivity
from fraudmodel.signals import Span
from models.hub import ModelHub

HOP = 16 * VAD_FRAME
"""Samples per view: 0.512 s, unless a gap or the end cuts it short."""
STEP_S = 0.02
"""A chunk that starts this much beside the end of the one before is a step of the clock: less is rounding."""
RESET_S = 0.5
"""After a gap of this length the voice activity starts afresh; over a shorter one, a lost packet, it carries on."""


class SpeechPerception:
    """Listens to one session, from one thread, in order of media time.

    Takes 16 kHz mono chunks of any length. Views never overlap and never bridge a gap: what was heard before it
    becomes a shorter view, the view after it says ``lost_s``. The rest of less than 32 ms that is too short to judge
    before a gap counts as lost with it.
    """

    def __init__(self, hub: ModelHub) -> None:
        warm_up()
        self._activity = VoiceActivity(hub.get("silero_vad"))
        self._pending: list[Samples] = []
        self._length = 0
        self._start = 0.0
        self._lost_s = 0.0
        self._heard = False

    @property
    def _end(self) -> float:
        return self._start + self._length / SAMPLE_RATE_HZ

    def feed(self, chunk: AudioChunk) -> list[SpeechView]:
        """Take a chunk; give the views that became whole. Raises ValueError unless it is 16 kHz mono."""
        if chunk.sample_rate != SAMPLE_RATE_HZ or chunk.samples.ndim != 1:
            raise ValueError(
                f"speech perception takes {SAMPLE_RATE_HZ} Hz mono, got {chunk.sample_rate} Hz {chunk.samples.shape}"
            )
        views = self._join(chunk)
        samples = self._after_what_was_heard(chunk)
        if len(samples):
            self._pending.append(samples)
            self._length += len(samples)
        while self._length >= HOP:
            views.append(self._cut(HOP))
        return views

    def finish(self) -> list[SpeechView]:
        """End of media: the last view. A rest of less than 32 ms is too short to judge and is left out."""
        return self._flush()

    def _join(self, chunk: AudioChunk) -> list[SpeechView]:
        """Close the stretch before a gap, and start the one after it at the chunk's own time."""
        step_s = chunk.t - self._end if self._heard else 0.0
        lost_s = max(chunk.lost_s, step_s if step_s > STEP_S else 0.0)
        if self._heard and lost_s <= 0:
            return []
        views = self._flush()
        rest_s = self._length / SAMPLE_RATE_HZ
        self._pending, self._length = [], 0
        self._start = chunk.t if not self._heard else max(chunk.t, self._start + rest_s)
        self._lost_s += lost_s + rest_s
        if lost_s >= RESET_S:
            self._activity.reset()
        self._heard = True
        return views

    def _after_what_was_heard(self, chunk: AudioChunk) -> Samples:
        """Leave out what a backward step of the clock would put on top of samples that were heard already."""
        overlap_s = self._end - chunk.t
        if overlap_s <= STEP_S:
            return chunk.samples
        return chunk.samples[round(overlap_s * SAMPLE_RATE_HZ) :]

    def _flush(self) -> list[SpeechView]:
        whole = self._length // VAD_FRAME * VAD_FRAME
        return [self._cut(whole)] if whole else []

    def _cut(self, length: int) -> SpeechView:
        samples = np.concatenate(self._pending)
        hop, rest = samples[:length], samples[length:]
        start = self._start
        self._pending, self._length = [rest], len(rest)
        self._start = start + length / SAMPLE_RATE_HZ
        lost_s, self._lost_s = self._lost_s, 0.0
        return SpeechView(Span(start, self._start), samples=hop, speech=self._activity(hop), lost_s=lost_s)


def heard(view: SpeechView) -> Fact:
    """What detectors of the face are told of a hop, topic "speech", as plain JSON.

    ``from_s``, ``to_s``, and ``speech_s`` of it spoken; ``speech`` the probability of speech in each 32 ms; ``levels_db`` how
    loud each band of `voice.envelope` is in each ``step_s``: enough to compare with a mouth, too little to know a voice by.
    """
    spoken = float((view.speech >= SPEECH).sum()) * VAD_FRAME / SAMPLE_RATE_HZ
    values = {
        "from_s": view.span.start,
        "to_s": view.span.end,
        "speech_s": round(spoken, 3),
        "speech": np.round(view.speech.astype(np.float64), 3).tolist(),
        "step_s": envelope.STEP_S,
        "levels_db": np.round(envelope.levels_db(view.samples), 1).tolist(),
    }
    return Fact(view.t, "speech", values)
