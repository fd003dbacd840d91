"""How ``pad_aasist`` is made, step by step, from the repository's folder.

1. ``python -m biometrics.training.voice_pad.windows --people NAME=DIR --made NAME=DIR ... --out WINDOWS``: speech of people and of machines
   through calls, cut as the detector cuts it.
2. ``python -m biometrics.training.voice_pad.finetune WINDOWS --checkpoint AASIST-L.pth --out CHECKPOINT``; this step and the next need
   torch.
3. ``python -m biometrics.training.voice_pad.ship CHECKPOINT``: the weights that ship, and their names in the manifest.
"""
