"""The shop's money: the bill classed, refunds held against it, what after-sales cost, cash, and profit."""
