"""Which kinds of interviews there are: what is seen, what is heard, which family of fraud that is, and what may be missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

FraudFamily = Literal["bona_fide", "presentation", "injected", "replay", "voice_attack", "impostor"]
"""As the fraud model's mixture has them."""
Pictures = Literal[
    "live", "print", "cut_out", "mesh_mask", "lcd_replay", "phone_replay",
    "injected_still", "virtual_transcode", "face_swap", "reenactment", "lip_retime", "relight",
    "looped_video", "session_replay", "challenge_replay", "person_switch",
]  # fmt: skip
"""A species of the lab, or ``live``: somebody before a camera."""
Sounds = Literal["own", "other", "switch", "replay", "tts", "vocoder", "conversion", "mixed"]
"""``own`` words in the applicant's voice, from whoever has it; ``other`` somebody else's; ``switch`` from one to the other; the rest are
species of the voice."""

BY_CAMERA: Final = frozenset(
    {"live", "print", "cut_out", "mesh_mask", "lcd_replay", "phone_replay", "person_switch"}
)
"""What stands before a camera; everything else comes from a virtual one."""
STILL: Final = frozenset({"print", "cut_out", "mesh_mask", "injected_still", "face_swap", "reenactment"})
"""What an attacker can make of photos alone."""


_MOVED_BY_OTHER: Final = frozenset({"mesh_mask", "cut_out", "face_swap", "reenactment", "person_switch"})


@dataclass(frozen=True, slots=True)
class Scenario:
    """One kind. ``name`` is the table's species. ``seen`` whose face is live; ``follows`` whether the lips that are seen go with what is heard."""

    name: str
    family: FraudFamily
    pictures: Pictures = "live"
    sound: Sounds = "own"
    seen: Literal["own", "other"] = "own"
    follows: bool = True

    @property
    def fraud(self) -> bool:
        return self.family != "bona_fide"

    @property
    def virtual(self) -> bool:
        """Whether a virtual camera delivers the pictures."""
        return self.pictures not in BY_CAMERA

    @property
    def shows_other(self) -> bool:
        """Whether somebody else's face or head moves in it."""
        return self.pictures in _MOVED_BY_OTHER or self.seen == "other"

    @property
    def shows_own(self) -> bool:
        """Whether anything of the applicant is shown, live or played or on paper."""
        return self.seen == "own"

    @property
    def needs_film(self) -> bool:
        """Whether it shows a film of the applicant: of some people there are photos only."""
        return self.pictures not in STILL and not (self.pictures == "live" and self.seen == "other")

    @property
    def needs_voice(self) -> bool:
        """Whether the applicant's own voice is in it."""
        return self.sound not in ("other", "tts")


BONA_FIDE: Final = Scenario("bona_fide", "bona_fide")
FRAUDS: Final = (
    Scenario("print", "presentation", "print", "other", follows=False),
    Scenario("virtual_transcode", "injected", "virtual_transcode", "own"),
    Scenario("voice_conversion", "voice_attack", sound="conversion"),
    Scenario("impostor", "impostor", sound="other", seen="other"),
    Scenario("looped_video", "replay", "looped_video", "other", follows=False),
    Scenario("lcd_replay", "presentation", "lcd_replay", "replay"),
    Scenario("face_swap_cloned", "injected", "face_swap", "conversion"),
    Scenario("voice_tts", "voice_attack", sound="tts", follows=False),
    Scenario("person_switch", "impostor", "person_switch", "switch"),
    Scenario("session_replay", "replay", "session_replay", "own"),
    Scenario("mesh_mask", "presentation", "mesh_mask", "other"),
    Scenario("reenactment_cloned", "injected", "reenactment", "conversion"),
    Scenario("voice_replay", "voice_attack", sound="replay", follows=False),
    Scenario("impostor_seen", "impostor", sound="own", seen="other"),
    Scenario("looped_video_cloned", "replay", "looped_video", "conversion", follows=False),
    Scenario("phone_replay", "presentation", "phone_replay", "replay"),
    Scenario("face_swap", "injected", "face_swap", "other"),
    Scenario("voice_vocoder", "voice_attack", sound="vocoder"),
    Scenario("impostor_heard", "impostor", sound="other", follows=False),
    Scenario("challenge_replay", "replay", "challenge_replay", "own"),
    Scenario("cut_out", "presentation", "cut_out", "other"),
    Scenario("injected_still_cloned", "injected", "injected_still", "conversion", follows=False),
    Scenario("voice_mixed", "voice_attack", sound="mixed"),
    Scenario("voice_switch", "impostor", sound="switch"),
    Scenario("session_replay_cloned", "replay", "session_replay", "conversion", follows=False),
    Scenario("lcd_replay_cloned", "presentation", "lcd_replay", "conversion", follows=False),
    Scenario("lip_retime_cloned", "injected", "lip_retime", "vocoder"),
    Scenario("relight", "injected", "relight", "own"),
    Scenario("reenactment", "injected", "reenactment", "other"),
    Scenario("virtual_transcode_cloned", "injected", "virtual_transcode", "vocoder", follows=False),
)
"""In an order in which any few that follow each other are of different families."""

Missing = Literal[
    "nothing", "face_reference", "voice_reference", "challenge", "challenge_refused", "microphone",
    "face_consent", "voice_consent", "late_video", "page_report", "transport_report", "officer_track",
]  # fmt: skip
MISSING: Final[tuple[Missing, ...]] = (
    "nothing", "challenge", "nothing", "voice_reference", "nothing", "face_reference", "nothing", "challenge_refused",
    "nothing", "voice_consent", "nothing", "late_video", "nothing", "page_report", "nothing", "microphone", "nothing", "officer_track",
    "nothing", "face_consent", "nothing", "transport_report", "nothing",
)  # fmt: skip
"""Drawn in turn: in about half of all interviews something is missing, in honest ones as often as in others."""


def scenario_named(name: str) -> Scenario:
    """The scenario of this name. Raises KeyError."""
    return {each.name: each for each in (BONA_FIDE, *FRAUDS)}[name]
