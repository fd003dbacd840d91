"""Keeps native libraries from reporting usage to their makers: nothing about an interview leaves the machine unasked.

MediaPipe 1.2.2 sends statistics of each task to its maker when the task is closed, has no switch for it, and waits for
the network meanwhile: 5 s where a name is not resolved. It obeys the proxy of the environment. ONNX Runtime 1.32 reports
from its import on, even after its own ``disable_telemetry_events``; it obeys a variable.
"""

from __future__ import annotations

from collections.abc import MutableMapping

CLOSED = "http://127.0.0.1:9"
"""The discard port, on which nothing listens: a connection is refused at once."""


def refuse_reports(environment: MutableMapping[str, str], *, offline: bool) -> None:
    """Set what keeps both libraries quiet, before either is imported and before the first thread starts.

    ``offline`` also sends every HTTPS connection to a closed port, which alone quietens MediaPipe: for a process that
    makes no HTTPS calls of its own, such as an analysis worker.
    """
    environment["ORT_DISABLE_TELEMETRY"] = "1"
    if offline:
        environment["https_proxy"] = CLOSED
        environment.pop("no_proxy", None)
