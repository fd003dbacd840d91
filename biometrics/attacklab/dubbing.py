"""Speakers of a folder of speech, each with the picture of a take: voices for species of the voice, where the takes have too few.

The picture says nothing of whose voice it is, and does not move with it, in bona fide renders and in attacks alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson

from biometrics.attacklab.sources import AUDIO_HZ, VOICES, entries
from biometrics.errors import EvaluationError
from biometrics.evaluation.audio import SUFFIXES, read_audio
from biometrics.voice.features import Samples

LONGEST_S: Final = 90.0
LEAST_S: Final = 15.0
"""Of each speaker's recordings: a render, and something else of the same voice."""


def dub(speech: Path, folder: Path) -> list[str]:
    """Prepare every speaker of ``speech``, one sub-folder each at any depth, beside the takes of ``folder``.

    Gives a sentence for each who has too little speech. Raises EvaluationError where nobody is left, or no take is there.
    """
    takes = [entry for entry in entries(folder) if entry["frames"] > 1]
    if not takes:
        raise EvaluationError(
            f"{folder}: there is no video among the sources, and speech needs one to go with"
        )
    found: list[dict[str, Any]] = []
    refused: list[str] = []
    for name, files in speakers(speech).items():
        samples = _joined(files)
        if len(samples) < LEAST_S * AUDIO_HZ:
            refused.append(
                f"{name}: {len(samples) / AUDIO_HZ:.0f} s of speech are too little, {LEAST_S:g} s are needed."
            )
            continue
        source = f"speech-{name}"
        np.save(folder / f"{source}.audio.npy", samples)
        take = takes[len(found) % len(takes)]
        found.append({**take, "source": source, "subject": name, "shown": take["source"], "audio": True})
    if not found:
        raise EvaluationError(
            f"{speech}: no sub-folder in it has {LEAST_S:g} s of speech ({', '.join(sorted(SUFFIXES))})"
        )
    _write(folder / VOICES, found)
    return refused


def speakers(speech: Path) -> Mapping[str, Sequence[Path]]:
    """The files of each, named by their folder, as `candor evaluate voice` names them. Raises EvaluationError where there are none."""
    if not speech.is_dir():
        raise EvaluationError(f"{speech}: there is no such folder of speech")
    files: dict[str, list[Path]] = {}
    for path in sorted(speech.rglob("*")):
        if path.suffix.lower() in SUFFIXES:
            files.setdefault(path.parent.name, []).append(path)
    if not files:
        raise EvaluationError(f"{speech}: there is no recording in it ({', '.join(sorted(SUFFIXES))})")
    return dict(sorted(files.items()))


def undub(folder: Path) -> None:
    """Forget the speakers of an earlier run."""
    (folder / VOICES).unlink(missing_ok=True)


def _joined(files: Sequence[Path]) -> Samples:
    parts: list[Samples] = []
    for path in files:
        if sum(map(len, parts)) >= LONGEST_S * AUDIO_HZ:
            break
        parts.append(read_audio(path))
    return np.concatenate(parts)[: round(LONGEST_S * AUDIO_HZ)]


def _write(path: Path, found: list[dict[str, Any]]) -> None:
    partial = path.with_suffix(".part")
    partial.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2))
    partial.replace(path)
