"""The person's own words, recorded, from a loudspeaker before the microphone."""

from __future__ import annotations

from biometrics.attacklab.species import SPEECH, Rendered, Scene, Species
from biometrics.attacklab.speech.replay import by_desk, by_phone
from biometrics.attacklab.voiced import LONGEST_S, delivered, filmed_speaking


def _render(scene: Scene) -> Rendered:
    """The pictures are the person's; the sound comes from a phone (a) or from a loudspeaker on the desk (b)."""
    voiced = filmed_speaking(scene)
    replay = by_phone if scene.renderer == "a" else by_desk
    return delivered(
        voiced, replay(voiced.own, scene.rng), scene, {"loudspeaker": replay.__name__[3:]}, roomed=False
    )


SPECIES = Species(
    name="voice_replay",
    family="voice_attack",
    description="The person's recorded voice from a phone in a room of decaying noise (a), or a desk loudspeaker in one of mirror sources (b).",
    renderers=("a", "b"),
    needs=frozenset({SPEECH}),
    render=_render,
    longest_s=LONGEST_S,
    revision=2,
)
