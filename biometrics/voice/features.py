"""Acoustic features of speech: the encoder's filterbank, the roll-off, and resampling. The only librosa import.

Everything works on mono float32 in -1..1 at 16 kHz.
"""

from __future__ import annotations

import kaldi_native_fbank
import librosa
import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ = 16_000
FBANK_BINS = 80
FBANK_WINDOW = 400
"""Samples that one filterbank frame looks at: 25 ms. Fewer give no frame."""

_STFT_WINDOW = 512
_SILENT_MAGNITUDE = 1e-6

Samples = NDArray[np.float32]


def warm_up() -> None:
    """Load librosa's parts, some 2.5 s, now: the first window of a live session must not wait for them."""
    rolloff_hz(np.ones(_STFT_WINDOW, dtype=np.float32))


def log_fbank(samples: Samples) -> NDArray[np.float32]:
    """Kaldi log mel filterbank with each bin's mean subtracted, (frames, 80): 25 ms Povey windows every 10 ms.

    No dither, so that the same samples always give the same features. Raises ValueError for less than 25 ms.
    """
    if len(samples) < FBANK_WINDOW:
        raise ValueError(f"a filterbank needs {FBANK_WINDOW} samples (25 ms), got {len(samples)}")
    computer = kaldi_native_fbank.OnlineFbank(_fbank_options())
    computer.accept_waveform(SAMPLE_RATE_HZ, samples)
    computer.input_finished()
    frames = np.stack([computer.get_frame(index) for index in range(computer.num_frames_ready)])
    return np.asarray(frames - frames.mean(axis=0), dtype=np.float32)


def _fbank_options() -> kaldi_native_fbank.FbankOptions:
    options = kaldi_native_fbank.FbankOptions()
    options.frame_opts.samp_freq = SAMPLE_RATE_HZ
    options.frame_opts.dither = 0.0
    options.mel_opts.num_bins = FBANK_BINS
    return options


def rolloff_hz(samples: Samples, share: float = 0.95) -> float:
    """How far up the speech reaches: the frequency below which ``share`` of a frame's magnitude lies, in Hz.

    The 90th percentile over frames of 32 ms, because only fricatives fill the band: a telephone line cuts just them.
    Silence, and less than one frame, give 0.
    """
    if len(samples) < _STFT_WINDOW:
        return 0.0
    magnitude = np.abs(librosa.stft(samples, n_fft=_STFT_WINDOW, hop_length=_STFT_WINDOW // 2, center=False))
    heard = magnitude[:, magnitude.sum(axis=0) > _SILENT_MAGNITUDE]
    if not heard.size:
        return 0.0
    frames = librosa.feature.spectral_rolloff(S=heard, sr=SAMPLE_RATE_HZ, roll_percent=share)
    return float(np.percentile(frames, 90))


def resample(samples: Samples, sample_rate: int) -> Samples:
    """Any sample rate to 16 kHz, band-limited. What is 16 kHz already passes untouched."""
    if sample_rate == SAMPLE_RATE_HZ:
        return samples
    resampled = librosa.resample(samples, orig_sr=sample_rate, target_sr=SAMPLE_RATE_HZ, res_type="soxr_hq")
    return np.asarray(resampled, dtype=np.float32)
