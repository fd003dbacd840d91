"""Training speech anti-spoofing: speech of people and of machines through calls, cut as the detector cuts it, then fine-tuning.

What it has made so far finds vocoders of the kind that it learnt and loses what the published network knew of neural voices
(docs/reports/2026-11-28-voice.md): no weights of it ship.
"""
