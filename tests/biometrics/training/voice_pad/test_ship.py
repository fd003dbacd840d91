"""The weights of `voice_pad` that ship: what the manifest says they are, and how others take their place."""

from __future__ import annotations

import numpy as np

from biometrics.detectors import voice_pad
from biometrics.training.voice_pad.ship import MANIFEST, NETWORK, WEIGHTS, exchanged, needed
from models.build import spectral
from models.build.checkpoint import read_checkpoint
from models.manifest import Manifest


def test_the_detector_reads_the_network_that_ships() -> None:
    assert voice_pad.NETWORK == NETWORK
    entry = Manifest.default().entry(NETWORK)
    assert (entry.optional, entry.on_request) == (False, False)
    assert [part.file for part in entry.parts] == [WEIGHTS.name]


def test_the_manifest_names_the_weights_and_the_network_that_is_built_of_them() -> None:
    weights, manifest = WEIGHTS.read_bytes(), MANIFEST.read_text("utf-8")
    assert exchanged(manifest, weights, spectral.build({"checkpoint": weights})) == manifest


def test_what_ships_is_small_and_holds_what_the_builder_reads_and_nothing_else() -> None:
    weights = WEIGHTS.read_bytes()
    state = read_checkpoint(weights)
    assert len(weights) <= 1_000_000
    assert {value.dtype for value in state.values()} == {np.dtype(np.float32)}
    assert needed(state).keys() == state.keys()
    assert all(np.isfinite(value).all() for value in state.values())


def test_what_only_training_reads_is_left_out() -> None:
    state = {
        "first_bn.weight": np.ones(1, np.float64),
        "first_bn.num_batches_tracked": np.array(7),
        "out_layer.bias": np.zeros(2, np.float32),
    }
    kept = needed(state)
    assert list(kept) == ["first_bn.weight", "out_layer.bias"]
    assert {value.dtype for value in kept.values()} == {np.dtype(np.float32)}


def test_an_exchange_touches_nothing_else_in_the_manifest() -> None:
    before = MANIFEST.read_text("utf-8")
    after = exchanged(before, b"weights", b"network")
    changed = [line for line, old in zip(after.splitlines(), before.splitlines(), strict=True) if line != old]
    assert len(changed) == 3
    old, new = Manifest.parse(before), Manifest.parse(after)
    assert {name for name in old.entries if old.entry(name) != new.entry(name)} == {NETWORK}
    (part,) = new.entry(NETWORK).parts
    assert part.size == len(b"weights")
    assert (
        exchanged(after, WEIGHTS.read_bytes(), spectral.build({"checkpoint": WEIGHTS.read_bytes()})) == before
    )
