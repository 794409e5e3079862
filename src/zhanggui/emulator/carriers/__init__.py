"""Two tracking services beside the platform, in their own wire forms; they see the same parcels."""
