"""What reviews, returns and the page itself say of a product: whether it is the product or the buyer, what it costs, what contradicts itself."""
