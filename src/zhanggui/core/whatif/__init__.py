"""What if: decisions taken otherwise and rules that change, and what becomes of the shop's measures. Pure."""
