"""PRETENDS. See docs/house.md."""
