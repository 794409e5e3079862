"""The pages of automation rules."""
