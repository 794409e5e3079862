"""The house as it is run: watched, backed up, brought up to date, and struck by disasters."""
