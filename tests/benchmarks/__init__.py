"""Measurements of promises: not part of the test run, each printed by one command."""
