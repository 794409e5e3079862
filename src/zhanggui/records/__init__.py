"""REMEMBERS. See docs/house.md."""
