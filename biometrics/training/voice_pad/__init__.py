"""How ``pad_voice`` is made, step by step, from the repository's folder.

1. ``python -m biometrics.training.voice_pad.windows --people NAME=DIR --made NAME=DIR --copier NAME=COMMAND ... --out WINDOWS``: speech of people,
   what machines make of the same speech, and speech of machines, through calls, cut as the detector cuts it.
2. ``python -m biometrics.training.voice_pad.train WINDOWS ... --out CHECKPOINT``; this step and the next need torch.
3. ``python -m biometrics.training.voice_pad.ship CHECKPOINT``: the weights that ship, and their names in the manifest.
4. ``candor calibrate voice-pad``: a calibration is of one network.
"""
