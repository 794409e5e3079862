"""The page of automatic handling."""
