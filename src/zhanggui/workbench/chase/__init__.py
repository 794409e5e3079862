"""The page of parcels that went wrong: carriers asked, parcels called back, losses claimed, numbers put right."""
