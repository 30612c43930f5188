"""Simulated data: a made-up freelance marketplace with a known truth, for demos and tests."""
