"""Conversations that people paste: taken in once, with what was promised in them, and taken back whole."""
