"""Finding, tracking, aligning and embedding one face."""
