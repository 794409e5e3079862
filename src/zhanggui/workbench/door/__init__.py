"""The pages at the door: first run, signing in and out, invitations, one's own account, the language."""
