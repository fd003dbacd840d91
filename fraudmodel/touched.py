"""Which frauds a signal is meant to see: those that teach its calibration.

An attack that a signal is blind to says nothing of what its score is worth, and would only flatten its calibration for all others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from fraudmodel.fusion import Fusion
from fraudmodel.fusion_rows import expert_of
from fraudmodel.interview_table import InterviewRow
from fraudmodel.signals import SignalKind

Touched = Callable[[SignalKind, InterviewRow], bool]

SPECIES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "face_match": frozenset({"impostor", "impostor_seen"}),
        "voice_match": frozenset(
            {
                "impostor",
                "impostor_heard",
                "print",
                "cut_out",
                "mesh_mask",
                "face_swap",
                "reenactment",
                "looped_video",
                "voice_tts",
            }
        ),
        "face_continuity": frozenset({"person_switch"}),
        "voice_continuity": frozenset({"person_switch", "voice_switch"}),
        "second_voice": frozenset({"voice_mixed"}),
        "voice_over": frozenset(
            {"print", "looped_video", "looped_video_cloned", "impostor_heard", "injected_still_cloned"}
        ),
        "av_sync": frozenset(
            {
                "voice_tts",
                "voice_replay",
                "impostor_heard",
                "print",
                "looped_video",
                "looped_video_cloned",
                "injected_still_cloned",
                "lcd_replay_cloned",
                "session_replay_cloned",
                "virtual_transcode_cloned",
                "lip_retime_cloned",
            }
        ),
        "voice_pad": frozenset({"voice_tts", "voice_vocoder", "voice_conversion", "voice_replay"}),
    }
)
"""Signals that see some ways only of what their families hold, by the lab's species. Where a table has none of them, its families count."""
BLIND: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {"flash_challenge": frozenset({"print", "cut_out", "mesh_mask", "relight"})}
)
"""Species that a signal is not meant to see within its families: paper and masks take a challenge's light as skin does, and how common software
is that relights a face is an assumption of the detector, not a count of renders."""


def touched_by(fusion: Fusion, species: frozenset[str]) -> Touched:
    """Whether a fraud teaches a signal: by `SPECIES` where the table has any of them (``species``), else by the families that weigh it most."""
    families = families_seen(fusion)

    def touched(kind: SignalKind, row: InterviewRow) -> bool:
        if some := SPECIES.get(kind, frozenset()) & species:
            return row.species in some
        return row.family in families.get(kind, frozenset()) and row.species not in BLIND.get(kind, ())

    return touched


def families_seen(fusion: Fusion) -> Mapping[SignalKind, frozenset[str]]:
    """The families of fraud that each signal is meant to see: those that the expert has weigh it most, whatever was learnt since."""
    components = expert_of(fusion).components
    most: dict[SignalKind, float] = {}
    for component in components:
        for kind, weight in component.weights.items():
            most[kind] = max(most.get(kind, 0.0), weight)
    return {
        kind: frozenset(c.family for c in components if 0.0 < c.weights.get(kind, 0.0) >= weight)
        for kind, weight in most.items()
    }
