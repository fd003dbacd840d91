"""Error rates and calibration data from labelled media, made by the same code that measures a live session."""
