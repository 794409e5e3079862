"""Search: a number leads to its order or case."""
