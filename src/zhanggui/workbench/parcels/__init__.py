"""The parcels: what troubles them, each with its events, the anomaly rate, and what is foreseen."""
