"""Where demand moves: categories on a map, and the page of each."""
