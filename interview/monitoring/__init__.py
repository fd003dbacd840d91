"""Watching a service from the outside: drift, comparisons, canary recordings, the model-risk report."""
