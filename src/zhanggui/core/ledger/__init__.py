"""The shop's money: refunds held against the bill, fees that come back, what after-sales cost, profit, and cash that is bound or on its way."""
