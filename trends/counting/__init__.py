"""Searches become days, windows and people: all SQL over events, and the locks around it.

May import models, wording and arithmetic.
"""
