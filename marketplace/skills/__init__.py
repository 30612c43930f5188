"""Categories, skills and their aliases, search terms, and which skills a term names."""
