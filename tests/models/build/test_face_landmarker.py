"""Which refined point replaces which mesh point, and how the bundle is packed."""

from __future__ import annotations

import io
import zipfile

from models.build.face_landmarker import LEFT_EYE, LIPS, RIGHT_EYE, bundle, refined_rows


def test_every_point_of_the_bundle_has_one_source() -> None:
    rows = refined_rows()
    replaced = [*LIPS, *LEFT_EYE, *RIGHT_EYE]
    assert len(rows) == 478
    assert (len(LIPS), len(LEFT_EYE), len(RIGHT_EYE)) == (80, 71, 71)
    assert len(set(replaced)) == len(replaced)
    assert [rows[point] for point in replaced] == list(range(468, 690))
    assert all(rows[point] == point for point in set(range(468)) - set(replaced))
    assert rows[468:] == list(range(690, 700))


def test_a_bundle_is_stored_aligned_and_the_same_every_time() -> None:
    files = {"a": b"first", "longer name.tflite": b"second", "c": b"third" * 20}
    data = bundle(files)
    assert data == bundle(files)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == files
        assert {member.compress_type for member in archive.infolist()} == {zipfile.ZIP_STORED}
    assert all(data.index(content) % 16 == 0 for content in files.values())
