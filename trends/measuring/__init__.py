"""Counts become figures: one snapshot, computed whole and published at once.

May import counting, models, wording and arithmetic; a reader never triggers it.
"""
