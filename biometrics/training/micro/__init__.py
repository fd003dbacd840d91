"""How ``micro_expression`` is made, and made anew on labelled data: ``candor train microexpression``.

Shipped weights learn from synthetic movements alone: ``candor train microexpression --dataset synthetic --out CHECKPOINT``, then
``python -m biometrics.training.micro.ship CHECKPOINT``. With ``--dataset casme2``, ``samm``, ``smic``, ``casme3``, ``megc2019`` or ``own``
the shipped weights learn on from a folder of data; such weights are their licensee's, and are never committed.
"""
