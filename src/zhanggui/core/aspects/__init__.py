"""What a review speaks of, and whether content or not: told by words, each with the characters that decided."""
