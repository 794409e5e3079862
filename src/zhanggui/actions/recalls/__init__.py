"""Parcels under way that are to come back: asked for, followed step by step, watched until they are here."""
