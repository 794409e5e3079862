"""GUESSES. See docs/house.md."""
