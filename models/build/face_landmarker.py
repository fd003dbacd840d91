"""A FaceLandmarker bundle with 478 points, from the attention mesh that the mediapipe package carries.

The attention mesh has seven outputs: a 468-point mesh, refined lips, eyes and irises, and a face flag; the FaceLandmarker
task of current MediaPipe wants one tensor of 478 points and a flag. So the refinement that MediaPipe once did outside the
network (``tensors_to_face_landmarks_with_attention``, Apache-2.0) is appended to it: refined x and y replace the mesh's,
depth stays the mesh's, and an iris takes the mean depth of its eye's contour. Grishchenko et al., 2020, arXiv:2006.10962.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

from models.build import short_range
from models.build.tflite import TfliteModel

POINTS = 478
_MESH = 468
_IRIS = 5

# Which mesh point each refined point replaces, in the networks' order: contours from the inside out, lower before upper.
# fmt: off
LIPS = (
    61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 185, 40, 39, 37, 0, 267, 269, 270, 409,
    78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 191, 80, 81, 82, 13, 312, 311, 310, 415,
    76, 77, 90, 180, 85, 16, 315, 404, 320, 307, 306, 184, 74, 73, 72, 11, 302, 303, 304, 408,
    62, 96, 89, 179, 86, 15, 316, 403, 319, 325, 292, 183, 42, 41, 38, 12, 268, 271, 272, 407,
)
LEFT_EYE = (
    33, 7, 163, 144, 145, 153, 154, 155, 133, 246, 161, 160, 159, 158, 157, 173,
    130, 25, 110, 24, 23, 22, 26, 112, 243, 247, 30, 29, 27, 28, 56, 190,
    226, 31, 228, 229, 230, 231, 232, 233, 244, 113, 225, 224, 223, 222, 221, 189,
    35, 124, 46, 53, 52, 65, 143, 111, 117, 118, 119, 120, 121, 128, 245,
    156, 70, 63, 105, 66, 107, 55, 193,
)
RIGHT_EYE = (
    263, 249, 390, 373, 374, 380, 381, 382, 362, 466, 388, 387, 386, 385, 384, 398,
    359, 255, 339, 254, 253, 252, 256, 341, 463, 467, 260, 259, 257, 258, 286, 414,
    446, 261, 448, 449, 450, 451, 452, 453, 464, 342, 445, 444, 443, 442, 441, 413,
    265, 353, 276, 283, 282, 295, 372, 340, 346, 347, 348, 349, 350, 357, 465,
    383, 300, 293, 334, 296, 336, 285, 417,
)
# fmt: on
_CONTOUR = 16
"""Points of an eye's own contour: the first of its refined points."""

_REFINEMENTS = (("output_lips", LIPS), ("output_left_eye", LEFT_EYE), ("output_right_eye", RIGHT_EYE))
_IRISES = ("output_left_iris", "output_right_iris")
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_LOCAL_HEADER, _EXTRA_HEADER = 30, 4
_ALIGNMENT, _ALIGNMENT_FIELD = 16, 0xD935


def build(parts: Mapping[str, bytes]) -> bytes:
    """Turn ``mesh``, ``detector`` (TFLite) and ``geometry`` (binary proto) into a FaceLandmarker ``.task``."""
    return bundle(
        {
            "face_detector.tflite": short_range.build(parts),
            "face_landmarks_detector.tflite": refined_mesh(parts["mesh"]),
            "geometry_pipeline_metadata_landmarks.binarypb": parts["geometry"],
        }
    )


def refined_mesh(mesh: bytes) -> bytes:
    """Give the attention mesh two outputs: landmarks (1, 1, 1, 1434) and the face flag."""
    model = TfliteModel(mesh)
    outputs = model.outputs
    points = model.reshape(outputs["output_mesh_identity"], [_MESH, 3])
    plane, depth = model.columns(points, 0, 2, _MESH), model.columns(points, 2, 3, _MESH)
    refined = [model.reshape(outputs[name], [len(rows), 2]) for name, rows in _REFINEMENTS]
    irises = [model.reshape(outputs[name], [_IRIS, 2]) for name in _IRISES]
    pool = _MESH + len(LIPS) + len(LEFT_EYE) + len(RIGHT_EYE) + 2 * _IRIS
    candidates = model.concatenate([plane, *refined, *irises], 0, [pool, 2])
    xy = model.gather_rows(candidates, refined_rows(), 2)
    z = model.concatenate([depth, *_iris_depth(model, depth)], 0, [POINTS, 1])
    landmarks = model.concatenate([xy, z], 1, [POINTS, 3])
    model.set_outputs([model.reshape(landmarks, [1, 1, 1, POINTS * 3]), outputs["conv_faceflag"]])
    return model.to_bytes()


def refined_rows() -> list[int]:
    """For each of the 478 points, its row among mesh, lips, eyes and irises laid one after another."""
    rows = list(range(_MESH))
    start = _MESH
    for _, replaced in _REFINEMENTS:
        for position, point in enumerate(replaced):
            rows[point] = start + position
        start += len(replaced)
    return [*rows, *range(start, start + 2 * _IRIS)]


def _iris_depth(model: TfliteModel, depth: int) -> list[int]:
    means = [
        model.mean_of_rows(model.gather_rows(depth, eye[:_CONTOUR], 1), 1) for eye in (LEFT_EYE, RIGHT_EYE)
    ]
    return [mean for mean in means for _ in range(_IRIS)]


def bundle(files: Mapping[str, bytes]) -> bytes:
    """Zip the files uncompressed on 16-byte boundaries, dated 1980, so that equal contents give equal bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            member = zipfile.ZipInfo(name, _ZIP_EPOCH)
            before = stream.tell() + _LOCAL_HEADER + len(name) + _EXTRA_HEADER
            padding = -before % _ALIGNMENT
            member.extra = struct.pack("<HH", _ALIGNMENT_FIELD, padding) + bytes(padding)
            archive.writestr(member, data)
    return stream.getvalue()
