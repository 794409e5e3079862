"""When to print: working hours, rounds of printing, the latest safe moment, and what misses its deadline at a given hand-over. Pure."""
