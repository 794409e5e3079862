"""Whom to answer first, and the words that decided."""
