"""The example of docs/adding-a-detector.md, so that the page cannot promise what does not work."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

from biometrics.catalogue import Spec

PAGE = Path(__file__).parents[2] / "docs" / "adding-a-detector.md"


def page_example() -> Spec:
    """The DETECTOR of the page's complete file. Raises ValueError where the page no longer has one."""
    source = re.search(r"```python\n(# biometrics/detectors/.+?)```", PAGE.read_text("utf-8"), re.DOTALL)
    if source is None:
        raise ValueError(f"{PAGE.name} holds no file of biometrics/detectors/")
    module = ModuleType("page_example")
    exec(compile(source.group(1), str(PAGE), "exec"), module.__dict__)  # noqa: S102 - our own page
    spec: Spec = module.DETECTOR
    return spec
