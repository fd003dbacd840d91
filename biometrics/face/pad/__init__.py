"""Hand-made cues of a presentation attack: what a print or a screen does to a picture and to its motion."""
