"""WebRTC's video channel: VP8 as a browser encodes it in real time, at a bit rate, over a network that loses frames.

Settings are libwebrtc's for a camera (``modules/video_coding/codecs/vp8/libvpx_vp8_encoder.cc``): real-time deadline, CBR
over a second, quantisers 2 to 56, no keyframes but those that are asked for. Single-threaded and at a fixed speed, so
that the same pictures give the same packets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import Any

import av
import av.error
import cv2
import numpy as np
from av.video.frame import PictureType

from biometrics.attacklab.clip import Frames
from biometrics.attacklab.optics import Floats
from biometrics.face.boxes import Image
from biometrics.media import Frame

MILLISECOND = Fraction(1, 1000)
_SPEED = "-6"
_SHARP_BITS_PER_PX = 0.06
"""Below this a browser sends a smaller picture rather than a worse one."""
_SCALES = (1.0, 0.75, 0.5)


@dataclass(frozen=True, slots=True)
class Loss:
    """Packets lost at ``t`` s that no retransmission saved: nothing can be shown until a keyframe, ``wait_s`` later."""

    t: float
    wait_s: float


@dataclass(frozen=True, slots=True)
class Channel:
    """What a call's video went through. ``kbps`` target bit rate; ``losses`` in order of time."""

    kbps: int
    losses: tuple[Loss, ...] = field(default=())

    def truth(self) -> dict[str, Any]:
        """As plain JSON."""
        return asdict(self) | {"losses": [asdict(each) for each in self.losses]}


@dataclass(frozen=True, slots=True)
class Coded:
    """One coded frame as it arrives: ``pts_ms``, ``keyframe``, VP8 ``data``, and ``lost_ms`` of video lost before it."""

    pts_ms: int
    keyframe: bool
    data: bytes
    lost_ms: int = 0


def draw_channel(rng: np.random.Generator, duration_s: float, lossy: float = 0.25) -> Channel:
    """Some channel: 250 to 2500 kbit/s, as many low as high ones; a share of them loses a stretch once or twice."""
    kbps = round(float(np.exp(rng.uniform(np.log(250), np.log(2500)))))
    if rng.uniform() >= lossy:
        return Channel(kbps)
    times = np.sort(rng.uniform(0.3, max(0.4, duration_s - 0.8), int(rng.integers(1, 3))))
    losses = [Loss(round(float(at), 3), round(float(rng.uniform(0.08, 0.4)), 3)) for at in times]
    apart = [
        b for a, b in zip([Loss(-9.0, 0.0), *losses], losses, strict=False) if b.t > a.t + a.wait_s + 0.2
    ]
    return Channel(kbps, tuple(apart))


def sent_size(size: tuple[int, int], kbps: int, fps: float) -> tuple[int, int]:
    """The (height, width) px at which a browser sends a picture of (height, width): smaller where bits are few."""
    for scale in _SCALES:
        height, width = (max(2, round(side * scale / 2) * 2) for side in size)
        if kbps * 1000 >= _SHARP_BITS_PER_PX * height * width * fps:
            break
    return height, width


def encode(frames: Frames, t: Floats, channel: Channel) -> tuple[Coded, ...]:
    """What arrives of frames (n, H, W, 3) uint8 BGR captured at ``t`` (n,) s."""
    return tuple(arriving(frames, (frames.shape[1], frames.shape[2]), t, channel))


def arriving(
    frames: Iterable[Image], picture: tuple[int, int], t: Floats, channel: Channel
) -> Iterator[Coded]:
    """`encode` for frames of ``picture`` (height, width) that come one by one, as many as there are times."""
    fps = (len(t) - 1) / max(float(t[-1] - t[0]), 1e-3)
    size = sent_size(picture, channel.kbps, fps)
    return _after_losses(_sent(frames, size, t, channel, fps), channel.losses)


