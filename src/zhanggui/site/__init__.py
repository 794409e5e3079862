"""WIRES. See docs/house.md."""
