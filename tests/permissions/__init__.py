"""Who may see and do what, as data: the people and dossiers of a small world, and one row for each request."""
