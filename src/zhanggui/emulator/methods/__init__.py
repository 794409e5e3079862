"""The platform's methods, a file for each kind of thing they are about."""
