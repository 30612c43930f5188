"""The intake: search events in, one person one pseudonym, nothing lost."""
