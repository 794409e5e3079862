"""Reviews: listed with what stands around them, answered, reported; pasted; expert reviews."""
