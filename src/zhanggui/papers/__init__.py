"""Papers we make ourselves: shipping labels, packing slips, pick lists. Personal data leave here only hidden, or not at all."""
