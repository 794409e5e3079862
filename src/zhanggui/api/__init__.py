"""ANSWERS. See docs/house.md."""
