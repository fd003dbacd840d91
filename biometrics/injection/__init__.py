"""Traces of a picture that no camera took: in the page, in the packets' cadence, in the frames. Pure."""
