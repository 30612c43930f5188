"""The growth of every skill and category, and what of it may be published."""
