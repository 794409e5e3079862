"""The Activities page: thresholds and gaps, enrolments, forecasts, rewards for reviews, asking, and buyers who come back."""
