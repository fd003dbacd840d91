"""Families of devices, by what pages say."""

from __future__ import annotations

import pytest

from interview.monitoring.devices import UNKNOWN, device_family

AGENTS = {
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36": "Android, Chromium",
    "Mozilla/5.0 (Linux; Android 13; V2244A; wv) AppleWebKit/537.36 Chrome/116.0 XWEB/1160 MicroMessenger/8.0.48": "Android, WeChat",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1": "iOS, WebKit",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 CriOS/126.0 Mobile Safari/604.1": "iOS, WebKit",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0": "Windows, Firefox",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.4 Safari/605.1.15": "macOS, WebKit",
    "Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 Chrome/114.0 ArkWeb/4.1 Mobile": "HarmonyOS, Chromium",
    "curl/8.0": "another system, another browser",
}


@pytest.mark.parametrize(("agent", "family"), AGENTS.items())
def test_known_agents(agent: str, family: str) -> None:
    assert device_family({"user_agent": agent, "touch_points": 0}) == family


def test_an_ipad_is_no_macintosh() -> None:
    agent = (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.4 Safari/605.1.15"
    )
    assert device_family({"user_agent": agent, "touch_points": 5}) == "iOS, WebKit"


@pytest.mark.parametrize("camera", [{}, {"user_agent": ""}, {"user_agent": 7}, {"label": "camera"}])
def test_a_page_that_says_nothing(camera: dict[str, object]) -> None:
    assert device_family(camera) == UNKNOWN
