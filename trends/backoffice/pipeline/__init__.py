"""The pipeline: runs, what waits, what broke, and the first minutes of a new market."""
