"""Up to five skills in one chart."""
