"""Parcels that stand still, gathered by carrier and branch: one message each, and when to look again."""
