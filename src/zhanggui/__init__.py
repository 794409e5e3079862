"""Zhanggui (掌柜): a self-hosted order-service desk for shops on Pinduoduo. See docs/house.md for the plan of the house."""

__version__ = "0.1.0"
