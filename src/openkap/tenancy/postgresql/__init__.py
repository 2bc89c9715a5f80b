"""Django's PostgreSQL backend with a deadline of our own."""
