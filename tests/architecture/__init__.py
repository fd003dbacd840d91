"""Laws of the whole code that no linter knows."""
