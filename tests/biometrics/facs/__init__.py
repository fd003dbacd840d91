"""The generator of planted movements."""
