"""The evidence of an order: a part of its page, and what can be done there."""
