"""How a figure is written, in the language of the reader. May import arithmetic alone."""
