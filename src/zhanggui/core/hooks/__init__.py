"""What other programs are told of as it happens: the kinds of event."""
