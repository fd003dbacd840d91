"""`python -m interview.demo.prepare`: fetch what the demo is rendered from, render it, show how far it is.

A process of its own, so that the server never loads what only the demo's first start needs.
"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from biometrics.face.boxes import Image, Landmarks
from biometrics.face.perception import FacePerception
from biometrics.reports import refuse_reports
from biometrics.views import Face
from interview.cli.errors import sentence
from interview.demo.assets import fetch_assets
from interview.demo.clip import DemoMedia, demo_media, render
from interview.errors import MediaError
from interview.settings import Settings
from models import sources
from models.cache import default_cache_dir
from models.local_hub import LocalHub
from models.own import own_manifest


def prepare(settings: Settings) -> DemoMedia:
    """The demo's media, made if they are not there. Raises ModelError or MediaError, with a sentence."""
    folder = (settings.cache_dir or default_cache_dir()) / "demo"
    media = demo_media(folder)
    if media.complete:
        return media
    with ExitStack() as stack:
        bar = stack.enter_context(_bar())
        task = bar.add_task("Fetching the demo's portrait and voice", total=None)

        def fetched(progress: sources.Progress) -> None:
            bar.update(task, completed=progress.done, total=progress.total or None)

        origin = sources.Sources(folder / "downloads", mirror=settings.mirror, on_progress=fetched)
        assets = fetch_assets(folder, origin)
        origin.clear()
        refuse_reports(os.environ, offline=True)
        manifest = own_manifest(settings.own_models, settings.profile)
        hub = stack.enter_context(LocalHub(manifest, settings.cache_dir, profile=settings.profile))
        perception = stack.enter_context(FacePerception(hub))
        bar.update(task, description="Rendering the demo applicant", completed=0, total=None)
        return render(
            assets.portrait,
            assets.speech,
            media,
            lambda image: _landmarks(perception, image),
            lambda done, total: bar.update(task, completed=done, total=total),
        )


def _landmarks(perception: FacePerception, image: Image) -> Landmarks:
    face = perception.locate_still(image)
    if not isinstance(face, Face):
        raise MediaError("the demo's portrait shows no face that can be found")
    return face.landmarks


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    )


def main() -> None:
    """Prepare the demo; a failure is one sentence and exit status 1."""
    try:
        prepare(Settings())
    except Exception as error:
        known = sentence(error)
        if known is None:
            raise
        sys.stderr.write(f"candor: the demo cannot be shown: {known}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
