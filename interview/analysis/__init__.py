"""Packets to assessments, in a worker process or in this one."""
