"""TICKS. See docs/house.md."""
