"""Parcels under way that are to come back: how far a recall has come, whether it still pays, and until when each step is to be done."""
