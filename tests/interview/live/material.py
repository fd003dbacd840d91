"""Small recordings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from interview.media.packets import Packet
from interview.media.recorder import SegmentRecorder
from tests.interview.media.material import call


def record_segment(
    path: Path, seconds: float = 1.0, start_ms: int = 0, *, cut: bool = False
) -> Sequence[Packet]:
    """Sight and sound from ``start_ms`` on, as the media edge records them; with ``cut`` the writer never gets to the end."""
    packets = call(seconds, start_ms)
    recorder = SegmentRecorder(path)
    recorder.write(packets)
    whole = path.read_bytes()
    recorder.close()
    if cut:
        path.write_bytes(whole[:-200])
    return packets
