"""The Scripts page: the shop's library of messages, product cards, room to concede, what came of the words, and what the shop tells of itself."""
