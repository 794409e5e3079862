"""When to print today, and what is late all the same."""
