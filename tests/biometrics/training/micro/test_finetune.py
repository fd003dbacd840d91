"""Who is left out is left out: what is told of somebody does not depend on how that somebody was labelled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from biometrics.micro.maps import maps_of
from biometrics.training.micro.samples import Samples
from biometrics.training.micro.synthetic import flows, lessons

torch = pytest.importorskip("torch", reason="learning needs the training extra")


def people() -> Samples:
    made = flows(36, np.random.default_rng(2))
    maps, _ = maps_of(made.u, made.v, made.strain)
    subjects = np.array([f"p{k % 4}" for k in range(36)])
    return Samples(maps, made.classes, subjects, np.array(["x"] * 36))


def test_labels_of_who_is_left_out_do_not_matter() -> None:
    from biometrics.training.micro.finetune import left_out
    from biometrics.training.micro.shipped import shipped_members

    torch.set_num_threads(1)
    samples, members = people(), shipped_members()[:1]
    own = samples.subjects == "p2"
    # Turning two labels into one another leaves how many there are of each class among the others as it was.
    other = replace(samples, classes=np.where(own, (samples.classes + 1) % 3, samples.classes))
    one, two = (left_out(each, members, 0, epochs=2).log_probabilities for each in (samples, other))
    np.testing.assert_allclose(one[:, own], two[:, own], atol=1e-5)
    assert np.abs(one[:, ~own] - two[:, ~own]).max() > 1e-3


def test_the_built_network_is_torchs() -> None:
    import onnxruntime

    from biometrics.training.micro.finetune import learnt
    from biometrics.training.micro.network import answer, parameters, state_of
    from biometrics.training.micro.ship import as_checkpoint
    from biometrics.training.micro.shipped import shipped_members
    from models.build.micro_expression import build

    torch.set_num_threads(1)
    samples = people()
    members = learnt(samples, shipped_members(), 0, epochs=1)
    assert parameters(members) <= 300_000
    session = onnxruntime.InferenceSession(
        build({"checkpoint": as_checkpoint(state_of(members))}), providers=["CPUExecutionProvider"]
    )
    probability, units = session.run(None, {"maps": samples.maps})
    expected, went = answer(members, torch.from_numpy(samples.maps))
    np.testing.assert_allclose(probability, expected.numpy(), atol=1e-4)
    np.testing.assert_allclose(units, went.numpy(), atol=1e-3)
    again = lessons(200, 77)
    told = answer(members, torch.from_numpy(again.maps))[1].numpy()
    assert np.corrcoef(told.ravel(), again.units.ravel())[0, 1] > 0.7
