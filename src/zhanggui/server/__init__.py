"""OWNS. See docs/house.md."""
