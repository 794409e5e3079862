"""DECIDES about personal data: where it may lie, how long it stays, what may be opened. See docs/privacy.md."""
