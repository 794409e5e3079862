"""Activities, forecasts, rewards for reviews, and buyers who come back."""
