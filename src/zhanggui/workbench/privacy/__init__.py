"""SHOWS what a shop holds of persons, and who opened what."""
