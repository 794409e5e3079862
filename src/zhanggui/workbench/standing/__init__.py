"""The page of measures and standing."""
