"""The Money page and the money of one order."""
