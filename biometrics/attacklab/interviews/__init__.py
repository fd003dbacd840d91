"""Whole interviews, made up of the lab's species: who is seen, who is heard, through what network, and what is missing."""
