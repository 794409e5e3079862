"""Goods that come back: how each piece is graded, what money the count allows, and what is wrong with a parcel."""
