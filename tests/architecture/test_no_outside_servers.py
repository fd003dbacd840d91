"""Nothing asks a server that the deployment did not name."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path for package in ("interview", "web", "biometrics", "models") for path in (ROOT / package).rglob("*.py")
    if "node_modules" not in path.parts
)  # fmt: skip


def bare_connections(source: str) -> list[int]:
    """Lines that make a peer connection without a configuration: aiortc then asks its maker's choice of STUN server."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "RTCPeerConnection"
        and not (node.args or node.keywords)
    ]


def test_the_law_sees_a_bare_connection() -> None:
    assert bare_connections(
        "a = RTCPeerConnection()\nb = RTCPeerConnection(RTCConfiguration(iceServers=[]))"
    ) == [1]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_peer_connection_names_its_servers(path: Path) -> None:
    assert bare_connections(path.read_text("utf-8")) == []
