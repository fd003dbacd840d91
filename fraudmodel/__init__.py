"""The language of evidence and the way from signals to one fraud probability. Pure: no media, no clock, no I/O."""
