"""Goods that come back: found by a scan, counted, graded, photographed; and the most money that may go for them."""
