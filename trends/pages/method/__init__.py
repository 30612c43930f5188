"""The method page: every definition, with the constants themselves."""
