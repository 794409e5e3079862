"""Tokens of other programs, a part of the Settings page."""
