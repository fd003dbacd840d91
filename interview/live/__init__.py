"""Calls as they happen: media edge, analysis, store and events of one interview, tied together."""
