"""Rules: what the platform and the law ask, since when, how we know, and what the shop lays over them."""
