"""What recognition tells apart: movements like those that its training material calls negative, positive and surprise.

The three classes of the Micro-Expression Grand Challenge 2019 (See et al. 2019). They are names of movements, not of what a person
feels: a face's movements do not tell that reliably (Barrett et al. 2019).
"""

from __future__ import annotations

from typing import Final, Literal

MovementClass = Literal["negative", "positive", "surprise"]
CLASSES: Final[tuple[MovementClass, ...]] = ("negative", "positive", "surprise")
