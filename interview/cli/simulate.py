"""``candor simulate``: join a running service as an applicant, over real WebRTC, with a clip as camera."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console

from interview.media.applicant import JoinApi, JoinLink, SimulatedApplicant
from interview.media.clip import Clip

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
) -> None:
    """Join a running service as an applicant, over real WebRTC, with a clip as camera."""
    asyncio.run(_join(JoinLink.parse(url), Clip(clip, loop), duration, not insecure))


async def _join(link: JoinLink, clip: Clip, duration_s: float | None, verify: bool) -> None:
    console = Console(stderr=True)
    async with httpx.AsyncClient(verify=verify, timeout=30.0) as client:
        api = JoinApi(link, client)
        async with SimulatedApplicant(
            api, clip, link.local, lambda state: console.print(f"call: {state}")
        ) as call:
            up = await call.play(duration_s)
        console.print("left the call" if up else "the call was ended by the other side")
