"""Does a head turn as the arrows say? From poses at frame times to hits, reaction times and a likelihood ratio."""
