"""How the weights of `voice_pad` are made: speech of people and of machines through calls, cut as the detector cuts it, then fine-tuning."""
