"""Sessions: media edge, analysis workers, store and command line."""
