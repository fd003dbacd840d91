"""Which family of devices an applicant's page runs on, by what it says of itself: coarse, so that families are large and name nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

UNKNOWN: Final = "device not told"
_SYSTEMS: Final = (
    ("HarmonyOS", ("harmonyos", "openharmony")),
    ("Android", ("android",)),
    ("iOS", ("iphone", "ipad", "ipod")),
    ("Windows", ("windows",)),
    ("macOS", ("macintosh", "mac os x")),
    ("ChromeOS", ("cros ",)),
    ("Linux", ("linux", "x11")),
)
_BROWSERS: Final = (
    ("WeChat", ("micromessenger",)),
    ("Chromium", ("chrome/", "chromium/")),
    ("Firefox", ("firefox/",)),
    ("WebKit", ("applewebkit/",)),
)


def device_family(camera: Mapping[str, Any]) -> str:
    """``Android, Chromium`` from a ``camera`` report of the page. What a page says can be forged: this is for slices, never evidence."""
    agent = camera.get("user_agent")
    if not isinstance(agent, str) or not agent.strip():
        return UNKNOWN
    agent = agent.lower()
    system, browser = _first(agent, _SYSTEMS), _first(agent, _BROWSERS)
    if system == "macOS" and _touches(camera):
        system = "iOS"  # an iPad calls itself a Macintosh, and no Macintosh has a touch screen
    return f"{system or 'another system'}, {browser or 'another browser'}"


def _touches(camera: Mapping[str, Any]) -> bool:
    points = camera.get("touch_points")
    return isinstance(points, int) and points > 1


def _first(agent: str, known: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    return next((name for name, signs in known if any(sign in agent for sign in signs)), "")
