"""Somebody else's words, converted to the person's voice: a proxy for voice clones."""

from __future__ import annotations

from typing import Final

from biometrics.attacklab.species import OTHER, SPEECH, Rendered, Scene, Species
from biometrics.attacklab.speech.generators import generator_named
from biometrics.attacklab.voiced import LONGEST_S, delivered, filmed_speaking, words_of

_WAYS: Final = {"a": ("conversion_vocoder", "conversion_nearest"), "b": ("conversion_waveform",)}


def _render(scene: Scene) -> Rendered:
    """The pictures are the person's, the words another's, the voice what is known of the person's at other times."""
    voiced = filmed_speaking(scene)
    other = scene.others[0]
    words = words_of(other, len(voiced.own), scene.rng)
    ways = _WAYS[scene.renderer]
    name = ways[int(scene.rng.integers(len(ways)))]
    made = generator_named(name).make(words, voiced.known, scene.rng)
    return delivered(voiced, made, scene, {"generator": name, "other": other.subject})


SPECIES = Species(
    name="voice_conversion",
    family="voice_attack",
    description="Another's words in the person's voice: through a vocoder (a), or by the sound's own periods and a filter (b).",
    renderers=("a", "b"),
    needs=frozenset({OTHER, SPEECH}),
    render=_render,
    longest_s=LONGEST_S,
    revision=2,
)
