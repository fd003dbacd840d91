"""MediaPipe's and TensorFlow's own messages go straight to the process's stderr; a person at a terminal has no use for them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def quiet_native() -> Iterator[None]:
    """Send what native code writes to file descriptor 2 to nowhere. Python's own ``sys.stderr`` still reaches the terminal."""
    if sys.stderr is None:  # started without one, as some schedulers do
        yield
        return
    sys.stderr.flush()
    terminal = os.dup(2)
    python_stderr = sys.stderr
    with Path(os.devnull).open("w") as nowhere, os.fdopen(terminal, "w", closefd=False) as kept:
        os.dup2(nowhere.fileno(), 2)
        sys.stderr = kept
        try:
            yield
        finally:
            kept.flush()
            sys.stderr = python_stderr
            os.dup2(terminal, 2)
            os.close(terminal)
