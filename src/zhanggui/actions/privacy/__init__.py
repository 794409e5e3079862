"""DOES what personal data ask for: keys changed, terms kept, buyers forgotten, whole data opened in one place. See docs/privacy.md."""
