"""What `candor models` reports and builds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from models.cache import ModelCache
from models.commands import build_models, list_models, unusable, verify_models
from models.errors import ModelNotInstalled, UnknownModel
from models.sources import Sources
from tests.models.fakes import FakeRegistry, entry, manifest, part

TOY = entry("toy", b"weights", parts=(part(),))
EXTRA = entry("extra", b"weights", parts=(part("extra.bin"),), optional=True)


def registry() -> FakeRegistry:
    return FakeRegistry({"weights.bin": b"weights", "extra.bin": b"weights"})


def test_models_are_listed_before_and_after_they_are_built(tmp_path: Path) -> None:
    cache, models = ModelCache(tmp_path), manifest(TOY, EXTRA)
    assert [row.state for row in list_models(models, cache)] == ["not installed", "not installed"]
    built = list(build_models(models, cache, Sources(tmp_path / "downloads", fetcher=registry())))
    assert [(row.name, row.state) for row in built] == [("toy", "installed"), ("extra", "installed")]
    assert [row.state for row in list_models(models, cache)] == ["installed", "installed"]
    assert built[0].source == "https://models.example/weights.bin"
    assert Path(built[0].file).read_bytes() == b"weights"


def test_only_what_is_missing_is_built(tmp_path: Path) -> None:
    cache, models, source = ModelCache(tmp_path), manifest(TOY), registry()
    for _ in range(2):
        list(build_models(models, cache, Sources(tmp_path / "downloads", fetcher=source)))
    assert source.fetched == ["weights.bin"]


def test_only_what_was_asked_for_is_built(tmp_path: Path) -> None:
    cache, models = ModelCache(tmp_path), manifest(TOY, EXTRA)
    rows = list(build_models(models, cache, Sources(tmp_path / "downloads", fetcher=registry()), ["extra"]))
    assert [row.name for row in rows] == ["extra"]
    with pytest.raises(UnknownModel):
        build_models(models, cache, Sources(tmp_path), ["extra", "nothing"])


def test_what_is_built_on_request_is_left_alone_until_it_is_named(tmp_path: Path) -> None:
    cache, models = ModelCache(tmp_path), manifest(TOY, replace(EXTRA, on_request=True))
    for names, built in (([], ["toy"]), (["extra"], ["extra"])):
        rows = build_models(models, cache, Sources(tmp_path / "downloads", fetcher=registry()), names)
        assert [row.name for row in rows] == built


def test_a_damaged_file_is_reported_and_built_again(tmp_path: Path) -> None:
    cache, models = ModelCache(tmp_path), manifest(TOY)
    cache.write(TOY, b"weights").write_bytes(b"wrong")
    (row,) = verify_models(models, cache)
    assert row.state == "damaged"
    assert str(cache.path(TOY)) in row.detail
    assert unusable([row]) == [row]
    (row,) = build_models(models, cache, Sources(tmp_path / "downloads", fetcher=registry()))
    assert row.state == "installed"
    assert verify_models(models, cache)[0].state == "installed"


def test_what_cannot_be_fetched_is_a_row_with_its_reason_and_the_rest_goes_on(tmp_path: Path) -> None:
    cache, models = ModelCache(tmp_path), manifest(EXTRA, TOY)
    offline = FakeRegistry(error=ModelNotInstalled("the network cannot be reached"))
    rows = list(build_models(models, cache, Sources(tmp_path / "downloads", fetcher=offline)))
    assert [(row.state, row.detail) for row in rows] == [
        ("not installed", "the network cannot be reached")
    ] * 2
    assert [row.name for row in unusable(rows)] == ["toy"]


def test_a_builder_that_fails_is_a_row_that_names_the_model(tmp_path: Path) -> None:
    broken = entry("broken", parts=(part(),), build="silero_vad")
    rows = build_models(
        manifest(broken), ModelCache(tmp_path), Sources(tmp_path / "downloads", fetcher=registry())
    )
    (row,) = rows
    assert row.state == "not installed"
    assert row.detail.startswith("broken could not be built from its parts:")


def test_force_builds_what_is_there_already(tmp_path: Path) -> None:
    cache, models, source = ModelCache(tmp_path), manifest(TOY), registry()
    for _ in range(2):
        sources = Sources(tmp_path / "downloads", fetcher=source)
        list(build_models(models, cache, sources, force=True))
        sources.clear()
    assert source.fetched == ["weights.bin", "weights.bin"]
