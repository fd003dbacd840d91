"""Does the sound belong to the mouth? Pure functions of mouth measures and sound levels on the media clock."""
