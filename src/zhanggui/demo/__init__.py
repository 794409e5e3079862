"""TELLS. See docs/house.md."""
