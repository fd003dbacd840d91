"""Signs that a terminal may not have: those of numbers in plain characters, every other one by its code."""

from __future__ import annotations

import codecs
from typing import Final

SPELLED: Final = "candor-spelled"
"""The name under which `spell` can be asked for."""
_PLAIN: Final = {
    "\N{MINUS SIGN}": "-",
    "\N{EN DASH}": "-",
    "\N{HORIZONTAL ELLIPSIS}": "...",
    "\N{MIDDLE DOT}": "|",
}


def spell(error: UnicodeError) -> tuple[str | bytes, int]:
    """An error handler of `codecs`. A number must not lose its sign to an escape that nobody reads."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    sign = error.object[error.start]
    if sign in _PLAIN:
        return _PLAIN[sign], error.start + 1
    return codecs.backslashreplace_errors(
        UnicodeEncodeError(error.encoding, error.object, error.start, error.start + 1, error.reason)
    )


codecs.register_error(SPELLED, spell)
