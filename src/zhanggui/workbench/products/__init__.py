"""Products by what they cost and what is said of them; one product with its reviews, its page and what changed."""
