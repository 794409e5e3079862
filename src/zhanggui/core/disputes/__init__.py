"""The platform steps in: from the notice to the ruling to the appeal, and the three pictures that speak for the shop."""
