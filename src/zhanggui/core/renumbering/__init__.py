"""Wrong tracking numbers put right, and further parcels of an order."""
