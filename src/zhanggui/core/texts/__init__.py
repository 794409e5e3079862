"""Texts to buyers' telephones: what may be sent to whom, when, how often and at what cost, and what it says."""
