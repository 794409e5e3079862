"""Hooks: what happens in a shop is sent to other programs, signed, in order for each thing, until it is taken or a person is asked to look."""
