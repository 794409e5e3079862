"""Today: what to touch first, by when, what it costs not to, and why."""
