"""What a buyer wants by a message: told by words first, then by what was learnt, with how surely and by which characters."""
