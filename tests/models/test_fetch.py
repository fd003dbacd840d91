"""The clients that download, and their failures as sentences."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from models.errors import ModelNotInstalled
from models.fetch import cause, fetch_url, npm_command, pip_command, run_client
from tests.models.fakes import part

PACKAGE = replace(part("toy-1.whl"), kind="package", registry="pypi", package="toy", version="1", url="")

Handler = Callable[[httpx.Request], httpx.Response]


def ignore(_: int) -> None:
    pass


def client(handler: Handler) -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(handler))


def test_an_upstream_file_is_streamed_with_progress(tmp_path: Path) -> None:
    seen: list[int] = []
    path = fetch_url(part(), tmp_path, seen.append, client(lambda _: httpx.Response(200, content=b"weights")))
    assert path.read_bytes() == b"weights"
    assert seen[-1] == 7


def test_a_refusal_names_the_address_the_status_and_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(ModelNotInstalled) as caught:
        fetch_url(part(), tmp_path, ignore, client(lambda _: httpx.Response(404)))
    assert "https://models.example/weights.bin could not be fetched: the address answered 404" in str(
        caught.value
    )
    assert "put weights.bin in a folder and name it with CANDOR_MIRROR" in str(caught.value)


def test_a_dead_network_is_said(tmp_path: Path) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(ModelNotInstalled, match="the network cannot be reached"):
        fetch_url(part(), tmp_path, ignore, client(refuse))


def test_pip_fetches_one_pinned_wheel_for_any_python(tmp_path: Path) -> None:
    command = pip_command(PACKAGE, tmp_path)
    assert command[:4] == [sys.executable, "-m", "pip", "download"]
    assert {"--no-deps", "--only-binary=:all:", "--python-version=3.11", f"--dest={tmp_path}"} < set(command)
    assert "--platform=manylinux_2_28_x86_64" in command
    assert command[-1] == "toy==1"


def test_npm_fetches_one_pinned_tarball_and_runs_nothing(tmp_path: Path) -> None:
    command = npm_command(PACKAGE, tmp_path)
    assert command[:3] == ["npm", "pack", "toy@1"]
    assert "--ignore-scripts" in command


def test_a_client_that_works_leaves_its_file(tmp_path: Path) -> None:
    script = f"open({str(tmp_path / 'toy-1.whl')!r}, 'wb').write(b'wheel')"
    run_client([sys.executable, "-c", script], PACKAGE, tmp_path, ignore)
    assert (tmp_path / "toy-1.whl").read_bytes() == b"wheel"


def test_a_client_keeps_its_temporary_files_where_progress_is_measured(tmp_path: Path) -> None:
    script = "import tempfile, sys; sys.exit(tempfile.gettempdir())"
    with pytest.raises(ModelNotInstalled, match=str(tmp_path)):
        run_client([sys.executable, "-c", script], PACKAGE, tmp_path, ignore)


def test_a_client_that_fails_is_quoted(tmp_path: Path) -> None:
    script = "import sys; sys.exit('ERROR: the index is closed on Sundays')"
    with pytest.raises(ModelNotInstalled, match=r"toy 1 could not be fetched: .*closed on Sundays"):
        run_client([sys.executable, "-c", script], PACKAGE, tmp_path, ignore)


def test_a_client_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        ModelNotInstalled, match="no-such-client was not found on this machine, install it first"
    ):
        run_client(["no-such-client"], PACKAGE, tmp_path, ignore)


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("WARNING: retrying\nOSError: [Errno 28] No space left on device", "the disk is full"),
        ("npm error code ENOTFOUND", "the network cannot be reached"),
        ("npm error code E404\nnpm error 404", "the package registry does not have that version"),
        ("ERROR: No matching distribution found for toy==1", "the package index does not have that version"),
        ("/usr/bin/python: No module named pip", "this Python has no pip"),
        (
            "NewConnectionError\nERROR: No matching distribution found for toy==1",
            "the network cannot be reached",
        ),
        ("something else\nlast line\n\n", "last line"),
        ("", "it gave no reason"),
    ],
)
def test_common_failures_have_words(output: str, words: str) -> None:
    assert cause(output) == words
