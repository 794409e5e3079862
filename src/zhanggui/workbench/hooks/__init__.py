"""Hooks: where events are sent to other programs, and what became of each."""
