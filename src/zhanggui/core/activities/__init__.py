"""What an activity asks of a shop and how far the shop is from it, enrolment and its clocks, lawful rewards for reviews, and buyers who come back."""
