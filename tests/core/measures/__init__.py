"""What an order counts for, as tables a merchant could check."""
