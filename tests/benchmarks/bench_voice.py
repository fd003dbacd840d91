"""CPU cost of everything that listens, each detector alone and all together, at the default cadence.

    python -m tests.benchmarks.bench_voice FOLDER [--json]

FOLDER holds a sub-folder of speech for each speaker: a call is simulated of the first two, at 24 kbit/s both ways. Every figure is ms
of one core per second of that call, on one thread, over the perception that all share; challenges are idle. Of two runs the cheaper counts.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from biometrics.evaluation.room_scene import Call, Plan, make_call
from biometrics.evaluation.second_voice_trials import read_speakers
from biometrics.media import AudioChunk
from biometrics.template import Template
from biometrics.views import FarView, SpeechView
from biometrics.voice.features import SAMPLE_RATE_HZ
from biometrics.voice.perception import SpeechPerception
from fraudmodel.signals import Span
from models.hub import ModelHub
from models.local_hub import LocalHub
from tests.benchmarks.making import Make, Running, makers

TARGET_MS = 80.0
RUNS = 2
PACKET = 320
ENCODER, DIMENSIONS = "campplus", 192
Heard = SpeechView | FarView


def packets(call: Call) -> Iterator[tuple[AudioChunk, FarView]]:
    """20 ms of the applicant's sound, and of the officer's."""
    for start in range(0, min(len(call.near), len(call.far)) - PACKET, PACKET):
        t, place = start / SAMPLE_RATE_HZ, slice(start, start + PACKET)
        span = Span(t, t + PACKET / SAMPLE_RATE_HZ)
        yield (
            AudioChunk(t, call.near[place], SAMPLE_RATE_HZ),
            FarView(span, np.asarray(call.far[place]), 0.0),
        )


def perceive(call: Call, hub: ModelHub) -> tuple[list[Heard], float]:
    """What detectors are shown, and the perception's CPU time, s."""
    given = list(packets(call))
    perception, shown = SpeechPerception(hub), list[Heard]()
    started = process_time()
    for near, far in given:
        shown += [*perception.feed(near), far]
    shown += perception.finish()
    return shown, process_time() - started


def detectors(hub: ModelHub, absent: dict[str, str]) -> dict[str, Make]:
    """What makes each detector that reads speech, with somebody's reference to compare with."""
    vector = np.random.default_rng(0).standard_normal(DIMENSIONS).astype(np.float32)
    nobody = Template("voice", vector / np.linalg.norm(vector), str(hub.get(ENCODER).id))
    return makers(hub, lambda spec: spec.view is SpeechView, absent, {"voice": nobody})


def cost_s(makers: Sequence[Make], shown: Sequence[Heard]) -> float:
    """CPU time, s, that these detectors need for the call."""
    return min(_once([make() for make in makers], shown) for _ in range(RUNS))


def _once(listening: Sequence[Running], shown: Sequence[Heard]) -> float:
    given = [_fresh(view) for view in shown]
    start = process_time()
    for view in given:
        for spec, detector in listening:
            if isinstance(view, SpeechView) or spec.hears_far:
                list(detector.observe(view))
    for _, detector in listening:
        list(detector.finish())
    return process_time() - start


def _fresh(view: Heard) -> Heard:
    """The view as perception gives it: what detectors share of an earlier run goes with the old one."""
    return replace(view) if isinstance(view, SpeechView) else view


def measure(folder: Path, hub: ModelHub) -> dict[str, Any]:
    """Every figure of one call."""
    (name, answers), (_, questions), *_ = read_speakers(folder).items()
    call = make_call(answers, questions, [], Plan(echo_db=-15.0))
    seconds = len(call.near) / SAMPLE_RATE_HZ
    shown, perceived_s = perceive(call, hub)
    absent: dict[str, str] = {}
    makers = detectors(hub, absent)
    alone = {kind: 1000.0 * cost_s([make], shown) / seconds for kind, make in makers.items()}
    together = 1000.0 * cost_s(list(makers.values()), shown) / seconds
    perception = 1000.0 * perceived_s / seconds
    return {
        "speaker": name,
        "seconds": round(seconds, 1),
        "speech_s": round(sum(span.duration_s for span in call.applicant), 1),
        "perception_ms_per_s": round(perception, 1),
        "alone_ms_per_s": {kind: round(cost, 1) for kind, cost in alone.items()},
        "audio_ms_per_s": round(perception + together, 1),
        "target_ms_per_s": TARGET_MS,
        "absent": absent,
    }


def main() -> None:
    """Print the figures; with --json one JSON object last."""
    named = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("-")]
    if len(named) != 1:
        sys.exit("name one folder that holds a sub-folder of speech for each speaker")
    with LocalHub() as hub:
        result = measure(named[0], hub)
    sys.stdout.write(
        f"CPU ms per second of a call of {result['seconds']} s, {result['speech_s']} s of it speech\n"
    )
    rows = {"(perception, shared)": result["perception_ms_per_s"], **result["alone_ms_per_s"]}
    rows[f"together (target {TARGET_MS:.0f})"] = result["audio_ms_per_s"]
    for name, cost in rows.items():
        sys.stdout.write(f"{name:24} {cost:7.1f}\n")
    for kind, why in result["absent"].items():
        sys.stdout.write(f"{kind}: {why}\n")
    if "--json" in sys.argv:
        sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
