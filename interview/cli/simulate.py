"""``candor simulate``: join a running service as an applicant, over real WebRTC, with a clip as camera."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console

from interview.challenges.simulated import SimulatedPage
from interview.logs import configure
from interview.media.applicant import JoinApi, JoinLink, SimulatedApplicant
from interview.media.clip import Clip
from interview.media.lit import ScreenLight

app = typer.Typer(add_completion=False)


@app.command()
def simulate(
    url: Annotated[
        str, typer.Option("--url", help="The applicant's link, as the officer's console shows it.")
    ],
    clip: Annotated[
        Path, typer.Option("--clip", help="The video, or sound, to play as camera and microphone.")
    ],
    duration: Annotated[
        float | None, typer.Option("--duration", min=1.0, help="Seconds; by default as long as the clip.")
    ] = None,
    loop: Annotated[bool, typer.Option("--loop", help="Play the clip again and again.")] = False,
    insecure: Annotated[
        bool, typer.Option("--insecure", help="Accept a certificate that nobody vouches for.")
    ] = False,
    lit: Annotated[
        bool, typer.Option("--lit", help="Let a light challenge's colours fall on the clip; decline others.")
    ] = False,
) -> None:
    """Join a running service as an applicant, over real WebRTC, with a clip as camera.

    Challenges are taken, and the clip follows none of them, as any recording; with --lit it follows the light.
    """
    configure()
    light = ScreenLight() if lit else None
    asyncio.run(_join(JoinLink.parse(url), clip, loop, light, duration, not insecure))


async def _join(
    link: JoinLink, path: Path, loop: bool, light: ScreenLight | None, duration_s: float | None, verify: bool
) -> None:
    console = Console(stderr=True)
    clip = Clip(path, loop, None if light is None else light.fall_on)
    async with httpx.AsyncClient(verify=verify, timeout=30.0) as client:
        api = JoinApi(link, client)
        page = SimulatedPage(api) if light is None else SimulatedPage(api, _only_light, light.show)
        async with SimulatedApplicant(
            api, clip, link.local, lambda state: console.print(f"call: {state}"), page
        ) as call:
            up = await call.play(duration_s)
        console.print("left the call" if up else "the call was ended by the other side")


def _only_light(kind: str) -> bool:
    return kind == "flash"
