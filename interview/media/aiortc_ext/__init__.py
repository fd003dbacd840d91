"""Everything that overrides aiortc's and aioice's private API, in one place: a peer connection that moves encoded packets.

aiortc decodes and encodes; a media edge must not. `PacketPeerConnection` differs from aiortc's own in six ways:

- received video and audio come out encoded (`assembly`), on the event loop, without a decoder thread;
- audio waits for a missing packet up to a deadline (`reorder`) instead of losing valid ones after a gap, and missing
  video is asked for again until it is given up, with a picture-loss indication to the media's own SSRC;
- RTCP sender reports are handed on, so that tracks can be put on one clock (`clock`);
- congestion is reported by transport-cc (`twcc`) instead of REMB, which collapses on jitter;
- what is sent is encoded packets too, with sender reports on the session's clock and a longer memory for retransmission;
- 127.0.0.1 can be offered as a candidate, for a browser on this machine.

All of it is by subclass and by instance: no module of aiortc is patched, and other connections of the process behave as
ever. tests/interview/media/test_aiortc_contract.py fails when aiortc no longer has what is relied upon here.
"""

from interview.media.aiortc_ext.connection import PacketPeerConnection, offer_loopback
from interview.media.aiortc_ext.receiver import PacketReceiver, Received
from interview.media.aiortc_ext.sender import PacketSender, set_video_bitrate
from interview.media.aiortc_ext.tasks import Tasks

__all__ = [
    "PacketPeerConnection",
    "PacketReceiver",
    "PacketSender",
    "Received",
    "Tasks",
    "offer_loopback",
    "set_video_bitrate",
]
