"""Consent in parts: what the applicant agreed to, and what each part allows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final, Literal

from interview.problems import ConsentNeeded

TEXT_VERSION: Final = "2026-11-28"
"""Which wording of the consent the applicant's page shows; stored with each consent."""

Part = Literal["recording", "face", "voice", "behaviour"]
PARTS: Final[tuple[Part, ...]] = ("recording", "face", "voice", "behaviour")
"""What an applicant is asked for, in this order."""
WORDED_SINCE: Final[Mapping[Part, str]] = MappingProxyType({"behaviour": "2026-11-28"})
"""The first wording that names all that is done with a part today. A yes to an older one is no yes to that."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What was agreed to and when. Each biometric part can be refused alone; the interview still reaches a decision."""

    recording: bool
    face: bool
    voice: bool
    behaviour: bool
    given_at: datetime
    text_version: str = TEXT_VERSION

    @property
    def parts(self) -> frozenset[str]:
        """The parts agreed to, as ``AnalysisSpec.consents`` takes them: only what the wording of then says is done with them."""
        given: Mapping[Part, bool] = {
            "recording": self.recording,
            "face": self.face,
            "voice": self.voice,
            "behaviour": self.behaviour,
        }
        return frozenset(part for part, agreed in given.items() if agreed and self._was_told(part))

    def without(self, parts: Collection[str]) -> Consent:
        """The same, with no to these parts."""
        return replace(
            self,
            recording=self.recording and "recording" not in parts,
            face=self.face and "face" not in parts,
            voice=self.voice and "voice" not in parts,
            behaviour=self.behaviour and "behaviour" not in parts,
        )

    def same_answers(self, other: Consent) -> bool:
        """Whether both say yes to the same parts of the same wording, whenever they were given."""
        return (self.parts, self.text_version) == (other.parts, other.text_version)

    def _was_told(self, part: Part) -> bool:
        return self.text_version >= WORDED_SINCE.get(part, "")


def require_recording(consent: Consent) -> Consent:
    """``consent`` itself. Raises ConsentNeeded when recording was refused: lending rules ask for a kept recording."""
    if not consent.recording:
        raise ConsentNeeded(
            "A loan interview by video has to be recorded. Agree to the recording to go on, or ask your customer "
            "manager for an interview at the branch. The other parts stay your choice.",
            "视频面谈依规须全程录音录像。请同意录制后继续，或联系客户经理改为到网点面谈。其他各项仍由您自愿选择。",
        )
    return consent
