"""People: who belongs to the shop, as what, and who is invited."""
