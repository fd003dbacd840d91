"""The person's own words, taken apart and put together by a vocoder: what every cloned voice ends with."""

from __future__ import annotations

from typing import Final

from biometrics.attacklab.species import SPEECH, Rendered, Scene, Species
from biometrics.attacklab.speech.generators import generator_named
from biometrics.attacklab.voiced import LONGEST_S, delivered, filmed_speaking

_VOCODERS: Final = {
    "a": ("griffin_lim_linear", "griffin_lim_mel"),
    "b": ("lpc_vocoder", "cepstral_vocoder"),
}


def _render(scene: Scene) -> Rendered:
    """One of the renderer's two vocoders."""
    voiced = filmed_speaking(scene)
    name = _VOCODERS[scene.renderer][int(scene.rng.integers(2))]
    made = generator_named(name).make(voiced.own, voiced.known, scene.rng)
    return delivered(voiced, made, scene, {"generator": name})


SPECIES = Species(
    name="voice_vocoder",
    family="voice_attack",
    description="The person's own words through a vocoder: phases found again, Griffin-Lim (a), or a source and a filter (b).",
    renderers=("a", "b"),
    needs=frozenset({SPEECH}),
    render=_render,
    longest_s=LONGEST_S,
    revision=2,
)
