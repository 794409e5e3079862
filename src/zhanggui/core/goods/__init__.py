"""Goods: what an order takes, which SKU it means, what is promised beyond what lies there, what a parcel weighs."""
