"""SHOWS. See docs/house.md."""
