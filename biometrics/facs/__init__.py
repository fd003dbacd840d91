"""Planted movements of real faces: action units as warps of a neutral picture, filmed and sent as a call sends them, with exact truth."""
