"""The search for gigs; what people search for here counts as demand, too."""
