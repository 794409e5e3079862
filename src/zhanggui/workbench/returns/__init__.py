"""Returned parcels: what is awaited, the bench where one is opened and counted, what was counted, and what is nobody's yet."""
