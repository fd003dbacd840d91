"""A synthesiser speaks in the person's place."""

from __future__ import annotations

from typing import Final

from biometrics.attacklab.species import SPEECH, Rendered, Scene, Species
from biometrics.attacklab.speech.programs import Family, installed, interviewed
from biometrics.attacklab.speech.waves import as_loud
from biometrics.attacklab.voiced import LONGEST_S, delivered, filmed_speaking
from biometrics.errors import EvaluationError

_FAMILIES: Final[dict[str, tuple[Family, ...]]] = {
    "a": ("formant",),
    "b": ("diphone", "statistical"),
}


def _render(scene: Scene) -> Rendered:
    """A program that is installed says what an applicant might say, English or Mandarin as far as it can."""
    voiced = filmed_speaking(scene)
    programs = installed(families=_FAMILIES[scene.renderer])
    program = programs[int(scene.rng.integers(len(programs)))]
    languages = sorted(program.voices)
    language = languages[int(scene.rng.integers(len(languages)))]
    said = interviewed(program, language, len(voiced.own) / scene.clip.sample_rate, scene.rng)
    truth = {"generator": program.name, "language": language}
    return delivered(voiced, as_loud(said, voiced.own), scene, truth)


def _lacks(renderer: str) -> str | None:
    try:
        installed(families=_FAMILIES[renderer])
    except EvaluationError as error:
        return f"voice_tts, renderer {renderer}: {error}."
    return None


SPECIES = Species(
    name="voice_tts",
    family="voice_attack",
    description="Text to speech in the person's place: by formants (a), or by units and statistics of recorded speech (b).",
    renderers=("a", "b"),
    needs=frozenset({SPEECH}),
    render=_render,
    longest_s=LONGEST_S,
    revision=2,
    lacks=_lacks,
)
