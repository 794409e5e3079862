"""TALKS. See docs/house.md."""
