"""Does a face follow the coloured light of the screen? From skin colours at frame times to a likelihood ratio."""
