"""Reviews: read, listed with what stands around them, answered, reported, pasted; and expert reviews."""
