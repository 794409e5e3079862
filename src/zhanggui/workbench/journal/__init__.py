"""The journal: who did what, and when."""
