"""A recorded interview's motion fingerprint, made in the clerk's process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from biometrics.injection.hashes import Fingerprinting
from biometrics.injection.motion import areas, luma_of, small
from interview.analysis.cadence import Cadence
from interview.analysis.decode import VideoDecoder
from interview.analysis.senses import Parts
from interview.media.recording import probe, read_packets
from interview.media.side import refuse_officer


@dataclass(frozen=True, slots=True)
class MakeFingerprint:
    """A job: decode the applicant's recording and hash how it moves. Raises MediaError where it cannot be read, or is the officer's."""

    recording: Path

    def __call__(self, parts: Parts, /) -> Mapping[str, Any]:
        refuse_officer(probe(self.recording).side)
        making, decoder = Fingerprinting(), VideoDecoder(Cadence().due)
        for packet in read_packets(self.recording):
            if packet.kind == "video":
                for frame in decoder.feed(packet):
                    making.push(frame.t, areas(small(luma_of(frame.image))))
        return making.fingerprint().values()
