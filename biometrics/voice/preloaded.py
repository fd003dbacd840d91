"""Importing this module loads librosa's parts, some 2.5 s: for the process from which analysis workers are forked.

Everybody else loads them on first use, so that the server's own process starts without them.
"""

from biometrics.voice.features import warm_up

warm_up()
