"""What replaces what, and how many people look for AI."""
