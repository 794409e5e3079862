"""Disputes before the platform: evidence chosen, signed by a second person, handed in once, the ruling and the appeal."""
