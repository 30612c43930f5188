"""What pays: the earnings of each skill's sellers."""
