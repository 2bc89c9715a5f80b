"""Who may sign in, what they may open, and the one registry that says so."""
