"""What other programs may do here: the scopes of their tokens."""
