"""Tests of the room that watches a service."""
