"""Which digit a burst of speech says: PocketSphinx with a grammar of ten words. The only pocketsphinx import.

The acoustic model is the US English one of the package. Mandarin digits are written in its phones (`digits.dict`): that is no
Mandarin model, and understands fewer of them; tones it does not hear. The package ships no other.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from pocketsphinx import Config, Decoder, get_model_path

from biometrics.voice.features import Samples

LANGUAGES: Final = ("en", "zh")
NAME: Final = "pocketsphinx-digits-1"
_WORDS: Final = Path(__file__).with_name("digits.dict")
_LEVEL: Final = 0.06
_BEAM: Final = 1e-80
_WORD_BEAM: Final = 1e-60
# A grammar of ten equal words needs neither weight nor penalty: the defaults are for sentences.


class DigitRecogniser:
    """Loads the package's model: some tenths of a second. One at a time for each session; it remembers nothing between bursts."""

    def __init__(self) -> None:
        model = get_model_path("en-us/en-us")
        config = Config(
            hmm=model,
            dict=str(_WORDS),
            lm=None,
            loglevel="FATAL",
            cmn="batch",
            beam=_BEAM,
            wbeam=_WORD_BEAM,
            lw=1.0,
            wip=1.0,
        )
        self._decoder = Decoder(config)
        for language in LANGUAGES:
            words = " | ".join(f"{language}{digit}" for digit in range(10))
            self._decoder.add_jsgf_string(language, f"#JSGF V1.0; grammar g; public <s> = ( {words} );")

    def hear(self, samples: Samples, language: str) -> int | None:
        """The digit 0..9 that 16 kHz samples (n,) of one word are most like, None where no word fits."""
        level = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) if len(samples) else 0.0
        if level <= 0.0:
            return None
        whole = (np.clip(samples * (_LEVEL / level), -1.0, 1.0) * 32_767).astype(np.int16)
        self._decoder.activate_search(language)
        self._decoder.start_utt()
        self._decoder.process_raw(whole.tobytes(), no_search=False, full_utt=True)
        self._decoder.end_utt()
        heard = self._decoder.hyp()
        word = str(heard.hypstr) if heard is not None else ""
        return int(word[-1]) if word[-1:].isdigit() else None
