"""The shop's library of messages: which situations there are, what fills a slot, what a version may say, what came of it, how far one may concede."""
