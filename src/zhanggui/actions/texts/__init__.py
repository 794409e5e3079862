"""Texts to buyers' telephones: set up by the shop, let go by a person, sent once."""
