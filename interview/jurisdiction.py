"""Where an interview takes place, and what may not be analysed there.

``eu``: behaviour is off. To infer emotions or intentions from biometric data is emotion recognition (EU AI Act, Art. 3(39)), a high-risk use
(Annex III 1(c)) with a duty to inform (Art. 50(3)). That reading is to be confirmed by counsel: docs/decisions/0019-behaviour-in-the-probability.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from interview.consent import Part
from interview.errors import SessionError

Place = Literal["default", "eu"]
DEFAULT: Final = "default"


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """``channels_off``: the parts of the analysis that do not run here, whatever the applicant would agree to; nobody is asked for them."""

    name: str
    channels_off: frozenset[Part] = frozenset()


_ALL: Final = MappingProxyType(
    {one.name: one for one in (Jurisdiction(DEFAULT), Jurisdiction("eu", frozenset({"behaviour"})))}
)


def jurisdiction(name: str) -> Jurisdiction:
    """The jurisdiction of that name. Raises SessionError for one that this version does not know: nothing is analysed on a guess."""
    if name not in _ALL:
        raise SessionError(
            f'There is no jurisdiction "{name}" in this version of Candor: it knows {", ".join(_ALL)}.'
        )
    return _ALL[name]
