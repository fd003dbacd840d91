"""Speech that no person said, and speech that came another way than from a mouth to a microphone.

Everything here takes mono float32 samples (n,) in -1..1 at 16 kHz and a `numpy.random.Generator`, its only source of chance, and
gives samples of the same rate. `generators` lists what there is.
"""
