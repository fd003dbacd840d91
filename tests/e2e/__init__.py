"""Real browsers against a running service."""
