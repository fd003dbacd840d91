"""How ``pad_v2``, ``pad_v1se`` and ``pad_window`` were made, step by step, from the repository's folder.

1. ``candor lab render --data DATA --split train --renderer a --out RENDERS`` with the species of `takes.SPECIES`.
2. ``python -m biometrics.training.pad.extract RENDERS --clips DATA/clips --out CROPS``: what the detector sees of each.
3. ``python -m biometrics.training.pad.scenes RENDERS/sources --out CROPS``: pictures before and after the codec.
4. ``python -m biometrics.training.pad.finetune CROPS CHECKPOINT --network pad_v2 --out WEIGHTS``, and for ``pad_v1se``;
   this step needs torch and numpy, and nothing else.
5. ``python -m biometrics.training.pad.combine CROPS --networks V2 V1SE --out models/weights/pad_window.json``.
6. ``python -m biometrics.training.pad.compare TEST_CROPS ...``: what came of it, on people and renderers held out.
"""
