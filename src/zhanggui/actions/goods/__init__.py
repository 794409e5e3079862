"""Goods: what orders take, what lies where, what is short, what is told of products, and what is done about them."""
