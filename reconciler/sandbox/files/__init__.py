"""Worlds written down: scenarios and snapshots."""
