"""Edits of skills and categories: forms, files, previews, and what each edit changed."""
