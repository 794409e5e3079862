"""The page of suspected orders."""
