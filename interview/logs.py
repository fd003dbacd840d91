"""How a process of the service logs: one line an event, on stderr, without what native libraries print by themselves."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from interview.native import quiet_native

_FORMAT: Final = "%(asctime)s %(levelname)-7s %(name)s  %(message)s"
_CHATTY: Final = ("aioice", "aiortc", "alembic", "httpx")


def configure() -> None:
    """Log from INFO on; of libraries that tell much, only warnings."""
    logging.basicConfig(level=logging.INFO, format=_FORMAT)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


@contextmanager
def analysing() -> Iterator[None]:
    """As `configure`, for a process that runs MediaPipe, whose own messages go nowhere meanwhile."""
    with quiet_native():
        configure()
        yield