def _sent(
    frames: Iterable[Image], size: tuple[int, int], t: Floats, channel: Channel, fps: float
) -> Iterator[Coded]:
    encoder = _encoder(size, channel.kbps, fps)
    pts = _milliseconds(t)
    asked = [loss.t + loss.wait_s for loss in channel.losses]
    for image, at, ms in zip(frames, t, pts, strict=True):
        frame = _picture(image, size)
        frame.pts, frame.time_base, frame.duration = int(ms), MILLISECOND, round(1000 / fps)
        if asked and at >= asked[0]:
            frame.pict_type = PictureType.I
            del asked[0]
        yield from (_coded(packet) for packet in encoder.encode(frame))
    yield from (_coded(packet) for packet in encoder.encode(None))


def decoded(packets: Iterable[Coded]) -> Iterator[Frame]:
    """What the receiver sees: one frame for each packet that can be decoded."""
    decoder: Any = av.CodecContext.create("vp8", "r")
    decoder.thread_count, decoder.thread_type = 1, "NONE"
    for index, coded in enumerate(packets):
        packet: Any = av.Packet(len(coded.data))
        packet.update(coded.data)  # not av.Packet(data): the decoder would read what lies behind it in memory
        packet.pts, packet.time_base = coded.pts_ms, MILLISECOND
        for frame in decoder.decode(packet):
            image = frame.to_ndarray(format="bgr24")
            t, lost_s = coded.pts_ms / 1000.0, coded.lost_ms / 1000.0
            yield Frame(t, index, image, lost_s, len(coded.data), coded.keyframe)


def _encoder(size: tuple[int, int], kbps: int, fps: float) -> Any:  # noqa: ANN401 - PyAV's contexts have no full types
    encoder: Any = av.CodecContext.create("libvpx", "w")
    encoder.height, encoder.width = size
    encoder.pix_fmt, encoder.time_base = "yuv420p", MILLISECOND
    encoder.framerate = Fraction(fps).limit_denominator(1000)
    encoder.bit_rate = kbps * 1000
    encoder.thread_count = 1
    rate = str(kbps * 1000)
    encoder.options = {
        "deadline": "realtime", "cpu-used": _SPEED, "lag-in-frames": "0", "g": "3000",
        "minrate": rate, "maxrate": rate, "bufsize": rate, "rc_init_occupancy": str(kbps * 500),
        "qmin": "2", "qmax": "56", "undershoot-pct": "100", "overshoot-pct": "15", "drop-threshold": "30",
        "static-thresh": "1", "noise-sensitivity": "1", "max-intra-rate": str(round(max(300, 0.5 * fps * 60))),
    }  # fmt: skip
    return encoder


def _picture(image: Image, size: tuple[int, int]) -> Any:  # noqa: ANN401
    if image.shape[:2] != size:
        image = np.asarray(cv2.resize(image, size[::-1], interpolation=cv2.INTER_AREA), dtype=np.uint8)
    planes = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420), dtype=np.uint8)
    return av.VideoFrame.from_ndarray(planes, format="yuv420p")


def _milliseconds(t: Floats) -> Sequence[int]:
    """Whole, rising by at least one."""
    ms = np.round(np.asarray(t) * 1000).astype(np.int64)
    order = np.arange(len(ms))
    return [int(v) for v in np.maximum.accumulate(ms - order) + order]


def _coded(packet: Any) -> Coded:  # noqa: ANN401
    return Coded(int(packet.pts), bool(packet.is_keyframe), bytes(packet))


def _after_losses(packets: Iterable[Coded], losses: Sequence[Loss]) -> Iterator[Coded]:
    """Without the frames that were lost, nor those that followed until the keyframe that was asked for."""
    left = list(losses)
    since: int | None = None
    for packet in packets:
        if left and packet.pts_ms >= 1000 * left[0].t:
            since = packet.pts_ms
            del left[0]
        if since is None:
            yield packet
        elif packet.keyframe and packet.pts_ms > since:
            yield Coded(packet.pts_ms, True, packet.data, packet.pts_ms - since)
            since = None
