"""PRETENDS. See docs/house.md.

The platform over HTTP and WebSocket, with state, moods and a ledger of what it was told.
It imports nothing of the house, so that it can contradict it: its judgments are written from the rules, not from our code.
"""
