"""Numbers in, numbers out: every formula of the method page. Knows no Django and no other room."""
