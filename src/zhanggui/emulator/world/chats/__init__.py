"""Buyers who chat: what they want, how they write, how they take an answer. Every word of theirs is in data/chats.toml."""
