"""What buyers are told before they ask: found in the facts, released by a person, sent once."""
