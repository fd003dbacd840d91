"""`python -m interview.demo.officer`: a demo officer who signs in, holds one short interview over real WebRTC and ends it.

The officer asks a few of the interview's questions and marks them. The applicant's clip answers none of them.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Final

import httpx
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaBlackhole

from interview.media.aiortc_ext import offer_loopback

_CONNECT_S: Final = 30.0
_SCRIPT: Final = (
    (0.05, 0, "asked"),
    (0.25, 0, "answered"),
    (0.30, 1, "asked"),
    (0.55, 2, "asked"),
    (0.90, 2, "answered"),
)
"""At which share of the interview, which question of the template, which mark."""


async def hold(url: str, session_id: str, username: str, password: str, seconds: float) -> None:
    """Join the interview, ask questions for ``seconds`` once connected, end it."""
    # Without a list of its own, aiortc asks a public STUN server.
    connection, watching = RTCPeerConnection(RTCConfiguration(iceServers=[])), MediaBlackhole()
    connected = asyncio.Event()
    connection.on("track", watching.addTrack)

    @connection.on("connectionstatechange")
    def changed() -> None:
        if connection.connectionState == "connected":
            connected.set()

    async with httpx.AsyncClient(base_url=url, timeout=20) as web:
        await _sign_in(web, username, password)
        answer = await web.post(f"/api/sessions/{session_id}/offer", json=await _offer(connection))
        await connection.setRemoteDescription(RTCSessionDescription(**answer.raise_for_status().json()))
        await watching.start()
        async with asyncio.timeout(_CONNECT_S):
            await connected.wait()
        await ask(web, session_id, seconds)
        (await web.post(f"/api/sessions/{session_id}/end")).raise_for_status()
    await connection.close()


async def ask(
    web: httpx.AsyncClient,
    session_id: str,
    seconds: float,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Mark questions of the interview's template at their times, until ``seconds`` are over."""
    path, passed = f"/api/sessions/{session_id}/questions", 0.0
    template = (await web.get(path)).raise_for_status().json()
    for share, index, event in _SCRIPT if template else ():
        await sleep(share * seconds - passed)
        passed = share * seconds
        question = template["questions"][index]["id"]
        answer = await web.post(f"{path}/{question}/marks", json={"event": event})
        # The applicant may not be there yet: an officer would ask again, the demo goes on.
        if answer.status_code != httpx.codes.CONFLICT:
            answer.raise_for_status()
    await sleep(seconds - passed)


async def _offer(connection: RTCPeerConnection) -> dict[str, str]:
    for kind in ("audio", "video"):
        offer_loopback(connection.addTransceiver(kind, direction="recvonly").receiver.transport)
    await connection.setLocalDescription(await connection.createOffer())
    return {"type": "offer", "sdp": connection.localDescription.sdp}


async def _sign_in(web: httpx.AsyncClient, username: str, password: str) -> None:
    (await web.post("/api/auth/login", json={"username": username, "password": password})).raise_for_status()
    web.headers["X-CSRF-Token"] = web.cookies["candor_csrf"]


def main() -> None:
    """Take the arguments; the password comes in CANDOR_PASSWORD."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--session", required=True)
    parser.add_argument("--username", required=True)
    parser.add_argument("--seconds", type=float, required=True)
    given = parser.parse_args()
    try:
        asyncio.run(
            hold(given.url, given.session, given.username, os.environ["CANDOR_PASSWORD"], given.seconds)
        )
    except (httpx.HTTPError, TimeoutError) as error:
        what = str(error) or "nobody could be connected"
        sys.stderr.write(f"candor: the demo officer could not hold the interview: {what}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
