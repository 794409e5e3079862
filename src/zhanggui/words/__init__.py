"""WORDS. See docs/house.md."""
