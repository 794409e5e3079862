"""KNOWS. See docs/house.md."""
