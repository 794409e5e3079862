"""Assistants may look and suggest, by the Model Context Protocol: they read what the shop's people read, masked, and nothing they do leaves the house."""
