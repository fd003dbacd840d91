"""The light of a simulated screen, against arithmetic in linear light."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics.challenges.flash import FADE_S, GREY, PALETTE, Colour
from biometrics.colour import coded_light, linear_light
from interview.media.lit import SHARE, ScreenLight


@dataclass
class Clock:
    """Stands still."""

    t: float = 7.0

    def __call__(self) -> float:
        return self.t


def plain(level: int = 120) -> av.VideoFrame:
    image = np.full((480, 640, 3), level, np.uint8)
    frame = av.VideoFrame.from_ndarray(image, format="bgr24").reformat(format="yuv420p")
    frame.pts, frame.time_base = 4500, Fraction(1, 90_000)
    return frame


def middle(frame: av.VideoFrame) -> NDArray[np.float64]:
    """R, G, B levels of what the light reaches."""
    return np.asarray(frame.to_ndarray(format="rgb24")[200:280, 280:360].reshape(-1, 3).mean(axis=0))


def in_light(dark: av.VideoFrame, gain: NDArray[np.float64]) -> NDArray[np.float64]:
    """The levels that so much more light gives."""
    return 255.0 * coded_light(gain * linear_light(middle(dark) / 255.0))


def gain(colour: Colour) -> NDArray[np.float64]:
    return np.asarray(1.0 + SHARE * np.array(colour.linear) / np.array(GREY.linear))


LEVELS = 4.0
"""The colour conversions on the way, there and back, take that much."""


@pytest.mark.parametrize("colour", PALETTE)
def test_the_middle_grows_brighter_by_the_light_of_the_colour_and_the_edge_stays(colour: Colour) -> None:
    light, dark = ScreenLight(Clock()), plain()
    light.show(colour.hex)
    lit = light.fall_on(dark)
    assert middle(lit) == pytest.approx(in_light(dark, gain(colour)), abs=LEVELS)
    corner = lit.to_ndarray(format="rgb24")[:40, :40].astype(int)
    assert np.abs(corner - dark.to_ndarray(format="rgb24")[:40, :40]).max() <= LEVELS
    assert (lit.pts, lit.time_base, lit.format.name) == (dark.pts, dark.time_base, "yuv420p")


def test_a_change_of_colour_fades_as_it_does_on_the_page() -> None:
    clock, dark = Clock(), plain()
    light = ScreenLight(clock)
    light.show(PALETTE[1].hex)
    light.show(PALETTE[2].hex)
    before, after = gain(PALETTE[1]), gain(PALETTE[2])
    for gone_s, expected in (
        (0.0, before),
        (FADE_S / 2, (before + after) / 2),
        (FADE_S, after),
        (9.0, after),
    ):
        clock.t = 7.0 + gone_s
        assert middle(light.fall_on(dark)) == pytest.approx(in_light(dark, expected), abs=LEVELS)


def test_nothing_is_changed_while_nothing_is_shown() -> None:
    light, frame = ScreenLight(Clock()), plain()
    assert light.fall_on(frame) is frame
    light.show(PALETTE[0].hex)
    assert light.fall_on(frame) is not frame
    light.show(None)
    assert light.fall_on(frame) is frame


def test_the_last_colour_may_go_while_a_frame_is_lit() -> None:
    """The page that shows colours and the camera that is lit by them run on two threads."""
    light = ScreenLight(Clock())
    light.show(PALETTE[1].hex)

    @dataclass
    class Frame:
        """Is read at the very moment when the screen goes dark."""

        real: av.VideoFrame

        def to_ndarray(self, format: str) -> NDArray[np.uint8]:
            light.show(None)
            return np.asarray(self.real.to_ndarray(format=format))

        def __getattr__(self, name: str) -> object:
            return getattr(self.real, name)

    dark = plain()
    lit = light.fall_on(Frame(dark))  # type: ignore[arg-type]
    assert middle(lit) == pytest.approx(in_light(dark, gain(PALETTE[1])), abs=LEVELS)
    assert light.fall_on(dark) is dark
