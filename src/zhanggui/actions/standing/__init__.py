"""Where a shop stands: what is counted beside what the back office shows, and what people enter of it."""
