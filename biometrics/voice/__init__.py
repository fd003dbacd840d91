"""Finding, cleaning and embedding one voice."""
