"""One order: everything known of it on one page."""
