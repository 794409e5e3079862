"""Quality: how conversations were graded, replies by rule, promises by person, a shift replayed, and practice with pretended buyers."""
