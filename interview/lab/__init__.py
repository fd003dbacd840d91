"""Simulated interviews through the real pipeline, into a table of what every signal measured."""
