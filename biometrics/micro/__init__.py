"""Brief movements of the face: aligned, measured, spotted against the person's own rest, recognised, shown again."""
