"""Orders: how many stand where, the last month, and the list."""
