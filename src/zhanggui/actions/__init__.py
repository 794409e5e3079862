"""DOES. Use-cases: a function each, one transaction each, the only writers; and the reads that pages and commands share."""
