"""Long proofs: each shows something at length, with a seed, and writes down what it counted."""
