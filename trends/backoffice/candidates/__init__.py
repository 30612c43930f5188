"""Phrases that no skill answers to: discovered, scored, reviewed, decided."""
