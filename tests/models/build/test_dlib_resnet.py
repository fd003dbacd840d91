"""TensorFlow.js weights: 8-bit with scale and offset, or plain floats, one after another."""

from __future__ import annotations

import json

import numpy as np

from models.build.dlib_resnet import read_tfjs_weights


def test_quantised_and_plain_weights_are_read_in_order() -> None:
    index = [
        {
            "weights": [
                {"name": "a", "shape": [2, 2], "quantization": {"dtype": "uint8", "scale": 0.5, "min": -1.0}},
                {"name": "b", "shape": [1]},
            ]
        },
        {
            "weights": [
                {"name": "c", "shape": [], "quantization": {"dtype": "uint8", "scale": 2.0, "min": 0.0}}
            ]
        },
    ]
    data = bytes([0, 2, 4, 255]) + np.array([7.25], "<f4").tobytes() + bytes([3])
    weights = read_tfjs_weights(json.dumps(index).encode(), data)
    np.testing.assert_array_equal(weights["a"], [[-1.0, 0.0], [1.0, 126.5]])
    np.testing.assert_array_equal(weights["b"], [7.25])
    np.testing.assert_array_equal(weights["c"], 6.0)
