"""All shops side by side, what to do first over all of them, and the report of every day."""
