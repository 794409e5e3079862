"""Parcels under way: kept with every write, listed, counted as the platform counts them, and foreseen."""
