"""What buyers are told before they ask."""
