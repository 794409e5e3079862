"""The quality of conversations: graded, counted by person, a shift replayed, and practice with pretended buyers."""
