"""Schema versions, applied at start-up."""
