"""Laws hold on a busy machine too: no deadline a drawn example."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("laws", deadline=None)
settings.load_profile("laws")
