"""Wrong tracking numbers put right within their term, and further parcels of an order: through the door out, or by hand with marks."""
