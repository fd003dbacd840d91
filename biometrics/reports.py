"""Keeps native libraries from reporting usage to their makers: nothing about an interview leaves the machine unasked.

MediaPipe 1.2.2 sends statistics of each task to its maker when the task is closed, has no switch for it, and waits for
the network meanwhile: 5 s or more where names do not resolve. ONNX Runtime 1.32 reports from its import on. Both obey
the proxy of the environment.
"""

from __future__ import annotations

from collections.abc import MutableMapping

CLOSED = "http://127.0.0.1:9"
"""The discard port, on which nothing listens: a connection is refused at once."""


def refuse_reports(environment: MutableMapping[str, str]) -> None:
    """Send every HTTPS connection of native code in this process to a closed port.

    For a process that makes no HTTPS calls of its own, such as an analysis worker, before its first thread starts and
    before a model library is imported.
    """
    environment["https_proxy"] = CLOSED
    environment.pop("no_proxy", None)
