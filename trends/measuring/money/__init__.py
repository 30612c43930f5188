"""Orders and gigs become earnings, supply and opportunity."""
