"""Another person in the applicant's room, heard beside them."""

from __future__ import annotations

from biometrics.attacklab.species import OTHER, SPEECH, Rendered, Scene, Species
from biometrics.attacklab.speech.mixing import in_bursts, over
from biometrics.attacklab.voiced import LONGEST_S, delivered, filmed_speaking, words_of


def _render(scene: Scene) -> Rendered:
    """The other talks throughout (a), or puts in a few words now and then (b), 0 to 20 dB under the person."""
    voiced = filmed_speaking(scene)
    other = scene.others[0]
    below_db = float(scene.rng.uniform(0, 20))
    mix = over if scene.renderer == "a" else in_bursts
    said = words_of(other, len(voiced.own), scene.rng)
    truth = {"other": other.subject, "below_db": round(below_db, 1)}
    return delivered(voiced, mix(voiced.own, said, below_db, scene.rng), scene, truth)


SPECIES = Species(
    name="voice_mixed",
    family="voice_attack",
    description="The person's own voice with another's in the room: throughout (a), or a few words now and then (b).",
    renderers=("a", "b"),
    needs=frozenset({OTHER, SPEECH}),
    render=_render,
    longest_s=LONGEST_S,
    revision=2,
)
