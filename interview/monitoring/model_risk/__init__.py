"""The model-risk report: one self-contained page about what the fraud probability rests on."""
